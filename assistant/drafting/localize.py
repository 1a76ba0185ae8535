"""Turns another place's sentence into one's own, with gaps where its facts stood. Pure functions."""

import re
from collections.abc import Sequence

from assistant.drafting.levels import KEEP, at_level, outside, renamed
from assistant.drafting.models import (
    DATA_BLANK,
    NAME_BLANK,
    ORGAN_BLANK,
    TITLE_BLANK,
    YEAR_BLANK,
    Request,
)
from vectorstore.language.names import CITED_TITLE, ORGAN_END
from vectorstore.language.numbering import unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.regions import find_regions, short_name
from vectorstore.language.roles import SAYS_WHO
from vectorstore.language.sentences import BRACKETED

TAIL = re.compile(rf"{BRACKETED}(?=[。；\s]*$)")
_RESPONSIBLE = re.compile(rf"{SAYS_WHO}|(?:{ORGAN_END}、){{2}}")
_NUMBER_UNIT = re.compile(
    r"(?:\d[\d,，.]{0,30}+|(?<![第一二三四五六七八九十])[一二三四五六七八九十百千]{1,5}(?=万|亿))\s*+(?:万|亿|千|百)?(?:多|余)?\s*+"
    r"(?:%|％|‰|个百分点|人次|万?平方米|公里|千米|个月|小时|分钟|[元人名个家所座处场次项份件篇支户村套辆吨亩张间栋台批期门课时]+)"
)
_YEAR = re.compile(
    r"(?:到|至|自)?20\d\d\s*+(?:[—\-–－]\s*+20\d\d)?\s*+年(?:底|末|度)?(?:\d{1,2}月)?(?:\d{1,2}日)?|“?十[一二三四五六]?五”?(?:期间|期末|时期|末)?"
)
_BLANK = re.escape(NAME_BLANK)
_BLANK_RUN = re.compile(rf"{_BLANK}(?:(?:省|市|区|县|自治区)(?!级)|{_BLANK})*")
CONGRESS = Pattern(
    r"党的(?P<ordinal>十[一二三四五六七八九]|二十[一二]?)大(?:会议)?(?:(?:以来|和|及|、)?(?:十[一二三四五六七八九]|二十[一二]?)届(?:历次全会|[一二三四五六七]中全会|[一二三四五六七、]{1,12}[一二三四五六七]中全会|中央委员会第[一二三四五六七]次全体会议))*(?:精神)?",
    yes=(
        ("贯彻党的十九大和十九届历次全会精神", "党的十九大和十九届历次全会精神"),
        "党的二十大精神",
    ),
    no=("党的领导", "十九届"),
    why="which congress a text follows tells when it was written",
)
CONGRESS_BLANK = "[党中央最新会议精神]"
_ORDINALS = {
    "十五": 15, "十六": 16, "十七": 17, "十八": 18, "十九": 19, "二十": 20, "二十一": 21,
    "二十二": 22,
}  # fmt: skip
_LABEL = re.compile(
    r"^(?:任务|措施|工作目标|总体目标|主要目标|指导思想|目标|基本原则|20\d\d年(?:远景)?目标)\s*[:：]\s*"
)


def localized(
    sentence: str, region: Sequence[str], request: Request | None = None, as_of: int = 0
) -> str:
    """A sentence of a document of `region`, with its places, figures, years and organs blank,
    without the full stop. With a request its words for its own level are those of the level
    that the text is for, and the last year of a plan is that of one's own plan; `as_of` is the
    year in which it is written.

    >>> localized("到2025年底，徐州市新评定基地30家。（责任单位：市科技局、市科协等）", ["江苏省", "徐州市"])
    '到[年份]，[本地名称]新评定基地[本地数据]（责任单位：[本地责任单位]）'
    """
    text = _LABEL.sub("", unnumbered(sentence.strip()))
    text = _tail_blank(text)
    text = _congress_of_today(text, as_of)
    text = outside(KEEP, text, lambda part: _NUMBER_UNIT.sub(DATA_BLANK, _years_blank(part)))
    text = _places_blank(_foreign_titles_blank(text, region), region).rstrip("。；;，, ")
    if request is not None:
        text = _own_period(renamed(at_level(text, region, request.level), request.renames), request)
    return wide(re.sub(rf"(?:{re.escape(DATA_BLANK)}){{2,}}", DATA_BLANK, text))


_NARROW = re.compile(
    r"(?<=[\u4e00-\u9fff”’》）)\]%])[,;:()]|[,;:](?=[\u4e00-\u9fff])|[(](?=[\u4e00-\u9fff《“])|[)](?=[\u4e00-\u9fff，。；、])"
)
_WIDE = str.maketrans(",;:()", "，；：（）")


def wide(text: str) -> str:
    """Punctuation of Chinese text as texts are to write it: full width.

    >>> wide("县(市、区)落实,到2025年达到1,200人")
    '县（市、区）落实，到2025年达到1,200人'
    """
    return _NARROW.sub(lambda m: m[0].translate(_WIDE), text)


def own_figures_in(text: str) -> list[str]:
    """The figures of a text that belong to the place that it is about: those that `localized`
    takes out."""
    found: list[str] = []

    def take(part: str) -> str:
        found.extend(match[0] for match in _NUMBER_UNIT.finditer(part))
        return part

    outside(KEEP, text, take)
    return found


def _years_blank(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        lead = match[0][0] if match[0][0] in "到至自" else ""
        return f"{lead}{YEAR_BLANK}"

    return _YEAR.sub(blank, text)


def _own_period(text: str, request: Request) -> str:
    """到[年份]… of a plan is the last year of its period."""
    if request.period is None:
        return text
    return re.sub(rf"^(力争)?到{re.escape(YEAR_BLANK)}", rf"\1到{request.period[1]}年", text)


def _congress_of_today(text: str, as_of: int) -> str:
    """A congress that is not the last one before `as_of` dates a text."""
    last = 15 + (as_of - 1997) // 5

    def blank(match: re.Match[str]) -> str:
        held = _ORDINALS.get(match["ordinal"], 0)
        return match[0] if not as_of or held >= last else CONGRESS_BLANK

    return CONGRESS.compiled.sub(blank, text)


def _tail_blank(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        return f"（责任单位：{ORGAN_BLANK}）" if _RESPONSIBLE.search(match[0]) else match[0]

    return re.sub(r"[。；;]\s*(?=（责任单位：\[)", "", TAIL.sub(blank, text))


def _foreign_titles_blank(text: str, region: Sequence[str]) -> str:
    """Another place's own documents are no basis here; a title is named whole or not at all."""

    def blank(match: re.Match[str]) -> str:
        local = any(name in match[0] for name in _names(region)) or find_regions(match[0])
        return TITLE_BLANK if local else match[0]

    return CITED_TITLE.compiled.sub(blank, text)


def _names(region: Sequence[str]) -> set[str]:
    return {name for part in region for name in (part, short_name(part)) if name}


def _places_blank(text: str, region: Sequence[str]) -> str:
    """The document's own place, and any other that its sentence names."""
    names = _names(region)
    for mention in find_regions(text):
        name = text[mention.start : mention.end]
        # Two characters with a suffix (范县) also stand inside words (示范县).
        if len(name) > 2 or name[-1] not in "省市县区旗州":
            names.add(name)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, NAME_BLANK)
    return _BLANK_RUN.sub(NAME_BLANK, text)
