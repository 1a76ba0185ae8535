"""Numbering of parts: 一、（一）1.（1）, one after the other, and headings without a stop."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.proofreading.rule import Found, Line, Page, Rule
from vectorstore.language.numerals import whole_number

_N = "[一二三四五六七八九十]{1,3}"
# Each level as it may be written, and what is right for a number.
_WRITTEN = (
    re.compile(rf"(?P<n>{_N})(?:[、.．,，:：。]|(?=[ \u3000]))"),
    # also with one bracket lost, where no other closes: （二基层活动, 二）基层活动
    re.compile(
        rf"[（(](?P<n>{_N})(?:[)）]|(?=[^（()）年月日个项类级]{{2,60}}$))[、.．,，:：]?|(?P<lost>{_N})[)）]"
    ),
    re.compile(r"(?P<n>\d{1,2})[.．、,，](?![\d%％])"),
    re.compile(r"[（(](?P<n>\d{1,2})[)）][、.．,，:：]?"),
)
_DIGITS = "一二三四五六七八九"
_HEADING_LENGTH = 30


@dataclass(frozen=True, slots=True)
class _Item:
    level: int
    number: int
    start: int
    end: int
    line: Line


def written(number: int, level: int) -> str:
    """
    >>> written(12, 0), written(3, 1), written(2, 2), written(1, 3)
    ('十二、', '（三）', '2.', '（1）')
    """
    if level >= 2:
        return f"{number}." if level == 2 else f"（{number}）"
    tens, ones = divmod(number, 10)
    han = (_DIGITS[tens - 1] if tens > 1 else "") + ("十" if tens else "")
    han += _DIGITS[ones - 1] if ones else ""
    return f"{han}、" if level == 0 else f"（{han}）"


def items(page: Page) -> list[_Item]:
    """The lines that begin with a number, but for those of a list of annexes."""
    found = []
    in_annexes = False
    for line in page.lines:
        in_annexes = line.text.startswith("附件") or (in_annexes and line.text[0].isdigit())
        if in_annexes:
            continue
        for level, pattern in enumerate(_WRITTEN):
            if match := pattern.match(line.text):
                span = line.start + match.start(), line.start + match.end()
                named = match.groupdict()
                number = whole_number(named["n"] or named["lost"])
                if number and len(line.text) > match.end():
                    found.append(_Item(level, number, *span, line))
                break
    return found


def _forms(page: Page) -> Iterator[Found]:
    """Numbers whose mark or brackets are not those of their level."""
    for item in items(page):
        right = written(item.number, item.level)
        said = page.text[item.start : item.end]
        if said.replace("．", ".") != right:
            gap = page.text[item.end : item.line.end]
            end = item.end + len(gap) - len(gap.lstrip()) if item.level == 0 else item.end
            yield item.start, end, right


def _sequence(page: Page) -> Iterator[Found]:
    """Numbers that skip or repeat one, and an item that bears the mark of another level."""
    found = items(page)
    counts = [0, 0, 0, 0]
    for at, item in enumerate(found):
        level, expected = item.level, counts[item.level] + 1
        if item.number == expected or (item.number == 1 and not _goes_on(found, at, expected)):
            counts[level] = item.number
        elif expected == 1 and (stray := _stray(found[:at], item)):
            yield stray.start, stray.end, written(1, level)
            counts[level] = item.number
        elif (meant := _meant(found, at, counts)) is not None:
            yield item.start, item.end, written(item.number, meant)
            level = meant
            counts[level] = item.number
        else:
            yield item.start, item.end, written(expected, level)
            after = _next(found[at + 1 :], level)
            ahead = after is not None and after.number == expected + 1
            counts[level] = expected if ahead or item.number < expected else item.number
        counts[level + 1 :] = [0] * (3 - level)


def _next(behind: Sequence[_Item], level: int) -> _Item | None:
    """The next of the same level below the same heading."""
    for item in behind:
        if item.level < level:
            return None
        if item.level == level:
            return item
    return None


def _meant(found: Sequence[_Item], at: int, counts: Sequence[int]) -> int | None:
    """The level whose series an item out of order fits in: the number before stands there, and
    the one behind follows."""
    item = found[at]
    for level in range(4):
        if level != item.level and item.number > 1 and counts[level] + 1 == item.number:
            after = _next(found[at + 1 :], level)
            if after is None or after.number == item.number + 1:
                return level
    return None


def _stray(before: Sequence[_Item], item: _Item) -> _Item | None:
    """The lone 1 of a deeper level in front of an item 2 that has no 1 of its own."""
    if not before or item.number != 2:
        return None
    last = before[-1]
    return last if last.number == 1 and last.level > item.level else None


def _goes_on(found: Sequence[_Item], at: int, expected: int) -> bool:
    """Whether an item numbered 1 stands in a series that goes on behind it."""
    after = _next(found[at + 1 :], found[at].level)
    return after is not None and after.number == expected + 1 and expected > 1


def _levels(page: Page) -> Iterator[Found]:
    """1. right below 一、 in a text that has （一） elsewhere below 一、."""
    found = items(page)
    if not any(a.level == 0 and b.level == 1 for a, b in pairwise(found)):
        return
    level, skipped = 0, False
    for item in found:
        if item.level < 2:
            level, skipped = item.level, False
        elif item.level == 2 and level == 0 and (skipped or item.number == 1):
            skipped = True
            yield item.start, item.end, written(item.number, 1)


def _stops(page: Page) -> Iterator[Found]:
    """A heading on a line of its own that ends with a mark, with its text below it."""
    found = items(page)
    starts = {item.line.start: item for item in found}
    neighbours = pairwise(page.lines)
    listed = {
        line.start
        for before, line in neighbours
        if (a := starts.get(before.start)) and (b := starts.get(line.start)) and a.level == b.level
    }
    for line, after in pairwise(page.lines):
        item = starts.get(line.start)
        if item is None or item.level > 1 or len(line.text) > _HEADING_LENGTH:
            continue
        held = line.text[item.end - item.start : -1]
        below = starts.get(after.start)
        if line.start in listed or _ARTICLE.match(after.text):
            continue
        has_text = below is None or below.level > item.level
        plain = not any(mark in held for mark in "。；！？，")
        if line.text[-1] in "。；，、.;," and has_text and plain:
            yield line.end - 1, line.end, ""


_ARTICLE = re.compile(r"第[一二三四五六七八九十百\d]{1,6}[条章节]")
_RUN_IN = re.compile(
    rf"^[（(]{_N}[)）](?P<head>[\u4e00-\u9fff“”、]{{4,20}}?)(?P<gap>[ \u3000]{{1,4}})(?=[\u4e00-\u9fff])"
)


def _run_in(page: Page) -> Iterator[Found]:
    """（一）加强领导 各地要…: a heading in the line of its text ends with a full stop."""
    for line in page.lines:
        match = _RUN_IN.match(line.text)
        if match and len(line.text) > match.end() + 15:
            yield line.start + match.start("gap"), line.start + match.end("gap"), "。"


_TOLD = re.compile(rf"(?<=[。；：:;，,\n])(?P<n>{_N})(?P<is>是|要)(?=[^的非])")
_SAID = re.compile(r"(?<![\u4e00-\u9fff])第(?P<n>[一二三四五六七八九十])[，、]")


def _told_off(page: Page) -> Iterator[Found]:
    """一是…二是…四是: items that a paragraph counts off."""
    for line in page.lines:
        for pattern in (_TOLD, _SAID):
            count = 0
            for match in pattern.finditer(f"。{line.text}"):
                number = whole_number(match["n"])
                if number == 1 or not count:
                    count = 1 if number == 1 else 0
                    continue
                if number != count + 1:
                    at = line.start + match.start("n") - 1
                    right = written(count + 1, 0)[:-1]
                    yield at, at + len(match["n"]), right
                    count = number if number > count + 1 else count + 1
                else:
                    count = number


RULES = (
    Rule(
        "层次序号",
        "结构层次序数依次用“一、”“（一）”“1.”“（1）”",
        find=_forms,
        yes=(
            ("一.总体要求", "一、总体要求"),
            ("（一）、指导思想", "（一）指导思想"),
            ("(一)指导思想", "（一）指导思想"),
            ("1、加强领导", "1.加强领导"),
            ("（二基层活动", "（二）基层活动"),
            ("二）基层活动", "（二）基层活动"),
            ("（1）、加强领导", "（1）加强领导"),
        ),
        no=(
            "一、总体要求",
            "（一）指导思想",
            "1.加强领导",
            "（1）加强领导",
            "3.5%的企业",
            "一是加强领导",
        ),
    ),
    Rule(
        "序号连续",
        "同一层次的序号依次排列",
        find=_sequence,
        yes=(
            ("一、甲事\n二、乙事\n四、丙事", "一、甲事\n二、乙事\n三、丙事"),
            ("一、甲事\n二、乙事\n二、丙事\n四、丁事", "一、甲事\n二、乙事\n三、丙事\n四、丁事"),
            ("（一）甲事\n2.乙事\n（三）丙事", "（一）甲事\n（二）乙事\n（三）丙事"),
            ("一、甲事\n1.乙事\n（二）丙事", "一、甲事\n（一）乙事\n（二）丙事"),
        ),
        no=(
            "一、甲事\n（一）乙事\n（二）丙事\n二、丁事\n（一）戊事",
            "1.甲事\n2.乙事\n1.丙事\n2.丁事",
            "附件：1.甲表\n2.乙表",
        ),
    ),
    Rule(
        "层次越级",
        "“一、”之下先用“（一）”，再用“1.”",
        find=_levels,
        yes=(
            (
                "一、甲事\n（一）乙事\n二、丙事\n1.丁事",
                "一、甲事\n（一）乙事\n二、丙事\n（一）丁事",
            ),
        ),
        no=("一、甲事\n1.乙事\n二、丙事\n1.丁事", "一、甲事\n（一）乙事\n1.丙事"),
    ),
    Rule(
        "标题标点",
        "单独成行的小标题末尾不加标点",
        find=_stops,
        yes=(
            ("一、总体要求。\n坚持以人民为中心。", "一、总体要求\n坚持以人民为中心。"),
            ("（一）指导思想。\n坚持以人民为中心。", "（一）指导思想\n坚持以人民为中心。"),
        ),
        no=(
            "一、总体要求\n坚持。",
            "（一）拒绝检查；\n（二）隐瞒情况。\n前款所称检查。",
            "（一）加强领导。各地要落实责任。\n好。",
        ),
    ),
    Rule(
        "标题标点",
        "与正文接排的小标题末尾加句号",
        find=_run_in,
        yes=(
            (
                "（一）加强组织领导 各级各部门要高度重视，切实加强组织领导。",
                "（一）加强组织领导。各级各部门要高度重视，切实加强组织领导。",
            ),
        ),
        no=("（一）加强组织领导。各级各部门要高度重视，切实加强组织领导。", "（一）总 则"),
    ),
    Rule(
        "序号连续",
        "“一是”“二是”依次排列",
        find=_told_off,
        yes=(
            (
                "一是加强领导，二是落实责任，四是强化督查。",
                "一是加强领导，二是落实责任，三是强化督查。",
            ),
            (
                "一是加强领导；二是落实责任；二是强化督查。",
                "一是加强领导；二是落实责任；三是强化督查。",
            ),
        ),
        no=("一是加强领导，二是落实责任。一是抓好学习，二是抓好培训。",),
    ),
)
