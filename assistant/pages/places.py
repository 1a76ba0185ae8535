"""Which place of a document is looked at, and the other places that an answer cites in it: what
the address of a document's page says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from vectorstore.files.pages import Sought
from vectorstore.language.text import squeeze
from vectorstore.models import Document, Span

_MOST = 60  # marks of an address: an answer has fewer
_PAGES = 6  # pages of one quote that are looked through


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that is cited, under its number in the answer; 0 where it has none."""

    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """`here` is what is to be seen at once; `marks` are in the order of the text."""

    document_id: str
    here: Span | None = None
    marks: tuple[Mark, ...] = ()
    as_pages: bool = False  # as printed, not as text

    @classmethod
    def of(cls, document: Document, start: int, end: int, marks: str, view: str) -> "Place":
        """What an address asks for. What lies outside the text marks nothing."""
        length = len(document.text)
        found = {mark for mark in _marks(marks) if _is_in(mark.span, length)}
        here = Span(start, end)
        return cls(
            document.id,
            here if _is_in(here, length) else None,
            tuple(sorted(found, key=lambda m: (m.span.start, m.span.end, m.number))),
            view == "pages",
        )

    @property
    def shown(self) -> tuple[Mark, ...]:
        """All that is highlighted, the place itself once."""
        if self.here is None or any(mark.span == self.here for mark in self.marks):
            return self.marks
        return (Mark(0, self.here), *self.marks)

    @property
    def spans(self) -> list[Span]:
        """The cited places, one after the other; several marks may stand at one."""
        return list(dict.fromkeys(mark.span for mark in self.marks))

    @property
    def number(self) -> int:
        """Which of `spans` this is, from 1; 0 when it is none of them."""
        return self.spans.index(self.here) + 1 if self.here in self.spans else 0

    @property
    def before(self) -> Span | None:
        if self.here is None:
            return None
        earlier = [span for span in self.spans if _key(span) < _key(self.here)]
        return earlier[-1] if earlier else None

    @property
    def after(self) -> Span | None:
        later = [s for s in self.spans if self.here is None or _key(s) > _key(self.here)]
        return later[0] if later else None

    def at(self, span: Span) -> "Place":
        return replace(self, here=span)

    @property
    def query(self) -> dict[str, str]:
        asked: dict[str, str] = {}
        if self.here:
            asked |= {"start": str(self.here.start), "end": str(self.here.end)}
        if self.marks:
            marks = (f"{m.number}:{m.span.start}-{m.span.end}" for m in self.marks)
            asked["marks"] = ",".join(marks)
        return asked | ({"view": "pages"} if self.as_pages else {})

    @property
    def address(self) -> str:
        query = urlencode(self.query, safe=":,-")
        place = "#quote" if self.here else ""
        return f"/documents/{self.document_id}{'?' if query else ''}{query}{place}"


def _key(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _is_in(span: Span, length: int) -> bool:
    return 0 <= span.start < span.end <= length


def _marks(written: str) -> Iterator[Mark]:
    """Of `1:120-180,2:300-340`; what is not written so is passed over."""
    for part in written[: _MOST * 30].split(",")[:_MOST]:
        number, _, rest = part.partition(":")
        start, _, end = rest.partition("-")
        if all(n.isascii() and n.isdigit() and len(n) < 10 for n in (number, start, end)):
            yield Mark(int(number), Span(int(start), int(end)))


def sought(document: Document, place: Place) -> tuple[Sought, ...]:
    """What is to be found on the printed pages: the words of each mark, page by page."""
    starts, text = document.page_starts, document.text
    found = []
    for at, mark in enumerate(place.shown):
        first, last = document.page_at(mark.span.start), document.page_at(mark.span.end - 1)
        if first is None or last is None:
            return ()
        for page in range(first, min(last, first + _PAGES - 1) + 1):
            from_, to = starts[page - 1], starts[page] if page < len(starts) else len(text)
            start, end = max(mark.span.start, from_), min(mark.span.end, to)
            words = text[start:end]
            if wanted := squeeze(words):
                nth = squeeze(text[from_:start]).count(wanted)
                found.append(Sought(page, words, nth, at))
    return tuple(found)
