"""Nothing is done that the log does not hold, and the log says what was not done after all."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from assistant.drafting.access import Share
from assistant.drafting.models import Draft
from assistant.office.curated import Curated
from assistant.office.sight import ALL
from assistant.office.terms import read_terms
from assistant.people import passwords
from assistant.people.log import Entry
from assistant.people.person import Person, Role
from assistant.people.store import Account
from tests.assistant.stated import put
from tests.attack.conftest import Site, call, serving
from vectorstore.errors import PolicyError
from vectorstore.models import Viewer
from vectorstore.settings import IndexSettings

PASSWORD, NEW = "三只青蛙 坐在河边", "四只青蛙 跳进一口池塘"
QUESTION = "占道经营费每月多少元？"
ROLES: dict[str, list[Role]] = {
    "root": ["系统管理", "安全管理"], "root2": ["系统管理", "安全管理"], "victim": ["查阅"],
    "writer": ["起草"], "keeper": ["资料管理"],
}  # fmt: skip


@dataclass
class Log:
    """Keeps entries, or is full."""

    entries: list[Entry] = field(default_factory=list)
    is_full: bool = False

    def record(self, entry: Entry) -> None:
        if self.is_full:
            raise PolicyError("审计日志没有记下，所以这一步没有做")
        self.entries.append(entry)


@dataclass
class Office:
    """People at work, each with a browser, and things of theirs by the names of the table."""

    site: Site
    log: Log
    clients: dict[str, httpx.Client]
    ids: dict[str, str] = field(default_factory=dict)

    def send(self, who: str, path: str, form: dict[str, str]) -> httpx.Response:
        filled = {name: value.format_map(self.ids) for name, value in form.items()}
        client, address = self.clients[who], path.format_map(self.ids)
        if path.startswith("GET "):
            return client.get(address.removeprefix("GET "))
        if path == "/feedback":
            return client.post(address, json=filled)
        return client.post(address, data=filled)

    def state(self) -> dict[str, Any]:
        """All that is kept, but for tries of passwords and when somebody was last seen."""
        found: dict[str, Any] = {"backups": sorted(map(str, self.site.data.glob("backups/*")))}
        for file in sorted(self.site.data.glob("*.sqlite3")):
            with closing(sqlite3.connect(file)) as db:
                tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                for (name,) in tables.fetchall():
                    if name == "failures":
                        continue
                    what = "id, person" if name == "sessions" else "*"
                    rows = db.execute(f"SELECT {what} FROM {name}").fetchall()
                    found[f"{file.name} {name}"] = sorted(map(repr, rows))
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    data: Path = tmp_path_factory.mktemp("log-first") / "data"
    log, clients = Log(), dict[str, httpx.Client]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(IndexSettings.model_config, "env_file", None)
        with serving(IndexSettings(data_dir=data), log, login="local") as site:
            made = Office(site, log, clients)
            for login, account in _accounts(site).items():
                made.ids[login] = account.id
                clients[login] = site.client()
                sent = {"login": login, "password": PASSWORD}
                assert clients[login].post("/login", data=sent).status_code == 303
            clients["stranger"] = site.client()
            _fill(made)
            yield made
            for client in clients.values():
                client.close()


def _accounts(site: Site) -> dict[str, Account]:
    people = site.services.people
    assert people is not None
    kept = passwords.hashed(PASSWORD)
    accounts = {login: people.add(login, f"{login}同志", roles=roles) for login, roles in ROLES.items()}  # fmt: skip
    for account in accounts.values():
        people.set_password(account.id, kept, must_change=False)
    return accounts


def _fill(made: Office) -> None:
    """One of each thing that is changed by the deeds of the table."""
    services, ids = made.site.services, made.ids
    people, office = services.people, services.office
    assert people is not None
    assert office is not None
    put(services.library.index, "city", (
        ("占道经营费每月30元", "amount", {"subject": "占道经营费", "text": "30元"}),
    ), title="青禾市市容办法", region=("云岭省", "青禾市"), issuer="青禾市城管局")  # fmt: skip
    ids["department"] = people.put_department("空部门").id
    ids["group"] = people.put_group("专班", []).id
    ids["service"] = people.add("oa", source="service").id
    for who in ("service", "victim"):
        key, _ = people.keys.add(ids[who], "旧", ["ask"], days=9, per_minute=9)
        ids[f"{who}_key"] = key.id
    office.gaps.add([QUESTION], "没有回答", sources=())
    ids["gap"] = str(office.gaps.open(ALL)[0].id)
    office.gaps.want("办法", office.gaps.open(ALL), "")
    ids["wanted"] = str(office.gaps.wanted(ALL)[0].id)
    office.curated.put(
        Curated("甲？", "乙。", (), "keeper", datetime.now(UTC).isoformat()), "", ALL
    )
    ids["curated"] = str(office.curated.all()[0].id)
    office.terms.add(read_terms("摊位钱", "占道经营费"), "")
    ids["term"] = str(office.terms.now().terms[0].id)
    writer = people.person(ids["writer"])
    assert writer is not None
    for name in ("draft", "binned"):
        ids[name] = _draft(made, writer).id
    services.desk.store.share(ids["draft"], writer, Share("person", ids["keeper"], "read", "x"))
    services.desk.store.delete(ids["binned"], writer)
    kept = services.history.conversations
    for name in ("talk", "gone"):
        ids[name] = kept.ask(ids["victim"], "", "问什么？", {}).conversation
    kept.delete(ids["victim"], ids["gone"])
    sessions = people.sessions.of(ids["victim"])
    ids["session"] = sessions[0].id


def _draft(made: Office, writer: Person) -> Draft:
    return made.site.services.desk.seen_by(writer, Viewer("")).begin("起草《市容方案》")


@dataclass(frozen=True)
class Case:
    """Who sends which form where; what is called then, and which deed that is in the log."""

    who: str
    path: str
    form: dict[str, str]
    work: str
    deed: str


P, D, S = "assistant.people.store.People", "assistant.drafting.store.DraftStore", "assistant.people.sessions.Sessions"  # fmt: skip
U, G, C = "assistant.people.units.Units", "assistant.office.gaps.Gaps", "assistant.history.store.Conversations"  # fmt: skip
ONE, K = "/admin/people/{victim}", "assistant.people.keys.Keys"
MAKE = {"name": "OA", "scope": "ask", "days": "30", "per_minute": "60"}
CASES = [
    Case("root", "/admin/people/add", {"login": "new", "name": "新", "password": NEW}, f"{P}.add", "add person"),
    Case("root", f"{ONE}/change", {"name": "改名"}, f"{P}.change", "change person"),
    Case("root", f"{ONE}/password", {"password": NEW}, f"{P}.set_password", "change password"),
    Case("root", f"{ONE}/use", {"to": "disabled"}, f"{P}.disable", "change person"),
    Case("root", f"{ONE}/erase", {"login": "victim"}, f"{P}.disable", "erase person"),
    Case("root", f"{ONE}/roles", {"role": "起草"}, f"{P}.set_roles", "change roles"),
    Case("root", f"{ONE}/groups", {"group": "{group}"}, f"{U}.set_groups", "change groups"),
    Case("root", f"{ONE}/sessions", {}, f"{S}.end_all", "log out"),
    Case("root", "/admin/departments/put", {"name": "新部门"}, f"{U}.put_department", "change departments"),
    Case("root", "/admin/departments/remove", {"id": "{department}"}, f"{U}.remove_department", "change departments"),
    Case("root", "/admin/groups/put", {"name": "另一个"}, f"{U}.put_group", "change groups"),
    Case("root", "/admin/groups/remove", {"id": "{group}"}, f"{U}.remove_group", "change groups"),
    Case("root", "/admin/people/{service}/keys", MAKE, f"{K}.add", "add key"),
    Case("root", "/admin/people/{service}/keys", {"deed": "revoke", "key": "{service_key}"}, f"{K}.revoke", "revoke key"),
    Case("root", "/admin/people/{service}/keys", {"deed": "release", "key": "{service_key}"}, f"{K}.release", "release key"),
    Case("victim", "/account/keys", MAKE, f"{K}.add", "add key"),
    Case("victim", "/account/keys", {"deed": "revoke", "key": "{victim_key}"}, f"{K}.revoke", "revoke key"),
    Case("root", "/admin/backups/make", {}, "assistant.office.backups.BackupDesk.start", "back up"),
    Case("keeper", "/admin/gaps/want", {"ids": "{gap}", "what": "要"}, f"{G}.want", "answer gap"),
    Case("keeper", "/admin/gaps/unwant", {"id": "{wanted}"}, f"{G}.unwant", "answer gap"),
    Case("keeper", "/admin/gaps/outside", {"ids": "{gap}"}, f"{G}.settle", "answer gap"),
    Case("keeper", "/admin/gaps/reopen", {"ids": "{gap}"}, f"{G}.reopen", "answer gap"),
    Case("keeper", "/admin/gaps/retest", {"gaps": "{gap}"}, f"{G}.settle", "answer gap"),
    Case("keeper", "/admin/answer", {"question": "每月多少？", "text": "占道经营费每月30元[1]。", "passage": "city-0000", "do": "save"},
         "assistant.office.curated.CuratedAnswers.put", "answer gap"),
    Case("keeper", "/admin/answers/remove", {"id": "{curated}"}, "assistant.office.curated.CuratedAnswers.remove", "answer gap"),
    Case("keeper", "/admin/terms/save", {"wordings": "地摊钱", "term": "占道经营费"}, "assistant.office.term_store.TermStore.add", "change terms"),
    Case("keeper", "/admin/terms/save", {"what": "drop term", "id": "{term}"}, "assistant.office.term_store.TermStore.remove", "change terms"),
    Case("writer", "/drafts/{draft}/share", {"who": "keeper同志", "right": "write"}, f"{D}.share", "share draft"),
    Case("writer", "/drafts/{draft}/unshare", {"kind": "person", "to": "{keeper}"}, f"{D}.unshare", "share draft"),
    Case("writer", "/drafts/{draft}/move", {"owner": "keeper同志"}, f"{D}.move", "share draft"),
    Case("writer", "/drafts/{draft}/move", {"department": "{department}"}, f"{D}.move", "share draft"),
    Case("writer", "/drafts/{draft}/delete", {}, f"{D}.delete", "delete draft"),
    Case("writer", "/drafts/{binned}/restore", {}, f"{D}.restore", "write draft"),
    Case("writer", "GET /drafts/{draft}/review.md", {}, "assistant.pages.draft_export.to_markdown", "export"),
    Case("victim", "/conversations/{talk}/share", {}, f"{C}.share", "share conversation"),
    Case("victim", "/conversations/{talk}/delete", {}, f"{C}.delete", "delete conversation"),
    Case("victim", "/conversations/{gone}/destroy", {}, f"{C}.destroy", "delete conversation"),
    Case("victim", "GET /conversations/{talk}/export.md", {}, "assistant.pages.history.as_file", "export conversation"),
    Case("victim", "/feedback", {"question": "问", "mode": "extractive", "vote": "down"}, "assistant.office.votes.Votes.put", "give feedback"),
    Case("victim", "/account/password", {"old": PASSWORD, "new": NEW, "again": NEW}, f"{P}.set_password", "change password"),
    Case("victim", "/account/sessions", {"session": "others"}, f"{S}.end_all", "log out"),
    Case("victim", "/account/sessions", {"session": "{session}"}, f"{S}.end", "log out"),
    Case("victim", "/logout", {}, f"{S}.end", "log out"),
    Case("stranger", "/login", {"login": "victim", "password": PASSWORD}, f"{S}.begin", "log in"),
    Case("victim", "GET /facts.xlsx", {}, "assistant.pages.indicators.fact_sheet", "export"),
]  # fmt: skip


def _named(case: Case) -> str:
    return re.sub(r"\W+", "-", f"{case.path} {' '.join(case.form)}").strip("-")


@pytest.fixture(autouse=True)
def _emptied(office: Office) -> Iterator[None]:
    office.log.entries.clear()
    yield
    office.log.is_full = False


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_what_the_log_does_not_hold_is_not_done(office: Office, case: Case) -> None:
    before, office.log.is_full = office.state(), True
    answer = office.send(case.who, case.path, case.form)
    assert (answer.status_code >= 400, "没有记下" in answer.text) == (True, True), answer.text
    assert office.state() == before


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_deed_that_fails_says_so_in_the_log(
    office: Office, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[tuple[str, str]] = []

    def fail(*_: Any, **__: Any) -> NoReturn:
        noted.extend((e.deed, e.result) for e in office.log.entries)
        raise PolicyError("磁盘已满，没有做成")

    monkeypatch.setattr(case.work, fail)
    before = office.state()
    answer = office.send(case.who, case.path, case.form)
    assert (answer.status_code >= 400, "没有做成" in answer.text) == (True, True), answer.text
    assert noted == [(case.deed, "done")]  # it was there before anything was tried
    entries = [(e.deed, e.result, e.on) for e in office.log.entries]
    assert entries == [(case.deed, "done", entries[0][2]), (case.deed, "failed", entries[0][2])]
    assert office.log.entries[-1].details["error"] == "PolicyError"
    assert office.state() == before


def test_a_draft_is_begun_only_once_that_is_in_the_log(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, office.log.is_full = office.state(), True
    status, shown = call(office.clients["writer"], "/draft", "request", "起草《市容方案》")
    assert (status, "\\u6ca1\\u6709\\u8bb0\\u4e0b" in shown or "没有记下" in shown) == (200, True)
    assert office.state() == before
    office.log.is_full = False

    def fail(*_: Any) -> NoReturn:
        raise PolicyError("磁盘已满，没有做成")

    monkeypatch.setattr(f"{D}.save", fail)
    call(office.clients["writer"], "/draft", "request", "起草《市容方案》")
    written = [(e.result, e.on) for e in office.log.entries if e.deed == "write draft"]
    assert [result for result, _ in written] == ["done", "failed"]
    assert len({on for _, on in written}) == 1


@pytest.mark.parametrize(
    ("who", "send", "noted"),
    [
        ("victim", lambda c: c.get("/log"), True),
        ("victim", lambda c: c.get("/log.csv", headers={"Accept": "text/html"}), True),
        ("victim", lambda c: c.get("/admin/people"), True),
        ("victim", lambda c: c.get("/drafts/x/review.md"), True),
        ("victim", lambda c: c.post("/proposals", data={"older": "a"}), True),
        ("keeper", lambda c: c.get("/admin/people"), True),
        ("root", lambda c: c.get("/conversations"), True),
        ("root", lambda c: c.get("/", headers={"Accept": "text/html"}), False),  # where one arrives
        ("stranger", lambda c: c.get("/log"), False),
        ("stranger", lambda c: c.post("/login", data={"login": "x", "password": "y"}), False),
    ],
)
def test_whoever_tries_what_is_not_theirs_is_noted(
    office: Office, who: str, send: Callable[[httpx.Client], httpx.Response], noted: bool
) -> None:
    answer = send(office.clients[who])
    assert answer.status_code in ((404,) if noted else (303, 401, 403))
    refused = [(e.who, e.result) for e in office.log.entries if e.deed == "refused"]
    assert refused == ([(office.ids[who], "refused")] if noted else [])
    office.log.is_full = True  # it is refused all the same
    assert send(office.clients[who]).status_code in (answer.status_code, 503)
