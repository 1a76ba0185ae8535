"""What comes out, of the interface and of tools. Answers are those of the command line
(`ask --json` …): the same values make both, and a field that only one of them has is a fault that
tests find. Tools give a model what it can use of them (tools/told.py)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api.requests import Mode
from assistant.audit.audit import Confidence, Kind, Verdict
from vectorstore.facts import Fact
from vectorstore.models import StateName


class Out(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CitationOut(Out):
    mark: int
    document_id: str
    source_path: str
    title: str
    issuer: str | None
    document_number: str | None
    region: str | None
    status: str | None
    heading_path: list[str]
    quote: str
    start: int
    end: int
    page: int | None
    date: str | None
    passage_id: str
    corrected: list[str] = Field(description="人工改正过的字段")
    row: str = Field("", description="原文是表格的一行时，各栏的名称和内容")


class CheckOut(Out):
    sentence: str
    marks: list[int]
    verdict: str
    problems: list[str]


class SpanOut(Out):
    mark: int
    document_id: str
    start: int
    end: int
    text: str


class SlipOut(Out):
    typed: str
    meant: str


class LabelOut(Out):
    text: str
    aigc: dict[str, str] | None


class AnsweredOut(Out):
    """An answer, with what its marks [1] stand for."""

    question: str
    standalone_question: str = Field(description="补全后的问题")
    answer: str = Field(description="带标号 [1] 的回答")
    mode: Mode
    refused: bool = Field(description="资料库里没有读到答案")
    kind: str
    citations: list[CitationOut] = Field(description="各标号的出处，引文与原文一字不差")
    checks: list[CheckOut]
    near: list[CitationOut] = Field(description="没有答案时，相近的段落")
    notes: list[str]


class AnswerOut(AnsweredOut):
    """`ask --json`."""

    id: str | None
    spans: list[SpanOut]
    scope: list[str]
    corrected: list[SlipOut]
    added: list[str]
    label: LabelOut
    timings_ms: dict[str, float]


class FoundOut(Out):
    """A passage that may answer."""

    rank: int
    score: float
    document_id: str
    passage_id: str
    start: int
    end: int
    heading_path: list[str]
    text: str


class HitOut(FoundOut):
    """One of `search --json`."""

    source_path: str


class AudienceOut(Out):
    kind: str
    of: list[str]
    may_quote: bool
    may_download: bool


class DocumentOut(Out):
    """One of `ingest --status --json`, with its state on the day of the view."""

    document_id: str
    source_path: str | None
    source_paths: list[str]
    title: str
    issuer: str | None
    publisher: str | None
    document_number: str | None
    date_written: date | None
    date_printed: date | None
    date_published: date | None
    date_effective: date | None
    region: str | None
    period: str | None
    status: str | None
    period_expired: bool
    kind: str | None
    format: str
    passages: int
    sha256: str
    audience: AudienceOut
    corrected: list[str] = Field(description="人工改正过的字段")
    state: StateName
    ingested_at: str


class Page(Out):
    """Part of a list: `total` counts all of it."""

    total: int
    offset: int
    limit: int


class DocumentsOut(Page):
    documents: list[DocumentOut]


class HeadingOut(Out):
    level: int
    text: str
    start: int


class TextOut(Out):
    document_id: str
    sha256: str
    text: str
    start: int
    end: int
    length: int = Field(description="全文的字数；text 是 [start, end) 这一段")
    outline: list[HeadingOut]


class PassageOut(Out):
    passage_id: str
    ordinal: int
    start: int
    end: int
    heading_path: list[str]
    kind: str
    page: int | None
    text: str


class PassagesOut(Page):
    document_id: str
    passages: list[PassageOut]


@dataclass(frozen=True)
class FactRow(Fact):
    """A fact and the document that states it: one of `facts --json`."""

    title: str = ""
    document_number: str | None = None
    state: StateName = "未标注"
    source_path: str = ""


class FactsFoundOut(Out):
    """Some of `count` facts, in the order of documents and of their text."""

    count: int
    facts: list[FactRow]


class FactsOut(FactsFoundOut):
    """`facts --json`, in pages."""

    offset: int
    limit: int


class ClaimOut(Out):
    """One of `audit --json`."""

    kind: Kind
    text: str
    start: int
    end: int
    verdict: Verdict
    message: str
    source: CitationOut | None
    right: str | None
    sure: Confidence


class AuditOut(Out):
    """What a text states, held against the library."""

    summary: str
    claims: list[ClaimOut] = Field(description="按出现的先后；verdict 为 不符、已失效 的要改")


class NamedOut(Out):
    """One side of a comparison."""

    document_id: str
    title: str
    document_number: str | None
    date: str | None


class ClauseOut(Out):
    """A clause as one document numbers it."""

    number: str
    text: str
    heading_path: list[str]
    start: int
    end: int


class PartOut(Out):
    """A stretch of a clause; `mark` says whether the other side lacks it."""

    text: str
    mark: Literal["", "deleted", "inserted"]


class ClauseRowOut(Out):
    """What became of a clause."""

    kind: str
    renumbered: bool
    old: ClauseOut | None
    new: ClauseOut | None
    old_parts: list[PartOut]
    new_parts: list[PartOut]
    note: str


class FigureChangeOut(Out):
    """A figure that changed; `row` counts all rows from 0."""

    old: str | None
    new: str | None
    row: int


class ComparedOut(Out):
    """`compare --json`: two documents clause by clause."""

    old: NamedOut
    new: NamedOut
    counts: dict[str, int]
    figures: list[FigureChangeOut]
    rows: list[ClauseRowOut]


class JobOut(Out):
    """How far an upload is; `results` when it is done."""

    job: str
    state: Literal["waiting", "working", "done", "failed"]
    done: int
    total: int
    seconds_left: float | None = Field(description="预计还要几秒；还说不准时为 null")
    problem: str | None
    results: list["UploadedOut"]


class UploadedOut(Out):
    name: str
    action: str
    reason: str
    passages: int


class DeletedOut(Out):
    document_id: str
    files_left: list[str] = Field(description="磁盘上留下的原文件（不是从网页或接口上传的）")


class DraftedOut(Out):
    """One of the list."""

    id: str
    title: str
    updated: str
    permission: str
    shelf: str


class DraftsOut(Page):
    drafts: list[DraftedOut]


class SectionOut(Out):
    id: str
    heading: str
    level: int
    text: str
    state: str
    label: str


class FindingOut(Out):
    section: str
    sentence: str
    marks: list[int]
    verdict: str
    problems: list[str]
    is_foreign: bool


class DraftOut(Out):
    """`draft --json`."""

    id: str
    title: str
    kind: str
    sections: list[SectionOut]
    citations: list[CitationOut]
    checks: list[FindingOut]


class ChangeOut(Out):
    """Something that happened to a document: `at` is when it came to be known here."""

    id: str
    what: Literal["new", "amended", "repealed", "expired"]
    at: str
    document: DocumentOut
    by: str | None = Field(description="废止、修订它的文件的编号")
    quote: str = Field(description="说明这一点的原文")


class ChangesOut(Out):
    changes: list[ChangeOut]
    cursor: str = Field(description="下次从这里接着取：?cursor=")
    more: bool


class HealthOut(Out):
    status: Literal["ok", "indexing"]
    documents: int | None = Field(description="看得到多少份；没有密钥时为空")


class VersionOut(Out):
    version: str
    api: str
    generation: int | None = Field(description="您看得到的内容的版本：有变化才变；没有密钥时为空")


class ProblemOut(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None
