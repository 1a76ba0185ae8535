"""Turns another place's sentence into one's own, with gaps where its facts stood. Pure functions."""

import re
from collections.abc import Callable, Sequence

from assistant.drafting.models import DATA_BLANK, NAME_BLANK, ORGAN_BLANK, TITLE_BLANK, YEAR_BLANK
from vectorstore.language.names import CITED_TITLE, ORGAN_END, TITLE
from vectorstore.language.numbering import unnumbered
from vectorstore.language.regions import find_regions, short_name
from vectorstore.language.roles import SAYS_WHO
from vectorstore.language.sentences import BRACKETED

_TAIL = re.compile(rf"{BRACKETED}(?=[。；\s]*$)")
_RESPONSIBLE = re.compile(rf"{SAYS_WHO}|(?:{ORGAN_END}、){{2}}")
_NUMBER_UNIT = re.compile(
    r"(?:\d[\d,，.]{0,30}+|(?<![第一二三四五六七八九十])[一二三四五六七八九十百千]{1,5}(?=万|亿))\s*+(?:万|亿|千|百)?(?:多|余)?\s*+"
    r"(?:%|％|‰|个百分点|人次|万?平方米|公里|千米|个月|小时|分钟|[元人名个家所座处场次项份件篇支户村套辆吨亩张间栋台批期门课时]+)"
)
_KEEP = re.compile(
    rf"[“\"][^”\"]{{0,400}}+[”\"]|{TITLE}"
)  # names of programmes and titles stay whole
_YEAR = re.compile(
    r"(?:到|至|自)?20\d\d\s*+(?:[—\-–－]\s*+20\d\d)?\s*+年(?:底|末|度)?(?:\d{1,2}月)?(?:\d{1,2}日)?|“?十[一二三四五六]?五”?(?:期间|期末|时期|末)?"
)
_BLANK = re.escape(NAME_BLANK)
_BLANK_RUN = re.compile(rf"{_BLANK}(?:(?:省|市|区|县|自治区)(?!级)|{_BLANK})*")


def localized(sentence: str, region: Sequence[str]) -> str:
    """A sentence of a document of `region`, with its places, figures, years and organs blank,
    without the full stop.

    >>> localized("到2025年底，徐州市新评定基地30家。（责任单位：市科技局、市科协等）", ["江苏省", "徐州市"])
    '到[年份]，[本地名称]新评定基地[本地数据]（责任单位：[本地责任单位]）'
    """
    text = unnumbered(sentence.strip())
    text = _tail_blank(text)
    text = _outside(_KEEP, text, lambda part: _NUMBER_UNIT.sub(DATA_BLANK, _years_blank(part)))
    text = _places_blank(_foreign_titles_blank(text, region), region).rstrip("。；;，, ")
    return re.sub(rf"(?:{re.escape(DATA_BLANK)}){{2,}}", DATA_BLANK, text)


def _years_blank(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        lead = match[0][0] if match[0][0] in "到至自" else ""
        return f"{lead}{YEAR_BLANK}"

    return _YEAR.sub(blank, text)


def _tail_blank(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        return f"（责任单位：{ORGAN_BLANK}）" if _RESPONSIBLE.search(match[0]) else match[0]

    return re.sub(r"[。；;]\s*(?=（责任单位：\[)", "", _TAIL.sub(blank, text))


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


def _outside(keep: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Applies `change` to what lies outside the matches of `keep`."""
    parts, at = [], 0
    for match in keep.finditer(text):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, change(text[at:])])
