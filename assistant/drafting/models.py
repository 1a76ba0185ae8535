"""What a draft is. Values are frozen; an edit makes a new one."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from assistant.cite.check import marks_in
from assistant.cite.citation import Citation

State = Literal["待写", "已写", "已核对", "有存疑"]
Purpose = Literal[
    "heading", "opening", "measures", "tasks", "comparison", "notes", "table", "advice",
    "request", "closing",
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

    @property
    def topics(self) -> tuple[str, ...]:
        return (self.topic, *self.variants)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a draft. `text` has lines, marks [n] and Markdown tables.

    `focus` is what this section is about beyond the draft's topic: its sources are looked for
    with both. Pinned and dropped passages are the author's choice.
    """

    id: str
    heading: str
    level: int = 1
    purpose: Purpose = "measures"
    focus: str = ""
    text: str = ""
    state: State = "待写"
    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[int, ...]:
        return marks_in(self.text)


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


@dataclass(frozen=True, slots=True)
class Version:
    """A saved state of a draft."""

    number: int
    at: str
    what: str


@dataclass(slots=True)
class Marks:
    """Gives sources their marks within one draft; the same place keeps its mark."""

    sources: list[Citation] = field(default_factory=list)

    def of(self, citation: Citation) -> int:
        for known in self.sources:
            same = (known.document_id, known.start, known.end)
            if same == (citation.document_id, citation.start, citation.end):
                return known.mark
        mark = max((s.mark for s in self.sources), default=0) + 1
        self.sources.append(replace(citation, mark=mark))
        return mark


def to_json(draft: Draft) -> dict[str, Any]:
    return asdict(draft)


def from_json(value: dict[str, Any]) -> Draft:
    """The inverse of `to_json`; lists become tuples again."""
    request = Request(
        **{**value["request"], **_tuples(value["request"], "region", "parts", "models", "variants")}
    )
    sections = tuple(
        Section(**{**section, **_tuples(section, "pinned", "dropped")})
        for section in value["sections"]
    )
    sources = tuple(
        Citation(**{**source, **_tuples(source, "heading_path")}) for source in value["sources"]
    )
    return Draft(value["id"], value["owner"], request, sections, sources, value["version"])


def _tuples(value: dict[str, Any], *names: str) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(value[name]) for name in names}
