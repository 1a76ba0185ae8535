"""/documents/{id}: a whole document as text, with a passage highlighted and in view."""

import itertools
from pathlib import Path

from assistant.pages.by_hand import fields_of
from assistant.pages.fact_table import state_chip
from assistant.pages.markup import both, element, join, text
from assistant.pages.shell import plain_page
from assistant.understand.corpus import date_of
from vectorstore.models import Document, DocumentSummary, Heading, Span

ASSETS = Path(__file__).parent / "assets"


def document_page(
    document: Document, summary: DocumentSummary, start: int, end: int, standing: str = ""
) -> str:
    """A complete HTML page, its status that of the day. `start`/`end` outside the text highlight
    nothing; `standing` is markup that says how it stands to others (pages/standing.py)."""
    title = document.metadata.title
    quote = Span(start, end) if 0 <= start < end <= len(document.text) else None
    body = element(
        "header",
        element("h1", text(title))
        + element("p", state_chip(summary.state) + text(f" {date_of(summary) or ''}"))
        + fields_of(document)
        + standing,
    ) + element(
        "div",
        _outline(document.outline) + element("main", _text(document, quote), class_="source", tabindex="0"),
        class_="document",
    )  # fmt: skip
    return plain_page(title, body, class_="document-page", looks="page.css facts.css",
                      script="plain.js document.js")  # fmt: skip


def _outline(headings: tuple[Heading, ...]) -> str:
    items = join(
        element(
            "li",
            element("a", text(h.text), href=f"#at-{h.start}"),
            class_=f"level-{min(h.level, 5)}",
        )
        for h in headings
    )
    label = element("summary", both("目录", "Outline"))
    return element("nav", element("details", label + element("ol", items), open=True), class_="outline",
                   aria_label="目录") if headings else ""  # fmt: skip


def _text(document: Document, quote: Span | None) -> str:
    """The source line by line. Anchors stand where headings begin; <mark> holds the quote."""
    anchors = {h.start for h in document.outline}
    pages = {start: number for number, start in enumerate(document.page_starts, 1)}
    lines, at = [], 0
    for line in document.text.splitlines(keepends=True):
        end = at + len(line)
        for start, number in pages.items():
            if at <= start < end and number > 1:
                lines.append(element("p", text(f"第 {number} 页"), class_="page"))
        if line.strip():
            cut = sorted(
                {at, end, *(a for a in anchors if at <= a < end), *_inside(quote, at, end)}
            )
            pieces = [
                _piece(document.text[a:b], a, a in anchors, quote)
                for a, b in itertools.pairwise(cut)
            ]
            lines.append(element("p", join(pieces)))
        at = end
    return join(lines)


def _inside(quote: Span | None, start: int, end: int) -> list[int]:
    return [p for p in (quote.start, quote.end) if start < p < end] if quote else []


def _piece(piece: str, at: int, is_anchor: bool, quote: Span | None) -> str:
    shown = text(piece.rstrip("\r\n"))
    if quote and quote.start <= at < quote.end and piece.strip():
        shown = element("mark", shown, id="quote" if at == quote.start else None)
    return element("span", shown, id=f"at-{at}") if is_anchor else shown
