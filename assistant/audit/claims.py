"""What an audit says: one thing that a text states, and what came of looking it up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.cite.citation import Citation

Kind = Literal[
    "标题", "文号", "引文", "数字", "表述", "牵头单位", "责任单位", "日期", "效力", "合计", "对象", "层级",
]  # fmt: skip
Verdict = Literal["相符", "不符", "已失效", "未收录"]
Confidence = Literal["高", "中", "低"]


@dataclass(frozen=True, slots=True)
class Claim:
    """text[start:end] states something; the verdict, and what it was held against.

    `right` is what should stand there, offered only where a passage says so of the same matter,
    year and place; `sure` says how far the verdict can be relied on.
    """

    kind: Kind
    text: str
    start: int
    end: int
    verdict: Verdict
    message: str
    source: Citation | None = None
    right: str | None = None
    sure: Confidence = "高"

    @property
    def is_fault(self) -> bool:
        return self.verdict in ("不符", "已失效") or (
            self.verdict == "未收录" and self.kind in ("标题", "文号", "引文")
        )

    @property
    def advice(self) -> str:
        """The message with what should stand there, and how far it can be relied on."""
        said = f"{self.message}；建议改为“{self.right}”" if self.right else self.message
        return f"{said}（可信程度：{self.sure}）" if self.verdict != "相符" else said


def summary(claims: Sequence[Claim]) -> str:
    """What was looked up and what came of it, in one line."""
    counts = Counter(claim.verdict for claim in claims)
    said = "，".join(f"{name} {counts[name]} 处" for name in get_args(Verdict) if counts[name])
    return (
        f"核对了 {len(claims)} 处：{said}。"
        if claims
        else "没有找到可核对的标题、文号、引文或数字。"
    )
