"""落款: who signed a document and on which day, also where a page's lines have run together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.clean import Line
from ingest.mapped import MappedText
from vectorstore.language.dates import CHINESE_DATE, DATE, parse_date, whole_date
from vectorstore.language.organs import organs_in
from vectorstore.language.pattern import Pattern
from vectorstore.language.regions import region_of_name, unlisted_place
from vectorstore.models import Span

_GOES_ON = Pattern(
    r"^(?:[^\s（(]|\s*+(?:印发|起|前|至|[-—~～]|\d{1,2}[:：]))",
    yes=(("印发", "印"), " 印发", "起", (" 10:20", " 10:")),
    no=("", "（此件公开发布）", " 附件"),
    why="behind a day: it is told that something happened on it, or goes on after it",
)
_PIECE = Pattern(r"[^\s]+", yes=("市教育局",), no=(" ",), why="what stands between two gaps")
_ENDED = Pattern(
    r"[。！；：”）)]$|^(?:附件|附：|特此|此件)",
    yes=(("通知如下。", "。"), ("附件：1.名单", "附件"), ("特此公告", "特此")),
    no=("市教育局", "一、目标"),
    why="what a signature stands below",
)
_NAMES = 20  # organs that may sign together
_LINES_UP = 14


@dataclass(frozen=True, slots=True)
class Signature:
    """Names in the order they stand; `is_below_text` when a sentence ends above them."""

    names: tuple[str, ...]
    place: Span
    day: date
    day_place: Span
    is_below_text: bool


def read_signatures(lines: Sequence[Line], first: int) -> Iterator[Signature]:
    """All signatures with names from line `first` on, in order. A row of a table is none."""
    for index in range(first, len(lines)):
        line = lines[index]
        if line.table is not None:
            continue
        for start, end, day in _days(line.text.text):
            if signed := _names_before(lines, index, start, first):
                names, place, above = signed
                stamp = line.text[start:end]
                yield Signature(
                    names, place, day, Span(stamp.start, stamp.end), bool(_ENDED.search(above))
                )


def _days(text: str) -> Iterator[tuple[int, int, date]]:
    if day := whole_date(text):
        yield 0, len(text), day
        return
    for match in (*DATE.finditer(text), *CHINESE_DATE.finditer(text)):
        stamp = parse_date(match[0])
        if stamp and not _GOES_ON.search(text[match.end() :]):
            yield match.start(), match.end(), stamp


def _names_before(
    lines: Sequence[Line], index: int, start: int, first: int
) -> tuple[tuple[str, ...], Span, str] | None:
    """Names that stand before a day, from it upward until something else stands there: they,
    their place, and the words above them."""
    pieces: list[MappedText] = []
    above = ""
    for piece in _upward(lines, index, start, first):
        if not organs_in(piece.text) and not _is_bare(piece.text):
            above = piece.text
            if pieces and _turns_the_line(piece.text, pieces[-1].text):
                pieces.append(piece)
                above = "。"
            break
        pieces.append(piece)
        if len(pieces) > _NAMES:
            return None
    pieces.reverse()
    texts = [piece.text for piece in pieces]
    if len(texts) > 1 and _turns_the_line(texts[0], texts[1]) and not organs_in(texts[0]):
        texts[:2] = ["".join(texts[:2])]
    names = organs_in(" ".join(texts))
    return (names, Span(pieces[0].start, pieces[-1].end), above) if names else None


def _upward(lines: Sequence[Line], index: int, start: int, first: int) -> Iterator[MappedText]:
    text = lines[index].text[:start]
    lowest = max(first, index - _LINES_UP)
    while True:
        for match in reversed(list(_PIECE.finditer(text.text))):
            yield text[match.start() : match.end()]
        index -= 1
        if index < lowest or lines[index].table is not None:
            return
        text = lines[index].text


def _is_bare(text: str) -> bool:
    """办公室 on a line of its own, and a seal: they belong to the name above."""
    return bool(organs_in(f"市教育局 {text}"))


def _turns_the_line(above: str, below: str) -> bool:
    """Whether a name that begins with a place goes on in a name that begins with none."""
    whole = len(above) <= 40 and bool(organs_in(above + below))
    return whole and _has_place(above) and not _has_place(below)


def _has_place(text: str) -> bool:
    return bool(region_of_name(text) or unlisted_place(text))
