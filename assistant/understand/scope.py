"""Where a question looks: the places, documents and years of issue that it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from assistant.understand.asking import LATIN_WORD
from assistant.understand.corpus import Corpus, Path, issuers_of
from vectorstore.language.dates import DATE
from vectorstore.language.names import (
    DOCUMENT_NUMBER,
    KINDS,
    TITLE,
    likely_number,
    number_endings,
    written_number,
)
from vectorstore.language.pattern import Pattern
from vectorstore.language.regions import (
    Mention,
    abbreviation_regions,
    find_regions,
    is_worded,
    short_name,
)
from vectorstore.language.text import says
from vectorstore.language.words import cut, is_word
from vectorstore.models import DocumentSummary


@dataclass(frozen=True, slots=True)
class Place:
    """A region that a question names, as it names it."""

    text: str
    path: Path


_OWN = ("我们", "咱们", "我", "本", "咱")
_HOME = tuple(
    f"{own}{level}"
    for own in _OWN
    for level in ("自治区", "省", "市", "县", "区", "州", "旗", "地", "单位")
)
# What follows an organ that is named as a source.
_ITS_DOCUMENT = (
    "官网", "门户", "网站", "网页", "网上", "公众号", "那份", "这份", "挂着", "挂的", "挂出",
    "发布的", "印发的", "公布的", "制定的", "出台的",
)  # fmt: skip
_ENDING = 4  # letters of an organ's name that stand before a day


def find_places(text: str, corpus: Corpus, home: Path) -> list[Place]:
    """Regions that a question names, each once, in order; titles in 《》 and numbers do not
    count: 扬政发〔2021〕1号 is no place."""
    plain = TITLE.compiled.sub(lambda m: "　" * len(m[0]), text)
    plain = DOCUMENT_NUMBER.compiled.sub(_without_number, plain)
    mentions = find_regions(plain, corpus.regions)
    for short in abbreviation_regions(plain):  # the 新 of 滨海新区 is no 新疆
        if not any(m.start <= short.start < m.end for m in mentions):
            mentions.append(short)
    found: dict[Path, Place] = {}
    for mention in sorted(mentions, key=lambda m: m.start):
        path = _best_path(mention, corpus)
        inside = any(path == other[: len(path)] for other in found)
        if not inside:
            found[path] = Place(plain[mention.start : mention.end], path)
            for outer in [p for p in found if p != path and p == path[: len(p)]]:
                del found[outer]  # 重庆市黔江区 is one place
    for path in sorted(corpus.unlisted_regions, key=lambda p: (-len(p), p)):
        name = next(
            (n for n in (path[-1], short_name(path[-1])) if len(n) > 1 and n in plain), None
        )
        if name and not any(path == other[: len(path)] for other in found):
            found[path] = Place(name, path)
    for name in _latin_names(plain):
        latin = name.lower().replace(" ", "")
        regions = corpus.latin_regions
        path = regions.get(latin) or regions.get(latin.removesuffix("county"), ())
        if path and not any(path == other[: len(path)] for other in found):
            found[path] = Place(name, path)
    if home and not found and (own := next((name for name in _HOME if name in plain), "")):
        found[home] = Place(own, home)
    return sorted(found.values(), key=lambda place: plain.find(place.text))


_DIVISION = Pattern(
    r"(?P<stem>[\u4e00-\u9fff]{2})(?P<level>省|市|县|区|州|旗|镇|乡|街道)(?![\u4e00-\u9fff]?[长委办级域内外])",
    yes=("云桥县", "青禾市", "石湾街道"),
    no=("全市", "县长"),
    why="a name that may be of a division that no list knows",
)


def find_strangers(text: str, places: Sequence[Place]) -> tuple[str, ...]:
    """Names of the form of a division that neither the list of divisions nor the corpus knows,
    and that are no words: 沧桥区, but not 示范区, and not 对县 in 省级对县道."""
    for place in places:
        text = text.replace(place.text, "，", 1)
    plain = TITLE.remove_from(text, by="，")
    starts = set(accumulate((len(word) for word in cut(plain, guess=False)), initial=0))
    found = (
        match
        for at in sorted(starts)
        if (match := _DIVISION.compiled.match(plain, at)) and match.end() in starts
    )
    return tuple(dict.fromkeys(m[0] for m in found if not _is_common(m["stem"], m["level"])))


def _is_common(stem: str, level: str) -> bool:
    """Made of words, or of nobody in particular: 某某市."""
    if says(stem, ("某", "州", "镇", "乡")) or is_word(stem) or is_word(stem[-1] + level):
        return True
    return is_worded(stem, level)


def _without_number(match: re.Match[str]) -> str:
    """What was caught in front of a number, and a gap for the number itself."""
    lead = len(written_number(match)) - len(likely_number(match))
    return match[0][:lead] + "　" * (len(match[0]) - lead)


def _best_path(mention: Mention, corpus: Corpus) -> Path:
    """Of several regions of one name, the one that the corpus knows."""
    for region in mention.candidates:
        if any(known[: len(region.path)] == region.path for known in corpus.regions):
            return region.path
    return mention.candidates[0].path


def _latin_names(text: str) -> Iterator[str]:
    """Names in Latin letters that may be of places, of two words before those of one."""
    words = LATIN_WORD.findall(text)
    for size in (2, 1):
        for at in range(len(words) - size + 1):
            taken = words[at : at + size]
            if all(word[0].isupper() for word in taken):
                yield " ".join(taken)


def documents_named(text: str, corpus: Corpus) -> tuple[tuple[str, ...], tuple[str, ...]]:
    titled, unknown = documents_titled(text, corpus)
    named = dict.fromkeys(titled)
    for name, ids in corpus.names.items():
        if name in text:
            named.update(dict.fromkeys(ids))
    if dated := documents_dated(text, corpus):
        named = dict.fromkeys(dated)
    return tuple(named), tuple(unknown)


def documents_titled(text: str, corpus: Corpus) -> tuple[list[str], list[str]]:
    """Those that are named by number or by title, and the numbers and titles that none bears."""
    named: dict[str, None] = {}
    unknown: list[str] = []
    for match in DOCUMENT_NUMBER.finditer(text):
        found = next(filter(None, map(corpus.with_number, number_endings(match))), [])
        named.update(dict.fromkeys(found))
        if not found:
            unknown.append(likely_number(match))
    for match in TITLE.finditer(text):
        found = corpus.titled(match[1])
        named.update(dict.fromkeys(found))
        if not found:
            unknown.append(f"《{match[1]}》")
    return list(named), unknown


def documents_dated(text: str, corpus: Corpus) -> list[str]:
    """Documents that a question calls by their day: 市民政局2026年2月10日那份通知. Of several of one
    day those of the organ that is named in front."""
    for match in DATE.finditer(text):
        if not _is_of_a_document(text[match.end() :]):
            continue
        day = _day(match)
        found = [d for d in corpus.documents if day is not None and day in _days_of(d)]
        before = text[: match.start()].removesuffix("在")
        issued = [
            d.id
            for d in found
            if any(before.endswith(name[-_ENDING:]) for name in issuers_of(d) if name)
        ]
        return issued or [d.id for d in found]
    return []


def _is_of_a_document(text: str) -> bool:
    """Whether a document's kind follows: 那份通知, 印发的方案."""
    for word in ("", *_ITS_DOCUMENT):
        rest = text.removeprefix(word).removeprefix("的") if text.startswith(word) else ""
        if rest.startswith((*KINDS, "文件")):
            return True
    return False


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _days_of(document: DocumentSummary) -> set[date | None]:
    m = document.metadata
    return {m.date_written, m.date_printed, m.date_published}


def names_a_source(text: str, corpus: Corpus) -> bool:
    """Whether an organ or a day is named for its document: 银川市水务局网站上那份, 市政府印发的."""
    return bool(documents_dated(text, corpus)) or any(
        name in text and text.partition(name)[2].removeprefix("的").startswith(_ITS_DOCUMENT)
        for name in corpus.names
    )


_OF_ISSUE = Pattern(
    r"(?P<year>20\d\d)年?(?:(?P<since>以来|之后|以后|起)(?=[^。？?]{0,10}(?:发布|印发|出台|公布|制定|成文|发文|文件|方案|规划|政策))"
    r"|(?P<until>以前|之前)(?=.{0,6}(?:发布|印发|出台|制定|的文件))|度?(?:\d{1,2}月)?(?:发布|印发|出台|公布|制定|发文)[的了])",
    yes=(
        ("2021年以来出台的文件", "2021年以来"),
        ("2019年以前印发的", "2019年以前"),
        "2022年印发的",
    ),
    no=("2030年起每亩补多少", "2025年的目标"),
    why="years of issue that a question restricts itself to",
)


def issue_words(text: str) -> str:
    """The words by which a question restricts itself to years of issue, '' without any."""
    match = _OF_ISSUE.search(text)
    return match[0] if match else ""


def issue_years(text: str) -> tuple[int, int] | None:
    """Years of issue that a question restricts itself to: 2021年以来出台的, 2022年印发的."""
    match = _OF_ISSUE.search(text)
    if not match:
        return None
    year = int(match["year"])
    if match["since"]:
        return year, 9999
    return (0, year - 1) if match["until"] else (year, year)
