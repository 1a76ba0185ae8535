"""In which words a follow-up is looked up: as it was completed, or as it was said."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from assistant.find.evidence import Evidence
from assistant.find.leaning import focused, in_its_own_words
from assistant.find.reading import AnswerSpan, Reading
from assistant.people.viewer import LOCAL
from assistant.understand.question import Question
from assistant.understand.turns import understand
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import SearchHit

TODAY = date(2026, 3, 1)
FIRST = "青禾市上门照护的配合单位是哪几个？"
TAKEN, SAID = "青禾市上门照护多少个助餐点？", "青禾市多少个助餐点？"


@dataclass
class ByWording:
    """A reader that knows how well each wording is answered."""

    known: dict[str, float]
    name: str = "by wording"
    read_for: list[str] = field(default_factory=list)

    def read(self, question: str, hits: Sequence[SearchHit], share: float = 1.0) -> list[Reading]:
        self.read_for.append(question)
        relevance = self.known.get(question, 0.0)
        return [Reading(h, relevance, h.score, (AnswerSpan(0, 5, 1.0),)) for h in hits]


def evidence_of(index: PolicyIndex, known: dict[str, float]) -> Evidence:
    return Evidence(Library(index).seen_by(LOCAL, as_of=TODAY), ByWording(known), 0.3, 10)


def chosen(index: PolicyIndex, taken: float, said: float) -> Question:
    evidence = evidence_of(index, {FIRST: 0.9, TAKEN: taken, SAID: said})
    first, alone = (understand([text], evidence.corpus) for text in (FIRST, SAID))
    follow_up = understand([TAKEN], evidence.corpus)
    leaning = Question(
        "多少个助餐点？", TAKEN, follow_up.kind, follow_up.topic, follow_up.places, leans_on=first
    )
    question = focused(leaning, evidence)
    assert len(question.where.document_ids or ()) == 1
    found = in_its_own_words(question, alone, evidence)
    assert (found.asked, found.where, found.leans_on) == (leaning.asked, question.where, first)
    return found


@pytest.mark.parametrize(
    ("taken", "said", "standalone"),
    [
        (0.0, 0.9, SAID),
        (0.5, 0.85, SAID),
        (0.5, 0.7, TAKEN),  # no more than a little better
        (0.9, 0.0, TAKEN),
        (0.0, 0.2, TAKEN),  # below what counts as evidence
    ],
)
def test_the_words_that_the_documents_answer_better_are_taken(
    filled: PolicyIndex, taken: float, said: float, standalone: str
) -> None:
    assert chosen(filled, taken, said).standalone == standalone


def test_a_role_is_never_asked_for_without_its_task(filled: PolicyIndex) -> None:
    taken, said = "助餐点由谁牵头？", "由谁牵头？"
    evidence = evidence_of(filled, {taken: 0.1, said: 0.9})
    first = understand(["助餐点要建多少个？"], evidence.corpus)
    question = replace(understand([taken], evidence.corpus), leans_on=first)
    alone = understand([said], evidence.corpus)
    assert in_its_own_words(question, alone, evidence) is question


def test_the_document_that_a_turn_looks_in_is_a_limit(filled: PolicyIndex) -> None:
    first, turn = "助餐点要建多少个？", "助餐点由谁牵头？"
    evidence = evidence_of(filled, {first: 0.9})
    question = understand([turn], evidence.corpus)
    leaning = focused(replace(question, leans_on=understand([first], evidence.corpus)), evidence)
    (title,) = leaning.within
    assert (f"《{title}》", turn) in leaning.scope
    assert focused(question, evidence).scope == ()
