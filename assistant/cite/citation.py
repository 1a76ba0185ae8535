"""Citations as people and JSON see them: marks, cards, and what a mark is checked against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.cite.check import (
    Cited,
)
from assistant.cite.quote import Quote
from assistant.understand.corpus import date_of, status_of
from vectorstore.index import PolicyIndex
from vectorstore.language.numbering import enumerator
from vectorstore.models import DocumentSummary, Passage


@dataclass(frozen=True, slots=True)
class Citation:
    """One numbered source of an answer; `quote` equals the source at [start, end) but for
    white space."""

    mark: int
    document_id: str
    source_path: str
    title: str
    issuer: str | None
    document_number: str | None
    region: str | None
    status: str | None
    heading_path: tuple[str, ...]
    quote: str
    start: int
    end: int
    page: int | None
    date: str | None = None
    passage_id: str = ""


class Marks:
    """Numbers quotes in the order in which they are first used."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []

    def of(self, quotes: Iterable[Quote]) -> str:
        """The marks of a statement: [1][2]."""
        numbers = dict.fromkeys(self._number(quote) for quote in quotes)
        return "".join(f"[{number}]" for number in numbers)

    def _number(self, quote: Quote) -> int:
        for number, known in enumerate(self.quotes, 1):
            same = known.document_id == quote.document_id
            if same and (known.start, known.end) == (quote.start, quote.end):
                return number
        self.quotes.append(quote)
        return len(self.quotes)


def citation_of(quote: Quote, mark: int = 0) -> Citation:
    """A quote with its document's card, as people and JSON see it."""
    document, metadata = quote.document, quote.document.metadata
    return Citation(
        mark=mark,
        document_id=document.id,
        source_path=document.source_paths[0] if document.source_paths else "",
        title=metadata.title,
        issuer=metadata.issuer,
        document_number=metadata.document_number,
        region="/".join(metadata.region) or None,
        status=status_of(document),
        heading_path=quote.heading_path,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        page=quote.page,
        date=date_of(document),
        passage_id=quote.passage_id,
    )


def cited_passages(quotes: Sequence[Quote], index: PolicyIndex) -> list[Cited]:
    """What each mark's sentence is checked against: the whole passage and the card."""
    passages = index.catalog.passages_by_id([q.passage_id for q in quotes if q.passage_id])
    found = []
    for mark, quote in enumerate(quotes, 1):
        around = whole_text(passages.get(quote.passage_id))
        found.append(Cited(mark, f"{quote.text}\n{around}", card(quote.document)))
    return found


def whole_text(passage: Passage | None) -> str:
    """A passage with its headings and what stands around it."""
    if passage is None:
        return ""
    return f"{' '.join(passage.heading_path)}\n{passage.text}\n{passage.context}"


_DATES = {
    "date_written": "成文日期",
    "date_printed": "印发日期",
    "date_published": "发布日期",
    "date_effective": "自{day}起施行，施行日期、生效日期",
}


def card(document: DocumentSummary) -> str:
    """The metadata that a sentence may state of its source, each with its name."""
    m = document.metadata
    named = {
        "标题": m.title, "发文机关、制定机关": m.issuer, "发布机构、来源": m.publisher,
        "发文字号、文号": m.document_number, "适用地区、适用范围": " ".join(m.region),
        "规划期": m.period, "时效性、有效": m.status, "文种": m.kind,
    }  # fmt: skip
    for name, words in _DATES.items():
        if day := getattr(m, name):
            written = f"{day.year}年{day.month}月{day.day}日"
            named[words.format(day=written)] = f"{written} {day.isoformat()}"
    return "\n".join(f"{name}：{value}" for name, value in named.items() if value)


def reference(citation: Citation) -> str:
    """《标题》（文号）二、（二）2. as officials cite."""
    number = f"（{citation.document_number}）" if citation.document_number else ""
    numbers = (enumerator(heading) for heading in citation.heading_path)
    path = "".join(found[1] for found in numbers if found)
    return f"《{citation.title}》{number}{path}"
