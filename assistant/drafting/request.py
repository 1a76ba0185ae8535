"""From a request in plain words to what is to be written."""

import re
from collections.abc import Iterator

from assistant.drafting.heard import (
    Heard,
    addressees_heard,
    kind_heard,
    matter_heard,
    sender_heard,
)
from assistant.drafting.kinds import KINDS, customary
from assistant.drafting.levels import place_of
from assistant.drafting.matter import (
    ABOUT,
    BRACKETED_YEARS,
    CALLED,
    MEETING,
    NAMES,
    RENAMED,
    addressees_in,
    copies_in,
    matter_of,
    sender_in,
    topic_of,
    trimmed,
)
from assistant.drafting.models import Request
from assistant.understand.corpus import Corpus, Path, related
from assistant.understand.scope import documents_titled, find_places
from vectorstore.language.dates import YEAR_RANGE
from vectorstore.language.names import TITLE
from vectorstore.language.regions import region_of_name, unlisted_place
from vectorstore.language.text import says
from vectorstore.language.words import cut

_LISTED = re.compile(
    r"[“\"「](?P<quoted>[^”\"」]{4,80})[”\"」]\s*+(?:这)?(?:[一二两三四五六七八九十\d]{1,2}\s*+(?:条|部分|章|个方面|方面)|几条|等条)"
    r"|(?:分为|包括|包含|分|写)\s*+(?P<plain>[^，。；：“”]{4,60}?)\s{0,9}+(?:这)?[一二两三四五六七八九十]{1,2}(?:个)?(?:部分|方面|章|条)"
    r"|(?:要有|须有|应有|设|包括|包含|分为)\s*+(?P<open>(?:[\u4e00-\u9fff]{2,8}、){2,9}[\u4e00-\u9fff]{2,8})(?=[，。；]|$)"
)
_FOLLOWS = re.compile(
    r"(?:参照|参考|借鉴|对照|仿照|学习)(?P<what>[^，。；]{2,40}?)(?:的)?(?:做法|经验|文件|方案|写法|体例|办法|规定|，|。|；|$)"
)
_OWN = re.compile(r"(?:我|本|××|XX|xx|某|全)(?P<level>自治区|省|市|县|区|州|旗|镇|乡|街道)")
_LEVEL_OF_BODY = re.compile(
    r"^(?:各)?(?P<level>自治区|[省市县区州旗])(?!直各|场|民(?!政|宗))(?=[\u4e00-\u9fff])"
)
_BELOW = {"县": ("乡镇", "街道", "村"), "市": ("区县", "县区", "县（市、区）", "县市区", "县、区")}
_QUOTES = ("根据", "依据", "按照", "参照", "参考", "贯彻", "落实", "对照", "执行")
# What a title says is done with its matter (乡村工匠评选和管理办法): no text on the matter need
# speak of it.
_DEEDS = (
    r"(?<=[\u4e00-\u9fff]{3})(?:(?:认定|评定|评选|评审|申报|命名|验收|考核|奖励)(?:与|和|及)?)?"
)
_COMPARES = ("比较", "对比", "各地", "异同", "横向")
_WIDE = str.maketrans(",;:()", "，；：（）")


def understand_request(
    text: str, corpus: Corpus, home: Path, unit: str = "", heard: Heard = Heard()
) -> Request:
    """Kind, title, topic, own place, who writes to whom, period, wished parts, and documents to
    follow; `heard` is what the models make of it."""
    asked, text = text, text.translate(_WIDE)
    named = _own_title(text)
    name = _kind_name(named) or _form_of(text) or _kind_heard(text, heard) or "实施方案"
    kind = KINDS[name]
    sender, by = sender_in(text)
    sender = sender_heard(text, heard) or sender
    addressees, to = addressees_in(text)
    addressees = _once(addressees or addressees_heard(text, heard))
    follows = _FOLLOWS.search(text)
    own = unit or _own_place(text, named, sender)
    place = own or (home[-1] if home else "")
    level = _level(own or unit, text, sender, addressees) or (home[-1][-1] if home else "")
    region = region_of_name(unit) or home or region_of_name(own)
    said = tuple(filter(None, (by, *to, follows[0] if follows else "")))
    if named:
        matter = _matter_of_title(named)
    else:
        worded = matter_of(text, name, said)
        matter = worded if ABOUT.search(text) else matter_heard(text, worded, heard, said)
        matter = trimmed(matter)
    matter = _without(matter, _parts(text)) or matter
    topic = _topic_of_title(named, kind) if named else topic_of(matter)
    topic = _without_places(topic, corpus)
    return Request(
        text=asked,
        kind=kind,
        title=named or _title(place_of(place), matter, kind, name, text),
        topic=topic,
        unit=place or (f"我{level}" if level else ""),
        region=region,
        year=(re.search(r"20\d\d(?:\s*[—\-–至]\s*20\d\d)?年?(?!第?\d{1,4}号)", text) or [""])[0],
        parts=_parts(text),
        models=_models(text, named, corpus, region),
        variants=_variants(text, topic),
        compares=bool(says(text, _COMPARES)),
        matter=matter,
        level=level,
        issuer=sender,
        addressees=addressees,
        copies=copies_in(text),
        period=_period(named or text),
        renames=_renames(text),
        excludes=_excludes(text),
    )


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Bodies, each once; one that only ends like a shorter one was cut out wrongly (告报市政府)."""
    shorter = [n for n in names if not any(n != o and n.endswith(o) for o in names)]
    return tuple(dict.fromkeys(shorter))


def _own_title(text: str) -> str:
    """The title in 《》 that is to be written, not one that is to be followed."""
    for match in TITLE.finditer(text):
        before = text[max(0, match.start() - 8) : match.start()]
        if _kind_name(match[1]) and not says(before, _QUOTES):
            return match[1]
    return ""


def _kind_name(text: str) -> str:
    """The word for the kind: the last of a title, the first of a request that something is done
    with."""
    plain = BRACKETED_YEARS.sub("", text)
    if ending := re.search(rf"(?:{NAMES})(?=[（(]|$)", plain):
        if ending.end() == len(plain) or len(text) < 60:
            return ending[0]
    asked = re.search(
        rf"(?:写|做|起草|拟|制定|编写|撰写|草拟|出|发|下|放|来|搞|弄)[^，。；《》]{{0,60}}?(?:{NAMES})",
        text,
    )
    found = [m[0] for m in re.finditer(NAMES, asked[0] if asked else text)]
    return found[-1] if found and asked else (found[0] if found else "")


def _form_of(text: str) -> str:
    """The kind that a title in so many words ends in: 关于…的意见."""
    about = ABOUT.search(text)
    return _kind_name(about[0]) if about else ""


def _kind_heard(text: str, heard: Heard) -> str:
    """The word for the kind that is likeliest, as the request says it where it does."""
    name = _kind_name(text)
    kind = kind_heard(name, heard)
    return name if KINDS.get(name) == kind else kind


def _matter_of_title(title: str) -> str:
    core = BRACKETED_YEARS.sub("", title)
    if about := re.search(rf"关于(.{{2,60}}?)的(?:{NAMES})$", core):
        return about[1]
    return re.sub(rf"(?:{NAMES})$", "", core) or core


def _topic_of_title(title: str, kind: str) -> str:
    core = BRACKETED_YEARS.sub("", title)
    core = re.sub(r"^(?:××|XX|某)?(?:省|市|县|区|州)", "", core)
    if place := region_of_name(core) or unlisted_place(core):
        core = core.removeprefix("".join(place)).removeprefix(place[-1])
    if about := re.search(rf"关于(.{{2,60}}?)的(?:{NAMES})$", core):
        return topic_of(about[1])
    plain = re.sub(rf"{_DEEDS}(?:{NAMES})$", "", core).strip("与和的")
    return plain or core


def _without(matter: str, parts: tuple[str, ...]) -> str:
    for part in parts:
        matter = matter.replace(part, "")
    return matter.strip("、，“”" if parts else "、，")


def _without_places(topic: str, corpus: Corpus) -> str:
    """保山和徐州在青少年科学素质提升 → 青少年科学素质提升."""
    names = [place.text for place in find_places(topic, corpus, ())]
    if not names:
        return topic
    bare = topic
    for name in sorted(names, key=len, reverse=True):
        bare = bare.replace(name, "")
    return re.sub(r"^[和与、在的省市县区]{1,8}", "", bare) or topic


def _own_place(text: str, title: str, sender: str) -> str:
    """The name of one's own place, where the request says it; 我县 where it says so much."""
    if called := CALLED.search(text):
        return called["name"]
    if title.startswith(("××", "XX", "某")) and (own := _OWN.match(title)):
        return f"××{own['level']}" if title[0] != "某" else own[0]
    for words in (
        title,
        sender,
        *re.findall(r"(?:写|做|起草|拟)(?:一[份个张篇])?([^，。；]{4,20})", text),
    ):
        if place := region_of_name(words) or unlisted_place(words):
            return place[-1]
    return own[0].replace("本", "我").replace("全", "我") if (own := _OWN.search(text)) else ""


def _level(own: str, text: str, sender: str, addressees: tuple[str, ...]) -> str:
    """One's own level in a word, by the own place, by who writes, by whom it goes to."""
    for words in (own, sender):
        if match := re.search(r"(?:自治区|[省市县区州旗镇乡])$", place_of(words)):
            return match[0]
    for words in (sender, *addressees):
        if match := _LEVEL_OF_BODY.search(words):
            if not words.startswith("各"):
                return match["level"]
    below = (
        level for level, names in _BELOW.items() if any(n in a for a in addressees for n in names)
    )
    found = next(below, "")
    return found or (own_said["level"] if (own_said := _OWN.search(text)) else "")


def _models(text: str, title: str, corpus: Corpus, region: Path) -> tuple[str, ...]:
    """Documents that the request names by number or title, or else those of the places that it
    names beside one's own."""
    plain = text.replace(f"《{title}》", "") if title else text
    named, _ = documents_titled(plain, corpus)
    if named:
        return tuple(named)
    ids: dict[str, None] = {}
    for place in find_places(plain, corpus, ()):
        if not (region and related(place.path, region)):
            ids.update(dict.fromkeys(corpus.in_region(place.path)))
    return tuple(ids)


def _parts(text: str) -> tuple[str, ...]:
    for match in _LISTED.finditer(text):
        pieces = re.split(r"[、，,和]", match["quoted"] or match["plain"] or match["open"])
        parts = [piece.strip() for piece in pieces if 2 <= len(piece.strip()) <= 20]
        if len(parts) >= 2:
            return tuple(parts)
    return ()


_ALIAS = re.compile(r"([\u4e00-\u9fff]{2,12})（([\u4e00-\u9fff]{2,8})）")


def _variants(text: str, topic: str) -> tuple[str, ...]:
    """The topic with the words that the request gives in brackets (农民（农牧民）)."""
    found = []
    for before, alias in _ALIAS.findall(text):
        word = cut(before)[-1]
        if len(word) >= 2 and word in topic:
            found.append(topic.replace(word, alias))
    return tuple(found)


def _period(text: str) -> tuple[int, int] | None:
    match = YEAR_RANGE.search(text)
    return (int(match["first"]), int(match["last"])) if match else None


_EXCLUDES = re.compile(
    r"(?:^|[，。；])(?:但|不过)?(?P<before>[\u4e00-\u9fff]{2,6}?)(?:那一?套话?|的?内容|的话|方面的)?(?:都|就|一律)?(?:不要了|不要写|不写了|别写|不用写)"
    r"|没有(?P<lacking>[\u4e00-\u9fff]{2,6})，(?:别|不要|不能)写成"
    r"|(?:不要|别|不用|不必)(?:写|提|涉及|出现)(?P<behind>[\u4e00-\u9fff]{2,6})(?=[，。；]|$)"
)


def _excludes(text: str) -> tuple[str, ...]:
    found = (
        match["lacking"] or match["before"] or match["behind"] for match in _EXCLUDES.finditer(text)
    )
    return tuple(word for word in found if not word.startswith(("成", "我", "这", "那")))


def _renames(text: str) -> tuple[tuple[str, str], ...]:
    """Organs that are called otherwise here, as the request says."""
    return tuple(_pairs_of_names(text))


def _pairs_of_names(text: str) -> Iterator[tuple[str, str]]:
    for match in RENAMED.finditer(text):
        if re.search(r"[委局办部会室]$", match["from"]) and re.search(
            r"[委局办部会室]$", match["to"]
        ):
            yield match["from"].removeprefix("没有"), match["to"]


_PERIOD = re.compile(r"[（(]?20\d\d\s?年?\s?[—\-–至]\s?20\d\d\s?年?[)）]?")


def _title(place: str, matter: str, kind: str, name: str, text: str) -> str:
    form = customary(kind)
    if kind == "讲话提纲":
        meeting = MEETING.search(text)
        return f"在{meeting['meeting'] if meeting else '[会议名称]'}上的讲话提纲"
    if kind == "答复":
        return f"关于{matter}建议的答复"
    if form.about:
        asks = "商请" if kind == "函" and "商请" in text and "商请" not in matter else ""
        return f"关于{asks}{matter}的{kind}"
    period = f"（{p[0]}—{p[1]}年）" if (p := _period(text)) else ""
    plain = _PERIOD.sub("", matter)
    if kind in ("工作总结", "汇报材料") and place:
        plain = re.sub(r"^(?:20\d\d年(?:度)?)?全(?:省|市|县|区|州|旗)", "", plain)
    own = (
        ""
        if not place or place in plain or _OWN.match(plain) or kind in ("政策解读", "对比材料")
        else place
    )
    own = re.sub(r"^(?:我|本)", "××", own)
    years = (
        re.search(r"20\d\d年(?:度)?(?!第?\d{1,4}号)", text)
        if kind in ("工作总结", "汇报材料", "政策解读")
        else None
    )
    year = f"{years[0]}" if years and years[0] not in plain else ""
    ending = {"分工表": "重点任务分工表", "汇报材料": "情况汇报"}.get(kind) or name or kind
    if kind == "分工表":
        plain = re.sub(r"(?:重点)?(?:任务)?$", "", plain)
    for word in ("政策", "工作", "情况"):
        if plain.endswith(word) and ending.startswith(word):
            plain = plain.removesuffix(word)
    if kind == "政策解读" and "政策" not in f"{plain}{ending}":
        ending = f"政策{ending}"
    return f"{own}{year}{plain}{ending}{period}"
