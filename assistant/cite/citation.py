"""Citations as people and JSON see them: marks, cards, and what a mark is checked against."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.cite.check import Cited
from assistant.cite.quote import Quote
from assistant.understand.corpus import date_of
from vectorstore.language.numbering import enumerator
from vectorstore.library import View
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
    corrected: tuple[str, ...] = ()  # fields of the card that somebody corrected by hand
    row: str = ""  # of a table, where the quote is one: each cell behind its column's name


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """The stretch of a source, [start, end), that answers by itself; it lies in the quote that
    bears the mark."""

    mark: int
    document_id: str
    start: int
    end: int
    text: str


class Marks:
    """Gives sources their marks; the same place of a document keeps its mark.

    An answer begins without any, a draft with those that it has: a mark keeps its number for
    the draft's whole life.
    """

    def __init__(self, sources: Iterable[Citation] = ()) -> None:
        self._sources = list(sources)

    @property
    def sources(self) -> tuple[Citation, ...]:
        return tuple(self._sources)

    def of(self, quote: Quote) -> int:
        return self.of_citation(citation_of(quote))

    def of_citation(self, citation: Citation) -> int:
        place = (citation.document_id, citation.start, citation.end)
        for known in self._sources:
            if place == (known.document_id, known.start, known.end):
                return known.mark
        mark = max((known.mark for known in self._sources), default=0) + 1
        self._sources.append(replace(citation, mark=mark))
        return mark


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
        status=quote.document.state,
        heading_path=quote.heading_path,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        page=quote.page,
        date=date_of(document),
        passage_id=quote.passage_id,
        corrected=tuple(metadata.by_hand),
    )


def cited_passages(
    sources: Sequence[Citation], documents: Mapping[str, DocumentSummary], view: View
) -> list[Cited]:
    """What each mark's sentence is checked against: the whole passage and the card. Of a
    document that is gone the citation itself says what it was."""
    passages = view.passages([s.passage_id for s in sources if s.passage_id])
    found = []
    for source in sources:
        around = whole_text(passages.get(source.passage_id))
        document = documents.get(source.document_id)
        known = card(document) if document else f"{source.title}\n{source.document_number or ''}"
        found.append(Cited(source.mark, f"{source.quote}\n{around}", known))
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


_INNER = str.maketrans("《》", "〈〉")


def inside_brackets(title: str, *, alone: bool = False) -> str:
    """A title as it stands between 《 and 》: its own are single ones there (GB/T 15834), and none
    around all of it. `alone`, no others stand around it.

    >>> inside_brackets("《青禾市规定》"), inside_brackets("关于印发《规定》的通知")
    ('青禾市规定', '关于印发〈规定〉的通知')
    """
    bare = title.strip()
    if bare.startswith("《") and bare.endswith("》") and "《" not in bare[1:]:
        bare = bare[1:-1]
    return bare if alone else bare.translate(_INNER)


def named(title: str) -> str:
    """A title in brackets.

    >>> named("关于印发《规定》的通知")
    '《关于印发〈规定〉的通知》'
    """
    return f"《{inside_brackets(title)}》"


def numbered(title: str, number: str | None) -> str:
    """A title in brackets, and its document number where there is one.

    >>> numbered("青禾市规定", "青政发〔2024〕8号"), numbered("青禾市规定", None)
    ('《青禾市规定》（青政发〔2024〕8号）', '《青禾市规定》')
    """
    return named(title) + (f"（{number}）" if number else "")


def reference(citation: Citation) -> str:
    """《标题》（文号）二、（二）2. as officials cite."""
    numbers = (enumerator(heading) for heading in citation.heading_path)
    path = "".join(found[1] for found in numbers if found)
    return numbered(citation.title, citation.document_number) + path


def address(document_id: str, start: int | None = None, end: int | None = None) -> str:
    """Opens a document, at a place in it where one is given, on the site that this is of."""
    if start is None or end is None:
        return f"/documents/{document_id}"
    return f"/documents/{document_id}?start={start}&end={end}#quote"
