"""What comes out. Answers are those of the command line (`ask --json` …): the same
values make both, and a field that only one of them has is a fault that tests find."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api.requests import Mode
from assistant.audit.audit import Confidence, Kind, Verdict
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


class AnswerOut(Out):
    """`ask --json`."""

    id: str | None
    question: str
    standalone_question: str
    answer: str
    mode: Mode
    refused: bool
    kind: str
    citations: list[CitationOut]
    checks: list[CheckOut]
    spans: list[SpanOut]
    near: list[CitationOut]
    notes: list[str]
    scope: list[str]
    corrected: list[SlipOut]
    added: list[str]
    label: LabelOut
    timings_ms: dict[str, float]


class HitOut(Out):
    """One of `search --json`."""

    rank: int
    score: float
    document_id: str
    source_path: str
    passage_id: str
    start: int
    end: int
    heading_path: list[str]
    text: str


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


class FactsOut(Out):
    """`facts --json`, in pages."""

    count: int
    offset: int
    limit: int
    facts: list[dict[str, Any]]


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
    summary: str
    claims: list[ClaimOut]


class ComparedOut(Out):
    """`compare --json`."""

    old: dict[str, Any]
    new: dict[str, Any]
    counts: dict[str, int]
    figures: list[dict[str, Any]]
    rows: list[dict[str, Any]]


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
    generation: int | None = Field(description="索引的版本；没有密钥时为空")


class ProblemOut(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None
