"""Whom to ask: a row for each number, address or site that a document gives."""

import re
from collections.abc import Iterator
from itertools import islice

from ingest.facts.material import Material, Piece
from ingest.facts.rows import row
from vectorstore.facts import Fact
from vectorstore.language.contacts import ASKS_FOR, EMAIL, LABELLED, PHONE, POSTCODE, URL
from vectorstore.language.names import CHINESE

_NAME = 12  # characters
_NEAR = 40  # characters between a word for a telephone and its number
_EDGES = " \t\u3000，,；;。、:：（）()"


def read_contacts(material: Material) -> Iterator[Fact]:
    """`subject` the person or office where one is named, else the label; `text` the number."""
    who = ""
    for line in material.lines:
        for sentence in line.sentences():
            yield from _in_sentence(material, sentence, who)
            who = _person(sentence.text) or (who if len(sentence.text) < _NEAR else "")


def _person(text: str) -> str:
    """Who a line names as its 联系人."""
    match = next((m for m in LABELLED.finditer(text) if m["person"] and m["mark"]), None)
    if not match:
        return ""
    after = LABELLED.search(text, match.end())
    end = after.start() if after else len(text)
    name = text[match.end() : end].strip(_EDGES)
    number = PHONE.search(name)
    return (name[: number.start()] if number else name[:30]).strip(_EDGES)


def _in_sentence(material: Material, piece: Piece, above: str) -> Iterator[Fact]:
    text = piece.text
    labels = list(LABELLED.finditer(text))
    person = ""
    taken: list[tuple[int, int]] = []
    for at, label in enumerate(labels):
        end = labels[at + 1].start() if at + 1 < len(labels) else len(text)
        if label["person"]:
            person = _person(text[label.start() : end]) or person
        start = labels[at - 1].start() if at and labels[at - 1]["person"] else label.start()
        last = label.end()
        for a, b in _values(label, text, end):
            if not any(a < d and c < b for c, d in taken):
                taken.append((a, b))
                subject = _named(text[last:a]) or person or above or label[0].strip(_EDGES)
                quoted, last = piece.part(start, b), b
                yield row(
                    material, quoted, "contact", subject=subject, text=text[a:b].strip(_EDGES)
                )
    for match in (*EMAIL.finditer(text), *URL.finditer(text), *_called(text)):
        if not any(match.start() < d and c < match.end() for c, d in taken):
            taken.append(match.span())
            quoted = piece.part(max(0, text.rfind("，", 0, match.start()) + 1), match.end())
            subject = person or above or _before(text, match.start()) or "网址"
            yield row(material, quoted, "contact", subject=subject, text=match[0])


def _named(between: str) -> str:
    """A name right in front of a number, where several stand behind one label."""
    name = between.strip(_EDGES)
    return name if CHINESE.search(name) and len(name) <= _NAME else ""


def _values(label: re.Match[str], text: str, end: int) -> Iterator[tuple[int, int]]:
    """What a label gives, up to the next label."""
    if label["person"] or label["phone"]:
        matches = PHONE.finditer(text, label.end(), min(end, label.end() + 120))
        yield from (m.span() for m in matches)
    elif label["mail"]:
        yield from (m.span() for m in EMAIL.finditer(text, label.end(), end))
    elif label["post"]:
        yield from (m.span() for m in islice(POSTCODE.finditer(text, label.end(), end), 1))
    elif label["site"]:
        yield from (m.span() for m in URL.finditer(text, label.end(), end))
    elif label["mark"] in (":", "："):
        stop = min(
            (i for c in "；;。，,\n" if (i := text.find(c, label.end(), end)) >= 0), default=end
        )
        if 4 <= stop - label.end() <= 80:
            yield label.end(), stop


def _called(text: str) -> Iterator[re.Match[str]]:
    """Numbers behind 拨打 and the like, without a label."""
    for match in PHONE.finditer(text):
        if ASKS_FOR.search(text, max(0, match.start() - _NEAR), match.start()):
            yield match


def _before(text: str, position: int) -> str:
    start = max(text.rfind(mark, 0, position) for mark in "，。；、（(：") + 1
    return text[start:position].strip(_EDGES)[-30:]
