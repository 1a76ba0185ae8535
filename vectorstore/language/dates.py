"""Years, dates and periods as documents write them."""

import calendar
from datetime import date

from vectorstore.language.numerals import digits_of, whole_number
from vectorstore.language.pattern import Pattern

A_YEAR = r"(?:19|20)\d\d"
YEAR = Pattern(
    rf"{A_YEAR}(?=\s*年)",
    yes=(("到2025年", "2025"), ("1998 年", "1998")),
    no=("2025项", "99年"),
    why="a year that a question or an answer speaks of",
)
YEAR_RANGE = Pattern(
    rf"(?<!\d)(?P<first>{A_YEAR})\s*+[—\-–－―~～至]{{1,3}}+\s*+(?P<last>{A_YEAR})(?!\d)",
    yes=("2021—2025", "2021-2025", "2021 至 2025", "2021――2025"),
    no=("2021年", "20212025", "2021-20253"),
    why="the years that a plan covers",
)
PART_OF_YEAR = Pattern(
    r"[一二三四]季度|[上下]半年",
    yes=("一季度", ("今年上半年", "上半年")),
    no=("每季度", "半年"),
)
DATE = Pattern(
    rf"(?P<y>{A_YEAR})\s*(?:年|[-/.])\s*(?P<m>\d{{1,2}})\s*(?:月|[-/.])\s*(?P<d>\d{{1,2}})\s*+日?",
    yes=("2022年3月14日", "2022-03-14", "2022.3.14", "2022 年 3 月 14 日"),
    no=("2022年3月", "22-03-14"),
)
DAY = Pattern(
    r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]",
    yes=("3月14日", "3月14号", ("2022年3月14日", "3月14日")),
    no=("3月", "14日"),
    why="a day of some year",
)
CHINESE_DATE = Pattern(
    r"(?P<y>[〇○零Ｏ0一二三四五六七八九]{4})\s*年\s*(?P<m>[一二三四五六七八九十]{1,3})\s*月"
    r"\s*(?P<d>[一二三四五六七八九十]{1,3})\s*日",
    yes=("二〇二一年十二月三十一日", "二○二一年三月五日"),
    no=("二〇二一年", "三月五日"),
)
_CHINESE_DAY = r"[〇○零Ｏ0一二三四五六七八九]{4}\s*年\s*[一二三四五六七八九十]{1,3}\s*月\s*[一二三四五六七八九十]{1,3}\s*日"
PRINTED = Pattern(
    rf"(?:{DATE}|{_CHINESE_DAY})\s*印发(?=$|\s)",
    yes=(
        "2022年3月14日印发",
        ("某市人民政府办公室 2022年3月14日 印发", "2022年3月14日 印发"),
        "二〇二二年三月十四日印发",
    ),
    no=("2022年3月14日印发的通知", "2022年3月14日"),
    why="the imprint below a document",
)
IN_FORCE = Pattern(
    rf"(?:(?:自|从|于)\s{{0,9}}+)?(?P<day>{DATE.source})(?:零时|0时)?\s{{0,4}}+(?:起|开始)?\s{{0,4}}+(?:正式)?"
    r"(?:施行|实施(?!方案|意见|细则|办法)|执行|生效|试行)(?!的)",
    yes=(
        "自2022年1月1日起施行",
        "自 2022年1月1日 起正式实施",
        "自2022年2月21日零时施行",
        "从2022年1月1日起执行",
        "2022年1月1日开始施行",
    ),
    no=("自公布之日起施行", "2022年1月1日起", "2022年1月1日实施方案", "2009年3月1日起施行的办法"),
)
IN_FORCE_AT_ONCE = Pattern(
    r"自(?P<deed>公布|发布|印发|颁布|下发|发文|签发)之日起(?:正式)?(?:施行|实施|执行|生效|试行)",
    yes=("自公布之日起施行", "自印发之日起正式实施"),
    no=("自2022年1月1日起施行", "自公布之日起30日后施行"),
    why="in force on the day that the document itself bears",
)
AT_MEETING = Pattern(
    rf"[—\-－（(\s]{{0,6}}+(?P<day>{DATE.source})\s*在(?P<meeting>[\u4e00-\u9fff]{{4,50}}会议?)上",
    yes=(
        "——2026年1月15日在青禾市第六届人民代表大会第五次会议上",
        "（2026年3月4日在全市教育工作会议上",
    ),
    no=("2026年1月15日在青禾市开工",),
    why="below the title of a report or a speech: when and before whom it was given",
)
FIVE_YEAR_PLAN = Pattern(
    r"“?(?P<plan>十[一二三四五六]?五)”?(?:期间|时期)",
    yes=("“十四五”期间", "十三五时期", "“十五”期间"),
    no=("十四五规划", "十四期间"),
    why="the period of a plan that names no years",
)
PLAN_ENDS = {
    "十五": 2005, "十一五": 2010, "十二五": 2015, "十三五": 2020, "十四五": 2025,
    "十五五": 2030, "十六五": 2035,
}  # fmt: skip
PLAN_SAID = Pattern(
    r"(?<=[“\"])十[一二三四五六]?五(?=[”\"])|十[一二三四五六]五(?=期间|时期|期末|末|规划|以来)",
    yes=(("“十四五”期末", "十四五"), ("十三五时期", "十三五")),
    no=("（十五）专职网格员", "十四五条"),
    why="a plan that is named, not the number of an item",
)
STAMP = Pattern(
    rf"^{DATE.source}(?:(?<=\s)|\s{{1,9}})\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?$",
    yes=("2026-03-15 08:31", "2026年3月15日 08:31:05"),
    no=("2026-03-15", "会议于2026年3月15日 08:31"),
    why="when a page was published: a signature bears no hour",
)
WITHIN = Pattern(
    r"之日起|当[日天年月]|每[年季月周天日]|[年月]底|期末|\d{1,4}个?(?:工作日|自然日|小时|分钟|[年月日天])|[一二三四五六七八九十两]个?(?:工作日|小时|[年月日天周])",
    yes=(
        ("自公布之日起施行", "之日起"),
        ("30日内", "30日"),
        "每年",
        ("十个工作日内", "十个工作日"),
    ),
    no=("区科技馆竣工并正常运行", "组织开展终期检查"),
    why="a time that is told without naming a year",
)
BARE_DATE = Pattern(
    rf"({A_YEAR})(\d{{2,4}})",
    yes=("2022314", "20220314"),
    no=("202", "2022年"),
    why="a date that lost its 年月日",
)


_LONGEST = 20  # years of a range


def years_said(text: str) -> set[int]:
    """All years of which a text speaks, those of its ranges and plans too.

    >>> sorted(years_said("2021—2023年")), sorted(years_said("“十四五”期末"))[-1]
    ([2021, 2022, 2023], 2025)
    """
    years = set(map(int, YEAR.findall(text)))
    for match in YEAR_RANGE.finditer(text):
        first, last = int(match["first"]), int(match["last"])
        years |= set(range(first, min(last, first + _LONGEST) + 1))
    for end in filter(None, map(PLAN_ENDS.get, PLAN_SAID.findall(text))):
        years |= set(range(end - 4, end + 1))
    return years


def parse_date(text: str) -> date | None:
    """The first date of a text, in digits or in numerals; None when it is none of the calendar."""
    if match := DATE.search(text):
        numbers = (int(match["y"]), int(match["m"]), int(match["d"]))
    elif match := CHINESE_DATE.search(text):
        numbers = (digits_of(match["y"]), whole_number(match["m"]), whole_number(match["d"]))
    else:
        return None
    try:
        return date(*numbers)
    except ValueError:
        return None


def whole_date(text: str) -> date | None:
    """The date that a line consists of, also one that lost its 年月日 (2022314)."""
    text = text.strip(" （）()")
    if bare := BARE_DATE.fullmatch(text):
        split = split_bare_date(bare[1], bare[2])
        return date(int(bare[1]), *split) if split else None
    if DATE.fullmatch(text) or CHINESE_DATE.fullmatch(text):
        return parse_date(text)
    return None


def split_bare_date(year: str, rest: str) -> tuple[int, int] | None:
    """(month, day) of a date whose 年月日 were lost, when only one split is a date.

    >>> split_bare_date("2022", "314"), split_bare_date("2022", "111")
    ((3, 14), None)
    """
    found = []
    for cut in range(1, len(rest)):
        month, day = rest[:cut], rest[cut:]
        written = not (month.startswith("0") or day.startswith("0"))
        if (
            written
            and int(month) <= 12
            and 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]
        ):
            found.append((int(month), int(day)))
    return found[0] if len(found) == 1 else None
