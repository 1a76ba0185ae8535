"""What callers send."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.api.paging import FURTHEST, MOST, USUAL
from assistant.audit.audit import MAX_CHARACTERS
from assistant.drafting.desk import MAX_REQUEST
from assistant.indicators.chosen import MOST as LONGEST_CHOICE
from vectorstore.models import SearchFilter, StateName

FIRST_DAY, LAST_DAY = date(1949, 1, 1), date(2199, 12, 31)
MOST_TURNS = 50
Mode = Literal["extractive", "model"]
Short = Annotated[str, Field(max_length=200)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Year = Annotated[int, Field(ge=1, le=9999)]
Choice = Annotated[str, Field(max_length=LONGEST_CHOICE)]


class In(BaseModel):
    """Of callers: a misspelt name is refused, not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Narrowed(In):
    """Which documents are looked at, but for their years; an empty field does not restrict."""

    document_ids: list[Short] | None = Field(
        default=None, max_length=1000, description="只看这些文件（编号）"
    )
    regions: list[Short] = Field(
        default=[], max_length=50, description="适用地区，如 云岭省/青禾市；包括其下级"
    )
    issuers: list[Short] = Field(default=[], max_length=50, description="发文机关")
    kinds: list[Short] = Field(default=[], max_length=50, description="文种，如 通知、意见")
    statuses: list[StateName] = Field(default=[], max_length=10, description="时效状态")

    def within(self, years: Iterable[tuple[int, int]]) -> SearchFilter:
        ids = None if self.document_ids is None else frozenset(self.document_ids)
        return SearchFilter(ids, tuple(self.regions), tuple(self.issuers), tuple(years),
                            tuple(self.kinds), tuple(self.statuses))  # fmt: skip


class Scope(Narrowed):
    """Which documents are looked at; an empty field does not restrict."""

    years: list[tuple[Year, Year]] = Field(default=[], max_length=50, description="起止年份")

    def as_filter(self) -> SearchFilter:
        return self.within(self.years)


class Asked(In):
    """`question`, or `turns`: the user's messages so far, of which the last is asked."""

    question: str | None = Field(
        default=None, max_length=20_000, description="一个问题；或者给 turns"
    )
    turns: list[Annotated[str, Field(max_length=20_000)]] | None = Field(default=None, max_length=MOST_TURNS, description="这次对话里用户的各句话，最后一句是要问的")  # fmt: skip
    scope: Scope = Field(default_factory=Scope, description="只看哪些文件")
    as_of: Day | None = Field(default=None, description="时效按哪一天判断；默认今天")

    @model_validator(mode="after")
    def _one_of_both(self) -> "Asked":
        if (self.question is None) == (not self.turns):
            raise ValueError("give either question or turns")
        return self

    @property
    def all_turns(self) -> tuple[str, ...]:
        return tuple(self.turns or [self.question or ""])


class AskIn(Asked):
    id: Short | None = Field(default=None, description="原样写在回答的 id 里")
    mode: Mode | None = Field(default=None, description="extractive 摘录，model 生成；默认按设置")
    stream: bool = Field(default=False, description="true 时以 text/event-stream 逐步返回")


class SearchIn(Asked):
    limit: int = Field(default=10, ge=1, le=100)


class FactsIn(In):
    """The filters of `facts`; an empty one does not restrict."""

    kind: Choice = Field(default="", description="哪一类：指标、任务分工、金额……")
    place: Choice = Field(default="", description="地区，如 青禾市 或 云岭省/青禾市")
    word: Choice = Field(default="", description="主题词，如 自来水普及率")
    organ: Choice = Field(default="", description="部门，如 教育局")
    year: Choice = Field(default="", description="年份，如 2027 或 2025-2027")
    state: Choice = Field(default="", description="文件的时效状态")
    document: Choice = Field(default="", description="一份文件的编号")
    limit: int = Field(default=USUAL, ge=1, le=MOST, description="一次最多给多少条")
    offset: int = Field(default=0, ge=0, le=FURTHEST, description="从第几条起（0 为第一条）")


class AuditIn(In):
    text: str = Field(min_length=1, max_length=MAX_CHARACTERS)
    scope: Scope = Field(default_factory=Scope)
    as_of: Day | None = None


class DraftIn(In):
    request: str = Field(min_length=1, max_length=MAX_REQUEST, description="如 起草《××市养老服务实施方案》")  # fmt: skip
    unit: Short = ""
    region: Short = ""
    mode: Mode | None = None
    write: bool = Field(default=True, description="false 只列提纲")
