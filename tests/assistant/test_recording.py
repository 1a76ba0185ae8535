"""Questions and answers in the log, and fifty of them asked again."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.chat import Assistant, Request
from assistant.find.reading import LexicalReader
from assistant.people.audit_log import KeptLog, NotLogged
from assistant.people.log import NoLog, Who
from assistant.recording import Recording, replay
from assistant.settings import AnswerSettings
from vectorstore.chain.chain import Chosen
from vectorstore.chain.verifying import verify
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import SearchFilter, Viewer
from vectorstore.settings import LogSettings

DAY = date(2027, 3, 1)
WHO = Who("user:1", "张三", "10.0.0.7")
VIEWER = Viewer("user:1", departments=frozenset({"a", "b"}), groups=frozenset({"g"}))
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"
SUBJECTS = ("老年助餐点", "每餐补贴", "科学素质", "再生水利用率", "培训", "责任单位", "施行日期",
            "经费", "养老服务", "节约用水")  # fmt: skip
WAYS = ("{}有什么规定？", "{}的目标是多少？", "什么是{}？", "哪些文件提到{}？", "{}由谁负责？")


@pytest.fixture
def assistant(filled: PolicyIndex) -> Assistant:
    return Assistant(Library(filled), LexicalReader(filled.token_weights), 0.3, AnswerSettings())


@pytest.fixture
def log(tmp_path: Path) -> Iterator[KeptLog]:
    with closing(KeptLog(tmp_path / "log", LogSettings())) as opened:
        yield opened


def asked(*turns: str, scope: SearchFilter = SearchFilter()) -> Request:
    return Request(turns, VIEWER, DAY, scope)


def test_a_question_and_its_answer_are_two_entries(assistant: Assistant, log: KeptLog) -> None:
    answer = Recording(assistant, log).ask(WHO, asked("前面的问题？", QUESTION))
    question, said = log.chain.all(Chosen())
    assert (question.record.deed, said.record.deed) == ("ask", "answer")
    assert question.record.on == said.record.on != ""
    assert question.record.personal["question"] == QUESTION
    assert question.record.personal["turns"] == ["前面的问题？"]
    details = said.record.details
    citation, view = answer.citations[0], assistant.view(VIEWER, as_of=DAY)
    document = view.summary(citation.document_id)
    assert document is not None
    assert details["citations"][0] == {
        "document": citation.document_id,
        "sha256": document.sha256,
        "start": citation.start,
        "end": citation.end,
    }
    assert details["as_of"] == "2027-03-01"
    assert details["generation"] == view.generation
    assert details["viewer"] == {"departments": ["a", "b"], "groups": ["g"]}
    assert QUESTION not in said.body + question.body
    assert log.chain.count(Chosen(document=citation.document_id)) == 1


def test_without_a_log_nothing_is_worked_out(assistant: Assistant) -> None:
    assert "120个" in Recording(assistant, NoLog()).ask(WHO, asked(QUESTION)).text


def test_what_cannot_be_logged_is_not_answered(
    assistant: Assistant, log: KeptLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise PolicyError("磁盘已满")

    monkeypatch.setattr(log.chain, "append", full)
    with pytest.raises(NotLogged):
        Recording(assistant, log).ask(WHO, asked(QUESTION))


def test_a_question_that_cannot_be_asked_is_kept_as_failed(
    assistant: Assistant, log: KeptLog
) -> None:
    with pytest.raises(PolicyError):
        Recording(assistant, log).ask(WHO, asked("  "))
    assert [e.record.result for e in log.chain.all(Chosen())] == ["done", "failed"]


def test_fifty_answers_are_the_same_again(assistant: Assistant, log: KeptLog) -> None:
    recording = Recording(assistant, log)
    scope = SearchFilter(years=((2020, 2030),), document_ids=None)
    for way in WAYS:
        for n, subject in enumerate(SUBJECTS):
            recording.ask(WHO, asked(way.format(subject), scope=scope if n % 2 else SearchFilter()))
    assert log.chain.count(Chosen()) == 100
    found = list(replay(recording, log.chain, 50))
    assert [f.outcome for f in found] == ["same"] * 50
    assert log.chain.count(Chosen()) == 100
    assert verify(log.chain).fault is None


def test_another_answer_index_or_setting_is_told_apart(
    assistant: Assistant, log: KeptLog, monkeypatch: pytest.MonkeyPatch, filled: PolicyIndex
) -> None:
    recording = Recording(assistant, log)
    recording.ask(WHO, asked(QUESTION))

    def outcome() -> tuple[str, str]:
        (found,) = replay(recording, log.chain, 5)
        return found.outcome, found.said

    class Tampered:
        def invoke(self, request: Request) -> object:
            return replace(assistant.ask([QUESTION]), said=())

    with monkeypatch.context() as patch:
        patch.setattr(recording, "assistant", _with(assistant, Tampered()))
        assert outcome() == ("differs", "text")
    recording.__dict__["fingerprint"] = "another"
    assert outcome()[0] == "other settings"
    del recording.__dict__["fingerprint"]
    document = filled.documents()[0]
    with filled.writing():
        filled.delete_document(document.id)
    assert outcome()[0] == "other index"


def test_the_generation_is_that_of_the_answer(
    assistant: Assistant, log: KeptLog, filled: PolicyIndex
) -> None:
    class Meanwhile:
        """Something is removed between the answer and its entry."""

        def invoke(self, request: Request) -> object:
            answer = assistant.chain.invoke(request)
            with filled.writing():
                filled.delete_document(filled.documents()[0].id)
            return answer

    before = assistant.view(VIEWER, as_of=DAY).generation
    recording = Recording(_with(assistant, Meanwhile()), log)
    assert recording.ask(WHO, asked(QUESTION)).generation == before
    *_, said = log.chain.all(Chosen())
    assert said.record.details["generation"] == before
    recording.assistant = assistant
    assert [f.outcome for f in replay(recording, log.chain, 5)] == ["other index"]


def _with(assistant: Assistant, chain: object) -> Assistant:
    other = Assistant(assistant.library, assistant.reader, 0.3, assistant.settings)
    other.chain = chain  # type: ignore[assignment]
    return other


def test_without_its_text_a_question_cannot_be_asked_again(
    assistant: Assistant, tmp_path: Path
) -> None:
    with closing(KeptLog(tmp_path / "log", LogSettings(questions="hash"))) as log:
        recording = Recording(assistant, log)
        recording.ask(WHO, asked(QUESTION))
        assert [f.outcome for f in replay(recording, log.chain, 5)] == ["not kept"]
        assert QUESTION.encode() not in log.chain.database.path.read_bytes()
