"""An outline from the customary parts of a kind, and from how the corpus builds such documents."""

from collections.abc import Sequence

from assistant.audit.alignment import alike
from assistant.drafting.models import Draft, Purpose, Request, Section
from assistant.drafting.sources import lean_on
from assistant.find.evidence import Evidence
from vectorstore.language.numbering import unnumbered
from vectorstore.language.text import says
from vectorstore.models import Passage, SearchFilter

# (heading, purpose, what its sources are looked for with)
_PARTS: dict[str, tuple[tuple[str, Purpose, str], ...]] = {
    "实施方案": (
        ("", "opening", "制定依据"),
        ("总体要求", "measures", "指导思想 总体要求"),
        ("工作目标", "measures", "工作目标 到年底达到 指标"),
        ("主要任务", "tasks", "主要任务 措施"),
        ("保障措施", "measures", "组织领导 经费保障 监督考核"),
    ),
    "培训方案": (
        ("", "opening", "制定依据 干部教育培训"),
        ("培训对象", "measures", "面向 对象 人群 培训"),
        ("培训内容", "measures", "培训课程 教学内容 课程设置 学习"),
        ("培训方式", "measures", "培训方式 形式 集中授课 线上 讲座"),
        ("考核评价", "measures", "考核 评价 选拔任用 录用 考试"),
    ),
    "汇报材料": (
        ("基本情况", "comparison", ""),
        ("口径说明", "notes", ""),
        ("意见建议", "advice", ""),
    ),
    "分工表": (("", "table", "任务分工 牵头部门 责任部门"),),
    "管理办法": (
        ("目的依据", "opening", "制定依据"),
        ("职责分工", "measures", "负责 管理 监督"),
        ("管理要求", "tasks", "管理 要求"),
        ("监督检查", "measures", "监督 检查 考核"),
        ("施行日期", "closing", ""),
    ),
    "通知": (
        ("", "opening", "依据 目的"),
        ("主要任务", "tasks", "任务 措施 要求"),
        ("有关要求", "measures", "组织领导 要求 报送"),
        ("", "closing", ""),
    ),
    "请示": (
        ("", "opening", "依据 必要性"),
        ("有关情况", "measures", "现状 问题 需求"),
        ("请示事项", "request", ""),
        ("", "closing", ""),
    ),
    "讲话稿": (
        ("", "opening", "意义 背景"),
        ("认清形势", "measures", "重要意义 现状"),
        ("突出重点", "tasks", "重点任务 措施"),
        ("加强领导", "measures", "组织领导 落实 考核"),
    ),
}
_CHINESE = "一二三四五六七八九十"
_GENERAL = (
    "总体", "指导思想", "目标", "任务", "措施", "分工", "保障", "组织", "原则", "前言", "背景",
    "意义", "要求", "附则", "总则", "步骤", "进度", "附件", "领导", "经费", "监测", "评估",
)  # fmt: skip
MAX_TASKS = 5
_SAME_TASK = 0.6  # 实施青少年科学素质行动 / 青少年科学素质提升行动


def make_outline(request: Request, evidence: Evidence) -> tuple[Section, ...]:
    """Sections in order, numbered as the kind has it. The request's own parts go first."""
    if request.parts:
        plan: list[tuple[str, Purpose, str]] = [(p, "measures", p) for p in request.parts]
    elif request.compares and request.kind == "汇报材料":
        plan = list(_PARTS["汇报材料"])
    else:
        plan = list(_PARTS.get(request.kind, _PARTS["实施方案"]))
    sections: list[Section] = []
    number = 0
    for heading, purpose, focus in plan:
        if heading:
            number += 1
        label = _label(request.kind, number, heading) if heading else ""
        parent = Section(f"s{len(sections) + 1}", label, 1, purpose, focus)
        if purpose != "tasks":
            sections.append(parent)
            continue
        tasks = _with_sources(common_tasks(request, evidence), request, evidence)
        if len(tasks) < 2:
            sections.append(Section(parent.id, label, 1, "measures", focus))
            continue
        sections.append(Section(parent.id, label, 1, "heading", state="已写"))
        for i, task in enumerate(tasks[:MAX_TASKS]):
            below = f"（{_CHINESE[i]}）{task}"
            sections.append(Section(f"s{len(sections) + 1}", below, 2, "measures", task))
    return tuple(sections)


def _with_sources(tasks: Sequence[str], request: Request, evidence: Evidence) -> list[str]:
    """The tasks for which the corpus has sentences that the tasks before them do not take."""
    taken: set[str] = set()
    kept = []
    for task in tasks:
        section = Section("task", task, 2, "measures", task)
        fresh = {f.text for f in lean_on(Draft("", "", request), section, evidence)} - taken
        if fresh:
            kept.append(task)
            taken |= fresh
    return kept


def _label(kind: str, number: int, heading: str) -> str:
    if kind == "管理办法":
        return f"第{_CHINESE[number - 1]}条【{heading}】"
    return f"{_CHINESE[number - 1]}、{heading}"


def common_tasks(request: Request, evidence: Evidence) -> list[str]:
    """Headings under which the corpus treats the topic, the most telling first.

    A heading counts by how well its passage fits the topic and by how many documents have
    one like it.
    """
    where = SearchFilter(document_ids=frozenset(request.models) if request.models else None)
    scores: dict[str, float] = {}
    documents: dict[str, set[str]] = {}
    for hit in evidence.search(f"{request.topic} 主要任务 措施", where):
        heading = _task_heading(hit.passage)
        if heading is None:
            continue
        heading = next((known for known in scores if alike(known, heading) >= _SAME_TASK), heading)
        scores[heading] = scores.get(heading, 0.0) + hit.score
        documents.setdefault(heading, set()).add(hit.document.id)
    ranked = sorted(scores, key=lambda h: -scores[h] * len(documents[h]))
    return ranked[: 2 * MAX_TASKS]


def _task_heading(passage: Passage) -> str | None:
    for text in reversed(passage.heading_path):
        plain = unnumbered(text).strip()
        if 5 <= len(plain) <= 20 and not says(plain, _GENERAL) and plain != text:
            return plain
    return None
