"""定稿版: what of a draft is only for those who work on it, and what is still open in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assistant.cite.structure import Body, Line, Sentence, Spot, changed, sentences_in, walk
from assistant.drafting.check import BLANK
from assistant.drafting.models import Draft, Section

# What the program writes for the author: that a source's period is over, that something is
# advice, that nothing was found. Each stands in brackets of its own.
_NOTE = re.compile(
    r"（(?:参考文件[^（）]{1,60}(?:届满|废止|失效)|以下为起草建议[^（）]{0,60}"
    r"|库中没有找到[^（）]{0,60})）"
)
_NOTE_LINE = re.compile(r"说明：.{0,600}请逐一核对.{0,200}")  # below a division of work
_ALONE = re.compile(r"[。；\s]*")

Kind = Literal["未写", "未核对", "存疑", "留空"]
_NAMES: dict[Kind, tuple[str, str]] = {
    "未写": ("还没有写", "Not written yet"),
    "未核对": ("改过以后没有核对", "Not checked since it was changed"),
    "存疑": ("存疑", "Doubtful"),
    "留空": ("留空未填", "Left blank"),
}


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What is to be settled before a draft goes out; `section` is an id."""

    kind: Kind
    section: str
    heading: str
    text: str = ""
    why: str = ""

    @property
    def label(self) -> tuple[str, str]:
        return _NAMES[self.kind]


def open_points(draft: Draft) -> tuple[OpenPoint, ...]:
    """In the order of the text. A mere heading has no text to be written."""
    return tuple(point for section in draft.sections for point in _open_in(section))


def _open_in(section: Section) -> Iterator[OpenPoint]:
    name = section.name
    if not section.text.strip():
        if section.purpose != "heading":
            yield OpenPoint("未写", section.id, name)
        return
    if section.state == "已写":
        yield OpenPoint("未核对", section.id, name)
    for sentence in sentences_in(section.body):
        if sentence.check and sentence.check.problems:
            yield OpenPoint("存疑", section.id, name, sentence.plain.strip(), sentence.check.reason)
    for sentence in sentences_in(section.body):
        for blank in BLANK.findall(sentence.plain):
            yield OpenPoint("留空", section.id, name, blank, sentence.plain.strip())


def finished(draft: Draft) -> Draft:
    """The draft as it goes out: without notes for the author, and without verdicts."""
    sections = tuple(replace(s, body=_without_notes(s.body)) for s in draft.sections)
    return replace(draft, sections=sections)


def _without_notes(body: Body) -> Body:
    kept = tuple(b for b in body if not (isinstance(b, Line) and _is_note(b)))
    return tuple(
        block
        for before, block in zip(kept, changed(kept, _clean), strict=True)
        if not isinstance(block, Line) or before == block or not _says_nothing(block)
    )


def _is_note(line: Line) -> bool:
    return bool(_NOTE_LINE.fullmatch(_plain((line,)).strip()))


def _says_nothing(line: Line) -> bool:
    return bool(_ALONE.fullmatch(_plain((line,))))


def _plain(body: Body) -> str:
    return "".join(sentence.plain for sentence, _ in walk(body))


def _clean(sentence: Sentence, _: Spot) -> Sentence:
    pieces = tuple(p if isinstance(p, int) else _NOTE.sub("", p) for p in sentence.pieces)
    return replace(sentence, pieces=tuple(p for p in pieces if p != ""), check=None)
