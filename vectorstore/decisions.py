"""What people decided of pairs of documents that no text settles. Not read from documents: kept
by the catalogue when these are read again, changed or removed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Verdict = Literal["替代", "修订", "废止", "无关"]
VERDICTS: tuple[Verdict, ...] = ("替代", "修订", "废止", "无关")
LONGEST_REASON = 300  # characters
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Decision:
    """What the document `newer` does to `older`, as `who` found on `day`; the titles are those
    of that day, for a document that is gone since."""

    older: str
    newer: str
    verdict: Verdict
    reason: str
    who: str
    day: date
    older_title: str = ""
    newer_title: str = ""

    @property
    def is_confirmed(self) -> bool:
        return self.verdict != "无关"

    @property
    def pair(self) -> tuple[str, str]:
        return (self.older, self.newer)

    @property
    def said(self) -> str:
        """Never the words of a document: who found it, when and why."""
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        return f"由人{'确认' if self.is_confirmed else '否定'}：{self.reason}（{self.who}，{day}）"
