"""Rows of what documents state: for the page, the sheet and the command line alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.cite.citation import address
from assistant.find.stated import value_written
from assistant.indicators.chosen import Chosen
from vectorstore.facts import Fact
from vectorstore.language.figures import plain_number
from vectorstore.library import View
from vectorstore.models import DocumentSummary

PAGE = 50  # rows of a page

ROLE_NAMES = {"lead": "牵头", "responsible": "负责", "support": "配合", "": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a document states, with the document."""

    fact: Fact
    document: DocumentSummary

    @property
    def url(self) -> str:
        """Opens the passage in its document."""
        return address(self.fact.document_id, self.fact.start, self.fact.end)


@dataclass(frozen=True, slots=True)
class Listing:
    """Some rows out of `count`; `page` of `pages` from 1."""

    rows: tuple[Row, ...]
    count: int
    page: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


def listing(view: View, chosen: Chosen, page: int = 1) -> Listing:
    """The page of what was chosen; the last one for a page behind it."""
    where = chosen.where(view)
    count = view.count_facts(where) if where else 0
    if where is None or not count:
        return Listing((), 0)
    page = min(max(1, page), -(-count // PAGE))
    facts = view.facts(where, limit=PAGE, offset=(page - 1) * PAGE)
    return Listing(tuple(rows_of(view, facts)), count, page)


def first_rows(view: View, chosen: Chosen, limit: int) -> Listing:
    """The first `limit` rows of what was chosen."""
    where = chosen.where(view)
    if where is None:
        return Listing((), 0)
    return Listing(tuple(rows_of(view, view.facts(where, limit=limit))), view.count_facts(where))


def rows_of(view: View, facts: Iterable[Fact]) -> Iterable[Row]:
    """What came in since the view was taken belongs to the next one."""
    for fact in facts:
        if document := view.summary(fact.document_id):
            yield Row(fact, document)


# --- in words ---------------------------------------------------------------------------------


def what(fact: Fact) -> str:
    """What is spoken of."""
    return f"{fact.group}{fact.subject}" if fact.kind in ("target", "figure") else fact.subject


def whose(fact: Fact) -> str:
    """Whose figure it is, for whom it holds."""
    own = fact.group if fact.kind not in ("target", "figure") else ""
    return " ".join(filter(None, (fact.place, own)))


def value(fact: Fact) -> str:
    """What is stated of it, as the document writes it, with how firm it is."""
    if fact.kind in ("duty",):
        return ""
    if fact.kind in ("window", "validity"):
        return fact.text or days(fact)
    if fact.value is None:
        return fact.text
    return value_written(fact)


def days(fact: Fact) -> str:
    """From when until when."""
    since = f"{fact.since.isoformat()} 起" if fact.since else ""
    until = f"至 {fact.until.isoformat()}" if fact.until else ""
    life = f"有效期 {plain_number(fact.value)} 年" if fact.value and fact.kind == "validity" else ""
    trial = fact.condition if fact.kind == "validity" else ""
    return "，".join(filter(None, (" ".join(filter(None, (since, until))), life, trial)))


def organs(fact: Fact) -> str:
    """Who does it: 牵头 市教育局、市财政局."""
    return " ".join(filter(None, (ROLE_NAMES[fact.role], "、".join(fact.organs))))


def section(fact: Fact) -> str:
    return " › ".join(fact.heading_path)


def as_json(row: Row) -> dict[str, Any]:
    """A row for other programs (`python -m assistant facts --json`)."""
    fact, metadata = row.fact, row.document.metadata
    values = {name: getattr(fact, name) for name in Fact.__slots__}
    for name in ("since", "until"):
        values[name] = values[name].isoformat() if values[name] else None
    return values | {
        "title": metadata.title,
        "document_number": metadata.document_number,
        "state": row.document.state,
        "source_path": row.document.source_paths[0] if row.document.source_paths else "",
    }
