"""Whose figure it is: the places that a stretch of text begins with, and their level."""

import re
from dataclasses import dataclass

from vectorstore.language.aims import BEGINS_WITH_ACT
from vectorstore.language.names import PLACE_OF_ORGAN
from vectorstore.language.pattern import Pattern
from vectorstore.models import Metadata

_LEVELS = {
    "省": "省", "自治区": "省", "市": "市", "州": "市", "盟": "市", "地区": "市", "县": "县", "区": "县",
    "旗": "县", "镇": "乡", "乡": "乡", "街道": "乡", "苏木": "乡",
}  # fmt: skip
_NAME = (
    r"(?!近期|近日|日前|实施|推进|完成|建设|支持|加快|普通|推动|鼓励|组织|开展|指导|争取|确保|力争|根据|按照)(?![全我各每所本该此其和与及在对按由到为一二三两多新老建改有将使从向同])[\u4e00-\u9fff]{2,5}?"
    r"(?:(?<![全城县市区地该超门集夜上股菜楼])[省市]"
    r"|(?<![全城社园景小郊山地校库牧矿灾片厂新农功能示范贫困试点旅游开发工业商业林住宅居牧湖县市镇乡])(?<!重点)"
    r"(?:自治区|自治州|自治县|州|盟|县|区|旗|镇|乡|街道))"
)
ONE_PLACE = Pattern(
    rf"(?P<whole>全国|我国|国家|全省|我省|省定|省里|省下达|全自治区|我区|我市|全市|市定|市里|市下达|我县|全县|县里|"
    rf"全区|区里|我州|全州|全旗|全镇|全乡|本省|本市|本县|本区|(?:全)?[省市县](?=、[省市县](?:目标|定|级|的|平均)|(?:目标|定)))"
    rf"|(?P<name>{_NAME})(?![道级内域长民场区委政府局学小中高人职境里直属村])",
    yes=(
        "全市",
        "望江区",
        "墨林市",
        ("栖梧县、芷川县", "栖梧县"),
        "我县",
        "云岭省",
        ("省、市目标", "省"),
    ),
    no=("社区", "城镇居民", "县级", "重点县"),
    why="a place at the beginning of what is said of it",
)
EACH = Pattern(
    r"(?:每(?:个|所|座|家|支|名)|各)[^，。、至配建设拥完]{1,12}?(?=至少|建成|建有|建设|配备|拥有|设有|年度)"
    r"|(?:每(?:个|所|座|家)?|各|所有)(?:乡镇|县域医共体|县区|县|区|市|州|镇|乡|村|社区|街道|学校|盟市|旗县|省)"
    r"(?:（[^（）]{1,8}）|\([^()]{1,8}\))?",
    yes=("每个县（区）", "各乡镇", "每个市（州）", ("每所卫生院至少配备", "每所卫生院")),
    no=("每千人口", "各类"),
    why="each of the places of a level",
)
_NO_PLACE = Pattern(
    r"[银商国开工农中建支分发]行|公司|集团|结合|完善|围绕|立足|覆盖|带动|下达|拨付|支持|安排|这些|跟随|记者|^占|[\d个]|[本我全该各贵]$|"
    r"[与和及为了的在对从向由使将把给被]",
    yes=(("国开行云岭", "开行"), ("完善本", "完善")),
    no=("望江", "柳行"),
    why="in the name of a place: it is none, but an office or a verb before it",
)
_BETWEEN = Pattern(r"[、和与及]", yes=("、", "和"), no=("，",))
_TOP = 600  # characters at whose top a document says whose it is
_GOVERNMENT = Pattern(
    r"(?:(?<![\u4e00-\u9fff])|(?<=在))(?![我在向各经将由日年])([\u4e00-\u9fff]{2,5}省)?([\u4e00-\u9fff]{2,5}[市州盟])?"
    r"([\u4e00-\u9fff]{1,5}[县区旗])?(?<=[省市州盟县区旗])(?:第[\u4e00-\u9fff]{1,4}届)?(?:人民政府|统计局|人民代表大会)",
    yes=(
        "听泉区人民政府",
        "某某市统计局",
        ("在听泉县第六届人民代表大会上", "听泉县第六届人民代表大会"),
    ),
    no=("人民政府", "我代表县人民政府"),
    why="who gives a report that names no issuer",
)
_SHORT = {"国": "国", "省": "省", "市": "市", "县": "县", "区": "县", "州": "市", "旗": "县", "镇": "乡",
          "乡": "乡"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    level: str


class Home:
    """The place that a document is of: what 全市 and 我县 stand for in it."""

    def __init__(self, metadata: Metadata, text: str = ""):
        path = list(metadata.region) or _path_of(metadata.issuer or metadata.title)
        if not path and (organ := _GOVERNMENT.search(text[:_TOP])):
            path = [name for name in organ.groups() if name]
        self._by_level = {level_of(name): name for name in path}
        own = path[-1] if path else ""
        self.own = Place(own, level_of(own)) if own else Place("", "")

    def whole(self, word: str) -> Place:
        """全市, 我县, 省定 → the place."""
        if word in ("全国", "我国", "国家"):
            return Place("全国", "国")
        if "自治区" in word or (
            word in ("全区", "我区", "区里", "本区") and self.own.level == "省"
        ):
            level = "省"
        else:
            level = next((_SHORT[c] for c in word if c in _SHORT), "")
        named = self._by_level.get(level, "")
        return Place(named or f"全{word.strip('全我本定里下达')}", level)


def _path_of(text: str) -> list[str]:
    match = PLACE_OF_ORGAN.match(text)
    return [name for name in match.groups() if name] if match else []


def level_of(name: str) -> str:
    return next((level for end, level in _LEVELS.items() if name.endswith(end)), "")


def places_at_start(text: str, home: Home) -> tuple[tuple[Place, ...], int]:
    """The places that a text begins with, and where what is said of them begins."""
    found: list[Place] = []
    at = end = 0
    while (match := ONE_PLACE.match(text, at)) and not _is_none(match):
        found.append(_place(match, home))
        end = match.end()
        between = _BETWEEN.match(text, end)
        if not between:
            break
        at = between.end()
    return tuple(found), end


def _is_none(match: re.Match[str]) -> bool:
    name = match["name"]
    return bool(BEGINS_WITH_ACT.match(match[0]) or (name and _NO_PLACE.search(name[:-1])))


def _place(match: re.Match[str], home: Home) -> Place:
    if match["whole"]:
        return home.whole(match["whole"])
    return Place(match["name"], level_of(match["name"]))
