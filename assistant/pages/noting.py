"""What is kept of an answer for 管理: that it was asked, and the question if nothing answered it."""

import logging

from assistant.answers.answer import Answer
from assistant.chat import Assistant
from assistant.office.gaps import Near
from assistant.people.person import Person
from vectorstore.errors import PolicyError

log = logging.getLogger(__name__)


def note_answer(assistant: Assistant, person: Person, answer: Answer) -> None:
    """Counts the question; one that was refused is a gap. Whoever asked has their answer already:
    that this cannot be kept is for the log only."""
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
                answer.standalone_question,
                "没有回答",
                who=person.id if person.login else "",
                near=near,
            )
    except PolicyError as error:
        log.warning("not counted: %s", error)
