"""Dates, years and periods as official writing has them."""

import re
from collections.abc import Iterator
from datetime import date

from assistant.proofreading.rule import Found, Page, Rule
from vectorstore.language.dates import A_YEAR
from vectorstore.language.numerals import digits_of, whole_number

_POINTED = re.compile(
    rf"(?<![\d.\-/])(?P<y>{A_YEAR})(?P<sep>[.\-/．])(?P<m>1[0-2]|0?[1-9])(?P=sep)(?P<d>3[01]|[12]\d|0?[1-9])日?(?![\d.\-/])"
)
_PADDED = re.compile(rf"(?P<y>{A_YEAR}年)?(?P<m>(?<!\d)\d{{1,2}})月(?P<d>\d{{1,2}})(?P<day>[日号])")
_SHORT_YEAR = re.compile(
    r"(?<![\d.〇零一二三四五六七八九十百千万前后近第每这那约了过到达满])(?:(?<=到)|(?<=从)|(?<=自)|(?<=于)|(?<=在)|(?<=至)|(?<=前)|)'?(?P<y>[12]\d|0[1-9])年(?=(?:1[0-2]|[1-9])月|[末底初]|全年|[上下]半年|度)"
)
_IN_WORDS = re.compile(
    r"(?P<y>[〇○零0一二三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日"
)
_MIXED = re.compile(
    rf"(?P<y>{A_YEAR})年(?P<m>[一二三四五六七八九十]{{1,2}}|\d{{1,2}})月(?:(?P<d>[一二三四五六七八九十]{{1,3}}|\d{{1,2}})[日号])?"
)
_WORD_YEAR = re.compile(
    r"(?P<y>[二一][〇○零0九][〇○零0一二三四五六七八九]{2})年(?![一二三四五六七八九十])"
)
_RANGE = re.compile(
    rf"(?<!\d)(?P<a>{A_YEAR})(?P<ya>年?)\s?(?P<dash>-{{1,2}}|－|—{{1,2}}|–|―|~|～)\s?(?P<b>{A_YEAR})(?P<yb>年?)(?![\d\-/.])"
)
_WEEKDAY = re.compile(
    rf"(?P<y>{A_YEAR})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日\s?[（(]?(?P<said>(?:星期|周)(?P<n>[一二三四五六日天]))"
)
_PLAN = re.compile(
    r"(?<![“\"〈《一二三四五六七八九])(?P<plan>十[一二三四五]五)(?=期间|时期|规划|末|以来|开局|收官|中期)"
)
_UNTIL = re.compile(
    r"截止(?:到|至)?(?=\s?(?:20\d\d|目前|今|上|本|昨|去年|当前|\d{1,2}月|年底|年末|月底|报告期))"
)
_WEEK = "一二三四五六日"


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _padded(page: Page) -> Iterator[Found]:
    """Months and days with a nought in front, 号 for 日, and days that no calendar holds."""
    for match in _PADDED.finditer(page.text):
        year = (match["y"] or "2024年")[:4]  # a leap year, where none is told
        if _day(year, match["m"], match["d"]) is None:
            yield *match.span(), None
            continue
        is_number = (
            match["day"] == "号"
            and not match["y"]
            and page.text[match.end() :][:1] in "楼院库门机线厂"
        )
        right = (
            f"{match['y'] or ''}{int(match['m'])}月{int(match['d'])}{'号' if is_number else '日'}"
        )
        if right != match[0]:
            yield *match.span(), right


def _in_digits(match: re.Match[str]) -> str | None:
    try:
        year = digits_of(match["y"].replace("0", "零"))
        return f"{year}年{whole_number(match['m'])}月{whole_number(match['d'])}日"
    except ValueError:
        return None


def _mixed(page: Page) -> Iterator[Found]:
    for match in _MIXED.finditer(page.text):
        month, day = match["m"], match["d"]
        if month.isdigit() and (day is None or day.isdigit()):
            continue
        right = f"{match['y']}年{whole_number(month)}月" + (f"{whole_number(day)}日" if day else "")
        yield *match.span(), right


def _weekdays(page: Page) -> Iterator[Found]:
    for match in _WEEKDAY.finditer(page.text):
        day = _day(match["y"], match["m"], match["d"])
        said = "日" if match["n"] == "天" else match["n"]
        if day and _WEEK[day.weekday()] != said:
            at = match.start("n")
            yield at, at + 1, _WEEK[day.weekday()]


def _ranges(page: Page) -> Iterator[Found]:
    """Years joined by anything but a dash of one em; the last before the first."""
    for match in _RANGE.finditer(page.text):
        if int(match["b"]) < int(match["a"]):
            yield *match.span(), None
        elif match["dash"] != "—":
            yield *match.span("dash"), "—"


RULES = (
    Rule(
        "日期",
        "成文中的日期写作“2023年5月1日”",
        _POINTED,
        lambda m: f"{m['y']}年{int(m['m'])}月{int(m['d'])}日",
        yes=(
            ("于2023.5.1印发", "于2023年5月1日印发"),
            ("2023-05-01", "2023年5月1日"),
            ("2023/5/1前", "2023年5月1日前"),
        ),
        no=("2023年5月1日", "2021-2025", "58735799-9-/2022-0424002"),
    ),
    Rule(
        "日期",
        "月、日不编虚位，用“日”不用“号”；日期应为历上所有",
        find=_padded,
        yes=(
            ("2023年05月01日", "2023年5月1日"),
            ("于3月5号前报送", "于3月5日前报送"),
            ("2023年2月30日前", None),
        ),
        no=("2023年5月1日", "2024年2月29日", "11月30日"),
    ),
    Rule(
        "日期",
        "年份写全",
        _SHORT_YEAR,
        lambda m: f"20{m['y']}年",
        yes=(("23年3月印发", "2023年3月印发"), ("，24年底前完成", "，2024年底前完成")),
        no=("2023年3月", "近20年来", "服务满10年底薪", "15年"),
    ),
    Rule(
        "日期",
        "成文日期用阿拉伯数字",
        _IN_WORDS,
        _in_digits,
        yes=(("二〇二三年五月一日", "2023年5月1日"), ("二0二三年十二月三十一日", "2023年12月31日")),
        no=("2023年5月1日",),
    ),
    Rule(
        "日期",
        "同一日期不混用汉字和阿拉伯数字",
        find=_mixed,
        yes=(("2023年五月1日", "2023年5月1日"), ("2023年五月", "2023年5月")),
        no=("2023年5月1日", "2023年5月"),
    ),
    Rule(
        "日期",
        "年份用阿拉伯数字",
        _WORD_YEAR,
        lambda m: f"{digits_of(m['y'].replace('0', '零'))}年",
        yes=(("到二〇二五年", "到2025年"),),
        no=("到2025年", "二十年"),
    ),
    Rule(
        "星期",
        "星期与日期一致",
        find=_weekdays,
        yes=(("2026年3月2日（星期三）", "2026年3月2日（星期一）"),),
        no=("2026年3月2日（星期一）", "2026年3月1日（星期天）"),
    ),
    Rule(
        "起止年份",
        "起止年份之间用一字线，先后有序",
        find=_ranges,
        yes=(
            ("2021-2025年", "2021—2025年"),
            ("2021年～2025年", "2021年—2025年"),
            ("2025—2021年", None),
        ),
        no=("2021—2025年", "0600-5518207"),
    ),
    Rule(
        "五年规划",
        "“十四五”等简称加引号",
        _PLAN,
        lambda m: f"“{m['plan']}”",
        yes=(("十四五时期", "“十四五”时期"),),
        no=("“十四五”时期", "（十五）规划", "二十五期间"),
    ),
    Rule(
        "截至",
        "到某时为止用“截至”",
        _UNTIL,
        lambda m: "截至",
        yes=(("截止2023年底", "截至2023年底"), ("截止到目前", "截至目前")),
        no=("截止日期为2023年", "截至2023年底", "报名截止。2023年"),
    ),
)
