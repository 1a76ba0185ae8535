"""The tools, one row each: what it is called, what it takes and gives, and which scope opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcp_types import Tool, ToolAnnotations
from pydantic import BaseModel

from assistant.api.schemas import AuditOut, FactsFoundOut
from assistant.api.tools import asked, told
from assistant.api.tools.deeds import Caller, Deeds
from assistant.events import Progress
from assistant.people.keys import Scope

Work = Callable[[Deeds, Caller, Any, Progress], BaseModel]


@dataclass(frozen=True)
class Row:
    """One tool. `is_heavy` work waits in the line with everybody's questions."""

    name: str
    scope: Scope
    title: str
    said: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    work: Work
    is_heavy: bool = False

    def described(self) -> Tool:
        """As the protocol lists it. None of them changes anything."""
        return Tool(
            name=self.name,
            title=self.title,
            description=self.said,
            input_schema=self.takes.model_json_schema(),
            output_schema=self.gives.model_json_schema(mode="serialization"),
            annotations=ToolAnnotations(
                read_only_hint=True, destructive_hint=False, idempotent_hint=True,
                open_world_hint=False,
            ),
        )  # fmt: skip


ROWS = (
    Row(
        "search", "search", "检索段落",
        "在政策文件库里找最相关的段落，按相关程度排列。要原文依据时用它；要直接的答案用 ask。"
        " Finds passages of the policy documents.",
        asked.Search, told.Found, Deeds.search, is_heavy=True,
    ),
    Row(
        "ask", "ask", "提问",
        "根据文件库回答一个问题：完整的句子，每句带标号 [1]，出处在 citations，引文与原文一字不差。"
        "refused 为真表示没有读到答案，不要自行补充。"
        " Answers from the documents, with exact citations.",
        asked.Ask, told.Answered, Deeds.ask, is_heavy=True,
    ),
    Row(
        "get_passage", "read", "读一个段落",
        "一个段落的全文、所在文件和前后段落的编号。 One passage and its place.",
        asked.GetPassage, told.PassageText, Deeds.get_passage,
    ),
    Row(
        "get_document", "read", "读一份文件",
        "一份文件的发文信息、时效、目录和一段正文；正文长，用 start 和 length 分次读。"
        " A document: metadata, outline and a stretch of its text.",
        asked.GetDocument, told.DocumentText, Deeds.get_document,
    ),
    Row(
        "facts", "read", "指标与分工",
        "文件里写明的指标、任务分工、金额、条件、时限、联系方式，逐条带出处；适合列表和统计。"
        " What the documents state, as rows.",
        asked.Facts, FactsFoundOut, Deeds.facts,
    ),
    Row(
        "compare", "read", "修订对照",
        "两份文件（如新旧两版）逐条对照：增、删、改和数字变化。 Two documents clause by clause.",
        asked.Compare, told.Compared, Deeds.compare, is_heavy=True,
    ),
    Row(
        "check_text", "audit", "核对文稿",
        "核对一段文稿里的标题、文号、引文和数字与文件库是否相符，引用的文件是否已失效。"
        " Checks a text against the documents.",
        asked.CheckText, AuditOut, Deeds.check_text, is_heavy=True,
    ),
)  # fmt: skip
TOOLS = {row.name: row for row in ROWS}
