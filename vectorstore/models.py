"""The values that cross folder boundaries. All frozen; rendered for people elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

# What a document is on a day (validity.py); 未标注 where nothing tells.
StateName = Literal["未生效", "现行有效", "部分失效", "已届满", "已废止", "已修订", "未标注"]
OVER: tuple[StateName, ...] = ("已届满", "已废止")


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets into a document's source text, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ByHand:
    """Who put another value in the place of what was read, and when; `read` is what was read
    (None: nothing was), as corrections.py writes it, `span` where."""

    read: str | None
    span: Span | None
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself. None means: the document does not state it (未载明)."""

    title: str
    issuer: str | None = None  # 发文机关, never the site that republished it
    publisher: str | None = None  # 来源、发布机构
    document_number: str | None = None  # 发文字号
    date_written: date | None = None  # 成文日期
    date_printed: date | None = None  # 印发日期（版记）
    date_published: date | None = None  # 网上发布日期
    date_effective: date | None = None  # 施行日期
    region: tuple[str, ...] = ()  # 省、市、县
    period: str | None = None  # 规划期, as "2021—2025"
    period_end: int | None = None  # last year of the period
    status: str | None = None  # 时效性, as the source words it
    kind: str | None = None  # 文种
    cites: tuple[tuple[str | None, str | None], ...] = ()  # (title, number) of 上位文件
    fields: Mapping[str, Span] = field(default_factory=dict)  # field name → where it was read
    by_hand: Mapping[str, ByHand] = field(default_factory=dict)  # 人工改正, by field

    def is_own_copy(self) -> bool:
        """Whether the issuer published it itself: no other site is named as its source."""
        return self.publisher is None or self.publisher == self.issuer

    @property
    def dated(self) -> date | None:
        """The day a document goes by: written, or else printed, or else published."""
        return self.date_written or self.date_printed or self.date_published

    @property
    def year(self) -> int | None:
        """The year of issue; that of taking effect where no other day is stated."""
        day = self.dated or self.date_effective
        return day.year if day else None

    def is_expired(self, as_of: date) -> bool:
        """规划期已届满: the stated period is over. Says nothing of 废止."""
        return self.period_end is not None and self.period_end < as_of.year


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of a document's outline. `level` starts at 1."""

    level: int
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the corpus; `text` is the decoded source that all offsets refer to."""

    id: str
    sha256: str
    source_paths: tuple[str, ...]
    format: str
    text: str
    metadata: Metadata
    outline: tuple[Heading, ...] = ()
    page_starts: tuple[int, ...] = ()  # offset of each page in `text`; empty when not paged

    def page_at(self, offset: int) -> int | None:
        """1-based page number, or None for a format without pages."""
        if not self.page_starts:
            return None
        return max(1, sum(start <= offset for start in self.page_starts))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row, with the column's header."""

    header: str
    start: int
    end: int


NOT_SEARCHED = ("heading", "filler")  # kinds of passages


_BARS = 2  # between the cells of a row that stands in the text


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of one document, the unit of search and of citation.

    `text` equals `document.text[start:end]` but for white space. `context` is what a reader
    of the passage alone would miss (the item's own heading, a table's headers); it is
    searched and embedded, never quoted.
    """

    id: str
    document_id: str
    ordinal: int
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    context: str = ""
    kind: str = "body"  # front | body | row | imprint | heading | filler
    page: int | None = None
    cells: tuple[Cell, ...] = ()

    @property
    def is_searched(self) -> bool:
        """Bare headings, and data among the text, are kept, so that passages cover the
        document, but never found."""
        return self.kind not in NOT_SEARCHED

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table, rebuilt or as it stood in the text: its units stand in
        the head."""
        text = self.text
        return bool(self.cells or self.context or "\t" in text or text.count("|") >= _BARS)

    def embedding_text(self, title: str) -> str:
        """What is embedded: a passage that knows its document's title and its own place."""
        parts = (title, " > ".join(self.heading_path), self.context or self.text)
        return "\n".join(filter(None, parts))


AudienceKind = Literal["公开", "部门", "群体", "个人"]


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a document is. Not read from it: chosen by whoever looks after it, and kept when it
    is read again.

    `of` are the departments (本部门及下级), groups or persons it is for, by id; none for 公开.
    What may not be quoted is listed and can be read on its page, and stands in no answer, draft
    or export; what may not be downloaded is shown as text only.
    """

    kind: AudienceKind = "公开"
    of: tuple[str, ...] = ()
    may_quote: bool = True
    may_download: bool = True


PUBLIC = Audience()


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document without its text, as lists and hits carry it. `state` is that of a view's day
    (View.state says why); the catalogue itself knows none."""

    id: str
    sha256: str
    source_paths: tuple[str, ...]
    format: str
    metadata: Metadata
    passages: int
    ingested_at: str
    state: StateName = "未标注"
    audience: Audience = PUBLIC

    @property
    def is_over(self) -> bool:
        """Whether it holds no more: repealed, or its period is over."""
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which documents are looked at: what a user narrows the corpus to, and what a question
    does. A field that is empty does not restrict; values of one field are alternatives."""

    document_ids: frozenset[str] | None = None
    regions: tuple[str, ...] = ()  # 云南省/保山市, which stands for all below it too
    issuers: tuple[str, ...] = ()
    years: tuple[tuple[int, int], ...] = ()  # first and last
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()  # of StateName

    def __bool__(self) -> bool:
        return self != SearchFilter()

    def admits(self, document: DocumentSummary) -> bool:
        """Whether a document is looked at."""
        m = document.metadata
        return (
            (self.document_ids is None or document.id in self.document_ids)
            and (not self.regions or any(_lies_in(m.region, r) for r in self.regions))
            and (not self.issuers or m.issuer in self.issuers)
            and (not self.years or any(a <= (m.year or -1) <= b for a, b in self.years))
            and (not self.kinds or m.kind in self.kinds)
            and (not self.statuses or document.state in self.statuses)
        )


def _lies_in(region: tuple[str, ...], wanted: str) -> bool:
    path = tuple(wanted.split("/"))
    return region[: len(path)] == path


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at the corpus. `may_see` are ids of documents, None stands for all.

    `departments` are their own and all above it: what is for 本部门及下级 of any of these is for
    them. None where nobody logs in, and all is for everybody. `sees` is the only place that
    decides: whatever else is to hide a document becomes a field here and a line there.
    """

    id: str
    may_see: frozenset[str] | None = None
    departments: frozenset[str] | None = None
    groups: frozenset[str] = frozenset()

    @property
    def sees_all(self) -> bool:
        """Whether nothing is kept from them, whatever comes in."""
        return self.may_see is None and self.departments is None

    @property
    def sight(self) -> "Viewer":
        """The same for all who see the same by what they are: who one is counts only where
        somebody logs in."""
        return replace(self, id="") if self.departments is None else self

    def sees(self, document: DocumentSummary) -> bool:
        return (self.may_see is None or document.id in self.may_see) and self.admitted_by(
            document.audience
        )

    def admitted_by(self, audience: Audience) -> bool:
        """Whether a document that is for `audience` is for them."""
        if self.departments is None or audience.kind == "公开":
            return True
        if audience.kind == "个人":
            return self.id in audience.of
        own = self.departments if audience.kind == "部门" else self.groups
        return not own.isdisjoint(audience.of)


# Nobody: what the program itself does, where it must tell what is gone from what is hidden, or
# finishes what a crash cut off. Nothing that it sees is shown to anybody for that.
EVERYTHING = Viewer("")


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the words as asked, what is embedded of them (a place that a filter
    already stands for is left out), and official terms that are looked for as well."""

    text: str
    meaning: str
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A passage with its scores. `score` orders the hits; the others explain it."""

    passage: Passage
    document: DocumentSummary
    score: float
    dense: float  # cosine
    keyword: float  # BM25, higher is better, 0 when no word matches
