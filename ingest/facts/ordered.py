"""Counts and rates that a notice orders without calling them aims: 各乡镇抽查2家企业."""

from collections.abc import Iterator
from dataclasses import replace

from ingest.facts.claim import Claim
from ingest.facts.places import Place, level_of
from ingest.facts.setting import Setting
from vectorstore.language.aims import ACT
from vectorstore.language.pattern import Pattern
from vectorstore.language.regions import is_region
from vectorstore.language.sums import CHOSEN, LENDERS_ASKED

_THINGS = frozenset("个家名人户所座处场期项支批次")
_ORDERS = Pattern(
    rf"(?:将(?!军|近)|拟|各|原则上|每[个所家县区镇乡村][^，。；]{{0,10}})(?:随机|集中|统一|分别|从中|组织|再)?(?:{ACT}|明确|确定|指定|选派|选定|推荐)$",
    yes=(
        ("县水务局将组织", "将组织"),
        ("蓝溪镇、墨浦镇各抽查", "各抽查"),
        ("每个乡镇随机抽查", "每个乡镇随机抽查"),
        ("供水站原则上明确", "原则上明确"),
    ),
    no=("组织", "各类企业"),
    why="in front of a count: what a notice has done, once",
)
_TOLD = Pattern(
    r"已(?!建)|截至|目前|共有|现有|以来|去年|累计",
    yes=(("已组织3个组", "已"),),
    no=("将组织3个组",),
    why="what was done is no order",
)
_ASKS = Pattern(
    r"条件|申请|申报|符合|的[，,]$|补[助贴]|奖励",
    yes=(("申请单位", "申请"),),
    no=("各乡镇",),
    why="what somebody must have to be given something",
)


_WHO = Pattern(
    r"^[^，。；、]{2,24}?(?:将|拟)(?=.{2})",
    yes=(("近期县水务局将组织工作组", "近期县水务局将"),),
    no=("各乡镇抽查企业",),
    why="who has it done",
)
_EACH = Pattern(
    r"(?P<names>[^各，。；]{2,200})各(?P<done>.{2,60})",
    yes=("蓝溪、墨浦各抽查企业",),
    no=("各乡镇抽查企业",),
    why="the same done in each of several places",
)
_AND = Pattern(r"[、和]", yes=("、",), no=("，",), why="between the names of places")


def is_ordered(claim: Claim, setting: Setting) -> bool:
    """A number of things that a notice has done: by the act in front of it, or as a part of such
    a number (其中：2家水厂)."""
    if setting.nature != "other" or setting.is_article or setting.is_condition:
        return False
    if claim.quantity.unit not in _THINGS or not claim.is_counted_behind:
        return False
    if _TOLD.search(claim.said) or _ASKS.search(claim.lead[-_NEAR:] + claim.said):
        return False
    front = claim.said[: claim.said.find(claim.quantity.text)]
    return claim.is_part or bool(_ORDERS.search(front))


def is_asked(claim: Claim) -> bool:
    """鼓励银行…利率下浮10%以上; 允许企业在12%以内自主确定缴存比例."""
    if claim.quantity.unit != "%":
        return False
    asked = "利率" in claim.subject and LENDERS_ASKED.search(claim.lead + claim.said)
    behind = claim.said.partition(claim.quantity.text)[2]
    return bool(asked or CHOSEN.search(behind))


def by_place(claim: Claim) -> Iterator[Claim]:
    """蓝溪、墨浦各抽查2家企业: the same of each; the subject without who has it done."""
    subject = _WHO.remove_from(claim.subject)
    if match := _EACH.match(subject):
        names = [place.name for place in claim.places] + _AND.compiled.split(match["names"])
        if all(is_region(name) or level_of(name) for name in names):
            for name in names:
                place = Place(name, level_of(name) or _SHORT_LEVEL)
                yield replace(claim, subject=match["done"], places=(place,))
            return
    yield replace(claim, subject=subject)


_NEAR = 40  # characters in front of a count
_SHORT_LEVEL = "市"  # places that are called without their level are mostly towns
