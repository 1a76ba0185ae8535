"""Copies of a text that matching, scoring and checks run on: folded, squeezed, repaired.

Punctuation width, white space and brackets differ between documents (国发〔2021〕9号 /
国发(2021)9号), so matching, scoring and quote checks run on a folded copy; what is shown and
cited stays raw.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from vectorstore.language.dates import A_YEAR, BARE_DATE, YEAR_RANGE, split_bare_date
from vectorstore.language.names import YEAR_AND_SERIAL
from vectorstore.language.pattern import Pattern

_QUOTES = str.maketrans({
    "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "＂": '"',
    "‘": "'", "’": "'",
    "—": "-", "―": "-", "–": "-", "‐": "-", "−": "-", "－": "-", "─": "-",
    "〔": "(", "〕": ")", "［": "[", "］": "]", "【": "[", "】": "]", "〈": "《", "〉": "》",
    "。": ".", "、": ",", "．": ".", "•": "·", "∙": "·", "・": "·",
})  # fmt: skip
_INVISIBLE = r"\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00"
INVISIBLE = Pattern(
    rf"[{_INVISIBLE}]+",
    yes=("\u200b", "\ufeff\u2060", "\x00"),
    no=(" ", "字", "\u3000"),
    why="characters that take no room: marks of direction and order, soft hyphens, NUL",
)
VISIBLE = Pattern(
    rf"[^\s{_INVISIBLE}]", yes=("字", "。", "a"), no=(" \n\u3000", "\u200b"),
    why="what texts are compared by: copies of a text differ in the others only",
)  # fmt: skip
_REPEATED_DASH = Pattern("-{2,}", yes=("--",), no=("a-b",))


# The Unicode standard sorts the marks on a letter, in time that is quadratic in their number. No
# writing has more than a few; its "stream-safe" form allows 30 (UAX 15, section 13).
_MOST_MARKS = 30
_JOINER = "\u034f"  # has no form of its own, and ends what is sorted together
_SHORT = 2000  # characters, whatever they are, that take no time that one notices


def nfkc(text: str) -> str:
    """NFKC in linear time, whatever somebody sends: after 30 marks in a row a joiner ends them.

    >>> nfkc("ＡＢ①"), nfkc("e\u0301")
    ('AB1', 'é')
    """
    if len(text) > _SHORT and not text.isascii():
        text = _many_marks().sub(_parted, text)
    return unicodedata.normalize("NFKC", text)


def _parted(run: re.Match[str]) -> str:
    marks = run[0]
    return _JOINER.join(marks[i : i + _MOST_MARKS] for i in range(0, len(marks), _MOST_MARKS))


@cache
def _many_marks() -> re.Pattern[str]:
    """What sorts as marks do: marks, and what is taken apart into them."""
    marks = "".join(
        re.escape(c)
        for c in map(chr, range(0x300, 0x20000))
        if unicodedata.combining(unicodedata.normalize("NFKD", c)[0])
    )
    return re.compile(f"[{marks}]{{{_MOST_MARKS + 1},}}")


def fold(text: str) -> str:
    """A copy for comparison: NFKC, one kind of quote, dash and bracket, no white space.

    >>> fold("国发〔2021〕9号") == fold("国发（2021）9 号")
    True
    """
    text = nfkc(text.translate(_QUOTES)).translate(_QUOTES)
    text = squeeze(text).replace("''", '"')
    return _REPEATED_DASH.remove_from(text, "-").casefold()


def squeeze(text: str) -> str:
    """`text` without white space or invisible characters: how quotes are compared."""
    return "".join(INVISIBLE.remove_from(text).split())


def says(text: str, words: Iterable[str]) -> bool:
    """Whether one of some words stands in a text; what is no more than that needs no pattern."""
    return any(word in text for word in words)


# --- the search copy: lost marks repaired, never shown ------------------------------------

_REPAIRS: tuple[tuple[Pattern, str], ...] = (
    (YEAR_AND_SERIAL, r"〔\g<year>〕\g<serial>号"),  # 国发(2006)7号、国发［2006］第7号 → 〔〕
    (
        Pattern(
            rf"(?<=[发函字办令政规通告电])(?P<year>{A_YEAR})(?P<serial>\d{{1,4}})号",
            yes=(("国发20219号", "20219号"), ("云政发202129号", "202129号")),
            no=("电话2021888", "9号楼"),
            why="〔〕 lost: the first four digits after the organ's code are the year",
        ),
        r"〔\g<year>〕\g<serial>号",
    ),
    (
        Pattern(
            rf"(?<=[发函字办令])〔(?P<year>{A_YEAR})〕(?P<serial>\d{{1,4}})(?=[)）,，、;；。]|$)",
            yes=(("渝府办发〔2021〕138)", "〔2021〕138"),),
            no=("渝府办发〔2021〕138号",),
            why="号 lost before a bracket or a comma",
        ),
        r"〔\g<year>〕\g<serial>号",
    ),
    (
        Pattern(
            rf"(?<!\d)(?P<first>{A_YEAR})(?P<last>{A_YEAR})(?=\s*年|[)）])",
            yes=(("20212025年", "20212025"), ("（20212025）", "20212025")),
            no=("20212025元", "100020003000"),
            why="the dash of a range lost",
        ),
        r"\g<first>—\g<last>",
    ),
    (YEAR_RANGE, r"\g<first>—\g<last>"),
    (
        Pattern(
            rf"(?m)(?:^|(?<=[\u4e00-\u9fff]))(?P<range>{A_YEAR}—{A_YEAR}年[)）])",
            yes=(("实施方案2021—2025年)", "2021—2025年)"),),
            no=("（2021—2025年）",),
            why="the opening bracket lost with the dash",
        ),
        r"(\g<range>",
    ),
)
_BARE_LINE = Pattern(
    rf"(?m)^\s{{0,40}}+{BARE_DATE.source}\s{{0,40}}$",
    yes=("2022314", "  20220314 "),
    no=("2022314号",),
)
_HAN_GAP = Pattern(
    r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])",
    yes=(("通 知", " "), ("领导小\n\n组", "\n\n")),
    no=("AI 技术", "通知"),
)


def narrow_digits(text: str) -> str:
    """A copy of the same length in which digits of full width are those of ASCII.

    >>> narrow_digits("自２０２１年１月１日起")
    '自2021年1月1日起'
    """
    return text.translate(_DIGITS)


_DIGITS = {ord("０") + n: str(n) for n in range(10)}


def search_copy(text: str) -> str:
    """`text` with document numbers and year ranges repaired and width folded.

    Indexed and matched instead of the raw text; quotes are never taken from it.

    >>> search_copy("(国发20219号)"), search_copy("20212025年)")
    ('(国发〔2021〕9号)', '2021—2025年)')
    """
    text = nfkc(INVISIBLE.remove_from(text)).replace("’’", "”")
    for pattern, replacement in _REPAIRS:
        text = pattern.compiled.sub(replacement, text)
    return _HAN_GAP.remove_from(_BARE_LINE.compiled.sub(_written_date, text))


def _written_date(match: re.Match[str]) -> str:
    split = split_bare_date(match[1], match[2])
    return f"{match[1]}年{split[0]}月{split[1]}日" if split else match[0]
