"""What an author has still to fill in: each gap of a draft, where it stands and what it is for."""

import re
from dataclasses import dataclass

from assistant.audit.alignment import phrases
from assistant.cite.markdown import strip_marks
from assistant.drafting.check import BLANK
from assistant.drafting.models import (
    DATA_BLANK,
    NAME_BLANK,
    ORGAN_BLANK,
    TITLE_BLANK,
    YEAR_BLANK,
    Draft,
)

HEADING = -1  # the line of a gap that stands in a section's heading
_WHAT = {
    DATA_BLANK: "数字",
    NAME_BLANK: "本地名称",
    ORGAN_BLANK: "责任单位",
    TITLE_BLANK.strip("《》"): "本地文件的名称",
    YEAR_BLANK: "年份",
}
_AROUND = 24  # characters of the clause that says what a gap is for
_EDGES = "，,。；;：:、|·（）() "


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap: the section by its place in the draft, the line of its text (HEADING for its
    heading), and [start, end) in that line. `words` is the gap as it stands, `clause` the words
    around it."""

    section: int
    line: int
    start: int
    end: int
    words: str
    clause: str

    @property
    def missing(self) -> str:
        """What is to be filled in, for people: “培育高素质农民……”的数字."""
        kind = _WHAT.get(self.words)
        if kind is None:
            return self.words[1:-1]
        about = BLANK.sub("……", self.clause).strip(_EDGES)
        return f"“{about}”的{kind}" if about.strip("…") else kind


def blanks_of(draft: Draft) -> tuple[Blank, ...]:
    """All gaps in the order in which they are read."""
    return tuple(
        Blank(number, line, match.start(), match.end(), match[0], clause_at(text, *match.span()))
        for number, section in enumerate(draft.sections)
        for line, text in enumerate((section.heading, *section.text.split("\n")), HEADING)
        for match in BLANK.finditer(text)
    )


def clause_at(text: str, start: int, end: int) -> str:
    """The words around [start, end): its clause, or of a table its cell and its row's name."""
    if text.lstrip().startswith("|"):
        cells = re.split(r"(?<=\|)", text)
        left = text.rfind("|", 0, start) + 1
        name = next((cell.strip("| ") for cell in cells if cell.strip("| ")), "")
        return f"{name}：{strip_marks(text[left:end]).strip()}"
    for a, b in phrases(text):
        if a <= start < b:
            near = text[max(a, start - _AROUND) : min(b, end + _AROUND)]
            return strip_marks(near).strip()
    return ""
