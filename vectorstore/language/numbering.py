"""How official documents number their parts."""

from vectorstore.language.numerals import FEW, NUMERALS
from vectorstore.language.pattern import Pattern

_N = f"[{NUMERALS}]"
# What opens a structural unit at the start of a line. `ENUMERATORS` lists them from the
# outermost to the innermost; the order gives the nesting (编 > 章 > 节 > 条 > 一、 > (一) …).
ENUMERATORS: dict[str, Pattern] = {
    "part": Pattern(rf"第[{NUMERALS}\d]+(?:分)?编", yes=("第一编", "第二分编"), no=("编一",)),
    "chapter": Pattern(rf"第[{NUMERALS}\d]+章", yes=("第三章", "第10章"), no=("三章",)),
    "section": Pattern(rf"第[{NUMERALS}\d]+节", yes=("第一节", "第2节"), no=("节日",)),
    "article": Pattern(
        rf"第[{NUMERALS}\d]+条(?:之{_N}+)?", yes=("第十二条", "第二十条之一"), no=("条例",)
    ),
    "one": Pattern(
        rf"{_N}{{1,4}}、", yes=("一、", "二十一、"), no=("一是", "三农", "十四五")
    ),
    "bracketed": Pattern(
        rf"[（(]{_N}{{1,4}}[)）][、.．]?", yes=("（一）", "(十二)", "（三）、"), no=("（试行）",)
    ),
    "arabic": Pattern(
        r"\d{1,2}(?:[.．](?![\d%％])|、)",
        yes=("1.", "12．", "3、", ("1.加强领导", "1.")),
        no=("3.5", "1.%", "2024年"),
    ),
    "arabic_bracketed": Pattern(
        r"[（(]\d{1,2}[)）]|(?<!\d)\d{1,2}[)）]", yes=("（1）", "(12)", "3）"), no=("（2021）",)
    ),
    "circled": Pattern(r"[①-⑳]", yes=("①", "⑳"), no=("1",)),
    "dash": Pattern(
        r"(?:—|―|–|──|--){1,2}(?=[\u4e00-\u9fff“])",
        yes=(("——坚持党的领导", "——"), ("—“五老”", "—")),
        no=("2021—2025", "- 3 -"),
    ),
}  # fmt: skip
_HEADINGS = ("part", "chapter", "section", "article")
ENUMERATOR = Pattern(
    "|".join(map(str, ENUMERATORS.values())),
    yes=("第一条", "一、", "（一）", "1.", "(1)", "①", "第二十条之一"),
    no=("实施方案", "（试行）", "十四五"),
    why="the number of a heading or an item, whichever it is",
)
ITEM = Pattern(
    "|".join(str(p) for name, p in ENUMERATORS.items() if name not in _HEADINGS),
    yes=("一、", "（二）", "3.", "4）", "⑤", ("——科学普及", "——")),
    no=("第一条", "附件"),
    why="the number of an item in a list",
)
COUNTED_OFF = Pattern(
    rf"{FEW}[是要]|第{FEW}[，,、]|其{FEW}[，,]",
    yes=("一是", "二要", "第三，", "其一，"),
    no=("一项", "第三方", "其中"),
    why="counts items off in running text",
)
ORDINAL = Pattern(
    rf"{COUNTED_OFF}|[①-⑳]|[（(]\d[)）]|(?<!\d)\d[.、](?!\d)",
    yes=("一是", "①", "（2）", "3."),
    no=("3.5", "12.", "二〇二一"),
    why="opens an item inside a line",
)

ANNEX = Pattern(
    rf"附\s*(?:件|录|表)\s*(?:\d{{1,2}}|{_N}{{1,3}})?\s*[:：.]?",
    yes=("附件", "附件1：", "附 件", "附录三", "附表2."),
    no=("附近", "附则"),
    why="opens an annex, or names one",
)
FIRST = Pattern(
    r"^第?[（(]?[一1①][)）、.．编章节条]*$",
    yes=("一、", "（一）", "1.", "①", "第一章"),
    no=("二、", "（11）", "一般规定"),
    why="a numbering that starts anew",
)


def enumerator(text: str, position: int = 0) -> tuple[str, str] | None:
    """What opens at a position of a text: its name in ENUMERATORS and the number as written.

    >>> enumerator("（一）总体要求"), enumerator("总体要求")
    (('bracketed', '（一）'), None)
    """
    for name, pattern in ENUMERATORS.items():
        if match := pattern.match(text, position):
            return name, match[0]
    return None


def level(text: str, position: int = 0) -> int | None:
    """Which of ENUMERATORS opens at a position of a text; a lower one holds the higher ones."""
    found = enumerator(text, position)
    return list(ENUMERATORS).index(found[0]) if found else None


def unnumbered(heading: str) -> str:
    """A heading without its number.

    >>> unnumbered("三、 实施重点工程"), unnumbered("第二条 适用范围"), unnumbered("3.5%的比例")
    ('实施重点工程', '适用范围', '3.5%的比例')
    """
    found = enumerator(heading)
    return heading[len(found[1]) :].lstrip() if found else heading
