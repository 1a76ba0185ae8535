"""What tools answer: typed results, whose schemas the tools publish."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from assistant.answers.answer import Mode
from assistant.audit.audit import Claim
from assistant.cite.citation import Citation
from vectorstore.facts import Fact
from vectorstore.models import StateName


class SentenceCheck(BaseModel):
    """Whether the sources of a sentence bear it out."""

    sentence: str
    marks: list[int]
    verdict: str
    problems: list[str]


class Answered(BaseModel):
    """An answer, with what its marks [1] stand for: fields of `ask --json`."""

    question: str
    standalone_question: str = Field(description="补全后的问题")
    answer: str = Field(description="带标号 [1] 的回答")
    refused: bool = Field(description="资料库里没有读到答案")
    mode: Mode
    kind: str
    citations: list[Citation] = Field(description="各标号的出处，引文与原文一字不差")
    checks: list[SentenceCheck]
    near: list[Citation] = Field(description="没有答案时，相近的段落")
    notes: list[str]
    label: str = Field(description="谁写的：原文摘录，或模型辅助生成")


class Hit(BaseModel):
    """A passage that may answer."""

    rank: int
    score: float
    document_id: str
    title: str
    document_number: str | None
    state: StateName
    passage_id: str
    start: int
    end: int
    heading_path: list[str]
    text: str


class Found(BaseModel):
    """Passages, the best first."""

    hits: list[Hit]


class PassageText(BaseModel):
    """A passage and where it stands; text equals the source at [start, end) but for white space."""

    passage_id: str
    document_id: str
    title: str
    document_number: str | None
    state: StateName
    heading_path: list[str]
    text: str
    start: int
    end: int
    page: int | None
    previous: str | None = Field(description="前一段的编号")
    next: str | None = Field(description="后一段的编号")


class OutlineLine(BaseModel):
    """A heading; `start` is its place in the text."""

    level: int
    text: str
    start: int


class DocumentText(BaseModel):
    """What a document says of itself (null: not stated), and a stretch of its text."""

    document_id: str
    title: str
    issuer: str | None
    document_number: str | None
    region: list[str]
    kind: str | None
    date_written: date | None
    date_printed: date | None
    date_published: date | None
    date_effective: date | None
    period: str | None
    state: StateName = Field(description="今天的时效状态")
    passages: int
    outline: list[OutlineLine]
    text: str
    start: int
    end: int
    length: int = Field(description="全文的字数；end 小于它时可从 end 接着读")


@dataclass(frozen=True)
class FactRow(Fact):
    """A fact and the document that states it: fields of `facts --json`."""

    title: str = ""
    document_number: str | None = None
    state: StateName = "未标注"
    source_path: str = ""


class FactsFound(BaseModel):
    """Some of `count` facts, in the order of documents and of their text."""

    count: int
    facts: list[FactRow]


class Named(BaseModel):
    """One side of a comparison."""

    document_id: str
    title: str
    document_number: str | None
    date: str | None


class Clause(BaseModel):
    """A clause as one document numbers it."""

    number: str
    text: str
    heading_path: list[str]
    start: int
    end: int


class Part(BaseModel):
    """A stretch of a clause; `mark` says whether the other side lacks it."""

    text: str
    mark: Literal["", "deleted", "inserted"]


class ClauseRow(BaseModel):
    """What became of a clause."""

    kind: str
    renumbered: bool
    old: Clause | None
    new: Clause | None
    old_parts: list[Part]
    new_parts: list[Part]
    note: str


class FigureChange(BaseModel):
    """A figure that changed; `row` counts all rows from 0."""

    old: str | None
    new: str | None
    row: int


class Compared(BaseModel):
    """Two documents clause by clause: fields of `compare --json`, some of `total` rows."""

    old: Named
    new: Named
    summary: str
    counts: dict[str, int]
    figures: list[FigureChange]
    total: int
    rows: list[ClauseRow]


class Checked(BaseModel):
    """What a text states, held against the library."""

    summary: str
    claims: list[Claim] = Field(description="按出现的先后；verdict 为 不符、已失效 的要改")


def answered(content: dict[str, Any]) -> Answered:
    """From what `ask --json` prints."""
    return Answered.model_validate({**content, "label": content["label"]["text"]})
