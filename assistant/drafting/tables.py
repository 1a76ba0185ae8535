"""Tables of a draft: comparisons of places, and the division of work of a model plan."""

import re
from collections.abc import Sequence

from assistant.answer import citation_of
from assistant.corpus import label
from assistant.drafting.models import DATA_BLANK, Marks, Request
from assistant.evidence import Evidence, restricted
from assistant.figures import Figure, figures
from assistant.quoting import Quote
from assistant.reading import Reading
from vectorstore.models import Cell, DocumentSummary, Passage, SearchFilter
from vectorstore.text import search_copy, sentences, squeeze

_MAX_DOCUMENTS = 30


# --- comparison ---------------------------------------------------------------------------------


def comparison(request: Request, evidence: Evidence, marks: Marks) -> str:
    """One row a document: place, document, period, indicator, the words themselves; then why
    the rows may not be comparable."""
    rows, units = [], {}
    silent = []
    documents = [
        d for d in evidence.corpus.documents if not request.models or d.id in request.models
    ]
    for document in documents[:_MAX_DOCUMENTS]:
        found = _indicator(request.topic, document, evidence)
        if found is None:
            silent.append(label(document))
            continue
        quote, figure = found
        mark = marks.of(citation_of(quote))
        name = (
            f"《{document.metadata.title}》（{document.metadata.document_number or '文号未载明'}）"
        )
        indicator = figure.text if figure else "未提出量化指标"
        if figure:
            units[label(document)] = figure.unit
        else:
            silent.append(label(document))
        rows.append(
            [
                label(document),
                name,
                _period(document),
                f"{indicator}[{mark}]",
                f"“{squeeze(quote.text)}”[{mark}]",
            ]
        )
    if not rows:
        return "（库中没有找到可比较的内容）"
    head = ["地区", "文件（文号）", "规划期", "指标", "原文表述"]
    lines = [_line(head), "|" + " --- |" * len(head), *(_line(row) for row in rows)]
    return "\n".join([*lines, "", *_notes(units, silent, documents)])


def _indicator(
    topic: str, document: DocumentSummary, evidence: Evidence
) -> tuple[Quote, Figure | None] | None:
    """The document's sentence on the topic, one with a yearly or dated figure when there is one."""
    query = f"{topic} 每年 多少 人"
    where = restricted(SearchFilter(), [document.id])
    readings: list[Reading] = evidence.read(query, where)[:8]
    best: tuple[float, Quote, Figure | None] | None = None
    for reading in readings:
        passage = reading.hit.passage
        place = " ".join(passage.heading_path)
        for start, end in sentences(passage.text):
            text = passage.text[start:end]
            numbers = [
                f
                for f in figures(search_copy(text))
                if f.unit and not re.search("年|月|日|%", f.unit)
            ]
            yearly = bool(re.search(r"每年|年均|年度", text))
            fit = evidence.coverage(topic, text) + 0.3 * evidence.coverage(topic, place)
            score = fit + (0.25 if numbers else 0) + (0.35 if numbers and yearly else 0)
            if fit >= 0.25 and (best is None or score > best[0]):
                quote = evidence.quoter.quote(document, passage, start, end)
                best = (score, quote, numbers[0] if numbers else None)
    return (best[1], best[2]) if best else None


def _period(document: DocumentSummary) -> str:
    metadata = document.metadata
    over = "，已届满" if metadata.is_expired() else ""
    return f"{metadata.period}{over}" if metadata.period else "未载明"


def _notes(
    units: dict[str, str], silent: Sequence[str], documents: Sequence[DocumentSummary]
) -> list[str]:
    """What stands in the way of ranking the rows."""
    notes = []
    different = sorted(set(filter(None, units.values())))
    reasons = []
    if len(different) > 1:
        reasons.append(
            "计量单位不同（"
            + "、".join(f"{place}为“{unit}”" for place, unit in units.items() if unit)
            + "）"
        )
    levels = {len(d.metadata.region) for d in documents if d.metadata.region and label(d) in units}
    if len(levels) > 1:
        reasons.append("行政层级不同")
    if len({d.metadata.period for d in documents if label(d) in units}) > 1:
        reasons.append("规划期不同")
    if reasons:
        notes.append(f"说明：以上指标{'、'.join(reasons)}，口径不一，不可直接排序。")
    if silent:
        notes.append(f"{'、'.join(dict.fromkeys(silent))}的文件未提出相应的量化指标。")
    return notes


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "｜").replace("\n", " ") for cell in cells) + " |"


# --- division of work ---------------------------------------------------------------------------

_LEVELS = {
    "省": "省",
    "自治区": "自治区",
    "市": "市",
    "区": "区",
    "县": "县",
    "州": "州",
    "旗": "旗",
}
# Departments as counties and cities have them; a name that is none of these may be a slip.
_DEPARTMENTS = re.compile(
    r"(?:党?委)?(?:办公室|组织部|宣传部|统战部|网信办|编办|政法委|老干部局|直属机关工委|机关工委|党校|农办|政研室|"
    r"发展改革(?:委|局)|教(?:委|育局|体局|育体育局)|科技局|工业和信息化局|经济信息(?:委|化局)|经信(?:委|局)|民族宗教(?:委|局|事务局)|民宗局|公安局|民政局|司法局|"
    r"财政局|人力(?:资源)?社会?保(?:障)?局|规划(?:和)?自然资源局|自然资源(?:和规划)?局|生态环境局|住房城乡建(?:委|设局)|住建(?:委|局)|城市管理局|交通(?:运输)?局|水利局|水务局|"
    r"农业农村(?:委|局)|商务(?:委|局)|文化(?:和)?旅游(?:委|局)|文广旅局|卫生健康(?:委|局)|卫健(?:委|局)|退役军人(?:事务)?局|应急(?:管理)?局|审计局|国资委|市场监管局|体育局|"
    r"统计局|医保局|林草?局|林业局|乡村振兴局|信访办|人防办|机关事务(?:管理)?局|气象局|税务局|总工会|工会|团委|妇联|科协|文联(?:[（(]作协[)）])?|作协|社科联|侨联|残联|工商联|红十字会|"
    r"融媒体中心|广播电视(?:台|局)|广电局|政府办(?:公室)?|园区管委会)$"
)


def division_of_work(request: Request, evidence: Evidence, marks: Marks) -> str:
    """Rows of a model plan's table, for one's own place: tasks and leads as they stand there,
    one's own departments to be filled in."""
    rows = _task_rows(request, evidence)
    if len(rows) < 2:
        return ""
    level = _level(request.unit)
    lines = []
    above = ""
    for passage in rows:
        category, task, lead, duty = _columns(passage)
        document = evidence.summary(passage.document_id)
        quote = evidence.quoter.span(document, passage, task.start, task.end)
        leads = evidence.quoter.span(document, passage, lead.start, lead.end)
        first = marks.of(citation_of(quote))
        second = marks.of(citation_of(leads))
        kind = _text(category, evidence, document) if category else ""
        others = own_names(_text(duty, evidence, document), level) if duty else DATA_BLANK
        lines.append(
            [
                kind if kind != above else "",
                f"{squeeze(quote.text)}[{first}]",
                f"{own_names(squeeze(leads.text), level)}（{label(document)}：{squeeze(leads.text)}[{second}]）",
                others,
            ]
        )
        above = kind
    head = ["类别", "任务内容", "牵头部门", "责任部门"]
    table = [_line(head), "|" + " --- |" * len(head), *(_line(row) for row in lines)]
    note = (
        "说明：部门名称由参照文件的部门按本级改写，机构改革后的名称和职能请逐一核对；"
        "[待核对部门]为原文可能有误或本级不设的部门。空白的类别与上一行相同，导出时合并。"
    )
    return "\n".join([*table, "", note])


def _task_rows(request: Request, evidence: Evidence) -> list[Passage]:
    """Table rows with a task and a lead, of the model documents or of the best one."""
    ids = list(request.models) or [
        hit.document.id for hit in evidence.search(f"{request.topic} 任务分工 牵头部门")
    ]
    for document_id in dict.fromkeys(ids):
        rows = [
            p
            for p in evidence.index.passages_of(document_id)
            if p.cells and _columns(p)[1] and _columns(p)[2]
        ]
        if rows:
            return rows
    return []


def _columns(passage: Passage) -> tuple[Cell | None, Cell, Cell, Cell | None]:
    def named(*words: str) -> Cell | None:
        return next((c for c in passage.cells if any(w in c.header for w in words)), None)

    return (
        named("类别", "分类"),
        named("任务", "内容", "事项", "项目", "举措"),
        named("牵头"),
        named("责任", "配合", "参与", "协办"),
    )  # type: ignore[return-value]


def _text(cell: Cell, evidence: Evidence, document: DocumentSummary) -> str:
    return squeeze(evidence.quoter.source(document.id)[cell.start : cell.end])


def _level(unit: str) -> str:
    return next((level for name, level in _LEVELS.items() if unit.endswith(name)), "县")


def own_names(organs: str, level: str) -> str:
    """区教委、区科协 → 县教委、县科协; names that no such department bears are left to check."""
    result = []
    for name in re.split(r"[、，,；;]", organs):
        plain = re.sub(r"^(?:自治区|省|市|区|县|州|旗)(?=[\u4e00-\u9fff]{2})", "", name.strip())
        # A bracket behind a name belongs to the other place (its own second name).
        plain = re.sub(r"[（(](?!作协)[^）)]*[)）]$", "", plain)
        base = (
            re.sub(r"^(?:团(?:省|市|区|县))(?=委)", "团", plain)
            if plain.startswith("团")
            else plain
        )
        known = _DEPARTMENTS.fullmatch(base) or _DEPARTMENTS.fullmatch(re.sub(r"^委", "", base))
        if name.startswith("团"):
            result.append(f"团{level}委")
        elif known:
            result.append(f"{level}{plain}")
        else:
            result.append("[待核对部门]")
    return "、".join(dict.fromkeys(result))
