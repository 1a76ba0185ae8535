"""A document as the clauses that a comparison sets side by side: 条 where there are 条, else
the items under its headings, else its paragraphs."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from vectorstore.language.dates import whole_date
from vectorstore.language.names import ORGAN_LINE
from vectorstore.language.numbering import ANNEX, ENUMERATORS, enumerator
from vectorstore.language.text import squeeze
from vectorstore.locating import among, visible_offsets
from vectorstore.models import Document, Passage

Kind = Literal["article", "item", "heading", "paragraph", "row"]

_DIVISIONS = ("part", "chapter", "section")
_LEVELS = {name: level for level, name in enumerate(ENUMERATORS)}
_REFERS = "第规所款项的之至和与、，中"  # behind 第五条: the line speaks of it and is not it
_FEW = 3  # paragraphs that a numbered line takes along; more of them stand for themselves
_HEADING = 40
_LONGEST = 20_000  # characters of a paragraph that is put together again
_SIGNATURE = 40
_ALIKE = str.maketrans("“”„‘’＂＇〈〉—―–‐", '"""\'\'"\'<>----')


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a document that is compared as one. `text` is without its number, a line for
    each paragraph; `start` and `end` are offsets into the document's source."""

    number: str  # 第五条, （二）; '' for none
    text: str
    start: int
    end: int
    path: tuple[str, ...] = ()  # the headings above
    kind: Kind = "paragraph"
    more: tuple[str, ...] = ()  # numbers of neighbours that stand in `text` as well

    @property
    def numbers(self) -> str:
        """第五条, or 第五条、第六条 where it stands for both."""
        return "、".join(n.rstrip("、") for n in (self.number, *self.more) if n) or self.number

    @property
    def label(self) -> str:
        """How a sentence refers to it: what is no article, with its first words."""
        if self.number and (self.kind == "article" or self.more):
            return self.numbers
        return f"“{self.number}{shortened(squeeze(self.text), 12)}”"


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def plain(text: str) -> str:
    """A copy for comparison: white space, width and the form of quotation marks, brackets in
    titles and dashes do not count."""
    return unicodedata.normalize("NFKC", squeeze(text)).translate(_ALIKE)


def clauses_of(document: Document, passages: Sequence[Passage]) -> list[Clause]:
    """The clauses in source order; together they hold the whole text of the passages."""
    lines = list(_lines(document, passages))
    by_article = sum(line.opens == "article" for line in lines) >= 2
    gathering = _ByArticle() if by_article else _ByItem()
    for line in lines:
        gathering.take(line)
    return _clauses(gathering.groups)


# --- lines --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph, a heading or a row. `opens` names its numbering (ENUMERATORS), or '附件'."""

    text: str
    start: int
    end: int
    kind: str  # of its passage
    opens: str = ""
    number: str = ""


def _lines(document: Document, passages: Sequence[Passage]) -> Iterator[_Line]:
    """The lines of the passages; a paragraph that they share is one line again."""
    waiting: _Line | None = None
    for passage in passages:
        for line in _lines_in(document, passage):
            if waiting and _goes_on(waiting, line, document.text):
                waiting = _line(waiting.text + line.text, waiting.start, line.end, waiting.kind)
                continue
            if waiting:
                yield waiting
            waiting = line
    if waiting:
        yield waiting


def _lines_in(document: Document, passage: Passage) -> Iterator[_Line]:
    seen = visible_offsets(document.text, passage)
    done = 0
    pieces = [passage.text] if passage.kind == "row" else passage.text.split("\n")
    for piece in pieces:
        if visible := len(squeeze(piece)):
            start, end = among(seen, passage, done, visible)
            done += visible
            yield _line(" ".join(piece.split()), start, end, passage.kind)


def _goes_on(above: _Line, line: _Line, source: str) -> bool:
    """Whether a passage ended within a paragraph."""
    return (
        above.kind == line.kind == "body"
        and not line.opens
        and "\n" not in source[above.end : line.start]
        and len(above.text) + len(line.text) <= _LONGEST
    )


def _line(text: str, start: int, end: int, kind: str) -> _Line:
    opens, number = "", ""
    if kind in ("body", "heading", "front"):
        if found := enumerator(text):
            opens, number = found
            behind = text[len(number) : len(number) + 1]
            if opens == "article" and behind and behind in _REFERS:
                opens, number = "", ""
            elif opens == "dash":
                number = ""
        elif (annex := ANNEX.match(text)) and len(text) <= 60 and text[-1] not in "。；;":
            opens, number = "附件", annex[0].rstrip(" :：.")
    return _Line(text, start, end, kind, opens, number)


# --- lines that make one clause -----------------------------------------------------------------

_Group = list[_Line]


@dataclass
class _ByArticle:
    """An article holds all up to the next one, its items and their paragraphs too."""

    groups: list[_Group] = field(default_factory=list)

    def take(self, line: _Line) -> None:
        if self._belongs(line):
            self.groups[-1].append(line)
        else:
            self.groups.append([line])

    def _belongs(self, line: _Line) -> bool:
        if not self.groups or self.groups[-1][0].opens != "article":
            return False
        if line.opens in (*_DIVISIONS, "article", "附件") or line.kind not in ("body", "heading"):
            return False
        return not _is_signature(line.text)


@dataclass
class _ByItem:
    """A numbered line takes the paragraphs below it along, as long as they are few."""

    groups: list[_Group] = field(default_factory=list)
    below: int = 0  # paragraphs since the last numbered line

    def take(self, line: _Line) -> None:
        if line.opens or line.kind != "body" or _is_signature(line.text):
            self.below = 0
            self.groups.append([line])
            return
        self.below += 1
        group = self.groups[-1] if self.groups else []
        if group and group[0].opens and group[0].kind in ("body", "heading"):
            if self.below <= _FEW:
                group.append(line)
                return
            # They are more than an item's: each stands for itself, also those taken so far.
            self.groups[-1:] = [[each] for each in group]
        self.groups.append([line])


def _is_signature(text: str) -> bool:
    return len(text) <= _SIGNATURE and bool(ORGAN_LINE.fullmatch(text) or whole_date(text))


def _clauses(groups: Sequence[_Group]) -> list[Clause]:
    """Each with the headings above it."""
    found = []
    above: list[tuple[int, str]] = []  # (level, heading), the outermost first
    for group in groups:
        first = group[0]
        level = -1 if first.opens == "附件" else _LEVELS.get(first.opens, len(_LEVELS))
        if first.opens:
            above = [entry for entry in above if entry[0] < level]
        path = tuple(heading for _, heading in above)
        texts = [first.text[len(first.number) :].strip(), *(line.text for line in group[1:])]
        text = "\n".join(filter(None, texts))
        kind = _kind(group)
        found.append(Clause(first.number, text, first.start, group[-1].end, path, kind))
        if first.opens and first.opens != "article":
            above.append((level, shortened(first.text, _HEADING)))
    return found


def _kind(group: _Group) -> Kind:
    first = group[0]
    if first.kind == "row":
        return "row"
    if first.opens == "article":
        return "article"
    if first.kind == "heading" or first.opens in (*_DIVISIONS, "附件"):
        return "heading"
    return "item" if first.opens else "paragraph"
