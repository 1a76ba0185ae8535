"""Answers given before: only while nothing that they rest on is another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assistant.answers.answer import Answer
from assistant.chat import Assistant, Request
from assistant.find.reading import LexicalReader
from assistant.remembering import Remembered
from assistant.settings import AnswerSettings
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Audience, SearchFilter, Viewer

DAY = date(2027, 3, 1)
ALL = Viewer("user:1")
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


@pytest.fixture
def assistant(filled: PolicyIndex) -> Assistant:
    return Assistant(Library(filled), LexicalReader(filled.token_weights), 0.3, AnswerSettings())


@pytest.fixture
def made() -> list[Request]:
    return []


@pytest.fixture
def ask(assistant: Assistant, made: list[Request]) -> Callable[..., Answer]:
    """Asks through one memory of two answers; `made` holds what had to be worked out."""
    remembered = Remembered(assistant, 2)

    def answered(request: Request) -> Answer:
        made.append(request)
        return assistant.chain.invoke(request)

    def asking(*turns: str, viewer: Viewer = ALL, day: date = DAY, **more: object) -> Answer:
        request = Request(turns or (QUESTION,), viewer, day, **more)  # type: ignore[arg-type]
        return remembered.answer(request, answered)

    return asking


def test_the_same_question_is_answered_once(
    ask: Callable[..., Answer], made: list[Request]
) -> None:
    first, again = ask(), ask(viewer=Viewer("user:2"))
    assert len(made) == 1
    assert replace(again, timings_ms=first.timings_ms) == first
    assert "120个" in again.text
    assert again.timings_ms["total"] <= first.timings_ms["total"]


def test_other_turns_scope_day_and_eyes_are_other_questions(
    ask: Callable[..., Answer], made: list[Request], assistant: Assistant
) -> None:
    document = assistant.view(ALL, as_of=DAY).documents()[0]
    assistant.library.admit(document.id, Audience("部门", ("a",)))
    ask()
    ask("每餐补贴多少钱？", QUESTION)
    ask(scope=SearchFilter(regions=("青禾市",)))
    ask(day=date(2028, 3, 1))
    ask(viewer=Viewer("user:3", departments=frozenset({"b"})))
    assert len(made) == 5


def test_a_change_of_the_library_makes_it_anew(
    ask: Callable[..., Answer], made: list[Request], assistant: Assistant
) -> None:
    cited = ask().citations[0].document_id
    assistant.library.admit(cited, Audience("部门", ("a",)))
    ask()
    assert len(made) == 2
    hidden = ask(viewer=Viewer("user:3", departments=frozenset({"b"})))
    assert cited not in [citation.document_id for citation in hidden.citations]


def test_what_changes_while_it_is_made_is_not_kept(assistant: Assistant) -> None:
    remembered, made = Remembered(assistant, 2), []
    cited = assistant.view(ALL, as_of=DAY).documents()[0].id

    def answered(request: Request) -> Answer:
        made.append(request)
        answer = assistant.chain.invoke(request)
        if len(made) == 1:
            assistant.library.admit(cited, Audience("部门", ("a",)))
        return answer

    for _ in range(3):
        remembered.answer(Request((QUESTION,), ALL, DAY), answered)
    assert len(made) == 2


def test_the_oldest_goes(ask: Callable[..., Answer], made: list[Request]) -> None:
    for question in ("每餐补贴多少钱？", "施行日期是什么时候？", QUESTION, "每餐补贴多少钱？"):
        ask(question)
    assert len(made) == 4


def test_nothing_is_kept_while_vectors_lag_or_a_model_writes(
    ask: Callable[..., Answer],
    made: list[Request],
    assistant: Assistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(mode="model")
    ask(mode="model")
    assert len(made) == 2
    monkeypatch.setattr(Library, "is_current", False)
    ask()
    ask()
    assert len(made) == 4


def test_none_are_kept_where_the_setting_says_so(assistant: Assistant) -> None:
    remembered, made = Remembered(assistant, 0), []

    def answered(request: Request) -> Answer:
        made.append(request)
        return assistant.chain.invoke(request)

    for _ in range(2):
        remembered.answer(Request((QUESTION,), ALL, DAY), answered)
    assert len(made) == 2
