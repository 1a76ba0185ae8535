"""A cleaned document as the readers of its fields see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.clean import Line
from ingest.mapped import MappedText
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import SENTENCE_MARK
from vectorstore.models import Span

HAN_SPACE = Pattern(
    r"(?<![A-Za-z])\s+(?![A-Za-z])",
    yes=(("青禾市 教育局", " "), ("通\n知", "\n")),
    no=("AI 教育", "教育"),
    why="white space that belongs to no Latin word",
)
NEWS = Pattern(
    r"(?:本报|本网|[\u4e00-\u9fff]{2,8}网)(?:[\u4e00-\u9fff]{2,6})?讯[\s（(:：]|本报讯|"
    r"新华社[\u4e00-\u9fff]{2,8}\d{1,2}月\d{1,2}日电|[（(][^（()）]{0,12}?(?:记者|通讯员)[\s:：]?"
    r"[^（()）]{2,40}[)）]|记者[^。]{0,20}(?:获悉|了解到)",
    yes=("本报讯", "青禾新闻网讯 ", "新华社青禾3月4日电", "（记者 江某某）", "记者从市教育局获悉"),
    no=("新闻发布会", "负责接待记者"),
    why="how reports begin or end: what they tell was issued by somebody else",
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the span it was read from; no span for what an HTML head states."""

    value: str
    span: Span | None


def found(value: str, place: MappedText) -> Found:
    return Found(value, Span(place.start, place.end))


@dataclass(frozen=True)
class Paper:
    """`title` is the index range of the title among `lines`; `notes` are fields that labels
    state, `enacted` those of the 题注."""

    lines: Sequence[Line]
    title: tuple[int, int] | None
    notes: Mapping[str, Found]
    enacted: Mapping[str, Found]

    @property
    def after_title(self) -> int:
        return self.title[1] if self.title else min(1, len(self.lines))

    @property
    def above_title(self) -> Sequence[Line]:
        return self.lines[: self.title[0]] if self.title else ()

    @property
    def head(self) -> Sequence[Line]:
        """Lines above the body: the red head, the number, the title and what follows it."""
        return self.lines[: self.after_title + 3]

    @property
    def raw_title(self) -> str:
        """The title as its lines are printed, the spaces between names kept."""
        lines = self.lines[slice(*self.title)] if self.title else self.lines[:1]
        return " ".join(line.text.text for line in lines)

    @cached_property
    def body(self) -> int:
        """The first line after the title that is a sentence; one past the last without any."""
        for index in range(self.after_title, len(self.lines)):
            text = self.lines[index].text.text
            if len(text) > 24 and SENTENCE_MARK.search(text):
                return index
        return len(self.lines)

    @cached_property
    def is_news(self) -> bool:
        """Whether somebody reports here; a document that is given in full below may still be
        signed."""
        told = [line.text.text for line in self.lines if line.table is None]
        opening, ending = told[: self.after_title + 4], told[-2:]
        return any(NEWS.search(text[:200]) for text in opening) or any(
            NEWS.search(text[-80:]) for text in ending
        )
