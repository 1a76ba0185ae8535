"""A document's fields as pages show them: where each was read, and what somebody corrected of it
(人工改正), who, when, and what was read by machine."""

from collections.abc import Callable, Collection

from assistant.pages.markup import both, element, join, text
from vectorstore.corrections import FIELDS, written
from vectorstore.models import ByHand, Document, Metadata, Span

ENGLISH = {
    "title": "Title", "document_number": "Number", "issuer": "Issuer", "date_written": "Written",
    "date_printed": "Printed", "date_published": "Published", "date_effective": "Effective",
    "region": "Region", "kind": "Kind", "period": "Period", "status": "Status",
    "publisher": "Website",
}  # fmt: skip
CHIP = both("人工改正", "Corrected by hand")


def name_of_field(name: str) -> str:
    return both(FIELDS[name], ENGLISH[name])


def by_hand(names: Collection[str]) -> str:
    """On a card: that some of its fields were corrected; which, on hovering."""
    which = "、".join(FIELDS[n] for n in names if n in FIELDS)
    return element("span", CHIP, class_="state plain by-hand", title=which) if which else ""


def shown(value: str | None) -> str:
    """A place with its parts apart; 未载明 where there is nothing."""
    return text(value.replace("/", " / ")) if value else both("未载明", "not stated")


def said_of(hand: ByHand) -> str:
    """Who corrected a field and when, and what was read."""
    read = hand.read or ""
    zh = f"（{hand.who}，{hand.at[:10]}；机器读到：{read or '未载明'}）"
    en = f" ({hand.who}, {hand.at[:10]}; read by machine: {read or 'nothing'})"
    return element("span", CHIP, class_="state caution by-hand") + element(
        "span", both(zh, en), class_="aside"
    )


At = Callable[[Span], str]  # the address of some words of a document


def on_page(document_id: str) -> At:
    """Where words of a document stand on its page."""
    return lambda span: f"/documents/{document_id}?start={span.start}&end={span.end}#quote"


def place(metadata: Metadata, name: str, at: At) -> str:
    """A link to the words that a field was read from."""
    span = metadata.fields.get(name)
    if span is None or not written(metadata, name):
        return ""
    return element("a", both("出处", "where"), href=at(span))


def fields_of(document: Document, at: At) -> str:
    """Each field of a document with a link to the place it was read from, and the way to the page
    on which it is corrected. Whether a document is in force is its state, which stands beside
    them: that its page bears no such mark says nothing of it."""
    metadata = document.metadata
    rows = join(
        element(
            "div", element("dt", name_of_field(name)) + element("dd", _value(metadata, name, at))
        )
        for name in FIELDS
        if (name != "title" or name in metadata.by_hand)
        and (name != "status" or metadata.status or name in metadata.by_hand)
    )
    link = element("a", both("改正这些信息", "Correct these"), class_="tool",
                   href=f"/metadata/{document.id}")  # fmt: skip
    return element("dl", rows, class_="facts") + element("p", link, class_="tools")


def _value(metadata: Metadata, name: str, at: At) -> str:
    hand = metadata.by_hand.get(name)
    own = f"{shown(written(metadata, name))} {place(metadata, name, at)}"
    return own + (f" {said_of(hand)}" if hand else "")
