"""What tools are asked: typed arguments, described for the model that calls them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answers.answer import Mode
from assistant.indicators.chosen import KIND_NAMES
from vectorstore.facts import FactKind
from vectorstore.models import SearchFilter, StateName

Word = Annotated[str, Field(max_length=60)]
Name = Annotated[str, Field(min_length=1, max_length=400)]
Id = Annotated[str, Field(min_length=1, max_length=100)]


class Arguments(BaseModel):
    """Of any tool: a name that it does not have is an error that the model can mend."""

    model_config = ConfigDict(extra="forbid")


class Scope(Arguments):
    """Which documents are looked at; a field that is left out does not restrict."""

    document_ids: Annotated[list[Id], Field(max_length=1000)] | None = Field(
        default=None, description="只看这些文件（编号）"
    )
    regions: Annotated[list[Word], Field(max_length=50)] = Field(
        default=[], description="适用地区，如 云岭省/青禾市；包括其下级"
    )
    issuers: Annotated[list[Word], Field(max_length=50)] = Field(default=[], description="发文机关")
    kinds: Annotated[list[Word], Field(max_length=50)] = Field(
        default=[], description="文种，如 通知、意见"
    )
    years: Annotated[list[Annotated[int, Field(ge=1900, le=2200)]], Field(max_length=200)] = Field(
        default=[], description="印发年份"
    )
    statuses: Annotated[list[StateName], Field(max_length=7)] = Field(
        default=[], description="时效状态"
    )

    def where(self) -> SearchFilter:
        ids = None if self.document_ids is None else frozenset(self.document_ids)
        return SearchFilter(
            ids,
            tuple(self.regions),
            tuple(self.issuers),
            tuple((year, year) for year in self.years),
            tuple(self.kinds),
            tuple(self.statuses),
        )


class _Questioned(Arguments):
    question: str = Field(
        min_length=1, max_length=20_000, description="用户的问题，照原话；地区、年份、文号写明更准"
    )
    earlier: Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=20)] = Field(
        default=[], description="同一次谈话中用户此前的提问，先问的在前；追问（那××市呢）要靠它补全"
    )
    scope: Scope = Field(Scope(), description="只在哪些文件里找")
    as_of: date | None = Field(None, description="按哪一天判断时效，默认今天")

    @property
    def turns(self) -> tuple[str, ...]:
        return (*self.earlier, self.question)


class Search(_Questioned):
    """Arguments of search."""

    limit: int = Field(10, ge=1, le=50, description="最多给多少个段落")


class Ask(_Questioned):
    """Arguments of ask."""

    mode: Mode | None = Field(
        default=None, description="extractive 摘录原句，model 由本系统的语言模型写；默认按系统设置"
    )


class GetPassage(Arguments):
    """Arguments of get_passage."""

    passage_id: Id = Field(description="段落的编号（search、ask 和 facts 给出）")


class GetDocument(Arguments):
    """Arguments of get_document."""

    document: Name = Field(description="文件的编号、标题或文号")
    start: int = Field(0, ge=0, description="从全文的第几个字起")
    length: int = Field(4000, ge=0, le=20_000, description="给多少字；0 只要目录和说明")


class Facts(Arguments):
    """Arguments of facts."""

    kind: Literal["", FactKind] = Field(
        "", description="，".join(f"{kind} {names[0]}" for kind, names in KIND_NAMES.items())
    )
    place: Word = Field("", description="地区，如 青禾市 或 云岭省/青禾市")
    word: Word = Field("", description="主题词，如 自来水普及率")
    organ: Word = Field("", description="部门，如 教育局")
    year: str = Field("", max_length=9, description="年份，如 2027 或 2025-2027")
    state: Literal["", StateName] = Field("", description="文件的时效状态")
    document: str = Field("", max_length=100, description="一份文件的编号")
    limit: int = Field(50, ge=1, le=200, description="一次最多给多少条")
    offset: int = Field(0, ge=0, le=1_000_000, description="从第几条起（0 为第一条）")


class Compare(Arguments):
    """Arguments of compare."""

    old: Name = Field(description="原来的文件：编号、标题或文号")
    new: Name = Field(description="新的文件：编号、标题或文号")
    every_row: bool = Field(False, description="未变的条款也列出")
    limit: int = Field(50, ge=1, le=500, description="一次最多给多少处")
    offset: int = Field(0, ge=0, le=100_000, description="从第几处起（0 为第一处）")


class CheckText(Arguments):
    """Arguments of check_text."""

    text: str = Field(
        min_length=1, max_length=200_000, description="要核对的文稿：其中的标题、文号、引文和数字"
    )
