"""What a sentence of the corpus is for: told by the headings above it and by how it is worded.

A section takes only sentences that are for what it is for, whatever words they share."""

import re

from assistant.drafting.localize import own_figures_in
from assistant.drafting.models import Purpose
from vectorstore.language.aims import FUTURE_SAID, PAST_SAID
from vectorstore.language.numbering import unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import search_copy
from vectorstore.models import Passage

# The first that stands in the nearest heading; a heading for two things is told by the wording.
_HEADINGS: tuple[tuple[Purpose, str], ...] = (
    ("background", r"背景|意义|前言|形势|序言|引言"),
    ("schedule", r"步骤|进度|阶段|时间安排"),
    ("division", r"任务分工|责任分工|^分工"),
    ("dates", r"附则|施行日期"),
    ("guidance", r"总体要求|指导思想|指导方针|^方针|基本原则|工作原则|基本方针|总体思路"),
    ("safeguards", r"保障措施|保障机制|强化保障|加强保障|组织保障|组织实施|组织领导|工作要求|有关要求|相关要求|强化责任|监督检查|督导|加强领导|压实.{0,6}责任|工作保障|经费保障"),
    ("targets", r"目标|指标"),
    ("problems", r"问题|不足|困难和"),
    ("tasks", r"任务|措施|举措|行动|工程|重点"),
)  # fmt: skip
_COMPILED = tuple((use, re.compile(words)) for use, words in _HEADINGS)
_GUIDES = Pattern(
    r"^(?:指导思想[:：])?(?:以习近平|坚持以|坚持(?:党|把|人民|政府|问题|需求|统筹|协同|创新|分类|因地)|高举|全面贯彻|深入贯彻|认真贯彻(?:落实)?(?:党的|习近平)|牢固树立|紧扣|紧紧围绕|践行社会主义核心价值观)",
    yes=(
        ("以习近平新时代中国特色社会主义思想为指导", "以习近平"),
        ("坚持党的全面领导", "坚持党"),
        ("全面贯彻党的二十大精神", "全面贯彻"),
    ),
    no=("坚持开展防灾减灾日活动", "推进科普工作"),
    why="says what a plan is guided by",
)
_RESULTS = Pattern(
    r"明显|显著|不断|更加|持续|达到|实现|建成|形成|基本|大幅",
    yes=(("明显改善", "明显"), ("更加完善", "更加"), ("基本形成", "基本")),
    no=("坚持政府主导",),
    why="says what will have come about, and so is an aim",
)
_SECURES = Pattern(
    r"领导小组|联席会议|工作专班|组织领导|统筹协调|财政预算|经费(?:保障|投入|支持|列入|纳入)?|资金(?:保障|支持)|督查|督导|监督检查|考核|"
    r"监测评估|责任制|目标责任|压实责任|落实责任|问责|奖惩|表彰|协调机制|工作合力|纳入.{2,16}(?:规划|考核|议事日程|重要议程)|按职责|宣传报道|舆论氛围",
    yes=(("成立领导小组", "领导小组"), ("列入同级财政预算", "财政预算"), ("强化督导考核", "督导")),
    no=("开展科普活动", "建设科普基地"),
    why="what makes sure that a plan is carried out",
)
_LEADS_ON = Pattern(
    r"(?:[:：]|如下|以下[^。]{0,20}|通知如下)[。\s]*$|^(?:根据|按照)(?:《|指导思想|指导方针|目标|上述|工作目标)",
    yes=(
        ("重点开展以下工作：", "以下工作："),
        ("现就有关事项通知如下", "通知如下"),
        ("根据指导方针和目标", "根据指导方针"),
    ),
    no=("建设科普基地。",),
    why="leads on to what follows and says nothing alone",
)
_LEANS_BACK = Pattern(
    r"^(?:[一二三四五六七八九十](?:是|要)|一方面|另一方面|《(?:通知|意见|方案|办法|纲要)》|本通知|如何|对于如何|为(?:了|认真|深入|进一步|全面|切实|贯彻|更好)|其中|同时|此外|并|且|对此|为此|上述|以上|该|此外|另外|这些|这|据了解|目前|截至)",
    yes=("其中", ("同时，加强管理", "同时"), ("上述任务", "上述")),
    no=("开展科普活动", "一并办理"),
    why="begins with what leans on the sentence before",
)  # fmt: skip
_DAY_TO_DAY = Pattern(
    r"\d{1,2}\s?月\s?\d{1,2}\s?日|\d月底前|记者|据悉|日前|近日|近期|连日来|昨日|新华社|采访|发言人|了解到|(?:说|表示|介绍|提出|指出)[，,：:]|"
    r"印发了|发布了|出台了?新?举措|先[后後]出台|提出了|梳理(?:发现|了)",
    yes=("2月10日", ("记者从", "记者"), "近日", ("司长说，", "说，")),
    no=("2025年底", "每月"),
    why="reports what happened, and is no measure",
)


def is_news(text: str) -> bool:
    """Whether a sentence reports."""
    return bool(_DAY_TO_DAY.search(text))


def use_by_headings(passage: Passage) -> Purpose | None:
    """What the nearest telling heading above a passage says that it is for."""
    for heading in reversed(passage.heading_path):
        plain = unnumbered(heading).strip()
        found = [use for use, words in _COMPILED if words.search(plain)]
        if len(found) > 1 and found[0] == "guidance" and "targets" in found:
            return None  # 指导思想和工作目标
        if found:
            return found[0]
    return None


def is_creed(text: str) -> bool:
    """Whether a sentence names the ideas that guide everything: one is enough for a text."""
    return "习近平新时代中国特色社会主义思想" in text


def is_target(text: str) -> bool:
    """Whether a sentence sets a figure to be reached."""
    plain = search_copy(text)
    return bool(own_figures_in(text) and (FUTURE_SAID.search(plain) or not PAST_SAID.search(plain)))


def fits(purpose: Purpose, passage: Passage, text: str) -> bool:
    """Whether a sentence may stand in a section that is for `purpose`."""
    if _LEADS_ON.search(text) or _LEANS_BACK.match(text):
        return False
    if purpose not in _TAKES:
        return True
    if _DAY_TO_DAY.search(text):
        return False
    return _TAKES[purpose](use_by_headings(passage), text)


def _is_guidance(above: Purpose | None, text: str) -> bool:
    if is_target(text) or above in ("schedule", "division", "safeguards"):
        return False
    if "考察" in text:
        return False  # what was said to another place
    return bool(_GUIDES.search(text)) or (above == "guidance" and not _RESULTS.search(text))


def _is_target(above: Purpose | None, text: str) -> bool:
    if above in ("background", "guidance", "safeguards") or _GUIDES.search(text):
        return False
    return is_target(text)


def _is_safeguard(above: Purpose | None, text: str) -> bool:
    if above in ("background", "targets", "guidance", "schedule") or _GUIDES.search(text):
        return False
    return bool(_SECURES.search(text)) if above == "safeguards" else False


def _is_task(above: Purpose | None, text: str) -> bool:
    if above in ("background", "guidance", "safeguards", "schedule", "division", "targets", "dates", "problems"):  # fmt: skip
        return False
    return not _GUIDES.search(text) and not PAST_SAID.search(search_copy(text))


def _is_step(above: Purpose | None, text: str) -> bool:
    return above == "schedule"


_TAKES = {
    "guidance": _is_guidance,
    "targets": _is_target,
    "safeguards": _is_safeguard,
    "tasks": _is_task,
    "plans": _is_task,
    "advice": _is_task,
    "schedule": _is_step,
}  # fmt: skip
