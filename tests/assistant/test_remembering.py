"""Answers given before: only while nothing that they rest on is another."""

import gc
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.answers.answer import Answer
from assistant.chat import Assistant, Request, Understood
from assistant.find.reading import LexicalReader
from assistant.remembering import Asked, Remembered, reference
from assistant.settings import AnswerSettings
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Audience, SearchFilter, Viewer

DAY = date(2027, 3, 1)
ALL = Viewer("user:1")
OF_B = Viewer("user:3", departments=frozenset({"b"}))
FOR_A = Audience("部门", ("a",))
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


class Counting(Assistant):
    """Counts the answers that had to be worked out."""

    count = 0

    def _worked_out(self, understood: Understood) -> Answer:
        self.count += 1
        return super()._worked_out(understood)


def counting(index: PolicyIndex, most: int) -> Counting:
    settings = AnswerSettings(remembered=most)
    return Counting(Library(index), LexicalReader(index.token_weights), 0.3, settings)


@pytest.fixture
def assistant(filled: PolicyIndex) -> Counting:
    return counting(filled, 4)


def ask(assistant: Assistant, *turns: str, viewer: Viewer = ALL, day: date = DAY, **more: Any) -> Answer:  # fmt: skip
    return assistant.chain.invoke(Request(turns or (QUESTION,), viewer, day, **more))


def test_the_same_question_is_answered_once(assistant: Counting) -> None:
    first, again = ask(assistant), ask(assistant, viewer=Viewer("user:2"))
    assert assistant.count == 1
    assert replace(again, timings_ms=first.timings_ms) == first
    assert "120个" in again.text


def test_a_view_may_go_before_its_answer_is_looked_up(
    assistant: Counting, filled: PolicyIndex
) -> None:
    """A document comes in while a question is answered, and nobody else holds the old view."""
    view = Library(filled).seen_by(ALL, as_of=DAY)
    seen = reference(view)
    del view
    gc.collect()
    assert seen() is None
    asked = Asked(seen, assistant._understood(Request((QUESTION,), ALL, DAY)).question, 0, ())
    kept = Remembered(1)
    assert kept.find(asked) is None
    assert Asked(seen, asked.question, 0, ()) == asked


def test_what_was_said_before_does_not_count_for_a_question_that_stands_alone(
    assistant: Counting,
) -> None:
    ask(assistant)
    assert "120个" in ask(assistant, "节约用水由哪个部门负责？", QUESTION).text
    assert assistant.count == 1


@pytest.mark.parametrize(
    "other",
    [
        {"scope": SearchFilter(regions=("青禾市",))},
        {"day": date(2028, 3, 1)},
        {"viewer": OF_B},
        {"anew": True},
        {"mode": "model"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_scope_day_viewer_and_mode_are_worked_out(
    other: dict[str, Any], assistant: Counting
) -> None:
    document = assistant.view(ALL, as_of=DAY).documents()[-1]
    assistant.library.admit(document.id, FOR_A)  # so that b sees less
    ask(assistant)
    ask(assistant, **other)
    assert assistant.count == 2


def test_a_follow_up_is_another_question_after_another_answer(assistant: Counting) -> None:
    ask(assistant, QUESTION, "由哪个部门负责？")
    ask(assistant, "再生水利用率的目标是多少？", "由哪个部门负责？")
    assert assistant.count == 2


def test_a_change_of_the_library_makes_it_anew(assistant: Counting) -> None:
    cited = ask(assistant).citations[0].document_id
    assistant.library.admit(cited, FOR_A)
    ask(assistant)
    assert assistant.count == 2
    hidden = ask(assistant, viewer=OF_B)
    assert cited not in [citation.document_id for citation in hidden.citations]


def test_what_changes_while_it_is_made_is_not_kept(assistant: Counting) -> None:
    document = assistant.view(ALL, as_of=DAY).documents()[0].id
    reader = assistant.reader

    class Meanwhile:
        name = reader.name

        def read(self, *given: Any, **named: Any) -> Sequence[Any]:
            assistant.library.admit(document, FOR_A)
            return reader.read(*given, **named)

    assistant.reader = Meanwhile()  # type: ignore[assignment]
    ask(assistant)
    assistant.reader = reader
    ask(assistant)
    ask(assistant)
    assert assistant.count == 2


def test_the_oldest_goes(assistant: Counting) -> None:
    asked = [f"{QUESTION[:-1]}（{n}）？" for n in range(5)]
    for question in [*asked, asked[0]]:
        ask(assistant, question)
    assert assistant.count == 6
    ask(assistant, asked[4])
    assert assistant.count == 6


def test_nothing_is_kept_while_the_vectors_lag(
    assistant: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Library, "is_current", False)
    ask(assistant)
    ask(assistant)
    assert assistant.count == 2


def test_none_are_kept_where_the_setting_says_so(filled: PolicyIndex) -> None:
    assistant = counting(filled, 0)
    ask(assistant)
    ask(assistant)
    assert assistant.count == 2
