"""What tools are asked: typed arguments, described for the model that calls them. A name that a
tool does not have is an error that the model can mend."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from assistant.answers.answer import Mode
from assistant.api.requests import FactsIn, In, Narrowed
from assistant.indicators.chosen import KIND_NAMES
from vectorstore.facts import FactKind
from vectorstore.models import SearchFilter, StateName

Name = Annotated[str, Field(min_length=1, max_length=400)]
Id = Annotated[str, Field(min_length=1, max_length=100)]


class Scope(Narrowed):
    """Which documents are looked at; a field that is left out does not restrict."""

    years: Annotated[list[Annotated[int, Field(ge=1900, le=2200)]], Field(max_length=200)] = Field(
        default=[], description="印发年份"
    )

    def as_filter(self) -> SearchFilter:
        return self.within((year, year) for year in self.years)


class _Questioned(In):
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


class GetPassage(In):
    """Arguments of get_passage."""

    passage_id: Id = Field(description="段落的编号（search、ask 和 facts 给出）")


class GetDocument(In):
    """Arguments of get_document."""

    document: Name = Field(description="文件的编号、标题或文号")
    start: int = Field(0, ge=0, description="从全文的第几个字起")
    length: int = Field(4000, ge=0, le=20_000, description="给多少字；0 只要目录和说明")


class Facts(FactsIn):
    """Arguments of facts."""

    kind: Literal["", FactKind] = Field(
        "", description="，".join(f"{kind} {names[0]}" for kind, names in KIND_NAMES.items())
    )
    state: Literal["", StateName] = Field("", description="文件的时效状态")


class Compare(In):
    """Arguments of compare."""

    old: Name = Field(description="原来的文件：编号、标题或文号")
    new: Name = Field(description="新的文件：编号、标题或文号")
    every_row: bool = Field(False, description="未变的条款也列出")
    limit: int = Field(50, ge=1, le=500, description="一次最多给多少处")
    offset: int = Field(0, ge=0, le=100_000, description="从第几处起（0 为第一处）")


class CheckText(In):
    """Arguments of check_text."""

    text: str = Field(
        min_length=1, max_length=200_000, description="要核对的文稿：其中的标题、文号、引文和数字"
    )
