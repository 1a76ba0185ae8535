"""Words of one level of government at another: a city's 市政府, 全市 and 各县（市、区） in a text
of a county. Pure functions."""

import re
from collections.abc import Callable, Sequence

from vectorstore.language.names import ORGAN_END, TITLE

KEEP = re.compile(rf"[“\"][^”\"]{{0,400}}+[”\"]|{TITLE}")  # names of programmes and titles stay
_RANK = {
    "省": 1, "自治区": 1, "直辖市": 1, "市": 2, "州": 2, "盟": 2, "县": 3, "区": 3, "旗": 3,
    "镇": 4, "乡": 4, "街道": 4,
}  # fmt: skip
_LOWER = {1: "各市县", 2: "各县（市、区）", 3: "各乡镇（街道）", 4: "各村（社区）"}
_TWO_LEVELS = {1: "省市两级", 2: "市县两级", 3: "县乡两级", 4: "乡村两级"}
# What a level's character begins that is no organ: 市场, 区域, 省心.
_NO_LEVEL = {
    "市": "场|民(?!政|族|宗)|容|政(?!府|协|法|务|研)|值|域|辖",
    "区": "域|块|间|别|分|位|划|县",
    "县": "域|城",
    "省": "心|力|去|钱|时|略|电|份",
    "州": "际",
    "旗": "舰|帜",
}
_OF_PLACE = re.compile(
    r"^(?P<place>[\u4e00-\u9fff×]{1,12}(?:自治区|[省县州旗镇乡]|市(?!场|政)|区(?!域)))"
    r"(?=(?:人民)?政府|[\u4e00-\u9fff]{0,14}(?:局|委|委员会|协会|科协|办公室|厅|联合会|中心|院|会)$)"
)


def place_of(unit: str) -> str:
    """The place in the name of an organ: 青山县科学技术协会 → 青山县; what names no organ stays."""
    found = _OF_PLACE.match(unit)
    return found["place"] if found else unit


_AFTER = r"(?<![\u4e00-\u9fff])|(?<=[照由在向对经和与及各为按会将请给从被或以至到报据跟同是])"
_STEMS = (
    r"科技|科学技术|教育|教体|财政|民政|公安|司法|水利|商务|农业农村|自然资源|生态环境|住房城乡建设|住房和城乡建设|住建|"
    r"交通运输|文化和旅游|文旅|工业和信息化|工信|人力资源社会保障|人力资源和社会保障|退役军人事务|应急管理|卫生健康|审计|经信|林业和草原"
)
_OFFICE = re.compile(rf"(?P<stem>{_STEMS})厅(?!级|长|局)")
_COMMITTEE = re.compile(r"(?<=[省市区县])教委|(?<=、)教委")


def level_of(region: Sequence[str]) -> str:
    """The level of a place by its path, in a word; '' where it is the nation's or unknown.

    >>> level_of(("江苏省", "徐州市")), level_of(("重庆市",)), level_of(("内蒙古自治区",)), level_of(())
    ('市', '直辖市', '自治区', '')
    """
    if not region:
        return ""
    name = region[-1]
    if name.endswith("自治区"):
        return "自治区"
    if (
        len(region) == 1
        and name.endswith("市")
        and name in ("北京市", "上海市", "天津市", "重庆市")
    ):
        return "直辖市"
    return name[-1] if name[-1] in _RANK else ""


def at_level(text: str, region: Sequence[str], own: str) -> str:
    """What a document of `region` says of its own level, said of the level `own` ('' where that
    is unknown: then 本地区, 本级).

    >>> at_level("市民政局牵头，全市统筹，各县（市、区）落实。", ("江苏省", "徐州市"), "县")
    '县民政局牵头，全县统筹，各乡镇（街道）落实。'
    >>> at_level("打造城市品牌，市场监管到位。", ("江苏省", "徐州市"), "县")
    '打造城市品牌，市场监管到位。'
    """
    theirs = level_of(region)
    if not theirs or theirs == own:
        return text
    return outside(KEEP, text, lambda part: _moved(part, theirs, own))


def _moved(text: str, theirs: str, own: str) -> str:
    rank = _RANK.get(own, 0)
    if rank and rank != _RANK[theirs]:
        text = _AT_TWO[theirs].sub(_TWO_LEVELS[rank], text)
        text = _BELOW[_RANK[theirs]].sub(_LOWER[rank], text)
        text = text.replace(f"{_LOWER[rank]}、{_LOWER[rank]}", _LOWER[rank])
        text = text.replace("各乡镇（街道）人民政府", "各乡镇人民政府（街道办事处）")
    mine = own or "本级"
    text = _BOTH[theirs].sub(f"{own}委、{own}政府" if own else "本级党委、政府", text)
    text = _WHOSE[theirs].sub(lambda m: f"{m['whose']}{own}" if own else "本地区", text)
    if theirs == "自治区":
        text = text.replace("自治区党委", f"{own}委" if own else "本级党委").replace("自治区", mine)
    text = _ORGANS[theirs].sub(mine, text).replace("本级级", "本级")
    text = text.replace(f"团{theirs[-1]}委", f"团{own}委" if own else "本级团委")
    if _RANK[theirs] == 1 and rank != 1:
        text = _OFFICE.sub(lambda m: f"{m['stem']}局", text)
    return text


def _full(level: str) -> str:
    return "自治区|区" if level == "自治区" else level[-1]


# 市委、市政府
_BOTH = {t: re.compile(rf"(?:{_full(t)})委、?(?:{_full(t)})(?:人民)?政府") for t in _RANK}
# 全市, 我市
_WHOSE = {t: re.compile(rf"(?P<whose>[全我本])(?:{_full(t)})(?!别|域)") for t in _RANK}
# 市民政局, 市级
_ORGANS = {
    t: re.compile(
        rf"(?:{_AFTER})(?:{t[-1]})(?=(?:级|直|属|内|外|本级|政府|人民政府|委(?!托|派|员|会)|"
        rf"(?!{_NO_LEVEL.get(t[-1], '#')})[\u4e00-\u9fff]{{1,14}}?(?:{ORGAN_END}|领导小组|联席会议|指挥部|馆)))"
    )
    for t in _RANK
}
_AT_TWO = {
    t: re.compile(
        rf"(?:{_AFTER}){t[-1]}、?(?:市|州|县|旗|区)(?:[（(][^（()）]{{1,8}}[)）])?(?:、?乡镇?)?[两三]级"
    )
    for t in _RANK
}
# How documents of a rank name the divisions below them all together.
_LIST = r"[（(](?:[市县区州旗盟地](?:[、,，]|(?=[)）]))){1,4}[)）]"
_EVERY = rf"(?:各|所有|每个|{_AFTER})"
_COUNTIES = (
    rf"{_EVERY}(?:[县旗]{_LIST}(?![级域])|旗县区?(?:{_LIST})?|(?:县市区|区县|县区)(?!级))"
    r"|各[县区旗](?![\u4e00-\u9fff]{0,3}级)"
)
_TOWNS = (
    r"各?乡(?:镇|街道)?、?(?:街道)?(?:[（(]街道(?:办事处)?[)）])|各乡镇街道|各镇街|各乡镇(?!长)"
)
_BELOW = {
    1: re.compile(rf"{_EVERY}(?:市{_LIST}(?![级域])|盟市|市州|地市|设区市)|{_COUNTIES}"),
    2: re.compile(_COUNTIES),
    3: re.compile(_TOWNS),
    4: re.compile(_TOWNS),
}


def outside(keep: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Applies `change` to what lies outside the matches of `keep`."""
    parts, at = [], 0
    for match in keep.finditer(text):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, change(text[at:])])


def renamed(text: str, renames: Sequence[tuple[str, str]]) -> str:
    """Organs as they are called here: what somebody says is called otherwise, with the level
    that may stand in front of it."""
    for old, new in sorted(renames, key=lambda pair: -len(pair[0])):
        for level in "省市县区州旗":
            text = text.replace(f"{level}{old}", "\0")
        text = text.replace(old, "\0").replace("\0", new)
    return text
