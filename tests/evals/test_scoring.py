"""When an answer counts: alternatives, lists, refusals; on answers made up here."""

from dataclasses import replace
from typing import Any

import pytest

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal
from assistant.cite.citation import CitedSpan
from assistant.cite.markdown import parse
from assistant.training.written import NEAR_MISS, WrittenPassage, WrittenQuestion
from tests.evals import written
from tests.evals.scoring import covered, is_right, marked, plain, rouge_l

TEXT = "到2025年底建成助餐点一百二十个，每餐补贴3元[1]。"
ANSWER = Answer("问", "问", parse(TEXT), "extractive", "fact")
DECLINED = replace(ANSWER, said=Refusal("没有找到：未读到补贴3元的内容。", ()))


def row(**given: Any) -> dict[str, Any]:
    return {"answerable": True, "must_include": [], "must_not_include": [], **given}


@pytest.mark.parametrize(
    ("wanted", "right"),
    [
        (["120个||一百二十个"], True),
        (["120个"], False),
        (["3元", "120个||一百二十个"], True),
        (["4元||5元", "一百二十个"], False),
    ],
)
def test_alternatives(wanted: list[str], right: bool) -> None:
    assert is_right(row(must_include=wanted), ANSWER) is right


@pytest.mark.parametrize(("least", "share"), [(1, 1.0), (2, 1.0), (4, 0.5)])
def test_how_much_of_a_list(least: int, share: float) -> None:
    asked = row(cover={"of": ["助餐点", "补贴", "床位", "护理"], "at_least": least})
    assert covered(asked, "建成助餐点，给补贴") == share
    said = replace(ANSWER, said=parse("建成助餐点，给补贴。"))
    assert is_right(asked, said) is (share == 1.0)


def test_what_must_not_be_said_counts_in_any_answer() -> None:
    assert not is_right(row(must_include=["3元"], must_not_include=["一百二十个||120个"]), ANSWER)
    declined = DECLINED
    assert not is_right(row(answerable=False, must_not_include=["3元"]), declined)


def test_an_unanswerable_question_is_right_when_it_is_declined() -> None:
    declined = DECLINED
    assert is_right(row(answerable=False, must_include=["没有||未"]), declined)
    assert not is_right(row(answerable=False), ANSWER)
    assert not is_right(row(must_include=["3元"]), declined)


def test_rouge() -> None:
    assert rouge_l("三年内", "三年内") == 1
    assert rouge_l("", "三年内") == 0
    assert rouge_l("三年 以内", "三年内") == pytest.approx(6 / 7)


def test_what_is_marked_is_scored_apart_from_its_sentence() -> None:
    assert marked(ANSWER) == plain(ANSWER)
    span = CitedSpan(1, "d", 3, 9, "一百二十个")
    assert marked(replace(ANSWER, spans=(span,))) == "一百二十个"


def test_a_written_question_is_right_when_most_of_its_answer_is_said() -> None:
    passage = WrittenPassage("p", "青禾市方案", (), TEXT)
    question = WrittenQuestion("建多少", "everyday", passage, (TEXT.index("建"), TEXT.index("，")))
    assert written.is_right(question, ANSWER)
    assert not written.is_right(question, DECLINED)
    assert not written.is_right(question, replace(ANSWER, said=parse("每餐补贴3元[1]。")))
    miss = replace(question, style=NEAR_MISS, answer=None)
    assert written.is_right(miss, DECLINED)
    assert not written.is_right(miss, ANSWER)
