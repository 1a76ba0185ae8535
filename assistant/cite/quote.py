"""Statements and the quotes they rest on."""

from dataclasses import dataclass, field

from vectorstore.facts import Fact, Relation
from vectorstore.library import View
from vectorstore.locating import locate
from vectorstore.models import DocumentSummary, Passage


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a document's source: `text` equals `source[start:end]` but for white space.
    `document` is as its view shows it, with the state of the view's day."""

    document: DocumentSummary = field(compare=False, hash=False)
    document_id: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    passage_id: str = ""


class Quoter:
    """Makes quotes from passages; knows the source texts. Of a document that the viewer may not
    see it knows none."""

    def __init__(self, view: View):
        self._view = view
        self._sources: dict[str, str] = {}

    def source(self, document_id: str) -> str:
        if document_id not in self._sources:
            self._sources[document_id] = self._view.source(document_id)
        return self._sources[document_id]

    def quote(self, document: DocumentSummary, passage: Passage, start: int, end: int) -> Quote:
        """The part [start, end) of a passage's text."""
        source = self.source(document.id)
        first, last = locate(source, passage, start, end)
        return Quote(
            document,
            document.id,
            first,
            last,
            passage.text[start:end].strip(),
            passage.heading_path,
            passage.page,
            passage.id,
        )

    def field(self, document: DocumentSummary, name: str) -> Quote | None:
        """The place that a metadata field was read from."""
        span = document.metadata.fields.get(name)
        if span is None:
            return None
        text = " ".join(self.source(document.id)[span.start : span.end].split())
        return Quote(document, document.id, span.start, span.end, text)

    def stretch(self, document: DocumentSummary, start: int, end: int) -> Quote:
        """Source offsets [start, end) as a quote, without a passage around it."""
        text = " ".join(self.source(document.id)[start:end].split())
        return Quote(document, document.id, start, end, text)

    def fact(self, document: DocumentSummary, fact: Fact | Relation) -> Quote:
        """The place that states a fact or a relation."""
        whole = self._view.document(document.id)
        return Quote(
            document,
            document.id,
            fact.start,
            fact.end,
            fact.quote,
            fact.heading_path if isinstance(fact, Fact) else (),
            whole.page_at(fact.start) if whole else None,
            fact.passage_id,
        )

    def span(self, document: DocumentSummary, passage: Passage, start: int, end: int) -> Quote:
        """Source offsets [start, end) as a quote (table cells carry such offsets)."""
        text = " ".join(self.source(document.id)[start:end].split())
        return Quote(
            document,
            document.id,
            start,
            end,
            text,
            passage.heading_path,
            passage.page,
            passage.id,
        )
