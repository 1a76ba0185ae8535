"""When a document begins and ceases to hold: 自…起施行, 有效期五年, 有效期至….

Patterns and the arithmetic of days; which document a sentence speaks of is for its readers.
"""

import calendar
from datetime import date, timedelta

from vectorstore.language.dates import A_YEAR, parse_date
from vectorstore.language.numerals import NUMERALS, whole_number
from vectorstore.language.pattern import Pattern

_N = rf"(?:\d{{1,3}}|[{NUMERALS}]{{1,3}})"
# A day without the named groups of DATE, so that a pattern may hold several.
DAY = Pattern(
    rf"{A_YEAR}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日|{A_YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}(?!\d)"
    r"|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日",
    yes=("2022年3月14日", "2022-03-14", "二〇二一年三月五日", "2022 年 3 月 14 日"),
    no=("2022年3月", "3月14日"),
)
_LAST_DAY = Pattern(
    rf"{DAY}|{A_YEAR}\s?年(?:底|年?末|\s?\d{{1,2}}\s?月底?)",
    yes=("2026年12月31日", "2026年底", "2026年6月底", "2026年6月"),
    no=("2026年", "年底"),
    why="the day with which something ends",
)
_YEAR_MONTH = Pattern(rf"({A_YEAR})\s?年\s?(\d{{1,2}})?", yes=("2026年6", "2026年"), no=("26年",))
ISSUED = "印发|发布|公布|颁布|下发|签发|发文|发出|通过|批准"
TAKES_EFFECT = Pattern(
    rf"(?:[自从于]\s?)?(?:(?P<day>{DAY})|(?<=[自从于])(?P<event>[^，。；《》自从]{{0,8}}(?:{ISSUED})(?:之日|日)|即日))"
    rf"(?:起|之日起)?(?:满?(?P<later>{_N})(?P<unit>个工作日|个?自然日|日|天|个月)(?:后|之后|起)?)?"
    r"(?:正式|开始|全面|暂行|，)?(?P<verb>施行|实施|执行|生效|试行|实行)(?![的了办细方情范条过])",
    yes=(
        "自2026年3月1日起施行",
        "从2026年3月1日起正式执行",
        "自印发之日起施行",
        "自发布之日起30日后施行",
        "自2026年3月1日起试行",
        "自即日起施行",
        ("本办法自公布之日起三十日后实施", "自公布之日起三十日后实施"),
        ("2023-06-30发布　2023-10-01实施", "2023-10-01实施"),
    ),
    no=(
        "自2026年3月1日起，按新标准执行",
        "自受理之日起施行",
        "自2006年市政府颁布实施",
        "自2026年3月1日起实施的项目",
    ),
    why="the day from which a document holds",
)
_LIFE = r"(?:有效期限?|试行期限?|施行期限?|实施期限?|执行期限?|适用期限?|执行时间|实施时间)"
LASTS = Pattern(
    rf"(?:{_LIFE}(?:暂定|均|统一)?[为是：:]?\s?|(?:，|^)(?:暂定)?试行)(?P<count>{_N})\s?(?P<unit>个月|年)(?!内)",
    yes=("有效期五年", "有效期为3年", "试行期2年", "有效期暂定为6个月", ("先行实施，试行两年", "，试行两年")),
    no=("两年内有效", "有效期2年内", "有效期至2026年"),
    why="how long a document holds",
)  # fmt: skip
ENDS = Pattern(
    rf"(?:{_LIFE}(?:暂定|为|是|：)?(?:[自从]?\s?{DAY}\s?起?)?(?:截?至|到|截止[到至]?|—|-)\s?"
    rf"|(?:施行|实施|执行|有效|适用)的?(?:截止|截至|终止)(?:时间|日期)?[为是：:]?\s?"
    rf"|起?(?:施行|实施|执行|有效|适用)?(?<=[起施实执行有效适用日])，?(?:有效|执行|施行|实施|适用)?(?:至|到)\s?)"
    rf"(?P<day>{_LAST_DAY})",
    yes=(
        "有效期至2026年12月31日",
        "有效期为2024年1月1日至2026年12月31日",
        ("自2024年1月1日起执行至2026年12月31日", "起执行至2026年12月31日"),
        "有效期截至2026年底",
        ("本通知适用截止时间为2026年6月30日", "适用截止时间为2026年6月30日"),
    ),
    no=("有效期延长至2026年12月31日", "到2026年12月31日"),
    why="the last day of a document",
)
HOLDS_BETWEEN = Pattern(
    rf"(?:{_LIFE}(?:暂定|为|是|：)?|(?:执行|施行|实施|适用)?(?=[自从]))[自从]?\s?(?P<since>{DAY})\s?起?"
    rf"(?:施行|实施|执行)?[，,]?(?:截?至|到|—|-|–)\s?(?P<day>{DAY})(?P<tail>止|有效|施行|执行|实施)?",
    yes=(
        "有效期自2026年3月1日至2028年2月29日",
        "自2026年3月1日起至2028年2月29日止",
        "实施期限为2026年3月1日至2028年2月29日",
        "自2026年3月1日起施行，至2028年2月29日止",
    ),
    no=("2026年3月1日至5日", "自2026年3月1日起施行", "2026年3月1日至2026年4月1日"),
    why="the first and the last day of a document in one breath",
)
SHARES_LIFE = Pattern(
    r"有效期(?:限)?与《(?P<title>[^《》]{2,60})》(?:[^，。；]{0,4})(?:一致|相同|同步)",
    yes=("有效期与《砚湖管理办法》一致", "有效期与《砚湖管理办法》保持一致"),
    no=("有效期三年", "与《砚湖管理办法》一致"),
    why="a document that lives as long as another one",
)
RESTARTS = Pattern(
    rf"有效期[^，。；]{{0,8}}，?[^，。；]{{0,4}}自(?P<day>{DAY})\s?起\s?(?:计算)?，?(?:为|有效期)?(?P<count>{_N})年",
    yes=("有效期重新计算，自2026年5月20日起5年",),
    no=("自2026年5月20日起废止",),
    why="a new life that starts on a day",
)  # fmt: skip
FROM_DAY = Pattern(
    rf"[自从]\s?(?P<day>{DAY})\s?起",
    yes=("自2026年5月20日起", ("于是从2026年5月1日起停止", "从2026年5月1日起")),
    no=("2026年5月20日印发", "自公布之日起"),
    why="the day from which an act holds",
)
STANDARD_DAYS = Pattern(
    rf"{DAY}\s?发布\s{{0,8}}(?P<day>{DAY})\s?实施",
    yes=("2026-03-01发布　2026-09-01实施", "2026-03-01 发布 2026-09-01 实施"),
    no=("2026-03-01发布",),
    why="the front page of a standard",
)


FRONT_DAY = Pattern(
    rf"^\s*(?P<day>{DAY})\s{{1,4}}起?(?:施行|实施|生效)\s*$",
    yes=("2026年9月1日 施行", "2026年9月1日　起施行"),
    no=("2026年9月1日起施行", "2026年9月1日 公布"),
    why="a line below the title that says when a law takes effect",
)


def later(day: date, count: int, unit: str) -> date | None:
    """`count` days, months (个月) or years (年) after a day; None beyond the calendar.

    >>> later(date(2024, 2, 29), 1, "年"), later(date(2026, 1, 31), 1, "个月")
    (datetime.date(2025, 2, 28), datetime.date(2026, 2, 28))
    """
    try:
        if unit not in ("年", "个月"):
            return day + timedelta(days=count)
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "年" else 1)
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    except (ValueError, OverflowError):
        return None


def last_day(since: date, years: float) -> date | None:
    """The last day of a life of some years that begins on a day: 5 years from 2026-03-01 end
    on 2031-02-28."""
    end = later(since, round(years * 12), "个月")
    return end - timedelta(days=1) if end else None


def end_of(text: str) -> date | None:
    """The day that _LAST_DAY found: 2026年底 is its 31st of December, 2026年6月 its 30th of June."""
    if (day := parse_date(text)) or not (match := _YEAR_MONTH.search(text)):
        return day
    month = int(match[2] or 12)
    if not 1 <= month <= 12:
        return None
    return date(int(match[1]), month, calendar.monthrange(int(match[1]), month)[1])


def years_in(count: str, unit: str) -> float:
    """A life as LASTS reads it, in years: 6个月 → 0.5."""
    number = whole_number(count)
    return number / 12 if unit == "个月" else float(number)
