"""The numbers of a draft's headings, and words that name a part by its number. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.cite.structure import Sentence, Spot, changed
from assistant.drafting.models import Draft, Section
from vectorstore.language.numbering import ENUMERATORS, enumerator
from vectorstore.language.numerals import NUMERALS, number_of

_ORDER = list(ENUMERATORS)
_COUNTED = ("chapter", "section", "article", "one", "bracketed", "arabic", "arabic_bracketed")
_NUMBER = re.compile(rf"[{NUMERALS}]+|\d+")
# How text names a part of its own document, by the kind of the part's number.
_NAMED = {"one": "部分", "chapter": "章", "article": "条"}
_REFERENCE = re.compile(rf"第([{NUMERALS}]{{1,4}}|\d{{1,2}})(部分|章|条)")
_QUOTED = re.compile(r"(“[^”]{0,400}”|《[^》]{0,200}》)")
_DIGITS = "零一二三四五六七八九"

Numbers = Mapping[tuple[str, int], int]  # (部分|章|条, old number) → new number


def renumbered_sections(draft: Draft, order: Sequence[str]) -> Draft:
    """The sections named, in this order, numbered anew. A number keeps its form (一、（一）1.),
    a heading without one stays without. Own sentences that name a part by its number (见第三
    部分) follow it; quotations and sentences with a source do not change."""
    before = dict(_numbers(draft.sections))
    sections = tuple(_numbered([draft.section(i) for i in order]))
    after = dict(_numbers(sections))
    moved = {
        (_NAMED[kind], number): after[section][1]
        for section, (kind, number) in before.items()
        if kind in _NAMED and section in after and after[section][1] != number
    }
    if moved:
        sections = tuple(_following(section, moved) for section in sections)
    return replace(draft, sections=sections)


def moved_before(sections: Sequence[Section], identifier: str, before: str) -> list[str]:
    """The order with a section, and those below it, before another; '' is the end. A place
    among its own is no move."""
    at = next(i for i, s in enumerate(sections) if s.id == identifier)
    end = _end_of(sections, at)
    block = [s.id for s in sections[at:end]]
    if before in block:
        return [s.id for s in sections]
    rest = [s.id for s in (*sections[:at], *sections[end:])]
    to = rest.index(before) if before in rest else len(rest)
    return [*rest[:to], *block, *rest[to:]]


def stepped(sections: Sequence[Section], identifier: str, by: int) -> list[str]:
    """The order with a section, and those below it, one step up (-1) or down (1): past its
    neighbour of the same level with what is below that."""
    at = next(i for i, s in enumerate(sections) if s.id == identifier)
    if by < 0:
        if at == 0:
            return [s.id for s in sections]
        to = at - 1
        while to > 0 and sections[to].level > sections[at].level:
            to -= 1
        return moved_before(sections, identifier, sections[to].id)
    next_ = _end_of(sections, at)
    if next_ == len(sections):
        return [s.id for s in sections]
    behind = _end_of(sections, next_) if sections[next_].level == sections[at].level else next_ + 1
    return moved_before(sections, identifier, sections[behind].id if behind < len(sections) else "")


def _end_of(sections: Sequence[Section], at: int) -> int:
    """Behind a section and those below it."""
    end = at + 1
    while end < len(sections) and sections[end].level > sections[at].level:
        end += 1
    return end


def _numbers(sections: Sequence[Section]) -> Iterator[tuple[str, tuple[str, int]]]:
    for section in sections:
        found = enumerator(section.heading)
        if found and found[0] in _COUNTED and (match := _NUMBER.search(found[1])):
            number = number_of(match[0])
            if number is not None:
                yield section.id, (found[0], int(number))


def _numbered(sections: Sequence[Section]) -> Iterator[Section]:
    counts: dict[str, int] = {}
    for section in sections:
        found = enumerator(section.heading)
        if not found or found[0] not in _COUNTED:
            yield section
            continue
        kind, written = found
        counts[kind] = counts.get(kind, 0) + 1
        if kind != "article":  # articles are counted through; what is below begins anew
            inner = _ORDER[_ORDER.index(kind) + 1 :]
            counts = {k: n for k, n in counts.items() if k not in inner or k == "article"}
        match = _NUMBER.search(written)
        assert match is not None  # each kind that is counted holds a number
        number = _as(match[0], counts[kind])
        rest = section.heading[len(written) :]
        written = f"{written[: match.start()]}{number}{written[match.end() :]}"
        yield replace(section, heading=written + rest)


def _as(written: str, number: int) -> str:
    """A number in the letters of another."""
    return str(number) if written.isdigit() else chinese(number)


def chinese(number: int) -> str:
    """1 to 99 as headings count.

    >>> [chinese(n) for n in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def _following(section: Section, moved: Numbers) -> Section:
    def follow(sentence: Sentence, _: Spot) -> Sentence:
        if sentence.marks:
            return sentence
        pieces = tuple(p if isinstance(p, int) else _renamed(p, moved) for p in sentence.pieces)
        return (
            sentence if pieces == sentence.pieces else replace(sentence, pieces=pieces, check=None)
        )

    return replace(section, body=changed(section.body, follow))


def _renamed(words: str, moved: Numbers) -> str:
    def rename(match: re.Match[str]) -> str:
        number = number_of(match[1])
        to = moved.get((match[2], int(number))) if number is not None else None
        return f"第{_as(match[1], to)}{match[2]}" if to else match[0]

    parts = _QUOTED.split(words)
    return "".join(p if i % 2 else _REFERENCE.sub(rename, p) for i, p in enumerate(parts))
