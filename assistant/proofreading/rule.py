"""What a rule of style is, what it finds, and the text that it looks at."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from vectorstore.language.names import KIND_AT_END, ORGAN_LINE
from vectorstore.language.pattern import Pattern

_LONGEST_TITLE = 3  # lines
_ADDRESSED = Pattern(
    r"^[\u4e00-\u9fff（）()、，,·\s]{2,200}[：:]$",
    yes=("各县（区）人民政府，市直各部门：", "市财政局:"),
    no=("各县（区）人民政府", "现将有关事项通知如下：请"),
    why="the line that says whom a text goes to",
)
_BEGINS = Pattern(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]|第[一二三四五六七八九十]{1,3}[章条节]|\d{1,2}[.．、])",
    yes=("一、总体要求", "（一）目标", "第一章 总则"),
    no=("关于开展检查的通知",),
    why="the body has begun: no line of a title",
)


@dataclass(frozen=True, slots=True)
class Slip:
    """text[start:end] is `wrong`; `right` stands in its place, None where only whoever wrote it
    can tell what. `rule` names the rule, `why` says what it asks."""

    start: int
    end: int
    wrong: str
    right: str | None
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it, and where it stands."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Page:
    """A text to be read for slips; `organs` are names that the library knows."""

    text: str
    organs: frozenset[str] = frozenset()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Those that hold something, in order."""
        found, at = [], 0
        for raw in self.text.split("\n"):
            if text := raw.strip():
                start = at + raw.index(text[0])
                found.append(Line(start, start + len(text), text))
            at += len(raw) + 1
        return tuple(found)

    @cached_property
    def head(self) -> tuple[Line, ...]:
        """The lines of the title; () where the text has none."""
        lines = self.lines[: _LONGEST_TITLE + 1]
        for n, line in enumerate(lines):
            bare = line.text.rstrip("。，；：.,;: ")
            if len(line.text) > 70 or _BEGINS.match(line.text) or _ADDRESSED.match(line.text):
                return ()
            if KIND_AT_END.search(bare):
                starts = all(
                    ORGAN_LINE.match(other.text) or len(other.text) < 40 for other in lines[:n]
                )
                return self.lines[: n + 1] if starts and n < _LONGEST_TITLE else ()
        return ()

    @cached_property
    def title(self) -> str:
        return "".join(line.text for line in self.head)

    @cached_property
    def kind(self) -> str:
        """The 文种 that the title ends with; '' where it has none."""
        match = KIND_AT_END.search(self.title.rstrip("。，；：.,;: "))
        return match["kind"] if match else ""

    @cached_property
    def addressee(self) -> Line | None:
        """The line behind the title that says whom the text goes to."""
        behind = self.lines[len(self.head) :][:3]
        return next((line for line in behind if _ADDRESSED.match(line.text)), None)


# Where something is wrong, and what is right: (start, end, right).
Found = tuple[int, int, str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of style, either a `pattern` with what stands `right` in the place of what it finds,
    or a function that `find`s.

    `yes` are texts with a slip, each with the same text repaired (None: there is no repair);
    `no` are texts without. One test runs the examples of every rule.
    """

    name: str
    why: str
    pattern: re.Pattern[str] | None = None
    right: Callable[[re.Match[str]], str | None] | None = None
    find: Callable[[Page], Iterator[Found]] | None = None
    yes: tuple[tuple[str, str | None], ...] = ()
    no: tuple[str, ...] = ()

    def slips(self, page: Page) -> Iterator[Slip]:
        for start, end, right in self._found(page):
            wrong = page.text[start:end]
            if right != wrong:
                yield Slip(start, end, wrong, right, self.name, self.why)

    def _found(self, page: Page) -> Iterator[Found]:
        if self.find is not None:
            yield from self.find(page)
        if self.pattern is not None:
            for match in self.pattern.finditer(page.text):
                yield *match.span(), self.right(match) if self.right else None
