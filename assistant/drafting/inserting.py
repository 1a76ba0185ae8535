"""Passages and rows of facts that somebody looks for, to stand in a draft with their citation."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from vectorstore.facts import FactFilter
from vectorstore.keywords.tokens import query_tokens
from vectorstore.language.sentences import sentences
from vectorstore.models import DocumentSummary

MAX_WORDS = 200
COUNT = 12
_SHORTEST = 8  # characters of a sentence worth quoting


@dataclass(frozen=True, slots=True)
class Insertable:
    """A sentence or a row; `key` names it again in the next request."""

    key: str
    document: DocumentSummary
    text: str
    path: tuple[str, ...]


def passages_for(words: str, evidence: Evidence) -> list[Insertable]:
    """The sentences of the library that say most of the words, the best first."""
    found: list[tuple[float, Insertable]] = []
    for hit in evidence.search(words[:MAX_WORDS]):
        passage = hit.passage
        for start, end in sentences(passage.text):
            text = passage.text[start:end].strip()
            if len(text) >= _SHORTEST and (share := evidence.coverage(words, text)) > 0:
                one = Insertable(f"p:{passage.id}:{start}:{end}", hit.document, text, passage.heading_path)  # fmt: skip
                found.append((share + 0.2 * hit.score, one))
    found.sort(key=lambda pair: -pair[0])
    return [one for _, one in found[:COUNT]]


def facts_for(words: str, evidence: Evidence) -> list[Insertable]:
    """What documents state of it: targets, figures, amounts, duties, row by row."""
    rows = evidence.view.facts_about(query_tokens(words[:MAX_WORDS]), limit=COUNT)
    return [
        Insertable(f"f:{f.document_id}:{f.start}:{f.end}", document, f.quote, f.heading_path)
        for f in rows
        if (document := evidence.view.summary(f.document_id))
    ]


def quote_of(key: str, evidence: Evidence) -> Quote | None:
    """The quotation that a key names; None where it is not there, or not for whoever asks."""
    kind, _, rest = key.partition(":")
    identifier, *numbers = rest.rsplit(":", 2)
    if len(numbers) != 2 or not all(n.isascii() and n.isdigit() and len(n) < 10 for n in numbers):
        return None
    start, end = map(int, numbers)
    makers = {"p": _of_passage, "f": _of_fact}
    maker = makers.get(kind)
    return next(maker(identifier, start, end, evidence), None) if maker else None


def _of_passage(identifier: str, start: int, end: int, evidence: Evidence) -> Iterator[Quote]:
    passage = evidence.view.passages((identifier,)).get(identifier)
    if passage and 0 <= start < end <= len(passage.text):
        document = evidence.view.summary(passage.document_id)
        if document:
            yield evidence.quoter.quote(document, passage, start, end)


def _of_fact(identifier: str, start: int, end: int, evidence: Evidence) -> Iterator[Quote]:
    document = evidence.view.summary(identifier)
    if document is None:
        return
    where = FactFilter(document_ids=frozenset((identifier,)))
    for fact in evidence.view.facts(where):
        if (fact.start, fact.end) == (start, end):
            yield evidence.quoter.fact(document, fact)
