"""What tools answer: typed results, whose schemas the tools publish. Of what the interface gives
(schemas.py) the parts that a model can use."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from assistant.api.schemas import AnsweredOut, ComparedOut, FoundOut, HeadingOut
from vectorstore.models import StateName


class Answered(AnsweredOut):
    """An answer, with what its marks [1] stand for: fields of `ask --json`."""

    label: str = Field(description="谁写的：原文摘录，或模型辅助生成")


class Hit(FoundOut):
    """A passage that may answer, and what it stands in."""

    title: str
    document_number: str | None
    state: StateName


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
    outline: list[HeadingOut]
    text: str
    start: int
    end: int
    length: int = Field(description="全文的字数；end 小于它时可从 end 接着读")


class Compared(ComparedOut):
    """Some of `total` rows of a comparison."""

    summary: str
    total: int


def answered(content: dict[str, Any]) -> Answered:
    """From what `ask --json` prints."""
    told = {name: content[name] for name in AnsweredOut.model_fields}
    return Answered(**told, label=content["label"]["text"])
