"""The audit log as people read it: which entries, and these as a table or as lines of JSON."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from vectorstore.chain.chain import Chosen, Kept, stamp
from vectorstore.chain.verifying import Verdict
from vectorstore.errors import PolicyError
from vectorstore.files.surrogates import whole
from vectorstore.language.text import INVISIBLE

_LONGEST = 200  # characters of what is looked for
FIELDS = ("from", "to", "who", "deed", "document", "result")
COLUMNS = ("number", "at", "who", "name", "address", "deed", "on", "result", "details", "text",
           "erased", "hash")  # fmt: skip
_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # what Excel takes a cell for, if it begins so


def chosen_of(given: Mapping[str, str]) -> Chosen:
    """From what somebody chose; `from` and `to` are days at this place, both included. Raises
    PolicyError for what is no day."""
    said = {name: " ".join(str(given.get(name, "")).split())[:_LONGEST] for name in FIELDS}
    return Chosen(
        since=_midnight(said["from"], 0),
        until=_midnight(said["to"], 1),
        who=said["who"],
        deed=said["deed"],
        document=said["document"],
        result=said["result"],
    )


def _midnight(day: str, days_later: int) -> str:
    if not day:
        return ""
    try:
        begins = date.fromisoformat(day) + timedelta(days=days_later)
        return stamp(datetime.combine(begins, time.min).astimezone())
    except (ValueError, OverflowError):
        raise PolicyError(f"“{day[:40]}”不是日期；请写成 2027-03-31 这样") from None


def shown_time(at: str) -> str:
    """A time of the log as the clock on the wall shows it."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError):
        return at


def as_json(kept: Kept) -> dict[str, Any]:
    """An entry with `body`, the very text that its hash is over: whoever has these lines can
    check the chain without this program."""
    personal = dict(kept.record.personal)
    return {
        "number": kept.number,
        "at": kept.at,
        "who": kept.record.who,
        "name": personal.pop("name", ""),
        "address": personal.pop("address", ""),
        "deed": kept.record.deed,
        "on": kept.record.on,
        "result": kept.record.result,
        "details": dict(kept.record.details),
        "text": personal,
        "erased": kept.is_erased,
        "hash": kept.hash,
        "body": kept.body,
    }


def json_lines(entries: Iterable[Kept]) -> Iterator[str]:
    for kept in entries:
        yield whole(json.dumps(as_json(kept), ensure_ascii=False)) + "\n"


def csv_lines(entries: Iterable[Kept]) -> Iterator[str]:
    """For Excel: with its mark of UTF-8, and no cell that it would take for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield "\ufeff"
    for row in _rows(entries):
        writer.writerow(map(_cell, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _rows(entries: Iterable[Kept]) -> Iterator[list[Any]]:
    yield list(COLUMNS)
    for kept in entries:
        value = as_json(kept)
        for name in ("details", "text"):
            value[name] = json.dumps(value[name], ensure_ascii=False) if value[name] else ""
        yield [value[name] for name in COLUMNS]


def _cell(value: object) -> str:
    text = INVISIBLE.remove_from(whole(str(value))).replace("\0", "\ufffd")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def verdict_line(verdict: Verdict) -> tuple[str, str]:
    """What verifying found, in Chinese and English."""
    pruned = verdict.anchor.number
    zh = f"（此前 {pruned} 条已按期清理）" if pruned else ""
    en = f" ({pruned} before them were pruned)" if pruned else ""
    if verdict.erased:
        zh += f"，其中 {verdict.erased} 条的姓名、地址和文字已按要求清除"
        en += f", personal parts of {verdict.erased} erased on request"
    if verdict.fault:
        return (
            f"日志不完整：{verdict.fault.said}。此前 {verdict.entries} 条完好{zh}",
            f"The log is broken: {verdict.fault.what} at entry {verdict.fault.number}; "
            f"{verdict.entries} entries before it are sound{en}",
        )
    return (f"日志完整：{verdict.entries} 条前后相连{zh}",
            f"The log is whole: {verdict.entries} entries{en}")  # fmt: skip
