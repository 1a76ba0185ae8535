"""When a document takes effect and how long it lasts, as it says of itself.

Sentences about something else (另一份文件 that takes effect, a licence that is valid for three
years) are told by their subject: 本办法…, nothing at all, or the document's own title.
"""

import re
from collections.abc import Iterator
from datetime import date

from ingest.facts.material import Material, Piece
from vectorstore.facts import Fact
from vectorstore.language.dates import parse_date
from vectorstore.language.names import KINDS
from vectorstore.language.numbering import ENUMERATOR
from vectorstore.language.numerals import whole_number
from vectorstore.language.pattern import Pattern
from vectorstore.language.periods import (
    ENDS,
    FRONT_DAY,
    HOLDS_BETWEEN,
    LASTS,
    SHARES_LIFE,
    STANDARD_DAYS,
    TAKES_EFFECT,
    end_of,
    last_day,
    later,
    years_in,
)
from vectorstore.language.relations import STANDARD_NUMBER
from vectorstore.language.text import fold, says

_KIND = "|".join((*KINDS, "文件", "条款", "条文"))
_OWN_SUBJECT = Pattern(
    rf"^(?:修订后的|修改后的|修正后的)?(?:本|以上|上述)[\u4e00-\u9fff]{{0,12}}?(?:{_KIND})(?:的|将|拟|则|均|统一|暂)?$",
    yes=("本办法", "本实施细则", "以上措施"),
    no=("许可证", "企业申请的项目", "本市居民", "上级政策"),
    why="how a document speaks of itself",
)
_ANOTHER = Pattern(
    r"^(?:原|对|将|修改后的|经修订的)?《", yes=(("《办法》", "《"), ("原《办法》", "原《")), no=("根据《办法》",),
    why="a sentence whose subject is a named document",
)  # fmt: skip
# One of these stands in every sentence that tells; most lines need not be cut into sentences.
_WORDS = ("施行", "实施", "执行", "生效", "试行", "实行", "有效", "期限", "适用")
_TRIAL = "试行"
_LAW = ("关于", "通知", "公告", "印发")  # in a title: not a law, whose 公布 is an act of its own


def read_validity(material: Material) -> Iterator[Fact]:
    """One fact for each sentence that states it."""
    standard = ""
    stated = False  # whether the sentence before spoke of it
    for line in material.lines:
        if code := STANDARD_NUMBER.fullmatch(line.text.strip()):
            standard = standard or code[0]
        if front := STANDARD_DAYS.search(line.text):
            yield _fact(material, line, since=parse_date(front["day"]), subject=standard)
            continue
        if front := FRONT_DAY.search(line.text):
            yield _fact(material, line, since=parse_date(front["day"]))
            continue
        if not says(line.text, _WORDS):
            stated = False
            continue
        for sentence in line.sentences():
            fact = _stated(material, sentence, stated)
            stated = fact is not None
            if fact:
                yield fact


def own_start(material: Material) -> date | None:
    """The day that the document gives for itself, the last one where a notice and what it
    hands out both do."""
    days = [fact.since for fact in read_validity(material) if fact.since]
    return days[-1] if days else material.metadata.date_effective


def _stated(material: Material, sentence: Piece, went_before: bool) -> Fact | None:
    text = sentence.text
    effect = next((m for m in TAKES_EFFECT.finditer(text) if _is_own(material, text, m)), None)
    speaks = effect is not None or went_before
    lasts = _own_life(LASTS, text, speaks)
    ends = _own_life(ENDS, text, speaks)
    between = _own_life(HOLDS_BETWEEN, text, speaks)
    shares = SHARES_LIFE.search(text) if speaks else None
    ends = between or ends
    if not (effect or lasts or ends or shares) or _is_of_another(material, text, effect):
        return None
    since = _since(material, effect) if effect else None
    since = since or (parse_date(between["since"]) if between else None)
    years = years_in(lasts["count"], lasts["unit"]) if lasts else None
    on_trial = says(material.metadata.title, (_TRIAL,)) or (effect and effect["verb"] == _TRIAL)
    return _fact(
        material,
        sentence,
        since=since,
        until=end_of(ends["day"]) if ends else _computed(since, years),
        value=years,
        text=shares["title"] if shares else "",
        condition=_TRIAL if on_trial else "",
    )


def _computed(since: date | None, years: float | None) -> date | None:
    """自2026年3月1日起施行，有效期五年: the last day follows."""
    return last_day(since, years) if since and years else None


def _fact(
    material: Material,
    piece: Piece,
    *,
    since: date | None = None,
    until: date | None = None,
    value: float | None = None,
    subject: str = "",
    text: str = "",
    condition: str = "",
) -> Fact:
    quoted = material.quote(piece)
    return Fact(
        "validity", material.document.id, quoted.start, quoted.end, quoted.text,
        subject=subject, text=text, since=since, until=until, value=value, condition=condition,
        heading_path=piece.headings, passage_id=piece.passage.id,
    )  # fmt: skip


def _since(material: Material, effect: re.Match[str]) -> date | None:
    m = material.metadata
    if effect["day"]:
        day = parse_date(effect["day"])
    elif says(effect["event"], ("印发", "下发", "发文", "发出", "签发", "即日")):
        day = m.date_written or m.date_printed or m.date_published
    else:
        is_law = not says(m.title, _LAW)
        day = (m.date_published if is_law else None) or m.dated
    if day and effect["later"]:
        unit = "天" if "日" in effect["unit"] else effect["unit"]
        if effect["unit"] == "个工作日":
            return None  # depends on holidays
        day = later(day, whole_number(effect["later"]), unit)
    return day


def _subject(text: str, end: int) -> str:
    """What stands before a place in its clause, without the number of an item."""
    start = max(text.rfind(mark, 0, end) for mark in "，,。；：:、")
    subject = text[start + 1 : end].strip()
    number = ENUMERATOR.match(subject)
    return subject[number.end() :].strip() if number else subject


def _is_own(material: Material, text: str, match: re.Match[str]) -> bool:
    """Whether 自…起施行 is said of the document itself; in brackets it is of another one."""
    before = text[: match.start()]
    if before.count("（") + before.count("(") > before.count("）") + before.count(")"):
        return False
    subject = _subject(text, match.start())
    if "《" in subject or "》" in subject:
        return fold(subject.strip("《》原")) in fold(material.metadata.title)
    return not subject or _OWN_SUBJECT.search(subject) is not None


def _is_of_another(material: Material, text: str, effect: re.Match[str] | None) -> bool:
    """A sentence that begins with the title of a document, which is not the one handed out."""
    number = ENUMERATOR.match(text)
    bare = text[number.end() :].strip() if number else text.strip()
    if not _ANOTHER.search(bare):
        return False
    first = bare[bare.index("《") + 1 :].split("》")[0]
    own = fold(first) in fold(material.metadata.title)
    between = text[: effect.start()] if effect else ""
    return not own and "本" not in between.split("》")[-1]


def _own_life(pattern: Pattern, text: str, speaks: bool) -> re.Match[str] | None:
    """有效期… where it is nobody else's: 证书有效期三年 is the certificate's. Without a subject it
    is the document's where the sentence, or the one before, `speaks` of its taking effect."""
    for match in pattern.finditer(text):
        subject = _subject(text, match.start())
        if _OWN_SUBJECT.search(subject) or (speaks and _is_silent(subject)):
            return match
    return None


def _is_silent(subject: str) -> bool:
    return not subject or TAKES_EFFECT.search(subject) is not None
