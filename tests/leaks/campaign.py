"""Nine people open every page, route, export and command of an office, and ask questions in the
words of documents that they see and of others."""

import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.__main__ import as_text
from assistant.api.rows import draft_row
from assistant.audit.audit import audit
from assistant.commands.facts import line as fact_line
from assistant.export.reports import conversation_report
from assistant.export.revision import revision_table
from assistant.export.word import to_docx, to_markdown
from assistant.indicators.chosen import Chosen
from assistant.indicators.listing import first_rows
from assistant.pages.callers import Caller
from assistant.pages.received import SessionFiles
from assistant.pages.site import build_site
from assistant.people.person import Person
from assistant.people.viewer import PERSON
from assistant.revision.choosing import compared_in, find_document
from assistant.revision.rendering import as_text as compared_text
from assistant.settings import WebSettings
from ingest.uploads import Uploads
from tests.leaks.forms import messages_about, sent_to_tools, tools_about
from tests.leaks.judging import Judge
from tests.leaks.office import PEOPLE, Made, Office
from vectorstore.errors import PolicyError

_HEADER = b"x-plays"
ASKED = (
    "{word}县再生水利用量达到多少？", "{word}县由谁牵头推广再生水利用？", "什么是{inner}管护制？",
    "哪些文件提到了{word}？", "哪些文件提到了再生水？", "库里有多少份文件？", "县{word}局负责什么？",
    "{word}政发〔2024〕{code}号是什么文件？", "总结一下{word}县的方案", "{word}县的方案现在还有效吗？",
    "{word}县和{other}县的再生水利用量各是多少？", "各地再生水利用量分别是多少？", "{inner}专项资金多少万元？",
    "哪些文件今年到期？", "县财政局承担哪些任务？", "“建设{inner}管网”出自哪份文件？", "{figure}万吨是哪里的目标？",
    "最晚成文的是哪份文件？", "有哪些保障措施？", "火星探测器什么时候发射？", "{word}县为什么把目标定为99万吨？",
    "各县再生水利用量哪个最高？", "哪份文件废止了{word}县的方案？", "《{word}县节水行动方案》是谁印发的？",
)  # fmt: skip


class Played:
    """The site, for whoever a header says: stands where pages/identity.py stands."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = dict(scope.get("headers", ())).get(_HEADER, b"").decode()
        who = next((person for person in PEOPLE if person.id == named), None)
        await self.app(scope | {PERSON: who} if who else scope, receive, send)


def caller(scope: Scope) -> Caller:
    """Whose key a program would come with: stands where pages/callers.py finds it."""
    person: Person | None = scope.get(PERSON)
    return Caller(person)


@contextmanager
def site(office: Office) -> Iterator[TestClient]:
    run = office.folder / "run"
    run.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(run))
        patch.setattr("assistant.pages.site.by_nothing", caller)
        library = office.services.library
        built = build_site(office.services, WebSettings(), Uploads(library.index),
                           lambda path: path.read_text(encoding="utf-8"), SessionFiles(run))  # fmt: skip
        with TestClient(Played(built), base_url="http://127.0.0.1") as client:
            yield client


def calls_about(
    identifier: str, other: str, each: Made
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address and content of calls that are about a document."""
    for part in ("", "/text", "/passages", "/original"):
        yield "get", f"/documents/{identifier}{part}", {}
    yield "delete", f"/documents/{identifier}", {}
    for query in (
        {"q": each.word},
        {"issuer": f"{each.word}县人民政府"},
        {"region": f"{each.word}县"},
    ):
        yield "get", "/documents", {"params": query}
    for query in ({"document": identifier}, {"word": each.inner}, {"place": f"{each.word}县"}):
        yield "get", "/facts", {"params": query}
    for path in ("/changes", "/feed.atom"):
        yield "get", path, {"params": {"issuer": f"{each.word}县人民政府"}}
    yield "get", "/compare", {"params": {"old": identifier, "new": other}}
    asked = f"{each.word}县再生水利用量达到多少？"
    scope = {"document_ids": [identifier]}
    for body in ({"question": asked}, {"question": "总结一下", "scope": scope}):
        for path in ("/ask", "/search"):
            yield "post", path, {"json": body}
    yield "post", "/ask", {"json": {"question": f"什么是{each.inner}管护制？", "stream": True}}
    text = f"《{each.word}县节水行动方案》（{each.word}政发〔2024〕{each.code}号）提出，再生水利用量达到99万吨。"
    yield "post", "/audits", {"json": {"text": text}}
    yield "get", f"/jobs/{identifier}", {}
    yield "get", f"/drafts/{identifier}", {}


@dataclass
class Campaign:
    """One run. `share` of the documents are opened by everybody, all of them at 1."""

    office: Office
    client: TestClient
    seed: int = 1
    share: float = 1.0

    def __post_init__(self) -> None:
        self.judge = Judge(self.office)
        self.draw = random.Random(self.seed)

    def run(self, questions: int) -> None:
        for person in PEOPLE:
            # Before somebody asks: what people type themselves is shown to who answers gaps.
            for name in ("gaps", "answers", "answer", "terms", "use"):
                self._get(person, f"/admin/{name}")
            self._preview(person)
        for person in PEOPLE:
            self._others_ids(person)
        for person in PEOPLE:
            self._routes(person)
            self._calls(person)
            self._forms(person)
            self._functions(person)
            self._commands(person)
        self.draw = random.Random(self.seed)  # whatever a page has got more of to call
        for number in range(questions):
            self._ask(PEOPLE[number % len(PEOPLE)], number)

    # --- what a browser can open ------------------------------------------------------------

    def _reports(self) -> list[str]:
        return [f"/imports/{report.id}" for report in self.office.services.arrivals.reports()]

    def _routes(self, person: Person) -> None:
        for path in ("/", "/library", "/draft", "/audit", "/facts", "/facts/indicator", "/facts.xlsx",
                     "/proposals", "/compare", "/healthz", "/library/rows", "/library/list.csv",
                     "/metadata", "/imports", *self._reports(), "/followed"):  # fmt: skip
            self._get(person, path)
        made = self.office.made
        for each in self.draw.sample(made, max(1, round(self.share * len(made)))):
            identifier, other = self.office.ids[each.number], self.draw.choice(self.office.ids)
            for path in (f"/documents/{identifier}", f"/originals/{identifier}",
                         f"/documents/{identifier}?view=pages&start=0&end=9&marks=1:0-9,2:20-30",
                         f"/documents/{identifier}/about", f"/documents/{identifier}/pages/1"):  # fmt: skip
                self._get(person, path, typed="")
            self._get(person, f"/library/card/{identifier}")
            self._get(person, "/library/rows", q=each.word)
            self._get(person, "/library/rows", q=each.inner)
            for deed in ("delete", "move", "class", "collect"):
                self._post(person, f"/library/ask/{deed}", ids=identifier)
            self._post(person, "/library/list.csv", ids=identifier)
            self._get(person, "/documents/side", left=identifier, right=other)
            self._get(person, "/documents/side", left=identifier)
            self._get(person, "/documents/side", q=each.word)
            self._get(person, "/facts", document=identifier)
            self._get(person, "/facts", word=each.inner)
            self._get(person, "/facts", word="再生水", place=f"{each.word}县")
            self._get(person, "/facts/indicator", word="再生水利用量", of=each.word)
            self._get(person, "/facts.xlsx", word=each.inner, document=identifier)
            self._get(person, "/proposals", document=identifier)
            self._get(person, f"/metadata/{identifier}")
            for deed in ("", "/undo", "/confirm"):
                self._post(person, f"/metadata/{identifier}{deed}", field="title", reason="")
            self._get(person, "/compare/documents", q=each.word)
            self._get(person, "/compare", old=each.word, new="节水行动方案")
            self._get(person, "/compare", old_id=identifier, new_id=other)
            self._get(person, "/compare/table.docx", old_id=identifier, new_id=other, every="true")
            self._post(
                person, "/proposals", older=identifier, newer=other, verdict="替代", reason=""
            )
            self._post(person, "/proposals/undo", older=identifier, newer=other)

    # --- what programs call -------------------------------------------------------------------

    def _calls(self, person: Person) -> None:
        """Every call of the interface, of documents that they see and of others."""
        made = self.office.made
        for each in self.draw.sample(made, max(2, round(self.share * len(made)))):
            other = self.draw.choice(self.office.ids)
            for method, path, more in calls_about(self.office.ids[each.number], other, each):
                if method == "delete" and each.number in self.office.seen(person):
                    continue  # the others still want it
                self._call(person, method, path, more)
        for path in ("/documents", "/facts", "/changes", "/feed.atom", "/drafts", "/health", "/version"):  # fmt: skip
            self._call(person, "get", path, {})
        wanted = {"request": f"起草《{made[0].word}县节水行动方案》", "write": True}
        answer = self._call(person, "post", "/drafts", {"json": wanted})
        if answer.status_code == 201:
            for path in ("", "/review.md", "/final.docx", "/review.docx"):
                self._call(person, "get", f"/drafts/{answer.json()['id']}{path}", {})

    def _forms(self, person: Person) -> None:
        """The same questions as chat tools and models of other programs ask them."""
        made, headers = self.office.made, {"x-plays": person.id}
        for each in self.draw.sample(made, max(2, round(self.share * len(made)))):
            for body in messages_about(each):
                answer = self.client.post("/v1/chat/completions", json=body, headers=headers)
                typed = json.dumps(body, ensure_ascii=False)
                self._look(person, "chat completion", answer.content, typed)
            identifier, other = self.office.ids[each.number], self.draw.choice(self.office.ids)
            messages = tools_about(identifier, other, each)
            for method, typed, told in sent_to_tools(self.client, headers, messages):
                self._look(person, f"tool {method}", told, typed)

    def _call(self, person: Person, method: str, path: str, more: dict[str, Any]) -> Any:
        answer = self.client.request(
            method, f"/api/v1{path}", headers={"x-plays": person.id}, **more
        )
        told = {k: v for k, v in answer.headers.items() if k != "content-length"}
        typed = json.dumps(more, ensure_ascii=False) + path
        self._look(person, f"call {method} {path}", answer.content, typed)
        self._look(person, f"headers of call {path}", json.dumps(told), typed)
        return answer

    def _preview(self, person: Person) -> None:
        """A term that stands in every question that was kept, tried on all of them."""
        term = {"wordings": "问题", "term": "方案"}
        self._post(person, "/admin/terms/preview", **term)

    def _others_ids(self, person: Person) -> None:
        """Questions, wishes and approved answers by their numbers, whoever may see them."""
        of = self.draw.sample(range(len(self.office.made)), max(2, round(self.share * 60)))
        for number in of:
            gaps = ",".join(str(3 * number + n) for n in (1, 2, 3))
            for gap in gaps.split(","):
                self._get(person, "/admin/answer", gaps=gap)
                self._get(person, "/admin/terms", gaps=gap)
            answer = str(number + 1)
            self._get(person, "/admin/answer", id=answer)
            self._post(person, "/admin/gaps/retest", gaps=gaps, wanted=answer)
            self._post(person, "/admin/gaps/reopen", ids=gaps)
            self._post(person, "/admin/gaps/want", ids=gaps, what="文件")
            self._post(person, "/admin/gaps/unwant", id=answer)
            self._post(person, "/admin/gaps/outside", ids=gaps)
            self._post(person, "/admin/answers/remove", id=answer)
            for name in ("gaps", "answers"):
                self._get(person, f"/admin/{name}")

    def _get(self, person: Person, path: str, typed: str = "", **query: str) -> None:
        where = f"{path}?{urlencode(query)}" if query else path
        answer = self.client.get(where, headers={"x-plays": person.id})
        # A page may be just as long as a secret number is great.
        told = {k: v for k, v in answer.headers.items() if k != "content-length"}
        headers = json.dumps(told)
        said = typed + " ".join(query.values()) + path
        self._look(person, f"GET {where}", answer.content, said)
        self._look(person, f"headers of {where}", headers, said)

    def _post(self, person: Person, path: str, **form: str) -> None:
        answer = self.client.post(path, data=form, headers={"x-plays": person.id})
        self._look(person, f"POST {path}", answer.content, " ".join(form.values()))

    def _look(self, person: Person, where: str, body: bytes | str, typed: str) -> None:
        self.judge.look(person.id, self.office.seen(person), where, body, typed)

    # --- what Gradio's pages call -----------------------------------------------------------

    def _functions(self, person: Person) -> None:
        """Every function of every page, with words of some document in every box."""
        for page in ("/", "/library", "/draft", "/audit"):
            html = self.client.get(page, headers={"x-plays": person.id}).text
            config = re.search(r"window\.gradio_config\s*=\s*(\{.*?\});\s*</script>", html, re.S)
            assert config
            self._call_all(person, page, json.loads(config[1]))

    def _call_all(self, person: Person, page: str, config: dict[str, Any]) -> None:
        each = self.draw.choice(self.office.made)
        parts = {c["id"]: c for c in config["components"]}
        session = f"{self.draw.getrandbits(64):x}"
        written = ""  # in this session: a page shows people again what they wrote
        for call in config["dependencies"]:
            data = [self._typed(parts[i], each) for i in call["inputs"]]
            row = self.draw.randrange(20)
            body = {
                "data": data, "fn_index": call["id"], "session_hash": session,
                "event_data": {"index": [row, 0], "value": each.word, "selected": True},
            }  # fmt: skip
            written += json.dumps(data, ensure_ascii=False)
            got = self._queued(person, body, session)
            self._look(person, f"function {call['id']} of {page}", got, written)

    def _typed(self, part: dict[str, Any], each: Made) -> Any:
        """What somebody leaves or types; nothing where a page keeps its own state."""
        if part["props"].get("elem_id") == "within":
            return ""  # else nothing is found for anybody
        if part["type"] == "textbox":
            return f"起草《{each.word}县节水实施方案》，{each.inner}管网由谁负责？"
        is_choice = part["type"] in ("checkboxgroup", "radio", "dropdown")
        return part["props"].get("value") if is_choice else None

    def _queued(self, person: Person, body: dict[str, Any], session: str) -> str:
        headers = {"x-plays": person.id}
        joined = self.client.post("/gradio_api/queue/join", json=body, headers=headers)
        if joined.status_code != 200:
            return joined.text
        told = self.client.get(
            "/gradio_api/queue/data", params={"session_hash": session}, headers=headers
        )
        return told.text

    # --- what the command line does, for them -----------------------------------------------

    def _commands(self, person: Person) -> None:
        services = self.office.services
        viewer, each = person.viewer, self.draw.choice(self.office.made)
        view = services.assistant.view(viewer)
        wish = f"起草《{each.word}县节约用水实施方案》，写明目标、任务和分工。"
        desk = services.desk.seen_by(person)
        with suppress(PolicyError):
            draft = desk.begin(wish)
            for written in desk.write(draft):
                draft = written.draft
            draft, findings = desk.check(draft)
            said = json.dumps(draft_row(draft, findings), ensure_ascii=False)
            self._look(person, "command draft", said, wish)
            self._look(person, "Word", to_docx(draft, "送审版", desk.settings), wish)
            self._look(person, "Markdown", to_markdown(draft, "送审版", desk.settings), wish)
            for name in ("review.docx", "final.docx", "review.md"):
                self._get(person, f"/drafts/{draft.id}/{name}", typed=wish)
        body = f"《{each.word}县节水行动方案》（{each.word}政发〔2024〕{each.code}号）提出{each.figure}万吨，“建设{each.inner}管网”。"
        claims = audit(body, services.assistant.evidence(view))
        told = json.dumps([asdict(claim) for claim in claims], ensure_ascii=False)
        self._look(person, "command audit", told, body)
        rows = first_rows(view, Chosen(), 5000).rows
        self._look(person, "command facts", "\n".join(map(fact_line, rows)), "")
        for a, b in (self.draw.sample(self.office.made, 2) for _ in range(3)):
            typed = f"{a.word} {b.word}"
            with suppress(PolicyError):
                quotable = view.quotable
                old, new = (find_document(quotable, f"{m.word}县", by_path=True) for m in (a, b))
                compared = compared_in(quotable, old, new)
                self._look(
                    person, "command compare", compared_text(compared, every_row=True), typed
                )
                self._look(person, "Word table", revision_table(compared, every_row=True), typed)
        for seen in services.assistant.examples(viewer):
            self._look(person, "examples", seen, "")

    # --- questions --------------------------------------------------------------------------

    def _ask(self, person: Person, number: int) -> None:
        each, other = self.draw.sample(self.office.made, 2)
        names = asdict(each) | {"other": other.word}
        turns = [self.draw.choice(ASKED).format(**names)]
        if self.draw.random() < 0.25:
            turns.append(self.draw.choice((f"{other.word}县呢？", "由谁牵头？", "依据是什么？")))
        answer = self.office.services.assistant.ask(turns, viewer=person.viewer)
        said = json.dumps(answer.as_json(), ensure_ascii=False) + as_text(answer)
        self._look(person, f"question {turns}", said, " ".join(turns))
        if number % 20 == 0:
            report = conversation_report([answer], self.office.services.desk.settings)
            self._look(person, "report of a conversation", report, " ".join(turns))
