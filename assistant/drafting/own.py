"""What the author's own notes state: figures with their subjects, and where two disagree. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.audit.alignment import pairs, phrases
from assistant.drafting.models import OwnNote
from vectorstore.language.aims import ACTS, TO_A_LEVEL, YEAR_SAID
from vectorstore.language.figures import Figure, figures, same_figure, same_unit
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import sentences

_CALENDAR = frozenset(("年", "月", "日", "届", "号", "页", "字"))
_SAME_SUBJECT = 0.75
_EDGES = '：:、，,；;|\t （）()“”"的'
OF_ONES_OWN = Pattern(
    r"^(?:(?:[我本全该]|某|××)[省市县区州旗镇乡]|自治区|每年|年均|目前|现已?有?|已经?|共有?|累计|总共|计划|力争|预计|其中|全年|截至目前|今后|将){1,6}",
    yes=("我县", "全市每年", "目前全县共有", "其中"),
    no=("县级", "培训"),
    why="what stands before the matter of a figure and does not tell it from another",
)
_BEHIND = Pattern(
    r"^(?:多|余|以上|以下|以内|左右|的){0,3}(?P<what>[\u4e00-\u9fff]{2,16}?)(?:，|。|；|、|$|以上|左右)",
    yes=("助餐点", "以上科普基地，"),
    no=("，覆盖", "。"),
    why="what is counted, where it stands behind its figure: 新建30个助餐点",
)


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """A figure of a note. `sentence` is [start, end) of the note's text; `year` '' where none
    is said."""

    note: OwnNote
    subject: str
    figure: Figure
    year: str
    start: int
    end: int

    @property
    def sentence(self) -> str:
        return self.note.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two figures for one thing in one year."""

    first: OwnFigure
    second: OwnFigure

    @property
    def sentence(self) -> str:
        year = f"{self.first.year}" if self.first.year else ""
        return (
            f"“{year}{self.first.subject}”前后不一致：一处为“{self.first.figure.text}”，"
            f"一处为“{self.second.figure.text}”"
        )


def contradictions(notes: Sequence[OwnNote]) -> tuple[Contradiction, ...]:
    """Figures of the same subject, unit and year that differ, within one note or between two."""
    held = [figure for note in notes for figure in own_figures(note)]
    return tuple(
        Contradiction(a, b)
        for a, b in combinations(held, 2)
        if a.year == b.year
        and same_unit(a.figure, b.figure)
        and not same_figure(a.figure, b.figure)
        and likeness(a.subject, b.subject) >= _SAME_SUBJECT
    )


def likeness(subject: str, other: str) -> float:
    """How much of both names is the same, in [0, 1]."""
    a, b = pairs(subject), pairs(other)
    return 2 * len(a & b) / max(1, len(a) + len(b))


def own_figures(note: OwnNote) -> Iterator[OwnFigure]:
    """The figures of a note, each with what it counts."""
    for start, end in sentences(note.text):
        sentence = note.text[start:end]
        above, year = "", ""
        for a, b in phrases(sentence):
            clause = sentence[a:b]
            said = YEAR_SAID.search(clause)
            year = said["year"] or said[0] if said else year
            for subject, figure in _measured(clause):
                above = subject or above
                if above:
                    yield OwnFigure(note, above, figure, year, start, end)


def _measured(clause: str) -> Iterator[tuple[str, Figure]]:
    """Each figure of a clause and the words that say what it is of; '' where none do."""
    found = [f for f in figures(clause) if f.unit not in _CALENDAR and not _is_year(f)]
    at = 0
    for i, figure in enumerate(found):
        end = figure.start + len(figure.text)
        before = _plain(clause[at : figure.start])
        until = found[i + 1].start if i + 1 < len(found) else len(clause)
        behind = _BEHIND.match(clause[end:until])
        if behind and (ACTS.search(before) or len(before) < 2):
            before += behind["what"]
            end += behind.end("what")
        yield (before if len(before) >= 2 else ""), figure
        at = end


def _is_year(figure: Figure) -> bool:
    return not figure.unit and 1900 <= figure.value <= 2100


def _plain(words: str) -> str:
    """Without years, without the verbs that lead up to a figure, without what says whose."""
    words = OF_ONES_OWN.remove_from(YEAR_SAID.remove_from(words).strip(_EDGES)).strip(_EDGES)
    while (match := TO_A_LEVEL.search(words)) and match.start() > 0:
        words = words[: match.start()].rstrip(_EDGES)
    return words
