"""The kinds of text that offices write: what asks for each, its customary parts, whom it goes to
and how it opens and ends (《党政机关公文处理工作条例》 and usage)."""

from dataclasses import dataclass
from typing import Literal

from assistant.drafting.models import Purpose

# 文种 and working papers, the longer names first; the value is the customary form.
KINDS: dict[str, str] = {
    "任务分工表": "分工表", "分工方案": "分工表", "分工表": "分工表",
    "培训方案": "培训方案", "培训计划": "培训方案",
    "行动计划": "行动计划", "行动方案": "行动计划",
    "实施方案": "实施方案", "工作方案": "实施方案", "方案": "实施方案", "规划": "实施方案",
    "实施意见": "意见", "指导意见": "意见", "意见": "意见",
    "工作总结": "工作总结", "总结": "工作总结",
    "对比材料": "对比材料", "比较材料": "对比材料", "对照材料": "对比材料",
    "汇报材料": "汇报材料", "情况汇报": "汇报材料", "调研报告": "汇报材料", "情况说明": "汇报材料",
    "汇报": "汇报材料", "情况报告": "报告", "工作报告": "报告", "报告": "报告",
    "管理办法": "管理办法", "实施办法": "管理办法", "暂行办法": "管理办法", "办法": "管理办法",
    "实施细则": "管理办法", "规定": "管理办法", "条款": "管理办法",
    "请示": "请示", "通知": "通知", "公函": "函", "商请函": "函", "复函": "函", "函": "函",
    "讲话提纲": "讲话提纲", "发言提纲": "讲话提纲", "讲话稿": "讲话提纲", "讲话": "讲话提纲",
    "政策解读": "政策解读", "解读": "政策解读", "问答": "政策解读",
    "答复意见": "答复", "答复": "答复", "复文": "答复",
}  # fmt: skip
Part = tuple[str, Purpose, str]  # heading, purpose, what its sources are looked for with
Towards = Literal["", "down", "up", "beside"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A customary form. `opening` and `closing` are set phrases with no facts in them; {matter},
    {own} and {basis} are what the opening is about, whose circumstances count, and what it
    rests on. `about` says that its title is 关于…的…."""

    parts: tuple[Part, ...]
    towards: Towards = ""
    about: bool = False
    opening: str = ""
    closing: str = ""
    is_signed: bool = False


_GUIDANCE: Part = ("总体要求", "guidance", "指导思想 总体要求 基本原则")
_TARGETS: Part = ("工作目标", "targets", "工作目标 到年底达到 指标")
_TASKS: Part = ("重点任务", "tasks", "重点任务 措施")
_SAFEGUARDS: Part = ("保障措施", "safeguards", "组织领导 经费保障 监督考核")
_SCHEDULE: Part = ("进度安排", "schedule", "工作步骤 启动实施 总结评估")
_PLAN = "{purpose}，根据{basis}，结合{own}实际，制定本{self}。"
_COMPARING: tuple[Part, ...] = (
    ("基本情况", "comparison", ""),
    ("口径说明", "notes", ""),
    ("意见建议", "advice", ""),
)
_REPORT: tuple[Part, ...] = (
    ("", "opening", "依据"),
    ("工作开展情况", "achievements", "工作开展 做法 成效"),
    ("存在的问题", "problems", "问题 不足"),
    ("下一步打算", "plans", "措施 任务"),
)
CUSTOMARY: dict[str, Kind] = {
    "实施方案": Kind(
        (("", "opening", "制定依据"), _GUIDANCE, _TARGETS, _TASKS, _SCHEDULE, _SAFEGUARDS),
        opening=_PLAN,
    ),
    "行动计划": Kind(
        (
            ("", "opening", "制定依据"),
            _GUIDANCE,
            ("行动目标", "targets", "行动目标 到年底达到 指标"),
            ("重点行动", "tasks", "重点行动 措施"),
            _SCHEDULE,
            _SAFEGUARDS,
        ),
        opening=_PLAN,
    ),
    "培训方案": Kind(
        (
            ("", "opening", "制定依据 干部教育培训"),
            ("培训对象", "measures", "面向 对象 人群 培训"),
            ("培训内容", "measures", "培训课程 教学内容 课程设置 学习"),
            ("培训方式", "measures", "培训方式 形式 集中授课 线上 讲座"),
            ("考核评价", "measures", "考核 评价 选拔任用 录用 考试"),
        ),
        opening=_PLAN,
    ),
    "管理办法": Kind(
        (
            ("目的依据", "opening", "制定依据"),
            ("职责分工", "measures", "负责 管理 监督"),
            ("管理要求", "tasks", "管理 要求"),
            ("监督检查", "measures", "监督 检查 考核"),
            ("施行日期", "dates", ""),
        ),
        opening=_PLAN,
    ),
    "意见": Kind(
        (("", "opening", "依据 目的"), _GUIDANCE, ("主要任务", "tasks", "任务 措施"), _SAFEGUARDS),
        "down",
        about=True,
        opening="{purpose}，根据{basis}，结合{own}实际，现提出如下意见。",
        is_signed=True,
    ),
    "通知": Kind(
        (
            ("", "opening", "依据 目的"),
            ("主要任务", "tasks", "任务 措施 要求"),
            ("工作要求", "safeguards", "组织领导 责任 要求 报送"),
            ("", "closing", ""),
            ("", "contact", ""),
        ),
        "down",
        about=True,
        opening="{purpose}，根据{basis}，结合{own}实际，现就有关事项通知如下：",
        closing="特此通知。",
        is_signed=True,
    ),
    "请示": Kind(
        (
            ("", "opening", "依据 必要性"),
            ("基本情况", "situation", "现状 问题 需求"),
            ("政策依据和外地做法", "precedents", ""),
            ("请示事项", "request", ""),
            ("", "closing", ""),
            ("", "contact", ""),
        ),
        "up",
        about=True,
        opening="{purpose}，结合{own}实际，现将有关事项请示如下：",
        closing="妥否，请批示。",
        is_signed=True,
    ),
    "报告": Kind(
        (*_REPORT, ("", "closing", "")),
        "up",
        about=True,
        opening="现将{own}{matter}情况报告如下：",
        closing="特此报告。",
        is_signed=True,
    ),
    "函": Kind(
        (
            ("", "opening", "依据"),
            ("有关情况", "situation", "现状 需求"),
            ("商请事项", "request", ""),
            ("", "closing", ""),
            ("", "contact", ""),
        ),
        "beside",
        about=True,
        opening="{purpose}，现就有关事项函商如下：",
        closing="请予支持，并请函复。",
        is_signed=True,
    ),
    "工作总结": Kind(
        (
            ("", "opening", "依据"),
            ("主要做法和成效", "achievements", "工作开展 做法 成效"),
            ("存在的问题", "problems", "问题 不足"),
            ("下一步打算", "plans", "措施 任务"),
        ),
        opening="现将{own}{matter}情况总结如下。",
    ),
    "汇报材料": Kind(_REPORT, opening="现将{own}{matter}情况汇报如下。"),
    "讲话提纲": Kind(
        (
            ("", "opening", "意义 背景"),
            ("提高思想认识", "guidance", "重要意义 指导思想"),
            ("突出工作重点", "tasks", "重点任务 措施"),
            ("加强组织领导", "safeguards", "组织领导 落实 考核"),
        ),
        opening="同志们：这次会议的主要任务是，研究部署{matter}。下面，我讲几点意见。",
    ),
    "对比材料": Kind(_COMPARING),
    "分工表": Kind((("", "division", "任务分工 牵头部门 责任部门"),)),
    "政策解读": Kind(
        (
            ("出台背景", "background", "背景 目的"),
            ("主要内容", "points", "主要内容 规定"),
            ("问答", "questions", "办理 申请 怎么"),
            ("时效提示", "validity", ""),
        )
    ),
    "答复": Kind(
        (
            ("", "opening", ""),
            ("有关工作情况", "situation", "工作开展 做法"),
            ("下一步工作打算", "plans", "措施 任务"),
            ("", "closing", ""),
            ("", "contact", ""),
        ),
        "beside",
        about=True,
        opening="您提出的关于{wanted}的建议收悉。经研究，现答复如下：",
        closing="感谢您对{matter}的关心和支持。",
        is_signed=True,
    ),
}


def customary(kind: str, *, compares: bool = False) -> Kind:
    """The form of a kind; a report that compares places is built as a comparison."""
    if compares and kind in ("汇报材料", "对比材料"):
        return Kind(_COMPARING)
    return CUSTOMARY.get(kind, CUSTOMARY["实施方案"])


# What a heading says its section is for; the first that fits.
_USES: tuple[tuple[Purpose, tuple[str, ...]], ...] = (
    ("division", ("责任分工", "任务分工", "职责任务", "分工表")),
    ("schedule", ("进度", "步骤", "阶段", "时间安排")),
    ("dates", ("附则", "施行日期", "有效期")),
    ("guidance", ("总体要求", "指导思想", "基本原则", "工作原则", "总体思路", "提高认识")),
    ("problems", ("问题", "不足", "困难", "短板")),
    ("plans", ("下一步", "打算", "今后")),
    ("achievements", ("成效", "做法", "开展情况", "工作情况", "取得")),
    ("safeguards", ("保障", "组织领导", "组织实施", "工作要求", "有关要求", "加强领导", "责任落实")),
    ("situation", ("基本情况", "有关情况", "现状", "背景情况")),
    ("tasks", ("重点任务", "主要任务", "重点工作", "重点行动", "主要措施", "重点举措")),
    ("targets", ("目标", "指标")),
)  # fmt: skip


def purpose_of(heading: str, kind: str) -> Purpose:
    """What a section that somebody asked for by its heading is for."""
    if kind == "管理办法" and not heading.startswith(("附则", "施行")):
        return "measures"
    found = (use for use, words in _USES if any(word in heading for word in words))
    return next(found, "measures")
