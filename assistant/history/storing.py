"""Answers as JSON and back: the frozen dataclasses themselves, by pydantic."""

import logging
from functools import cache

from pydantic import TypeAdapter, ValidationError

from assistant.answers.answer import Answer
from assistant.history.models import Kept, Source
from assistant.history.sources import source_of

log = logging.getLogger(__name__)


@cache
def _adapter() -> TypeAdapter[Answer]:
    """Built when first needed: it takes a tenth of a second."""
    return TypeAdapter(Answer)


@cache
def _sources() -> TypeAdapter[tuple[Source, ...]]:
    return TypeAdapter(tuple[Source, ...])


def answer_json(answer: Answer) -> str:
    return _adapter().dump_json(answer).decode()


def answer_from(stored: str) -> Answer | None:
    """None for what an older program wrote and this one cannot read."""
    try:
        return _adapter().validate_json(stored)
    except ValidationError as error:
        log.info("a stored answer cannot be read any more: %d problems", error.error_count())
        return None


def sources_of(answer: Answer) -> tuple[Source, ...]:
    """Each document once; those that come near are none that an answer rests on, but its text
    quotes them too."""
    found = {c.document_id: source_of(c) for c in (*answer.citations, *answer.near)}
    return tuple(found.values())


def columns_of(kept: Kept) -> tuple[str, str, str]:
    """(answer, text, sources) as the file holds them."""
    stored = answer_json(kept.answer) if kept.answer else ""
    return stored, kept.text, _sources().dump_json(kept.sources).decode()


def kept_of(answer: Answer) -> Kept:
    return Kept(answer, answer.text, sources_of(answer))


def kept_from(answer: str, text: str, sources: str) -> Kept:
    return Kept(answer_from(answer), text, sources_from(sources))


def sources_from(stored: str) -> tuple[Source, ...]:
    """None of what an older program wrote and this one cannot read."""
    try:
        return _sources().validate_json(stored or "[]")
    except ValidationError:
        return ()
