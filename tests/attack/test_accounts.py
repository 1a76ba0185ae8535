"""An office's server: whoever is not in, whoever is somebody else, whoever tries to be."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from assistant.people import passwords
from assistant.people.log import Entry
from assistant.people.store import Account, People
from tests.attack.conftest import Site, functions, serving
from vectorstore.settings import IndexSettings

PASSWORD = "三只青蛙 坐在河边"
PAGES = ["/", "/library", "/draft", "/audit", "/facts", "/compare", "/proposals", "/account", "/documents/x",
         "/no-such-page"]  # fmt: skip


@dataclass
class Kept:
    """A log that can be looked at."""

    entries: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)

    def deeds(self) -> list[tuple[str, str]]:
        return [(entry.deed, entry.result) for entry in self.entries]


@dataclass
class Office:
    site: Site
    people: People
    log: Kept
    accounts: dict[str, Account]

    @contextmanager
    def client(self, login: str = "") -> Iterator[httpx.Client]:
        with self.site.client() as client:
            if login:
                assert log_in(client, login).status_code == 303
            yield client


def log_in(
    client: httpx.Client, login: str, password: str = PASSWORD, **more: str
) -> httpx.Response:
    return client.post("/login", data={"login": login, "password": password, **more})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server that people log in to: who runs it, who reads, who writes, who has no role."""
    settings = IndexSettings(data_dir=tmp_path_factory.mktemp("office") / "data")
    log = Kept()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(IndexSettings.model_config, "env_file", None)
        with serving(settings, log, login="local") as site:
            people = site.services.people
            assert people is not None
            kept = passwords.hashed(PASSWORD)
            roles = {
                "root": ["系统管理", "安全管理"], "reader": ["查阅"], "writer": ["起草"],
                "victim": ["查阅"], "keeper": ["资料管理"], "nobody": [],
            }  # fmt: skip
            accounts = {}
            for login, own in roles.items():
                account = people.add(login, f"{login}同志", roles=own)
                people.set_password(account.id, kept, must_change=False)
                accounts[login] = account
            yield Office(site, people, log, accounts)


@pytest.fixture(autouse=True)
def _fresh(office: Office) -> None:
    office.log.entries.clear()
    with office.people.database.transaction() as db:
        db.execute("DELETE FROM failures")


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_login(office: Office, path: str) -> None:
    with office.client() as client:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login")
        asked = client.get(path)
        assert (asked.status_code, list(asked.json())) == (401, ["detail"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/queue/join"), ("POST", "/gradio_api/run/predict"), ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/queue/data?session_hash=x"), ("GET", "/gradio_api/heartbeat/x"), ("GET", "/config"),
        ("GET", "/gradio_api/info"), ("POST", "/feedback"), ("POST", "/proposals"), ("POST", "/account/password"),
        ("POST", "/account/sessions"), ("GET", "/facts.xlsx"), ("GET", "/compare/documents?q=x"), ("GET", "/theme.css"),
        ("GET", "/originals/x"), ("GET", "/drafts/x/review.docx"), ("GET", "/look/../library"), ("GET", "//library"),
        ("GET", "/login/../library"),
    ],
)  # fmt: skip
def test_a_stranger_can_call_nothing(office: Office, method: str, path: str) -> None:
    for cookies in ({}, {"policy_session": "0" * 64}, {"policy_user": "0" * 32}):
        with office.site.client(cookies=cookies) as client:
            url = httpx.URL(office.site.address).copy_with(raw_path=path.encode())
            answer = client.request(method, url)
            assert answer.status_code in (401, 404)
            assert answer.status_code == 401 or "/look" in path or "/login" in path


def test_a_stranger_learns_of_the_server_only_that_it_runs(office: Office) -> None:
    with office.client() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/look/page.css").status_code == 200
    with office.client("reader") as client:
        assert client.get("/healthz").json() == {"status": "ok", "documents": 0}


def test_in_and_out(office: Office) -> None:
    with office.client() as client:
        answer = log_in(client, "Reader", next="/facts?word=水")
        assert answer.headers["location"] == "/"  # not an address as browsers write it
        answer = log_in(client, "Reader", next="/facts?word=%E6%B0%B4")
        assert answer.headers["location"] == "/facts?word=%E6%B0%B4"
        page = client.get("/account", headers={"Accept": "text/html"})
        assert "reader同志" in page.text
        assert page.headers["cache-control"] == "no-store"
        assert client.post("/logout").status_code == 303
        assert client.get("/account").status_code == 401
    assert office.log.deeds() == [("log in", "done"), ("log in", "done"), ("log out", "done")]
    assert {e.who for e in office.log.entries} == {office.accounts["reader"].id}


def test_a_thousand_tries_are_locked_out(office: Office) -> None:
    """From many places at the same moment, the right password among them."""
    tried = [f"猜测第{n}次的密码" for n in range(1000)]
    tried[700] = PASSWORD
    office.people.sessions.end_all(office.accounts["victim"].id)
    with office.client() as client, ThreadPoolExecutor(8) as pool:

        def attempt(number: int) -> httpx.Response:
            head = {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250}"}
            data = {"login": "victim", "password": tried[number]}
            return client.post("/login", data=data, headers=head)

        answers = list(pool.map(attempt, range(1000)))
    codes = [answer.status_code for answer in answers]
    assert 5 <= codes.count(403) <= 8  # one more for each wait that passes on a slow machine
    assert codes.count(403) + codes.count(429) == 1000
    assert all("以后再试" in answer.text for answer in answers if answer.status_code == 429)
    assert office.people.sessions.of(office.accounts["victim"].id) == []
    assert ("locked out", "refused") in office.log.deeds()


def test_one_place_cannot_try_many_logins(office: Office) -> None:
    with office.client() as client:
        codes = [log_in(client, f"someone{n}", "x").status_code for n in range(25)]
    assert codes == [403] * 20 + [429] * 5


def test_wrong_login_and_wrong_password_look_the_same(office: Office) -> None:
    with office.client() as client:
        pages = [log_in(client, name, "不对的密码不对").text for name in ("reader", "absent")]
    assert pages[0].replace("reader", "absent") == pages[1]
    assert "登录名或密码不对" in pages[0]
    assert "absent" not in str(office.log.entries)


def test_a_session_cannot_be_put_on_somebody(office: Office) -> None:
    """Fixation: whatever cookie a browser brings, it goes out with another."""
    with office.client() as attacker:
        log_in(attacker, "nobody")
        theirs = attacker.cookies["policy_session"]
        with office.site.client(cookies={"policy_session": theirs}) as victim:
            log_in(victim, "victim")
            assert victim.cookies.jar is not None
            now = [c.value for c in victim.cookies.jar if c.name == "policy_session"]
            assert theirs not in now[-1:]
        assert attacker.get("/account").status_code == 401  # and the old one is over
    with office.site.client(cookies={"policy_session": "a" * 64}) as client:
        answer = log_in(client, "victim")
        assert "a" * 64 not in answer.headers["set-cookie"]


def test_the_cookie_is_not_for_scripts(office: Office) -> None:
    with office.client() as client:
        cookie = log_in(client, "reader").headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    with office.site.client(headers={"X-Forwarded-Proto": "https"}) as client:
        cookie = log_in(client, "reader").headers["set-cookie"]
        assert cookie.startswith("__Host-policy_session=")
        assert {"Secure", "Path=/", "HttpOnly"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        token = re.search("session=([0-9a-f]{64})", cookie)
        assert token
        plain = {
            "Cookie": f"policy_session={token[1]}"
        }  # as a neighbour of the domain would set it
        assert client.get("/account", headers=plain).status_code == 401
    stored = (office.site.data / "people.sqlite3").read_bytes()
    assert token[1].encode() not in stored


@pytest.mark.parametrize(
    "path", ["/login", "/logout", "/account/password", "/account/sessions", "/account/keys"]
)
def test_other_websites_cannot_send_the_forms(office: Office, path: str) -> None:
    with office.client("reader") as client:
        for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert client.post(path, data={"login": "x"}, headers=headers).status_code == 403
        assert client.get("/logout").status_code != 303
        assert client.get("/account").status_code == 200


def test_nobody_reaches_into_somebody_elses_account(office: Office) -> None:
    victim = office.accounts["victim"]
    office.people.sessions.end_all(victim.id)
    with office.client("victim") as own, office.client("writer") as other:
        (session,) = office.people.sessions.of(victim.id)
        assert other.post("/account/sessions", data={"session": session.id}).status_code == 404
        assert other.post("/account/sessions", data={"session": "others"}).status_code == 303
        more = {"person": victim.id, "login": "victim", "id": victim.id}
        new = {"old": PASSWORD, "new": "全新的密码 一二三四五", "again": "全新的密码 一二三四五"}
        assert other.post("/account/password", data={**new, **more}).status_code == 303
        assert own.get("/account").status_code == 200
        assert log_in(office.site.client(), "victim").status_code == 303
        assert log_in(office.site.client(), "writer").status_code == 403
        kept = passwords.hashed(PASSWORD)
        office.people.set_password(office.accounts["writer"].id, kept, must_change=False)
        for wanted in (f"/account?id={victim.id}", "/account/password", f"/account/{victim.id}"):
            assert "victim" not in own.get("/healthz").text + other.get(wanted).text


def test_a_key_is_shown_once_and_is_ones_own(office: Office) -> None:
    form = {"name": '<b>OA</b>"', "scope": "ask", "days": "30", "per_minute": "60"}
    with office.client("victim") as own, office.client("reader") as other:
        assert 'href="/account/keys"' in own.get("/account").text
        page = own.post("/account/keys", data=form).text
        (secret,) = re.findall(r"pca_[\w-]{50,}", page)
        (key,) = office.people.keys.of(office.accounts["victim"].id)
        again = own.get("/account/keys").text
        assert (secret in again, key.id in again, "<b>OA" in page + again) == (False, True, False)
        assert secret not in str(office.log.entries)
        for page in (other, own):
            for wrong in ({"scope": "upload"}, {"days": "366"}, {"days": "x"}, {"name": ""}):
                assert page.post("/account/keys", data=form | wrong).status_code == 422
        gone = {"deed": "revoke", "key": key.id}
        assert other.post("/account/keys", data=gone).status_code == 404
        assert office.people.keys.find(secret)
        assert own.post("/account/keys", data=gone).status_code == 303
        assert office.people.keys.find(secret) is None
        assert key.id not in other.get("/account/keys").text
    with office.client() as stranger:
        assert stranger.post("/account/keys", data=form).status_code == 401
        assert stranger.get("/account/keys").status_code == 401


@pytest.mark.parametrize("wanted", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%0d%0aX:y", "javascript:alert(1)",
    "/\t/evil.example", "/ /evil.example", "http:/evil.example", "/logout", "/login?next=/login", "evil.example",
])  # fmt: skip
def test_the_login_leads_nowhere_else(office: Office, wanted: str) -> None:
    with office.client() as client:
        where = log_in(client, "reader", next=wanted).headers["location"]
        assert where in ("/", "/%0d%0aX:y")
        again = client.get("/login", params={"next": wanted})
        assert again.headers["location"] in ("/", "/%0d%0aX:y")
    with office.client() as client:
        page = client.get("/login", params={"next": wanted}).text
        assert "evil.example" not in page
        assert "javascript:" not in page


def test_a_changed_password_ends_every_session(office: Office) -> None:
    account = office.people.add("fresh", "新同志")
    office.people.set_password(account.id, passwords.hashed(PASSWORD), must_change=True)
    with office.client("fresh") as one, office.client("fresh") as two:
        page = {"Accept": "text/html"}
        assert one.get("/", headers=page).headers["location"] == "/account"
        assert one.post("/gradio_api/queue/join", json={}).status_code == 403
        assert "管理员设的" in one.get("/account", headers=page).text
        for new, again, said in (
            ("短", "短", "至少"), ("fresh-and-long-enough", "fresh-and-long-enough", "登录名"),
            (PASSWORD, PASSWORD, "不同"), ("风吹麦浪又一年", "风吹麦浪又一天", "不一样"),
        ):  # fmt: skip
            answer = one.post(
                "/account/password", data={"old": PASSWORD, "new": new, "again": again}
            )
            assert (answer.status_code, said in answer.text) == (422, True)
        wrong = {
            "old": "不是这个密码吧",
            "new": "风吹麦浪又一年 又一年",
            "again": "风吹麦浪又一年 又一年",
        }
        assert "现在的密码不对" in one.post("/account/password", data=wrong).text
        right = {**wrong, "old": PASSWORD}
        assert (
            one.post("/account/password", data=right).headers["location"] == "/login?said=changed"
        )
        assert {one.get("/account").status_code, two.get("/account").status_code} == {401}
    with office.client() as client:
        assert log_in(client, "fresh").status_code == 403
        assert log_in(client, "fresh", "风吹麦浪又一年 又一年").headers["location"] == "/"
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200


def test_whoever_is_shut_out_or_changed_is_out_at_once(office: Office) -> None:
    account = office.people.add("leaver", "要走的同志")
    office.people.set_password(account.id, passwords.hashed(PASSWORD), must_change=False)
    with office.client("leaver") as client:
        office.people.set_roles(account.id, ["起草"])
        assert client.get("/account").status_code == 401
        log_in(client, "leaver")
        office.people.disable(account.id)
        assert client.get("/account").status_code == 401
        assert log_in(client, "leaver").status_code == 403
        office.people.enable(account.id)
        assert client.get("/account").status_code == 401
        assert log_in(client, "leaver").status_code == 303


def test_one_ends_ones_other_sessions(office: Office) -> None:
    reader = office.accounts["reader"]
    office.people.sessions.end_all(reader.id)
    with office.client("reader") as here, office.client("reader") as there:
        own, other = (c.cookies["policy_session"] for c in (here, there))
        assert own != other
        found = {s.id for s in office.people.sessions.of(reader.id)}
        page = here.get("/account").text
        assert "登录情况（2）" in page
        (shown,) = re.findall('value="([0-9a-f]{64})"', page)
        assert shown in found
        assert here.post("/account/sessions", data={"session": shown}).status_code == 303
        assert here.get("/account").status_code == 200
        assert there.get("/account").status_code == 401


@pytest.mark.parametrize(
    ("login", "open_", "closed"),
    [
        ("reader", ["/", "/library", "/facts", "/compare"], ["/draft", "/audit", "/drafts/x/review.md"]),
        ("writer", ["/", "/draft", "/audit"], []),
        ("root", ["/account"], ["/library", "/draft", "/facts", "/documents/x", "/compare"]),
        ("nobody", ["/account"], ["/library", "/draft", "/facts", "/documents/x", "/feedback"]),
    ],
)  # fmt: skip
def test_pages_are_for_those_who_may(
    office: Office, login: str, open_: list[str], closed: list[str]
) -> None:
    page = {"Accept": "text/html"}
    with office.client(login) as client:
        assert [client.get(path, headers=page).status_code for path in open_] == [200] * len(open_)
        assert [client.get(path, headers=page).status_code for path in closed] == [404] * len(
            closed
        )
        shown = client.get("/account", headers=page).text
        bar = shown[: shown.index("<main>")]
        assert all(f'href="{path}"' in bar for path in open_)
        assert not [path for path in closed if f'href="{path}"' in bar]
        if login in ("root", "nobody"):
            begun = client.get("/", headers=page).headers["location"]
            assert begun == ("/admin" if login == "root" else "/account")
        if login != "keeper":
            assert client.post("/proposals", data={"older": "a"}).status_code == 404


def test_functions_of_a_closed_page_are_closed(office: Office) -> None:
    """The browser names a function by its number, whatever page it shows."""
    with office.client("writer") as writer, office.client("reader") as reader:
        number, data, _ = next(functions(writer, "/audit", "paste"))
        body = {"data": data, "fn_index": number, "session_hash": "abc"}
        assert reader.post("/gradio_api/queue/join", json=body).status_code == 404
        assert reader.post("/gradio_api/run/predict", json=body).status_code == 404
        named = {"data": data, "api_name": "predict", "session_hash": "abc"}
        assert reader.post("/gradio_api/queue/join", json=named).status_code == 404
        assert writer.post("/gradio_api/queue/join", json=body).status_code == 200


def test_the_word_of_a_proxy_is_taken_from_the_proxy(settings: IndexSettings) -> None:
    log = Kept()
    head = {
        "X-Remote-User": "Wang",
        "X-Remote-Name": "%E7%8E%8B%E4%BA%94",
        "X-Remote-Department": "办公室",
    }
    with serving(
        settings, log, login="proxy", proxy_addresses="127.0.0.1", new_people=True
    ) as site:
        people = site.services.people
        assert people is not None
        office = people.put_department("办公室")
        raw = {**head, "X-Remote-Department": "办公室".encode()}
        with site.client(headers={**raw, "X-Forwarded-For": "10.9.9.9"}) as client:  # type: ignore[dict-item]
            for _ in range(3):
                assert "王五" in client.get("/account").text
            assert client.post("/login", data={"login": "x", "password": "y"}).status_code == 404
        account = people.by_login("wang")
        assert account is not None
        assert (account.name, account.department, account.source) == ("王五", office.id, "proxy")
        assert account.roles == {"查阅"}
        deeds = ("add person", "log in", "change departments")
        assert log.deeds() == [(deed, "done") for deed in deeds]
        assert {entry.address for entry in log.entries[1:]} == {"10.9.9.9"}
        with site.client() as client:
            assert client.get("/account").status_code == 401
            twice = [("X-Remote-User", "wang"), ("X-Remote-User", "root")]
            assert client.get("/account", headers=twice).status_code == 401
        people.disable(account.id)
        with site.client(headers={"X-Remote-User": "wang"}) as client:
            assert "已停用" in client.get("/account").text
    with serving(
        settings, log, login="proxy", proxy_addresses="10.1.0.0/16", new_people=True
    ) as site:
        for more in ({}, {"X-Forwarded-For": "10.1.0.1"}, {"Forwarded": "for=10.1.0.1"}):
            with site.client(headers={"X-Remote-User": "root", **more}) as client:
                answer = client.get("/account")
                assert (answer.status_code, "统一入口" in answer.text) == (401, True)
        assert site.services.people is not None
        assert site.services.people.by_login("root") is None


def test_without_login_nothing_is_asked(settings: IndexSettings) -> None:
    with serving(settings) as site, site.client() as client:
        page = client.get("/facts", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "退出" not in page.text
        assert "/account" not in page.text
        assert client.get("/healthz").json() == {"status": "ok", "documents": 0}
        assert client.get("/login").status_code == 404
        assert client.get("/account").status_code == 404
        assert client.get("/facts", headers={"X-Remote-User": "root"}).status_code == 200
        assert not (site.data / "people.sqlite3").exists()
