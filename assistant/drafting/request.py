"""From a request in plain words to what is to be written."""

import re
from collections.abc import Sequence

from assistant.drafting.models import Request
from assistant.understand.corpus import Corpus, Path
from assistant.understand.scope import find_places
from vectorstore.language.names import TITLE
from vectorstore.language.regions import region_of_name
from vectorstore.language.text import says
from vectorstore.language.words import cut

# 文种 and working papers, the longer names first; the value is the customary form.
KINDS: dict[str, str] = {
    "任务分工表": "分工表", "分工方案": "分工表", "分工表": "分工表",
    "培训方案": "培训方案", "培训计划": "培训方案",
    "实施方案": "实施方案", "工作方案": "实施方案", "行动方案": "实施方案", "行动计划": "实施方案",
    "实施意见": "实施方案", "方案": "实施方案", "规划": "实施方案",
    "汇报材料": "汇报材料", "调研报告": "汇报材料", "情况报告": "汇报材料", "情况说明": "汇报材料",
    "工作总结": "汇报材料", "对比材料": "汇报材料", "报告": "汇报材料",
    "管理办法": "管理办法", "实施办法": "管理办法", "暂行办法": "管理办法", "办法": "管理办法",
    "实施细则": "管理办法", "规定": "管理办法", "条款": "管理办法",
    "请示": "请示", "通知": "通知", "讲话稿": "讲话稿", "讲话": "讲话稿",
}  # fmt: skip
_LISTED = re.compile(
    r"[“\"「](?P<quoted>[^”\"」]{4,80})[”\"」]\s*+(?:这)?(?:[一二两三四五六七八九十\d]{1,2}\s*+(?:条|部分|章|个方面|方面)|几条|等条)"
    r"|(?:分为|包括|包含|分|写)\s*+(?P<plain>[^，。；：“”]{4,60}?)\s{0,9}+(?:这)?[一二两三四五六七八九十]{1,2}(?:个)?(?:部分|方面|章|条)"
)
_FOLLOWS = re.compile(
    r"(?:参照|参考|借鉴|对照|仿照|学习)(?P<what>[^，。；]{2,40}?)(?:的)?(?:做法|经验|文件|方案|写法|体例|办法|规定|，|。|；|$)"
)
_OWN = re.compile(r"(?:我|本|××|XX|xx|某)(?P<level>省|市|县|区|州|旗|镇|乡|街道)")
# What a title says is done with its matter (乡村工匠评选和管理办法): no text on the matter need
# speak of it.
_DEEDS = (
    r"(?<=[\u4e00-\u9fff]{3})(?:(?:认定|评定|评选|评审|申报|命名|验收|考核|奖励)(?:与|和|及)?)?"
)
_COMPARES = ("比较", "对比", "各地", "异同", "横向")
_VERB = re.compile(
    r"请|帮我|帮忙|起草|撰写|草拟|拟定|制定|编写|写一[份篇段个]|写|做成|做一[份张个]|整理成?|形成|一份|一篇|一段|附一?张?对比表|"
    r"\d{1,9}\s{0,9}字(?:左右|以内)?|并?注明出处|并?标注出处|中(?=[“\"])|的(?=《)|把"
)


def understand_request(text: str, corpus: Corpus, home: Path, unit: str = "") -> Request:
    """Kind, title, topic, own place, year, wished parts, and documents to follow."""
    asked, text = text, text.translate(_WIDE)
    named = TITLE.search(text)
    kind = _kind(named[1] if named else text) or _kind(text) or "实施方案"
    follows = _FOLLOWS.search(text)
    models = _models(follows["what"], corpus, home) if follows else ()
    parts = _parts(text)
    topic = _topic(text, parts, follows[0] if follows else "")
    level = own[0] if (own := _OWN.search(text)) else ""
    place = unit or level or (home[-1] if home else "")
    year = (re.search(r"20\d\d(?:\s*[—\-–至]\s*20\d\d)?年?", text) or [""])[0]
    title = named[1] if named else _title(place, topic, kind, _name(text))
    return Request(
        text=asked,
        kind=kind,
        title=title,
        topic=topic,
        unit=place,
        region=region_of_name(unit) or home,
        year=year,
        parts=parts,
        models=models,
        variants=_variants(text, topic),
        compares=bool(says(text, _COMPARES)),
    )


_WIDE = str.maketrans(",;:()", "，；：（）")
_ABOUT = re.compile(r"关于(?P<topic>[^，。；]{2,40}?)的(?:通知|请示|报告|意见|函|决定)")


def _kind(text: str) -> str | None:
    found = [(text.rfind(name), -len(name), kind) for name, kind in KINDS.items() if name in text]
    return max(found, key=lambda item: (item[0] - item[1], -item[1]))[2] if found else None


def _models(what: str, corpus: Corpus, home: Path) -> tuple[str, ...]:
    ids: dict[str, None] = {}
    for place in find_places(what, corpus, home):
        ids.update(dict.fromkeys(corpus.in_region(place.path)))
    for title in TITLE.findall(what):
        ids.update(dict.fromkeys(corpus.titled(title[1:-1])))
    return tuple(ids)


def _parts(text: str) -> tuple[str, ...]:
    for match in _LISTED.finditer(text):
        pieces = re.split(r"[、，,和]", match["quoted"] or match["plain"])
        parts = [piece.strip() for piece in pieces if 2 <= len(piece.strip()) <= 20]
        if len(parts) >= 2:
            return tuple(parts)
    return ()


def _topic(text: str, parts: Sequence[str], follows: str) -> str:
    """What it is about: the title without its kind, or the request without its verbs."""
    named = TITLE.search(text)
    if named:
        core = re.sub(r"^(?:××|XX|某)?(?:省|市|县|区|州)", "", named[1])
        names = "|".join(sorted(KINDS, key=len, reverse=True))
        return re.sub(rf"{_DEEDS}(?:{names})$", "", core).strip("与和的") or core
    if about := _ABOUT.search(text):
        return about["topic"]
    core = text.replace(follows, "")
    for part in parts:
        core = core.replace(part, "")
    core = re.sub("|".join(sorted(KINDS, key=len, reverse=True)), "", core)
    core = _VERB.sub("", _OWN.sub("", core))
    core = re.sub(
        r"20\d\d年?(?:度)?|比较|对比|各地|重点任?务?(?=$|，)|[（(][^)）]{0,200}+[)）]|[“”\"]",
        "",
        core,
    )
    core = re.sub(r"[，。；：、\s]+", "", core)
    return re.sub(
        r"^(?:给|向|为)[\u4e00-\u9fff]{2,8}?(?=增|加|开|推|建|支)|(?:的|重点){1,9}$", "", core
    )[:40]


_ALIAS = re.compile(r"([\u4e00-\u9fff]{2,12})（([\u4e00-\u9fff]{2,8})）")


def _variants(text: str, topic: str) -> tuple[str, ...]:
    """The topic with the words that the request gives in brackets (农民（农牧民）)."""
    found = []
    for before, alias in _ALIAS.findall(text):
        word = cut(before)[-1]
        if len(word) >= 2 and word in topic:
            found.append(topic.replace(word, alias))
    return tuple(found)


def _name(text: str) -> str:
    """The kind as the request words it: 工作方案 stays 工作方案."""
    return max((name for name in KINDS if name in text), key=len, default="")


def _title(place: str, topic: str, kind: str, name: str) -> str:
    place = re.sub(r"^(?:我|本)", "××", place)
    if kind in ("通知", "请示"):
        return f"关于{topic}的{kind}"
    names = {"分工表": "重点任务分工表", "汇报材料": "情况汇报"}
    return f"{place}{topic}{names.get(kind) or name or kind}"
