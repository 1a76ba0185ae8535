"""Metadata corrected by hand, as a browser gets it; all documents are invented."""

import html
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.pages.by_hand import fields_of, on_page
from assistant.pages.cards import source_card
from assistant.pages.metadata import add_metadata_routes
from assistant.pages.typed_fields import checked_value
from assistant.people.log import Entry
from assistant.people.person import Person
from assistant.people.viewer import PERSON
from assistant.settings import AnswerSettings
from ingest.pipeline import ingest
from ingest.uploads import Uploads
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library, View
from vectorstore.models import EVERYTHING, Audience

TODAY = date(2026, 6, 1)
TEXT = """砚湖市人民政府关于印发砚湖市渡船管理办法的通知
砚湖政发〔2021〕4号

各区人民政府：
渡船应当配备救生设备三十件，由所在区人民政府每年检查一次。

砚湖市人民政府
{year}年3月1日
"""
HOSTILE = '"><script>alert(1)</script>${1}'
KEEPER = Person("user:1", "wang", "王某", ("d1",), frozenset({"资料管理"}))
READER = Person("user:2", "li", "李某", ("d1",), frozenset({"查阅"}))


class Noted:
    """An audit log that may be full."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.full = False

    def record(self, entry: Entry) -> None:
        if self.full:
            raise PolicyError("日志写不进")
        self.entries.append(entry)


class Site:
    """The pages for one person, whom a test may change."""

    def __init__(self, index: PolicyIndex, folder: Path):
        self.file = folder / "渡船.txt"
        self.file.write_text(TEXT.format(year=2021), encoding="utf-8")
        ingest(index, [self.file])
        reader = LexicalReader(index.token_weights)
        self.assistant = Assistant(Library(index), reader, 0.3, AnswerSettings())
        self.person: Person | None = None
        self.log = Noted()
        self.index = index
        app = FastAPI()
        add_metadata_routes(app, self.assistant, self._seen, Uploads(index), self.log)

        @app.middleware("http")
        async def as_person(request: Any, following: Callable[[Any], Any]) -> Any:
            if self.person:
                request.scope[PERSON] = self.person
            return await following(request)

        self.client = TestClient(app, follow_redirects=False)

    def _seen(self, request: Any) -> View:
        viewer = self.person.viewer if self.person else EVERYTHING
        return self.assistant.view(viewer)

    @property
    def id(self) -> str:
        (found,) = self.index.documents()
        return found.id

    @property
    def metadata(self) -> Any:
        return self.index.documents()[0].metadata

    def save(self, **fields: str) -> Any:
        was = {f"was.{n}": self.shown(n) for n in fields if n not in ("reason", "who")}
        sent = {"reason": "依据纸质件", "who": "王某", **was, **fields}
        return self.client.post(f"/metadata/{self.id}", data=sent)

    def shown(self, name: str) -> str:
        value = getattr(self.metadata, name)
        return "/".join(value) if isinstance(value, tuple) else str(value or "")


@pytest.fixture
def site(index: PolicyIndex, tmp_path: Path) -> Site:
    return Site(index, tmp_path)


def test_a_correction_is_in_the_citation_of_the_next_answer(site: Site) -> None:
    asked = ["渡船应当配备多少救生设备？"]
    before = site.assistant.ask(asked).citations[0]
    assert (before.document_number, before.corrected) == ("砚湖政发〔2021〕4号", ())
    answer = site.save(document_number="砚湖政发（2021）5号", issuer="砚湖市海事局")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/metadata/{site.id}?said=kept",
    )
    after = site.assistant.ask(asked).citations[0]
    assert (after.document_number, after.issuer) == ("砚湖政发〔2021〕5号", "砚湖市海事局")
    assert set(after.corrected) == {"document_number", "issuer"}
    assert "人工改正" in source_card(after, 0)
    assert "人工改正" not in source_card(before, 0)


def test_a_question_for_the_field_is_told_whose_finding_it_is(site: Site) -> None:
    site.save(issuer="砚湖市海事局")
    answer = site.assistant.ask(["渡船管理办法的通知是哪个机关印发的？"])
    assert "砚湖市海事局" in answer.text
    assert all(check.verdict == "supported" for check in answer.checks)
    assert any("由人工改正（王某" in note and "砚湖市人民政府" in note for note in answer.notes)


def test_the_page_says_who_when_and_what_was_read(site: Site) -> None:
    site.save(issuer="砚湖市海事局")
    page = html.unescape(site.client.get(f"/metadata/{site.id}?said=kept").text)
    for said in (
        "已改正",
        "人工改正",
        "（王某，",
        "机器读到：砚湖市人民政府",
        "依据纸质件",
        "改正记录（1）",
    ):
        assert said in page
    document = site.index.document(site.id)
    assert document is not None
    assert "机器读到：砚湖市人民政府" in fields_of(document, on_page(document.id))
    assert site.id in site.client.get("/metadata").text


def test_undoing_and_the_history(site: Site) -> None:
    site.save(issuer="砚湖市海事局")
    sent = {"field": "issuer"}
    assert site.client.post(f"/metadata/{site.id}/undo", data=sent).status_code == 303
    assert site.metadata.issuer == "砚湖市人民政府"
    assert "改正记录（2）" in site.client.get(f"/metadata/{site.id}").text
    again = site.client.post(f"/metadata/{site.id}/undo", data=sent)
    assert again.status_code == 400
    assert "可能已被撤销" in again.text


def test_a_newer_version_asks_for_confirmation(site: Site) -> None:
    site.save(date_written="2021-04-01")
    site.file.write_text(TEXT.format(year=2022), encoding="utf-8")
    ingest(site.index, [site.file])
    assert site.metadata.date_written == date(2021, 4, 1)
    assert "请确认" in site.client.get("/metadata").text
    page = site.client.get(f"/metadata/{site.id}").text
    assert "2021-03-01”，这一版读到的不同" in page
    sent = {"field": "date_written"}
    assert site.client.post(f"/metadata/{site.id}/confirm", data=sent).status_code == 303
    assert "这一版读到的不同" not in site.client.get(f"/metadata/{site.id}").text
    assert site.metadata.date_written == date(2021, 4, 1)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", "  ", "标题不能空着"),
        ("date_written", "去年三月", "不是日期"),
        ("date_written", "2021-02-30", "不是日期"),
        ("date_written", "1021-02-03", "不是日期"),
        ("date_effective", "2099-01-01", "年份应在"),
        ("document_number", "无", "不像发文字号"),
        ("region", "Yunnan", "从省写起"),
        ("kind", "a notice", "这样的一个词"),
        ("period", "十四五", "起止年份"),
        ("period", "2025—2021", "起始年份之后"),
        ("status", "也许", "选一个"),
        ("issuer", "局" * 300, "不超过 200 个字"),
    ],
)
def test_what_cannot_be_kept_is_answered_with_a_sentence(
    site: Site, name: str, typed: str, said: str
) -> None:
    answer = site.save(**{name: typed})
    assert answer.status_code == 400
    assert "没有保存" in answer.text
    assert said in answer.text
    assert site.metadata.by_hand == {}


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("date_written", "2021年3月5日", "2021-03-05"),
        ("document_number", "国办发[2021] 20号", "国办发〔2021〕20号"),
        ("document_number", "某市人民政府令第12号", "某市人民政府令第12号"),
        ("region", "云南省 保山市", "云南省/保山市"),
        ("region", "保山市", "云南省/保山市"),
        ("region", "云岭省/砚湖市", "云岭省/砚湖市"),
        ("period", "2021-2025年", "2021—2025"),
        ("issuer", " ", None),
    ],
)
def test_what_is_typed_is_kept_in_one_form(name: str, typed: str, kept: str | None) -> None:
    assert checked_value(name, typed, TODAY) == kept


def test_a_reason_is_needed_and_what_was_typed_stays(site: Site) -> None:
    answer = site.save(issuer="砚湖市海事局", reason=" ")
    assert answer.status_code == 400
    assert "请写明理由" in answer.text
    assert 'value="砚湖市海事局"' in answer.text
    assert "没有改动" in site.save(issuer="砚湖市人民政府").text


def test_two_who_correct_the_same_field_do_not_overwrite_each_other(site: Site) -> None:
    sent = {"reason": "甲", "was.issuer": "砚湖市人民政府", "issuer": "砚湖市海事局"}
    site.client.post(f"/metadata/{site.id}", data=sent)
    answer = site.client.post(f"/metadata/{site.id}", data={**sent, "issuer": "砚湖市交通局"})
    assert "刚被别人改过" in answer.text
    assert site.metadata.issuer == "砚湖市海事局"


def test_hostile_values_stay_text(site: Site) -> None:
    site.save(title=f"渡船{HOSTILE}", reason=HOSTILE, who=HOSTILE)
    for address in ("/metadata", f"/metadata/{site.id}"):
        page = site.client.get(address).text
        assert "<script>alert" not in page
        assert "${1}" not in page
    document = site.index.document(site.id)
    assert document is not None
    assert "<script>" not in fields_of(document, on_page(document.id))


def test_only_who_may_change_a_document_corrects_it(site: Site) -> None:
    site.person = READER
    assert 'name="reason"' not in site.client.get(f"/metadata/{site.id}").text
    for deed in ("", "/undo", "/confirm"):
        assert (
            site.client.post(f"/metadata/{site.id}{deed}", data={"field": "title"}).status_code
            == 404
        )
    site.person = KEEPER
    assert site.save(issuer="砚湖市海事局").status_code == 303
    Library(site.index).admit(site.id, Audience("部门", ("d2",)))  # hidden: not there
    assert site.client.get(f"/metadata/{site.id}").status_code == 404
    assert site.client.post(f"/metadata/{site.id}", data={}).status_code == 404
    assert site.id not in site.client.get("/metadata").text


def test_it_is_logged_before_it_is_done(site: Site) -> None:
    site.save(issuer="砚湖市海事局")
    entry = site.log.entries[-1]
    assert (entry.deed, entry.on, entry.details["reason"]) == (
        "correct metadata",
        site.id,
        "依据纸质件",
    )
    assert entry.details["changes"] == {"issuer": ["砚湖市人民政府", "砚湖市海事局"]}
    site.log.full = True
    assert site.save(issuer="砚湖市交通局").status_code == 503
    assert site.metadata.issuer == "砚湖市海事局"
