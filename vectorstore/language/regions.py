"""China's administrative divisions: names, abbreviations and the path 省/市/县 of each.

The list (县级以上) is data/regions.tsv, whose first line names its source. Short forms (保山 for
保山市, 内蒙古 for 内蒙古自治区) are derived by rule.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from importlib import resources

from vectorstore.language.pattern import Pattern
from vectorstore.language.words import cut, in_latin, is_word, word_spans

# 省级简称, as they stand in document numbers (云政发) and in speech (渝东南).
ABBREVIATIONS = {
    "京": "110000", "津": "120000", "冀": "130000", "晋": "140000", "蒙": "150000",
    "辽": "210000", "吉": "220000", "黑": "230000", "沪": "310000", "苏": "320000",
    "浙": "330000", "皖": "340000", "闽": "350000", "赣": "360000", "鲁": "370000",
    "豫": "410000", "鄂": "420000", "湘": "430000", "粤": "440000", "桂": "450000",
    "琼": "460000", "渝": "500000", "川": "510000", "蜀": "510000", "黔": "520000",
    "贵": "520000", "云": "530000", "滇": "530000", "藏": "540000", "陕": "610000",
    "秦": "610000", "甘": "620000", "陇": "620000", "青": "630000", "宁": "640000",
    "新": "650000", "港": "810000", "澳": "820000", "台": "710000",
}  # fmt: skip
_ETHNIC = (
    "壮族|回族|维吾尔|藏族|蒙古族|苗族|彝族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|"
    "傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|"
    "羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|阿昌族|普米族|塔吉克族?|怒族|保安族|裕固族|独龙族|"
    "鄂伦春|鄂温克族?|各族"
)
_SUFFIX = re.compile(
    rf"(?:(?:{_ETHNIC}){{0,8}}(?:自治区|自治州|自治县|自治旗)|特别行政区|"
    r"省|市|地区|盟|州|新区|林区|矿区|区|县|旗)$"
)
# Short names of 地级 divisions that are also everyday words; only their full names count.
_EVERYDAY = frozenset(("城区", "郊区", "矿区", "和县", "新区"))
_AMBIGUOUS = frozenset(("日照", "来宾", "白银", "安康", "大同", "朝阳", "东方", "三明", "长治"))

# What people call divisions whose names are long, where no rule gives it.
_SPOKEN = {
    "锡盟": "锡林郭勒盟", "巴州": "巴音郭楞蒙古自治州", "博州": "博尔塔拉蒙古自治州",
    "克州": "克孜勒苏柯尔克孜自治州", "科左中旗": "科尔沁左翼中旗", "科左后旗": "科尔沁左翼后旗",
    "科右前旗": "科尔沁右翼前旗", "科右中旗": "科尔沁右翼中旗", "察右前旗": "察哈尔右翼前旗",
    "察右中旗": "察哈尔右翼中旗", "察右后旗": "察哈尔右翼后旗", "土左旗": "土默特左旗",
    "土右旗": "土默特右旗", "阿左旗": "阿拉善左旗", "阿右旗": "阿拉善右旗",
    "东乌旗": "东乌珠穆沁旗", "西乌旗": "西乌珠穆沁旗", "达茂旗": "达尔罕茂明安联合旗",
    "鄂温克旗": "鄂温克族自治旗", "莫旗": "莫力达瓦达斡尔族自治旗", "鄂前旗": "鄂托克前旗",
    "新左旗": "新巴尔虎左旗", "新右旗": "新巴尔虎右旗", "陈旗": "陈巴尔虎旗",
}  # fmt: skip
_AUTONOMOUS = ("自治州", "自治县", "自治旗")


@dataclass(frozen=True, slots=True)
class Region:
    """One division. `path` runs from the province down, full names."""

    code: str
    name: str
    path: tuple[str, ...]

    @property
    def level(self) -> int:
        """1 省级, 2 地级, 3 县级."""
        return 1 if self.code.endswith("0000") else 2 if self.code.endswith("00") else 3

    @property
    def full_names(self) -> frozenset[str]:
        """Names that say of what level it is: 彭水苗族土家族自治县, 彭水县."""
        short, level = short_name(self.name), self.name[-1]
        spoken = {name for name, full in _SPOKEN.items() if full == self.name}
        if self.name.endswith(_AUTONOMOUS) and short != self.name:
            spoken.add(short + level)
        return frozenset({self.name, *spoken})


def short_name(name: str) -> str:
    """保山市 → 保山; names of one character keep their suffix (沛县).

    >>> short_name("内蒙古自治区"), short_name("黔江区"), short_name("沛县")
    ('内蒙古', '黔江', '沛县')
    """
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


# Names in Latin letters that do not follow the sounds.
_LATIN = {
    "陕西省": "shaanxi", "内蒙古自治区": "innermongolia", "西藏自治区": "tibet",
    "香港特别行政区": "hongkong", "澳门特别行政区": "macau",
}  # fmt: skip


def latin_name(name: str) -> str:
    """A division's name in Latin letters, without spaces: short, but 沛县 as people write it.

    >>> latin_name("徐州市"), latin_name("陕西省"), latin_name("沛县")
    ('xuzhou', 'shaanxi', 'peicounty')
    """
    short = short_name(name)
    if short == name and short.endswith("县"):
        return f"{in_latin(short[:-1])}county"
    return _LATIN.get(name) or in_latin(short)


@cache
def _regions() -> dict[str, Region]:
    text = resources.files("vectorstore.language").joinpath("data/regions.tsv").read_text("utf-8")
    names = dict(line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    regions = {}
    for code, name in names.items():
        above = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
        regions[code] = Region(code, name, tuple(names[c] for c in above if c in names))
    return regions


@cache
def _by_name() -> dict[str, tuple[Region, ...]]:
    """Full and short names → divisions, the higher level first."""
    table: dict[str, list[Region]] = {}
    for region in sorted(_regions().values(), key=lambda r: (r.level, r.code)):
        short = short_name(region.name)
        for name in region.full_names | {region.name if short in _AMBIGUOUS else short}:
            table.setdefault(name, []).append(region)
    return {name: tuple(found) for name, found in table.items() if name not in _EVERYDAY}


def is_region(name: str) -> bool:
    """Whether a division bears this name, in full or short."""
    return name in _by_name()


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_by_name(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))


@dataclass(frozen=True, slots=True)
class Mention:
    """A division named in a text; several candidates when the name is shared (鼓楼区)."""

    start: int
    end: int
    candidates: tuple[Region, ...]


# What may follow a place's name within one word: 江苏省委, 上海市民.
_GOES_ON = re.compile(r"[省市县区州旗盟委府人民厅局籍产版话方各]")
LEVELS = "省市州县区旗盟"


def find_regions(text: str, known: Container[tuple[str, ...]] = ()) -> list[Mention]:
    """Divisions named in `text`, from left to right.

    Short names of counties are everyday words too often (延长, 平安, 公安), so they count
    only for the paths in `known`, the divisions that the corpus is about. A name below the
    one before it (重庆市黔江区) is resolved by that one. A name that is a piece of another word is
    none: 示范县 is no 范县, 海南州 no 海南省, and 长安街 no 长安区.
    """
    mentions: list[Mention] = []
    words = _Words(text)
    for match in _pattern().finditer(text):
        start, end = match.span()
        after = mentions[-1].end if mentions else 0
        if not words.may_begin(start, after):
            continue
        candidates = tuple(
            region
            for region in _by_name()[match[0]]
            if region.level < 3 or match[0] in region.full_names or region.path in known
        )
        if words.goes_on_as_level(end) and match[0][-1] not in LEVELS:
            candidates = tuple(r for r in candidates if r.name.endswith(text[end]))
            end += bool(candidates)
        elif not words.may_end(start, end):
            continue
        if mentions and text[mentions[-1].end : match.start()].strip("、 ") == "":
            above = {region.path for region in mentions[-1].candidates}
            below = tuple(r for r in candidates if any(r.path[: len(p)] == p for p in above))
            candidates = below or candidates
        if candidates:
            mentions.append(Mention(start, end, candidates))
    return mentions


class _Words:
    """A text as a segmenter cuts it: where names may begin and end."""

    def __init__(self, text: str):
        self._text = text
        self._of = word_spans(text)

    def may_begin(self, start: int, after: int) -> bool:
        """At the beginning of a word, or after the name (up to `after`) that the word begins
        with."""
        begin, _ = self._of[start]
        return begin == start or begin < after <= start

    def may_end(self, start: int, end: int) -> bool:
        """At the end of a word, or before what may follow a name."""
        first, last = self._of[end - 1]
        return first > start or last == end or bool(_GOES_ON.match(self._text, end))

    def goes_on_as_level(self, end: int) -> bool:
        """Whether 州, 县… follows that belongs to the name: 海南州, but not 徐州区域."""
        if end >= len(self._text) or self._text[end] not in LEVELS:
            return False
        return self._of[end][1] == end + 1


def region_of_name(text: str) -> tuple[str, ...]:
    """The path of the division that an organ's name or a title begins with, or ().

    A name that several divisions of its level share (鼓楼区) says nothing alone.
    """
    path: tuple[str, ...] = ()
    at = 0
    for mention in find_regions(text[:40]):
        top = [r for r in mention.candidates if r.level == mention.candidates[0].level]
        if mention.start != at or len(top) != 1 or top[0].path[: len(path)] != path:
            break
        path, at = top[0].path, mention.end
    return path


_UNLISTED = 3  # 省, 市, 县


def unlisted_place(text: str) -> tuple[str, ...]:
    """The places that a text begins with by the form of their names, for such as no list knows.

    >>> unlisted_place("云岭省青禾市统计公报"), unlisted_place("示范区建设方案")
    (('云岭省', '青禾市'), ())
    >>> unlisted_place("致青禾市民的一封信"), unlisted_place("调整重庆市办理流程")
    ((), ())
    """
    path: list[str] = []
    name = ""
    for word in cut(text[:24]):
        name += word
        if name[-1] in "省" + LEVELS and 3 <= len(name) <= 6 and not is_word(name):
            if is_worded(name[:-1], name[-1]) or _holds_region(name):
                break
            path.append(name)
            name = ""
        if len(name) > 5 or len(path) == _UNLISTED or (name and is_word(name) and len(name) > 2):
            break
    return tuple(path)


def is_worded(stem: str, level: str) -> bool:
    """Whether what has the form of a division's name is made of words: 旧小区, 市县, 关于本市,
    致青禾县. A stem that is a word may be a name: 青溪; 某某 stands for one."""
    if "某" in stem:
        return False
    if any(c in _NO_NAME or c in _LEVEL_WORDS for c in stem):
        return True
    return stem[-1] + level in _COMMON or is_word(stem + level)


_COMMON = frozenset(  # words that end such a name: 旧小区, 经济开发区
    ("小区", "社区", "地区", "园区", "校区", "景区", "城区", "新区", "郊区", "矿区", "灾区", "分区",
     "辖区", "片区", "山区", "林区", "牧区", "库区", "老区", "特区", "发区", "城市", "都市")
)  # fmt: skip
_LEVEL_WORDS = frozenset("省市县区旗")  # 州, 镇 and 乡 stand in names: 岑州市
_NO_NAME = frozenset(
    "里条份中和与及的在是为于到各全本该我你他哪每其此由两三几同跟对把了过这那致驻向从，、：；。？！（）《》“” "
)


def _holds_region(name: str) -> bool:
    """Whether a listed division's name stands behind other words: 调整重庆市."""
    return any(is_region(name[at:]) for at in range(1, len(name) - 1))


def province_of_code(code: str) -> str | None:
    """The province that an organ's code in a document number begins with (云政发 → 云南省)."""
    number = ABBREVIATIONS.get(code[:1])
    return _regions()[number].name if number else None


def abbreviation_regions(text: str) -> list[Mention]:
    """Provinces named by their one-character short form in speech: 渝东南, 滇西, 苏北."""
    found = []
    for match in re.finditer(
        r"([京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新])"
        r"(?=[东西南北中]{1,2}(?:部|片|那|的|地区|区|$)|那边|这边|区各|内)",
        text,
    ):
        found.append(Mention(*match.span(1), (_regions()[ABBREVIATIONS[match[1]]],)))
    return found


NATION = Pattern(
    r"全国|我国|国家(?!级)|中国|中央|国务院",
    yes=(("全国2025年的目标", "全国"), "我国"),
    no=("国家级基地", "全省"),
    why="speaks of the nation as a whole",
)
COMPARED = Pattern(
    r"(?:高于|低于|高出|超过|优于|好于|快于|位居|居于?|达到|占)(?:同期)?全[国省市区县州](?:的)?(?:平均)?(?:水平)?",
    yes=(("高于全国1.1个百分点", "高于全国"), "低于全省平均水平"),
    no=("全省达到", "高于上年"),
    why="a larger place that a figure is only held against",
)
