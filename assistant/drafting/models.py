"""What a draft is. Values are frozen; an edit makes a new one."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import TypeAdapter

from assistant.cite.citation import Citation
from assistant.cite.markdown import parse, render
from assistant.cite.structure import Body, marks_of, sentences_in
from assistant.labelling import Origin

State = Literal["待写", "已写", "已核对", "有存疑"]
# What a section is for, and with it what may stand in it.
Purpose = Literal[
    "heading", "addressee", "opening", "guidance", "targets", "measures", "tasks", "division",
    "schedule", "safeguards", "dates", "situation", "achievements", "problems", "plans",
    "precedents", "request", "background", "points", "questions", "validity", "comparison", "notes",
    "table", "advice", "contact", "closing", "signature",
]  # fmt: skip


# A gap that the author fills: another place's figure must never pass for one's own.
DATA_BLANK = "[本地数据]"
NAME_BLANK = "[本地名称]"
ORGAN_BLANK = "[本地责任单位]"
TITLE_BLANK = "《[本地文件]》"
YEAR_BLANK = "[年份]"


@dataclass(frozen=True, slots=True)
class Request:
    """A request in plain words, as understood.

    `parts` are headings that the request itself asks for; `models` are documents that it says
    to follow (参照黔江区做法); `variants` word the topic otherwise (农民(农牧民)培训).
    `matter` is what is asked for as a title says it (设立科普专项); `level` the own place's level
    in one word (县), '' where nothing tells it; `issuer` signs it, `addressees` get it (主送) and
    `copies` are sent it (抄送). `period` is that of a plan; `renames` are organs of a document
    with what they are called here (教委 → 教育局), `excludes` words that nothing borrowed may hold.
    """

    text: str
    kind: str
    title: str
    topic: str
    unit: str = ""
    region: tuple[str, ...] = ()
    year: str = ""
    parts: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    compares: bool = False
    matter: str = ""
    level: str = ""
    issuer: str = ""
    addressees: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    period: tuple[int, int] | None = None
    renames: tuple[tuple[str, str], ...] = ()
    excludes: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        return (self.topic, *self.variants)


_NAMES: dict[str, str] = {"addressee": "主送机关", "closing": "结尾", "signature": "落款"}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a draft. `text` is its body as an author edits it: lines, marks [n] and
    Markdown tables.

    `focus` is what this section is about beyond the draft's topic: its sources are looked for
    with both. Pinned and dropped passages are the author's choice.
    """

    id: str
    heading: str
    level: int = 1
    purpose: Purpose = "measures"
    focus: str = ""
    body: Body = ()
    state: State = "待写"
    origin: Origin = ""
    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    wanted: int = 0  # how many characters it should have; 0 where nobody said

    @property
    def name(self) -> str:
        """What it is called where it has no heading, too."""
        return self.heading or _NAMES.get(self.purpose, "开头")

    @property
    def text(self) -> str:
        return render(self.body)

    @property
    def length(self) -> int:
        """Characters as people count them: without white space, marks and rules of tables."""
        return sum(len("".join(s.plain.split())) for s in sentences_in(self.body))

    @property
    def marks(self) -> tuple[int, ...]:
        return marks_of(self.body)


PASTED = "pasted"
OWN_SOURCE = "本单位提供"
_OWN = "own:"  # documents are named by what they hold, and by nothing that holds a colon


@dataclass(frozen=True, slots=True)
class OwnNote:
    """What whoever writes knows themselves: figures, names, remarks. `origin` is PASTED or the
    name of the file that it came in."""

    id: str
    text: str
    origin: str = PASTED

    def citation(self, start: int, end: int) -> Citation:
        """The part [start, end) of its text as a source, without a mark."""
        return Citation(
            mark=0, document_id=f"{_OWN}{self.id}", source_path="", title=OWN_SOURCE,
            issuer=None, document_number=None, region=None, status=None, heading_path=(),
            quote=self.text[start:end], start=start, end=end, page=None,
        )  # fmt: skip


def is_own(source: Citation) -> bool:
    """Whether a source is a note of the author's, and no document."""
    return source.document_id.startswith(_OWN)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its sources. A mark keeps its number for the draft's whole life; export
    numbers anew in the order of use."""

    id: str
    owner: str
    request: Request
    sections: tuple[Section, ...] = ()
    sources: tuple[Citation, ...] = ()
    version: int = 0
    own: tuple[OwnNote, ...] = ()

    @property
    def title(self) -> str:
        return self.request.title

    def section(self, identifier: str) -> Section:
        return next(s for s in self.sections if s.id == identifier)

    def with_section(self, section: Section) -> "Draft":
        sections = tuple(section if s.id == section.id else s for s in self.sections)
        return replace(self, sections=sections)

    def source(self, mark: int) -> Citation | None:
        return next((s for s in self.sources if s.mark == mark), None)

    def note(self, source: Citation) -> OwnNote | None:
        """The note that a source is taken from; None where it is a document, or gone."""
        return next((n for n in self.own if source.document_id == f"{_OWN}{n.id}"), None)


@dataclass(frozen=True, slots=True)
class Version:
    """A saved state of a draft."""

    number: int
    at: str
    what: str
    name: str = ""  # who saved it, where somebody logs in


_DRAFT = TypeAdapter(Draft)


def to_json(draft: Draft) -> dict[str, Any]:
    value: dict[str, Any] = _DRAFT.dump_python(draft, mode="json")
    return value


def from_json(value: dict[str, Any]) -> Draft:
    """The inverse of `to_json`. Drafts of formats 1 and 2 hold the text of a section, which is
    read into its structure here."""
    return _DRAFT.validate_python({**value, "sections": [_section(s) for s in value["sections"]]})


def _section(value: dict[str, Any]) -> dict[str, Any]:
    if "body" in value:
        return value
    return {**value, "body": parse(value.get("text", ""))}
