"""A question without a limit, and what it then leaves behind."""

import pytest

from assistant.answers.answer import Answer
from assistant.pages.conversation import Turn
from assistant.pages.limits import limits, without
from assistant.pages.talk import Conversation


def answer(question: str, *scope: tuple[str, str]) -> Answer:
    return Answer(question, question, (), "extractive", "fact", scope=scope)


@pytest.mark.parametrize(
    ("question", "words", "left"),
    [
        ("青禾市要建成多少个助餐点？", "青禾市", "要建成多少个助餐点？"),
        ("在青禾市，由谁牵头建设？", "青禾市", "由谁牵头建设？"),
        ("《青禾市办法》在青禾市怎样落实？", "青禾市", "《青禾市办法》在怎样落实？"),
        ("2021年以来出台的文件有哪些？", "2021年以来", "出台的文件有哪些？"),
        ("青禾市？", "青禾市", ""),
        ("要建多少？", "", ""),
    ],
)
def test_a_limit_is_taken_out(question: str, words: str, left: str) -> None:
    assert without(question, words) == left


def test_what_the_turns_before_gave_goes_when_the_same_is_asked_by_itself() -> None:
    said = answer("助餐点由谁牵头？", ("《办法》", "助餐点由谁牵头？"))
    assert limits(said) == [("《办法》", "助餐点由谁牵头？")]
    talk = Conversation()
    talk.turns = [
        Turn(1, "建多少个？", answer=answer("建多少个？")),
        Turn(2, "由谁牵头？", answer=said),
    ]
    assert talk.questions(Turn(3, "助餐点由谁牵头？")) == ["助餐点由谁牵头？"]


def test_what_was_asked_before_is_left_behind() -> None:
    talk = Conversation()
    first = answer("青禾市要建成多少个助餐点？", ("青禾市", "青禾市"))
    ((_, freed),) = limits(first)
    talk.turns = [Turn(1, first.question, answer=first), Turn(2, freed, answer=answer(freed))]
    last = Turn(3, "由谁牵头？")
    assert talk.questions(talk.turns[1]) == [freed]
    assert talk.questions(last) == [freed, "由谁牵头？"]
    talk.turns[1] = Turn(2, "别的？", answer=answer("别的？"))
    assert talk.questions(last) == [first.question, "别的？", "由谁牵头？"]
