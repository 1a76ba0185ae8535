"""The documents that a sentence names, and the sentence with one mark for each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.language.names import DOCUMENT_NUMBER, ORDER_NUMBER, TITLE, likely_number
from vectorstore.language.pattern import Pattern
from vectorstore.language.relations import (
    ISSUED_AS,
    ISSUER_ENDS,
    LAW,
    NAMED,
    STANDARD_NUMBER,
    UNQUOTED,
)

_ANGLED = Pattern(
    r"(?:&lt;|<)(?P<title>[\u4e00-\u9fff（）()〈〉“”、，\d—]{4,80})(?:&gt;|>)",
    yes=("<砚湖管理办法>", "&lt;砚湖管理办法&gt;"),
    no=("<b>", "《砚湖管理办法》"),
    why="title brackets that came as signs of smaller and greater",
)
_NOTE = Pattern(
    r"\s{0,4}+[（(\[〔](?:[^（()）\n]|[（(][^（()）\n]{0,80}[)）]){0,200}[)）\]〕]",
    yes=("（国发〔2021〕9号）", "(2001年5月1日市政府令(第8号)公布)"),
    no=("国发2021年9号",),
    why="what stands in brackets behind a title",
)
_HANDED_OUT_WITH = Pattern(
    r"^(?:文件|文|通知)?(?:印发|发布|公布|下发|颁布|转发|公告)?的?\s?$",
    yes=("通知印发的", "文件", "", "公布的"),
    no=("和", "，"),
    why="what joins a number to the title behind it",
)
_LEADS_UP = (
    "根据", "依据", "按照", "依照", "遵照", "落实", "贯彻", "废止", "修改", "现将", "现对", "执行", "转发", "年", "月", "日",
)  # fmt: skip
_NAMES_ONE = "《<&号—-–－"  # one of these stands in every title and number
_BEFORE = 60  # characters before a title that may tell its number and issuer


@dataclass(frozen=True, slots=True)
class Named:
    """A document as a sentence names it at [start, end), its number and brackets included."""

    start: int
    end: int
    title: str | None = None
    number: str | None = None
    issuer: str | None = None


def documents_in(text: str) -> list[Named]:
    """In order. A title takes the number that goes with it; other numbers stand for themselves."""
    laws = list(_laws(text)) if "制定本" in text else []
    if not any(mark in text for mark in _NAMES_ONE):
        return laws
    found: list[Named] = []
    for match in sorted(
        [*TITLE.finditer(text), *_ANGLED.finditer(text)], key=lambda m: (m.start(), -m.end())
    ):
        if not found or match.start() >= found[-1].end:
            found.append(_titled(text, match, found[-1].end if found else 0))
    return sorted([*laws, *found, *_bare(text, found)], key=lambda named: named.start)


def _laws(text: str) -> Iterator[Named]:
    """根据宪法和水法，制定本办法: their names stand without brackets."""
    for match in UNQUOTED.finditer(text):
        at = match.start("laws")
        for name in re.split("(、|以及|和|及|与)", match["laws"]):
            if LAW.search(name):
                yield Named(at, at + len(name), name)
            at += len(name)


def _titled(text: str, match: re.Match[str], after: int) -> Named:
    note = _NOTE.match(text, match.end())
    end = note.end() if note else match.end()
    number = number_in(note[0]) if note else None
    start = match.start()
    floor = max(after, start - _BEFORE)
    if led := _number_before(text, floor, start):
        start, number = led[0], number or led[1]
    title = " ".join(match[1].split())
    return Named(start, end, title, number, _issuer(text[floor:start]))


def _issuer(lead: str) -> str | None:
    """The organ that the words before a title end with: 2026年3月1日市政府发布的 → 市政府."""
    said = ISSUED_AS.search(lead)
    lead = lead[: said.start()] if said else lead
    begins = max((i for i, c in enumerate(lead) if not "\u4e00" <= c <= "\u9fff"), default=-1)
    organ = lead[begins + 1 :]
    for word in _LEADS_UP:
        organ = organ.rpartition(word)[2]
    if begins < 0:  # straight behind another document: 《…》和市教育局《…》
        organ = organ.lstrip("和及与")
    return organ if 2 <= len(organ) <= 40 and organ.endswith(ISSUER_ENDS) else None


def _number_before(text: str, floor: int, start: int) -> tuple[int, str] | None:
    """Where the number begins that leads up to a title, and the number."""
    found = None
    for match in (
        *STANDARD_NUMBER.finditer(text, floor, start),
        *DOCUMENT_NUMBER.finditer(text, floor, start),
    ):
        if _HANDED_OUT_WITH.fullmatch(text[match.end() : start]):
            number = _written(match)
            found = (_start_of(match), number)
    return found


def _bare(text: str, titled: list[Named]) -> Iterator[Named]:
    for match in (*DOCUMENT_NUMBER.finditer(text), *STANDARD_NUMBER.finditer(text)):
        if not any(t.start < match.end() and match.start() < t.end for t in titled):
            yield Named(_start_of(match), match.end(), number=_written(match))


def _written(match: re.Match[str]) -> str:
    return likely_number(match) if match.re is DOCUMENT_NUMBER.compiled else match[0]


def _start_of(match: re.Match[str]) -> int:
    """Without the words that lead up to the code, which are caught with it."""
    if match.re is not DOCUMENT_NUMBER.compiled:
        return match.start()
    code = likely_number(match).partition("〔")[0]
    return match.end("code") - len(code)


def number_in(text: str) -> str | None:
    """The first number of a stretch that holds a number and little else."""
    if match := DOCUMENT_NUMBER.search(text):
        return likely_number(match)
    if match := STANDARD_NUMBER.search(text):
        return match[0]
    match = ORDER_NUMBER.search(text)
    return _bare_order(match[0]) if match else None


def _bare_order(number: str) -> str:
    """1996年8月1日市政府令第12号 is caught with its day."""
    for word in ("日", "以", "由"):
        number = number.rpartition(word)[2] or number
    return number


def marked(text: str, documents: list[Named]) -> tuple[str, list[int]]:
    """`text` with one mark for each document, and where each character stood in `text`."""
    shape: list[str] = []
    at: list[int] = []
    position = 0
    for named in documents:
        between = text[position : named.start]
        shape += [between.replace(NAMED, " "), NAMED]
        at += [*range(position, named.start), named.start]
        position = named.end
    shape.append(text[position:].replace(NAMED, " "))
    at += [*range(position, len(text) + 1)]
    return "".join(shape), at
