"""Trying out: what a change of terms does to questions, and whether questions are answered now."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat import Assistant
from assistant.find.evidence import Evidence
from assistant.office.gaps import in_one_line
from assistant.office.terms import Terms
from assistant.understand.question import Question
from vectorstore.errors import PolicyError
from vectorstore.library import View
from vectorstore.models import Viewer

TRIED = 200  # questions of a preview
SHOWN = 12  # of them that are understood otherwise: each is searched for twice
ASKED = 8  # questions that are asked again at a time
_DOCUMENTS = 3
_LOOKED_THROUGH = 24  # passages, until as many documents are found


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it is understood with some terms, and the documents that it finds first."""

    read_as: str
    added: tuple[str, ...]
    documents: tuple[str, ...]  # titles


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that is understood otherwise with other terms."""

    question: str
    before: Understanding
    after: Understanding


@dataclass(frozen=True, slots=True)
class Again:
    """What came of asking a question once more."""

    turns: tuple[str, ...]
    is_answered: bool
    said: str


def differences(
    assistant: Assistant,
    view: View,
    questions: Sequence[Sequence[str]],
    before: Terms,
    after: Terms,
) -> list[Difference]:
    """Of those questions that are understood otherwise. Only questions in which the terms make a
    difference are understood at all, and search is all that is done of each. Each comes with what
    was said before it."""
    old, new = (assistant.evidence(view, terms=terms) for terms in (before, after))
    found: list[Difference] = []
    for asked in questions[:TRIED]:
        if len(found) == SHOWN or all(_touched(t, old) == _touched(t, new) for t in asked):
            continue
        try:
            one, other = (assistant.question_of(asked, evidence) for evidence in (old, new))
        except PolicyError:
            continue  # a question that cannot be asked is in nobody's way
        if (one.standalone, one.added) != (other.standalone, other.added):
            found.append(
                Difference(in_one_line(asked), _understood(one, old), _understood(other, new))
            )
    return found


def _touched(asked: str, evidence: Evidence) -> tuple[str, tuple[str, ...]]:
    """What the terms make of a question's words."""
    lexicon = evidence.lexicon
    return lexicon.in_official_words(asked), lexicon.added_terms(asked)


def _understood(question: Question, evidence: Evidence) -> Understanding:
    hits = evidence.view.search(question.query(question.where), _LOOKED_THROUGH, question.where)
    titles = dict.fromkeys(hit.document.metadata.title for hit in hits)
    return Understanding(question.standalone, question.added, tuple(titles)[:_DOCUMENTS])


def asked_again(
    assistant: Assistant, viewer: Viewer, questions: Sequence[tuple[str, ...]]
) -> list[Again]:
    """Each question, after what was said before it, as if this viewer asked it now."""
    found = []
    for asked in questions[:ASKED]:
        try:
            answer = assistant.ask(asked, "extractive", viewer=viewer)
            found.append(Again(asked, not answer.refused, answer.text[:400]))
        except PolicyError as error:
            found.append(Again(asked, False, str(error)))
    return found
