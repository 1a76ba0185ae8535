"""/documents/{id}: a whole document, as readable text or as it was printed, with the cited places
marked and one of them in view."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.pages.by_hand import fields_of
from assistant.pages.fact_table import state_chip
from assistant.pages.markup import both, element, join, text
from assistant.pages.original_pages import pages_of
from assistant.pages.original_text import text_of
from assistant.pages.places import Place
from assistant.pages.plain import hint
from assistant.pages.shell import plain_page, problem
from assistant.understand.corpus import date_of
from vectorstore.files.pages import Drawn
from vectorstore.models import Document, DocumentSummary, Heading, Passage, Span

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True, slots=True)
class Original:
    """All that its page shows. `drawn` are its pages where they are to be shown as printed, else
    `unseen` says why they cannot be; `can_draw` whether that view is offered."""

    document: Document
    summary: DocumentSummary
    passages: Sequence[Passage]
    place: Place
    drawn: Drawn | None = None
    unseen: str = ""
    can_draw: bool = False


def document_page(
    original: Original, top: str = "", standing: str = "", *, english: bool = False
) -> str:
    """A complete HTML page, its status that of the day. `top` is the bar; `standing` is markup
    that says how it stands to others (pages/standing.py)."""
    document, summary = original.document, original.summary
    title = document.metadata.title
    body = (
        top
        + element(
            "header",
            element("h1", text(title))
            + element("p", state_chip(summary.state) + text(_said_of(summary)), class_="line")
            + _about(original, standing),
        )
        + _tools(original)
        + element(
            "div",
            _outline(original) + element("main", _content(original), class_="source", tabindex="0",
                                         id="source", aria_label="原文 / document"),
            class_="document",
        )
        + (_ask(summary) if summary.audience.may_quote else "")
    )  # fmt: skip
    return plain_page(title, body, class_="document-page", looks="page.css facts.css original.css",
                      script="plain.js document.js find.js", english=english)  # fmt: skip


def _said_of(summary: DocumentSummary) -> str:
    metadata = summary.metadata
    known = (metadata.document_number, metadata.issuer, date_of(summary))
    return "".join(f" · {part}" for part in known if part)


def _content(original: Original) -> str:
    if original.drawn:
        return pages_of(original.document, original.place, original.drawn)
    said = problem(f"{original.unseen}。下面是文字。") if original.unseen else ""
    return said + text_of(original.document, original.passages, original.place)


def _about(original: Original, standing: str) -> str:
    """What the document says of itself and how it stands; folded for whoever came for a place."""
    label = element("summary", both("文件信息和时效（每项注明从何处读出）", "About this document"))
    inside = (
        label
        + fields_of(original.document, lambda span: original.place.at(span).address)
        + standing
    )
    return element("details", inside, class_="about", open=original.place.here is None)


# --- the line of tools ----------------------------------------------------------------------------


def _tools(original: Original) -> str:
    summary, place = original.summary, original.place
    side = f"/documents/side?left={summary.id}"
    links = [_link("并排阅读", "Side by side", side, target="_top", class_="tool side")]
    if summary.audience.may_download:
        links.append(_link("下载原文件", "Download", f"/originals/{summary.id}"))
    return element(
        "div",
        _views(original) + _marks(place) + _find(place) + element("span", join(links), class_="ways"),
        class_="reading-tools", role="group", aria_label="阅读工具 / reading tools",
    )  # fmt: skip


def _link(zh: str, en: str, href: str, *, class_: str = "tool", **more: object) -> str:
    return element("a", both(zh, en), class_=class_, href=href, **more)


def _views(original: Original) -> str:
    if not original.can_draw:
        return ""
    place, is_drawn = original.place, original.drawn is not None
    views = (("文字", "Text", False), ("版面", "As printed", True))
    links = join(
        _link(zh, en, replace(place, as_pages=as_pages).address,
              aria_current="true" if as_pages == is_drawn else None)
        for zh, en, as_pages in views
    )  # fmt: skip
    return element("nav", links, class_="views", aria_label="看法 / view")


def _marks(place: Place) -> str:
    """To the place that the answer cites before this one, and after it."""
    if len(place.spans) < 2:
        return ""
    count = f"{place.number or '–'} / {len(place.spans)}"
    inside = (
        _step("‹ 上一处", "‹ Previous", place, place.before, "[")
        + element("span", both(f"引文 {count}", f"Quote {count}"), class_="count")
        + _step("下一处 ›", "Next ›", place, place.after, "]")
    )
    return element("nav", inside, class_="marks", aria_label="回答引用的各处 / cited places")


def _step(zh: str, en: str, place: Place, to: Span | None, key: str) -> str:
    if to is None:
        return element("span", both(zh, en), class_="tool off")
    return _link(zh, en, place.at(to).address, data_key=key, aria_keyshortcuts=key)


def _find(place: Place) -> str:
    """Finding is find.js's; from the printed pages it leads to the text."""
    query = replace(place, as_pages=False).query
    kept = join(element("input", type="hidden", name=n, value=v) for n, v in query.items())
    box = element("input", type="search", name="find", id="find-words", maxlength=100,
                  autocomplete="off", aria_label="在文中查找 / find in this document",
                  **hint("查找（按 / 键）", "find (key /)"), aria_keyshortcuts="/")  # fmt: skip
    count = element("span", id="find-count", role="status")
    steps = join(
        element("button", text(sign), type=kind, class_="tool", id=name, aria_label=label)
        for sign, kind, name, label in (
            ("↑", "button", "find-before", "上一个 / previous"),
            ("↓", "submit", "find-after", "下一个 / next"),
        )
    )
    return element("form", kept + box + count + steps, class_="find", role="search", method="get",
                   action=f"/documents/{place.document_id}")  # fmt: skip


def _ask(summary: DocumentSummary) -> str:
    box = element("input", type="text", name="q", maxlength=500, required=True, autocomplete="off",
                  **hint("在本文件中提问", "ask within this document"),
                  aria_label="在本文件中提问 / ask within this document")  # fmt: skip
    kept = element("input", type="hidden", name="within", value=summary.id)
    send = element("button", both("在本文件中提问", "Ask"), type="submit", class_="tool main")
    return element("form", kept + box + send, class_="ask-within", method="get", action="/",
                   target="_top", data_title=summary.metadata.title)  # fmt: skip


def _outline(original: Original) -> str:
    headings = original.document.outline
    items = join(
        element(
            "li",
            element("a", text(h.text), href=_below(original, h)),
            class_=f"level-{min(h.level, 5)}",
        )
        for h in headings
    )
    label = element("summary", both("目录", "Outline"))
    return element("nav", element("details", label + element("ol", items), open=True), class_="outline",
                   aria_label="目录") if headings else ""  # fmt: skip


def _below(original: Original, heading: Heading) -> str:
    """Where a heading stands in what is shown: in the text, or on which of the pages."""
    if original.drawn:
        return f"#page-{original.document.page_at(heading.start)}"
    return f"#at-{heading.start}"
