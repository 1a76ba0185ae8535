"""Titles of editions of one document: what is left without years, 试行 and 修订 is the same."""

from vectorstore.language.dates import A_YEAR
from vectorstore.language.numerals import NUMERALS
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import fold, says

# Folded: brackets are round, marks are narrow.
_WRAPPED = Pattern(
    r"关于(?:重新|修订|再次)?(?:印发|发布|公布|颁布|下发)(?P<title>.{4,200})的(?:通知|公告|通告|决定|函)$",
    yes=(
        ("砚湖市政府关于印发渡船管理办法的通知", "关于印发渡船管理办法的通知"),
        "关于重新发布《渡船管理办法》的公告",
    ),
    no=("关于修改《渡船管理办法》的决定", "关于印发渡船管理办法"),
    why="a notice that hands out a document goes by the name of that document",
)
_HEAD = Pattern(
    r"^[^关《]{2,40}(?=关于.{4})",
    yes=(("砚湖市教育局关于做好招生工作的通知", "砚湖市教育局"),),
    no=("关于做好招生工作的通知", "砚湖市渡船管理办法"),
    why="the organ in front of a title",
)
_EDITION = r"(?:试行|暂行|修订|修正|修改|修订版|修订稿|修正版|新版|版|本|发布|印发)"
EDITION_MARK = Pattern(
    rf"\((?:{A_YEAR}年?)?(?:\d{{1,2}}月)?(?:第?[\d{NUMERALS}]{{1,3}}次)?{_EDITION}{{1,2}}\)"
    rf"|\({A_YEAR}(?:-{A_YEAR})?年?(?:度)?\)|第[\d{NUMERALS}]{{1,3}}版|v?\d\.\d版?|(?:试行|暂行|修订版|新版)",
    yes=(
        "(试行)",
        "(2019年本)",
        "(2020年修订)",
        "(2021-2025年)",
        "第二版",
        ("砚湖市渡船管理暂行办法", "暂行"),
    ),
    no=("(三)", "(水利工程)", "第二批", "修订工作"),
    why="what tells an edition of a document from another one",
)
TITLE_YEAR = Pattern(
    rf"{A_YEAR}(?:-{A_YEAR})?年?(?:度)?",
    yes=(("砚湖市2026年度工作要点", "2026年度"), ("规划(2021-2025年)", "2021-2025年")),
    no=("第120号", "一二年"),
    why="the year or years that a title is about",
)
# A rule holds until something ends it; a plan, a list of a year or an arrangement passes.
_RULES = (
    "办法", "规定", "细则", "条例", "规则", "规程", "规范", "标准", "预案", "目录", "制度", "准则", "守则", "导则",
    "章程", "公约", "指南", "指引",
)  # fmt: skip
_NO_EDITION = ("征求意见", "草案", "送审稿", "解读", "修改", "废止")


def edition_core(title: str) -> str:
    """A title without the notice around it, the organ in front, years and marks of editions;
    '' where too little is left, or where it is no edition of anything.

    >>> edition_core("砚湖市渡船管理办法（2020年修订）") == edition_core("砚湖市渡船管理暂行办法")
    True
    """
    text = fold(title).strip('"')
    if says(text, _NO_EDITION):
        return ""
    if match := _WRAPPED.search(text):
        text = match["title"]
    text = _HEAD.remove_from(text.replace("《", "").replace("》", ""))
    text = TITLE_YEAR.remove_from(EDITION_MARK.remove_from(text)).replace("()", "")
    return text if len(text) >= 5 else ""


def title_years(title: str) -> frozenset[str]:
    return frozenset(TITLE_YEAR.findall(fold(title)))


def is_rule(core: str) -> bool:
    return core.endswith(_RULES)
