"""Whether the chain holds; if not, which entry is the first that does not, and what befell it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vectorstore.chain.chain import ERASED, PRUNED, Chain, Head, anchor_of, digest, head_of
from vectorstore.database.port import Connection

What = Literal["altered", "removed", "inserted", "reordered", "cut", "text altered", "text removed"]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the chain is broken; `number` 0 where none can be named."""

    what: What
    number: int
    said: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `anchor` is the last entry that was pruned, number 0 for none."""

    entries: int
    head: Head
    anchor: Head
    erased: int  # entries whose personal part was erased, with an entry that says so
    fault: Fault | None = None


def verify(chain: Chain, head: str = "") -> Verdict:
    """Reads the whole log as it is at one moment. `head` is one printed earlier, as
    'number:hash' or as the hash alone."""
    with chain.database.reading() as db:
        anchor, last = anchor_of(db), head_of(db)
        walk = _Walk(db, anchor)
        fault = walk.first_fault() or walk.anchor_fault() or _head_fault(db, anchor, last, head)
        return Verdict(walk.entries, last, anchor, walk.erased, fault)


class _Walk:
    """Once through the entries, in the order of their numbers."""

    def __init__(self, db: Connection, anchor: Head):
        self.db = db
        self.anchor = anchor
        self.entries = self.erased = 0
        self._pruned: dict[str, Any] = {}
        self._erasures = [
            (row[0], row[1])
            for row in db.execute("SELECT object, number FROM entries WHERE deed = ?", [ERASED])
        ]

    def first_fault(self) -> Fault | None:
        at, before = self.anchor.number, self.anchor.hash
        rows = self.db.execute(
            "SELECT e.number, e.body, e.hash, p.content FROM entries e "
            "LEFT JOIN personal p ON p.number = e.number WHERE e.number > ? ORDER BY e.number", [at],
        )  # fmt: skip
        for number, body, own, content in rows:
            at += 1
            if number != at:
                return _removed(at, number - 1)
            value = _value(body)
            if value.get("number") != number or digest(before, body) != own:
                return self._diagnosed(number, value, before)
            if fault := self._text_fault(number, value, content):
                return fault
            if value["deed"] == PRUNED:
                self._pruned = value["details"]
            self.entries, before = self.entries + 1, own
        return None

    def _diagnosed(self, number: int, value: dict[str, Any], before: str) -> Fault:
        """What befell an entry that does not follow the one before it."""
        own = value.get("number")
        if isinstance(own, int) and own != number:
            if own < number:
                return _inserted(own)
            if self._is_elsewhere(number):
                return Fault("reordered", number, f"第 {number} 条处放着第 {own} 条：次序被调换")
            return _removed(number, own - 1)
        after = self.db.execute(
            "SELECT body, hash FROM entries WHERE number = ?", [number + 1]
        ).fetchone()
        if after and (
            digest(before, after[0]) == after[1] or _value(after[0]).get("number") == number
        ):
            return _inserted(number)
        return Fault("altered", number, f"第 {number} 条被改动过：内容与校验值不符")

    def _is_elsewhere(self, number: int) -> bool:
        rows = self.db.execute("SELECT body FROM entries WHERE number > ?", [number])
        return any(_value(body).get("number") == number for (body,) in rows)

    def _text_fault(self, number: int, value: dict[str, Any], content: str | None) -> Fault | None:
        said = value["personal"]
        if content is not None:
            if digest(content) == said:
                return None
            return Fault("text altered", number, f"第 {number} 条的姓名、地址或文字被改动过")
        if not said:
            return None
        about = (value["who"], value["on"])
        if any(person in about and number < at for person, at in self._erasures):
            self.erased += 1
            return None
        return Fault(
            "text removed", number, f"第 {number} 条的姓名、地址或文字被删去，而没有清除的记录"
        )

    def anchor_fault(self) -> Fault | None:
        """Where the chain begins is what the last pruning says, and it stays in the chain."""
        start = self.anchor
        if start.number and (self._pruned.get("up_to"), self._pruned.get("hash")) != (
            start.number, start.hash,
        ):  # fmt: skip
            return Fault(
                "removed", start.number, f"开头到第 {start.number} 条被删去，而没有清理的记录"
            )
        return None


def _head_fault(db: Connection, anchor: Head, last: Head, head: str) -> Fault | None:
    number, _, own = head.strip().lower().rpartition(":")
    if not own:
        return None
    known = (own,) == (anchor.hash,) or db.execute(
        "SELECT number FROM entries WHERE hash = ?", [own]
    ).fetchone()
    if known:
        return None
    at = int(number) if number.isascii() and number.isdigit() else 0
    if at and at < anchor.number:
        return Fault(
            "cut",
            at,
            f"第 {at} 条已按期清理（清理到第 {anchor.number} 条），不能再用它的校验值核对",
        )
    if at > last.number:
        return Fault("cut", last.number + 1, f"第 {last.number + 1} 到 {at} 条被删去：末尾被截断")
    return Fault("cut", at, "找不到另存的校验值：日志的末尾被截断，或整个日志被重写")


def _removed(first: int, last: int) -> Fault:
    which = f"第 {first} 条" if first == last else f"第 {first} 到 {last} 条"
    return Fault("removed", first, f"{which}被删去")


def _inserted(number: int) -> Fault:
    return Fault("inserted", number, f"第 {number} 条是插进来的：它前后的条目原来相连")


def _value(body: Any) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, TypeError):
        return {}
    needed: Sequence[str] = ("number", "deed", "who", "on", "details", "personal")
    return value if isinstance(value, dict) and all(name in value for name in needed) else {}
