"""What is kept of an answer for 管理: that it was asked, and the question if nothing answered it or
somebody disliked what did."""

import logging
from collections.abc import Sequence

from assistant.answers.answer import Answer
from assistant.chat import Assistant
from assistant.history.history import History
from assistant.history.models import NotThere
from assistant.office.gaps import Near
from assistant.office.sight import Sources, Told, every, told_of
from assistant.people.person import Person
from assistant.understand.scope import documents_titled
from vectorstore.errors import PolicyError
from vectorstore.language.text import search_copy
from vectorstore.models import Viewer

log = logging.getLogger(__name__)


def note_answer(assistant: Assistant, person: Person, turns: Sequence[str], answer: Answer) -> None:
    """Counts the question, the last of `turns`; one that was refused is a gap. Whoever asked has
    their answer already: that this cannot be kept is for the log only."""
    if (office := assistant.office) is None:
        return
    try:
        documents = [citation.document_id for citation in answer.citations]
        office.counts.asked(person.department, refused=answer.refused, documents=documents)
        if answer.refused:
            found = next(iter(answer.near), None)
            near = None
            if found:
                place = (found.document_id, found.title, found.quote, found.start, found.end)
                near = Near(*place)
            office.gaps.add(
                turns,
                "没有回答",
                who=person.id if person.login else "",
                near=near,
                sources=_told(assistant, person.viewer, turns, answer),
            )
    except PolicyError as error:
        log.warning("not counted: %s", error)


def disliked(
    assistant: Assistant, history: History, owner: str, viewer: Viewer, turn: int
) -> tuple[list[str], Sources]:
    """What was said up to a turn of the owner's, and the documents that its answer tells of;
    nothing where the history does not have it."""
    if not turn:
        return [], None
    try:
        turns, stored = history.conversations.up_to(owner, turn)
    except NotThere:
        return [], None
    if stored.kept is None or stored.kept.answer is None:
        return turns, None
    return turns, _told(assistant, viewer, turns, stored.kept.answer)


def _told(assistant: Assistant, viewer: Viewer, turns: Sequence[str], answer: Answer) -> Sources:
    """The documents that an answer cites or offers, and those that the question names."""
    cited = (Told(c.document_id, c.source_path) for c in (*answer.citations, *answer.near))
    view = assistant.view(viewer)
    corpus = assistant.evidence(view).corpus
    named = {i: None for turn in turns for i in documents_titled(search_copy(turn), corpus)[0]}
    known = (told_of(document) for i in named if (document := view.summary(i)))
    return every([tuple(cited), tuple(known)])
