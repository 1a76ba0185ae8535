"""What somebody typed into a field of a document's metadata, checked and in the form that the
catalogue keeps; what cannot be kept is answered with a sentence."""

import re
from collections.abc import Callable
from datetime import date

from vectorstore.corrections import DATES, FIELDS
from vectorstore.errors import PolicyError
from vectorstore.language.dates import YEAR_RANGE, whole_date
from vectorstore.language.names import (
    DOCUMENT_NUMBER,
    KINDS,
    STANDARD_NUMBER,
    written_number,
)
from vectorstore.language.regions import region_of_name
from vectorstore.language.text import INVISIBLE

LONGEST = {"title": 300, "issuer": 200, "publisher": 100, "document_number": 60, "region": 60}
_USUAL = 40  # characters of any other field
STATUSES = ("现行有效", "尚未生效", "已修改", "已失效", "已废止")
_FIRST_YEAR, _YEARS_AHEAD = 1900, 30
_LONGEST_PERIOD = 50  # years
_PARTS = re.compile(r"[/／、,，\s]+")
_NUMBERED = re.compile(r"[\d零〇一二三四五六七八九十百]")


class Refused(PolicyError):
    """What was typed cannot be kept."""


def checked_value(name: str, typed: str, today: date) -> str | None:
    """The value to keep; None for an empty field, 未载明. Raises Refused."""
    said = " ".join(INVISIBLE.remove_from(typed).split())
    if not said:
        if name == "title":
            raise Refused("没有保存：标题不能空着。")
        return None
    longest = LONGEST.get(name, _USUAL)
    if len(said) > longest:
        raise Refused(f"没有保存：{FIELDS[name]}请不超过 {longest} 个字（现在 {len(said)} 个）。")
    if name in DATES:
        return _day(name, said, today)
    check = _CHECKS.get(name)
    return check(said) if check else said


def _day(name: str, said: str, today: date) -> str:
    day = whole_date(said)
    if day is None:
        raise Refused(
            f"没有保存：{FIELDS[name]}“{said}”不是日期；请写成 2021-03-05 或 2021年3月5日。"
        )
    last = today.year + _YEARS_AHEAD
    if not _FIRST_YEAR <= day.year <= last:
        raise Refused(f"没有保存：{FIELDS[name]}的年份应在 {_FIRST_YEAR} 和 {last} 之间。")
    return day.isoformat()


def _number(said: str) -> str:
    """国发(2021)9号 in the brackets that catalogues keep; an order's number as it is."""
    if match := DOCUMENT_NUMBER.fullmatch(said):
        return written_number(match)
    if STANDARD_NUMBER.fullmatch(said) or (_NUMBERED.search(said) and "号" in said):
        return said
    raise Refused(
        f"没有保存：“{said}”不像发文字号；请写成 国办发〔2021〕20号、某市人民政府令第12号 "
        "或 GB/T 12345—2020 的样子。"
    )


def _region(said: str) -> str:
    parts = [part for part in _PARTS.split(said) if part]
    if len(parts) > 4 or not all(re.fullmatch(r"[\u4e00-\u9fff]{2,20}", part) for part in parts):
        raise Refused(f"没有保存：地区“{said}”请从省写起，如 云南省/保山市/隆阳区。")
    path = region_of_name("".join(parts))
    return "/".join(path if path and len(path) >= len(parts) else parts)


def _kind(said: str) -> str:
    if not re.fullmatch(r"[\u4e00-\u9fff]{1,10}", said):
        raise Refused(f"没有保存：文种“{said}”应是 通知、意见、办法 这样的一个词。")
    return said


def _period(said: str) -> str:
    match = YEAR_RANGE.search(said)
    if match is None:
        raise Refused(f"没有保存：规划期“{said}”请写成起止年份，如 2021—2025。")
    first, last = int(match["first"]), int(match["last"])
    if not 0 <= last - first <= _LONGEST_PERIOD:
        raise Refused(f"没有保存：规划期“{said}”的终止年份应在起始年份之后。")
    return f"{first}—{last}"


def _status(said: str) -> str:
    if said not in STATUSES:
        raise Refused(f"没有保存：时效性请从 {'、'.join(STATUSES)} 里选一个，或空着。")
    return said


_CHECKS: dict[str, Callable[[str], str]] = {
    "document_number": _number,
    "region": _region,
    "kind": _kind,
    "period": _period,
    "status": _status,
}
CHOICES = {"kind": KINDS, "status": STATUSES}
