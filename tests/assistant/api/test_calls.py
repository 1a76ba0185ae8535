"""The interface over HTTP: whose rights count, what comes back, and that it ends with its caller."""

import json
import threading
import time
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from assistant.api.schemas import AnswerOut, AuditOut, ComparedOut, DocumentOut, DraftOut, HitOut
from assistant.chat import Assistant
from assistant.chat import Request as Question
from assistant.events import Progress, Stopped
from assistant.people.keys import SCOPES
from assistant.recording import Recording
from tests.api_cases.calling import call_all
from tests.assistant.api.conftest import Served
from tests.attack.conftest import Site
from vectorstore.errors import disk_full
from vectorstore.models import PUBLIC, Audience

QUESTION = "蓝鹭县再生水利用量达到多少？"
# What each call needs; ask, search … stand for scopes.
CALLS: dict[tuple[str, str], tuple[str, Any]] = {
    ("post", "/ask"): ("ask", {"question": QUESTION}),
    ("post", "/search"): ("search", {"question": QUESTION}),
    ("get", "/documents"): ("read", None),
    ("post", "/documents"): ("upload", None),
    ("get", "/documents/{document_id}"): ("read", None),
    ("delete", "/documents/{document_id}"): ("delete", None),
    ("get", "/documents/{document_id}/text"): ("read", None),
    ("get", "/documents/{document_id}/passages"): ("read", None),
    ("get", "/documents/{document_id}/original"): ("read", None),
    ("get", "/jobs/{job_id}"): ("upload", None),
    ("get", "/facts"): ("read", None),
    ("post", "/audits"): ("audit", {"text": "再生水利用量达到1万吨。"}),
    ("get", "/compare"): ("read", None),
    ("get", "/drafts"): ("draft", None),
    ("post", "/drafts"): ("draft", {"request": "起草《方案》"}),
    ("get", "/drafts/{draft_id}"): ("draft", None),
    ("get", "/drafts/{draft_id}/{name}"): ("draft", None),
    ("get", "/changes"): ("read", None),
    ("get", "/feed.atom"): ("read", None),
}
OPEN = {("get", "/health"), ("get", "/version")}


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def sent(answer: httpx.Response) -> list[tuple[str, Any]]:
    """The events of a stream."""
    parts = [block.split("\n") for block in answer.text.strip().split("\n\n")]
    return [(a.removeprefix("event: "), json.loads(b.removeprefix("data: "))) for a, b in parts]


def test_the_table_knows_every_call(office: Served) -> None:
    described = office.site.client().get("/api/v1/openapi.json").json()["paths"]
    found = {(method, path) for path, methods in described.items() for method in methods}
    assert found == {*CALLS, *OPEN}


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_each_call_needs_its_scope(office: Served, method: str, path: str) -> None:
    """And is in the log with the key, allowed or not."""
    scope, body = CALLS[(method, path)]
    address = "/api/v1" + path.format(document_id="x", job_id="x", draft_id="x", name="review.md")
    files = [("files", ("a.txt", b"x"))] if (method, path) == ("post", "/documents") else None
    with office.other(*(s for s in SCOPES if s != scope)) as client:
        office.log.entries.clear()
        query = {"old": "x", "new": "y"} if path == "/compare" else None
        answer = client.request(method, address, json=body, files=files, params=query)
        assert (answer.status_code, scope in answer.json()["detail"]) == (403, True)
        assert answer.headers["content-type"] == "application/problem+json"
        deeds = [(e.deed, e.details["key"].startswith("key:")) for e in office.log.entries]
        assert deeds == [("call", True), ("refused", True)]


def test_an_answer_is_that_of_the_command_line(office: Served) -> None:
    answer = office.client.post("/api/v1/ask", json={"question": QUESTION, "id": "q1"}).json()
    viewer = office.people.as_person(office.person).viewer
    own = office.site.services.assistant.ask([QUESTION], viewer=viewer).as_json("q1")
    own = json.loads(json.dumps(own))
    assert without_times(answer) == without_times(own)
    assert answer["citations"]
    assert AnswerOut.model_validate(own).model_dump(mode="json") == own
    deeds = [e.deed for e in office.log.entries[-3:]]
    assert deeds == ["call", "ask", "answer"]


def test_a_stream_ends_with_the_same_answer(office: Served) -> None:
    body = {"turns": [QUESTION, "由谁牵头？"], "scope": {"years": [[2024, 2024]]}}
    whole = office.client.post("/api/v1/ask", json=body).json()
    events = sent(office.client.post("/api/v1/ask", json=body | {"stream": True}))
    assert "stage" in [name for name, _ in events]
    assert events[-1][0] == "answer"
    assert without_times(events[-1][1]) == without_times(whole)


@pytest.mark.parametrize("stream", [True, False])
def test_work_ends_when_the_caller_goes(
    office: Served, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    began, ended = threading.Event(), threading.Event()

    def ask(_: Recording, __: Any, question: Question) -> None:
        progress: Progress = question.progress
        try:
            for _ in range(1000):
                progress.stage("检索")
                began.set()
                time.sleep(0.02)
        except Stopped:
            ended.set()
            raise

    monkeypatch.setattr(Recording, "ask", ask)
    body = {"question": QUESTION, "stream": stream}
    sending = office.client.stream("POST", "/api/v1/ask", json=body, timeout=5)
    with suppress(httpx.TimeoutException), sending as answer:
        next(answer.iter_raw())  # and away
    assert began.wait(60)
    assert ended.wait(60)


def test_rows_are_those_of_the_commands(office: Served) -> None:
    """Every field, and no other."""
    (document, *_) = office.get("/documents")["documents"]
    assert DocumentOut.model_validate(document).model_dump(mode="json") == document
    hits = office.client.post("/api/v1/search", json={"question": QUESTION, "limit": 2}).json()
    assert [HitOut.model_validate(hit).model_dump(mode="json") for hit in hits] == hits
    assert [hit["rank"] for hit in hits] == [1, 2]
    text = {"text": "到2025年，再生水利用量达到41003万吨。"}
    audited = office.client.post("/api/v1/audits", json=text).json()
    assert AuditOut.model_validate(audited).model_dump(mode="json") == audited
    assert audited["claims"]
    one, two = [d["document_id"] for d in office.get("/documents")["documents"][:2]]
    compared = office.get("/compare", old=one, new=two)
    assert ComparedOut.model_validate(compared).model_dump(mode="json") == compared


def test_quotes_are_spans_of_the_text(office: Served) -> None:
    answer = office.client.post("/api/v1/ask", json={"question": QUESTION}).json()
    for citation in answer["citations"]:
        where = {"start": citation["start"], "end": citation["end"]}
        found = office.get(f"/documents/{citation['document_id']}/text", **where)
        assert "".join(found["text"].split()) == "".join(citation["quote"].split())
        passages = office.get(f"/documents/{citation['document_id']}/passages", limit=200)
        assert citation["passage_id"] in {p["passage_id"] for p in passages["passages"]}


def test_lists_come_in_pages(office: Served) -> None:
    every = office.get("/documents", limit=200)
    found, address = [], "/api/v1/documents?limit=3"
    while address:
        answer = office.client.get(address)
        found += [d["document_id"] for d in answer.json()["documents"]]
        address = answer.links.get("next", {}).get("url", "")
    assert found == [d["document_id"] for d in every["documents"]]
    assert every["total"] == len(found)
    assert office.get("/facts", limit=2, offset=1)["facts"] == office.get("/facts")["facts"][1:3]
    narrowed = office.get("/documents", q="蓝鹭")
    assert [narrowed["total"], "蓝鹭" in narrowed["documents"][0]["title"]] == [1, True]


def test_what_has_not_changed_is_not_sent_again(office: Served) -> None:
    for path in ("/documents", f"/documents/{office.document()}", "/facts", "/feed.atom"):
        tag = office.client.get(f"/api/v1{path}").headers["etag"]
        again = office.client.get(f"/api/v1{path}", headers={"If-None-Match": f'"x", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
    department = office.people.put_department("市水务局")
    account = office.people.add("elsewhere", department=department.id)
    _, key = office.people.keys.add(account.id, "x", ["read"], days=1, per_minute=9)
    with office.with_key(key) as other:  # whoever sees other things has another tag
        assert other.get("/api/v1/documents").headers["etag"] != tag


def test_an_upload_is_followed_and_deleted(office: Served) -> None:
    files = [("files", ("../办法.txt", "青禾市市容办法\n第一条 占道经营费每月30元。".encode())),
             ("files", ("空.txt", b""))]  # fmt: skip
    answer = office.client.post("/api/v1/documents", files=files)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/v1/jobs/{answer.json()['job']}"
    job = answer.json()
    for _ in range(300):
        job = office.client.get(answer.headers["location"]).json()
        if job["state"] in ("done", "failed"):
            break
        time.sleep(0.1)
    assert (job["state"], job["total"]) == ("done", 2)
    assert [(r["name"], r["action"]) for r in job["results"]] == [("办法.txt", "added"), ("空.txt", "failed")]  # fmt: skip
    with office.other() as other:
        assert other.get(answer.headers["location"]).status_code == 404
    found = office.get("/documents", q="青禾市")["documents"]
    assert len(found) == 1
    events = settled(office)
    identifier = found[0]["document_id"]
    gone = office.client.delete(f"/api/v1/documents/{identifier}")
    assert gone.json() == {"document_id": identifier, "files_left": []}
    assert office.client.get(f"/api/v1/documents/{identifier}").status_code == 404
    assert {e["what"] for e in events} >= {"new"}
    too_much = [("files", ("大.txt", b"x" * (2**20 + 1)))]
    assert office.client.post("/api/v1/documents", files=too_much).status_code == 422


def answered(site: Site, key: str, length: int, parts: list[bytes]) -> tuple[int, str]:
    """Status and text of what is answered to a body that is never sent whole."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.putrequest("POST", "/api/v1/documents")
    connection.putheader("Authorization", f"Bearer {key}")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    for part in parts:
        with suppress(ConnectionError):
            connection.send(part)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


_PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'


def test_no_file_is_read_of_whoever_may_not_send_it(office: Served) -> None:
    """The answer comes before the body has."""
    person = office.people.add("reader", roles=("查阅",))
    for scopes in (["read"], ["upload"]):  # neither the key may, nor its owner
        _, key = office.people.keys.add(person.id, "x", scopes, days=1, per_minute=100)
        before = len(office.log.entries)
        status, text = answered(office.site, key, 10**6, [_PART, b"x" * 1000])
        assert (status, "upload" in text) == (403, True)
        entry = office.log.entries[before]
        assert (entry.deed, entry.on, entry.result) == ("call", "documents.upload", "refused")


def test_a_file_that_is_too_large_is_not_read_to_its_end(office: Served) -> None:
    sent = [_PART, *[b"x" * 2**16] * 17]  # a little more than 1 MB, the limit here
    status, text = answered(office.site, office.key, 50 * 2**20, sent)
    assert (status, "1 MB" in text) == (422, True)


@pytest.mark.parametrize("given", [
    {"content": b"files", "headers": {"content-type": "text/plain"}},
    {"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=x"}},
    {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
    {"data": {"files": "text"}},
    {"files": [("other", ("a.txt", b"x"))]},
    {"files": [("files", (f"{n}.txt", b"x")) for n in range(101)]},
])  # fmt: skip
def test_a_form_without_files_is_refused(office: Served, given: dict[str, Any]) -> None:
    answer = office.client.post("/api/v1/documents", **given)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_what_is_kept_from_somebody_changes_no_number_of_theirs(office: Served) -> None:
    """Neither the version of what they see, nor the tag of what they were given."""
    with office.other("read") as other:

        def known() -> tuple[int, str]:
            tag = other.get("/api/v1/documents").headers["etag"]
            return other.get("/api/v1/version").json()["generation"], tag

        library = office.site.services.library
        mine, theirs = Audience("个人", (office.person.id,)), known()
        generation = library.index.catalog.generation
        hidden = office.document()
        library.admit(hidden, mine)
        without = known()
        assert without[0] != theirs[0]
        assert without[1] != theirs[1]
        library.admit(hidden, replace(mine, may_download=False))
        assert library.index.catalog.generation > generation + 1
        assert known() == without
        library.admit(hidden, PUBLIC)
        assert known() == theirs


def test_nobody_learns_where_things_lie_on_the_server(
    office: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = office.site.data

    def full(*_: Any, **__: Any) -> None:
        raise disk_full(data / "catalog.sqlite3")

    monkeypatch.setattr(Assistant, "evidence", full)
    monkeypatch.setattr(Recording, "ask", full)
    question = {"question": QUESTION}
    asked = {"model": "policy-assistant", "messages": [{"role": "user", "content": QUESTION}]}
    for path, body in (("/api/v1/search", question), ("/api/v1/ask", question),
                       ("/v1/chat/completions", asked),
                       ("/api/v1/ask", question | {"stream": True})):  # fmt: skip
        answer = office.client.post(path, json=body)
        assert (answer.status_code, "写不进 catalog.sqlite3" in answer.text) == (503, True)
        assert str(data) not in answer.text


def test_drafts_are_their_owners(office: Served) -> None:
    wanted = {"request": "起草《某县节水行动方案》", "write": False}
    made = office.client.post("/api/v1/drafts", json=wanted)
    assert made.status_code == 201
    draft = made.json()
    assert DraftOut.model_validate(draft).model_dump(mode="json") == draft
    assert office.client.get(made.headers["location"]).json() == draft
    assert [d["id"] for d in office.get("/drafts")["drafts"]] == [draft["id"]]
    word = office.client.get(f"/api/v1/drafts/{draft['id']}/review.docx")
    assert word.content[:2] == b"PK"
    with office.other() as other:
        for path in ("", "/review.md"):
            refused = other.get(f"/api/v1/drafts/{draft['id']}{path}")
            never = other.get(f"/api/v1/drafts/none{path}")
            assert (refused.status_code, refused.json()) == (404, never.json())
        assert other.get("/api/v1/drafts").json()["drafts"] == []


def settled(office: Served) -> list[dict[str, Any]]:
    """The changes, once those of the last seconds are given too."""
    until = time.monotonic() + 120
    while len(found := office.get("/changes", limit=200)["changes"]) <= 3:
        assert time.monotonic() < until
        time.sleep(0.2)
    return found


def test_changes_are_read_once_each(office: Served) -> None:
    settled(office)
    seen, cursor, more = [], "", True
    while more:
        page = office.get("/changes", cursor=cursor, limit=3)
        seen += [c["id"] for c in page["changes"]]
        cursor, more = page["cursor"], page["more"]
    assert len(seen) == len(set(seen)) > 3
    assert office.get("/changes", cursor=cursor)["changes"] == []
    assert office.client.get("/api/v1/changes", params={"cursor": "%%"}).status_code == 422
    feed = ElementTree.fromstring(office.client.get("/api/v1/feed.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.findtext(f"{atom}title") == "政策文件"
    assert len(feed.findall(f"{atom}entry")) >= len(seen)
    narrowed = office.client.get("/api/v1/feed.atom", params={"year": 1999}).content
    assert ElementTree.fromstring(narrowed).findall(f"{atom}entry") == []


def test_what_is_wrong_is_said_in_the_callers_language(office: Served) -> None:
    zh = office.client.get("/api/v1/documents/none")
    en = office.client.get("/api/v1/documents/none", headers={"Accept-Language": "en-GB,zh;q=0.5"})
    assert (zh.status_code, zh.json()["title"]) == (404, "没有这个内容")
    assert en.json()["detail"] == "There is no such document."
    typed = "秘密的字" * 10
    wrong = office.client.get("/api/v1/documents", params={"limit": typed, "nothing": 1})
    assert wrong.json()["errors"] == [{"name": "limit", "problem": "int_parsing"}]
    assert typed not in wrong.text
    broken = office.client.post("/api/v1/ask", content="{bad", headers={"content-type": "application/json"})  # fmt: skip
    assert broken.json()["errors"] == [{"name": "body", "problem": "json_invalid"}]
    for body in ({}, {"question": "x", "turns": ["y"]}, {"turns": []}, {"question": "x", "mod": 1}):
        assert office.client.post("/api/v1/ask", json=body).status_code == 422
    assert office.client.post("/api/v1/ask", json={"question": " "}).status_code == 422


def test_without_a_key_only_that_it_runs_is_told(office: Served) -> None:
    with office.site.client() as stranger:
        assert stranger.get("/api/v1/health").json() == {"status": "ok", "documents": None}
        assert stranger.get("/api/v1/version").json()["generation"] is None
        page = stranger.get("/api/v1/docs")
        assert (page.status_code, "/api/v1/ask" in page.text) == (200, True)
        assert "http://" not in page.text.replace("http://127.0.0.1:7860", "")
        for method, path in CALLS:
            assert stranger.request(method, f"/api/v1{path}").status_code == 401
    assert office.get("/health")["documents"] == office.get("/documents")["total"]


def test_what_cannot_be_logged_is_not_answered(
    office: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.people.audit_log import NotLogged

    def full(_: Any) -> None:
        raise NotLogged("审计日志没有记下")

    monkeypatch.setattr(office.log, "record", full)
    for method, path in (("post", "/ask"), ("get", "/documents")):
        answer = office.client.request(method, f"/api/v1{path}", json={"question": QUESTION})
        assert (answer.status_code, "没有记下" in answer.text) == (503, True)


def test_one_case_of_each_kind_keeps_to_the_document(office: Served) -> None:
    """`python -m tests.api_cases` tries thousands."""
    run = call_all(office.site, office.key, 1)
    assert run.wrong == {}
    assert run.cases > 30
