"""The printed pages of a document as markup: pictures that the browser fetches as they come into
view, and boxes over the words that are cited."""

from collections.abc import Iterator

from assistant.pages.markup import both, element, join, text
from assistant.pages.places import Place
from vectorstore.files.pages import Box, Drawn
from vectorstore.language.text import squeeze
from vectorstore.models import Document

_PADDING = 15  # tenths of a point around the words
_QUOTED = 200  # characters
_SHOWN_AT = 10  # of a page's size for a pixel that the page is laid out with


def pages_of(document: Document, place: Place, drawn: Drawn) -> str:
    """All pages; on the one that holds the quote its words, for whoever cannot see a box."""
    here = document.page_at(place.here.start) if place.here else None
    return join(
        _page(document, place, drawn, number, number == here)
        for number in range(1, len(drawn.sizes) + 1)
    )


def _page(document: Document, place: Place, drawn: Drawn, number: int, is_here: bool) -> str:
    width, height = drawn.sizes[number - 1]
    boxes = [box for box in drawn.boxes if box.page == number]
    picture = element(
        "img", src=f"/documents/{document.id}/pages/{number}", loading="lazy",
        alt=f"第 {number} 页的版面", width=width // _SHOWN_AT, height=height // _SHOWN_AT,
        decoding="async",
    )  # fmt: skip
    over = ""
    if boxes:
        size = {"viewBox": f"0 0 {width} {height}", "preserveAspectRatio": "none"}
        over = element("svg", join(_rects(boxes, place)), aria_hidden="true", **size)
    label = both(
        f"第 {number} 页，共 {len(drawn.sizes)} 页", f"Page {number} of {len(drawn.sizes)}"
    )
    said = _quoted(document, place, boxes) if is_here else ""
    # Without a box, the page is what is brought into view.
    is_place = is_here and not any(_is_here(box, place) for box in boxes)
    sheet = element("div", picture + over, class_="sheet", id="quote" if is_place else None)
    return element(
        "figure", element("figcaption", label + said) + sheet, class_="leaf", id=f"page-{number}"
    )


def _is_here(box: Box, place: Place) -> bool:
    return place.shown[box.mark].span == place.here


def _rects(boxes: list[Box], place: Place) -> Iterator[str]:
    is_named = False
    for box in sorted(boxes, key=lambda box: _is_here(box, place)):  # the quote over the others
        is_here = _is_here(box, place)
        yield element(
            "rect", "", x=max(0, box.left - _PADDING), y=max(0, box.top - _PADDING),
            width=box.width + 2 * _PADDING, height=box.height + 2 * _PADDING,
            class_="here" if is_here else "other", id="quote" if is_here and not is_named else None,
        )  # fmt: skip
        is_named = is_named or is_here


def _quoted(document: Document, place: Place, boxes: list[Box]) -> str:
    if place.here is None:
        return ""
    words = squeeze(document.text[place.here.start : place.here.end])
    shown = words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
    note = ""
    if not any(_is_here(box, place) for box in boxes):
        note = element("span", both("（这一页是扫描件，或文字层与引文对不上，标不出位置）",
                                    "(this page is a scan, so the place cannot be shown)"))  # fmt: skip
    return element("span", both("引文：", "Quote: ") + text(f"“{shown}”") + note, class_="quoted")
