"""The division of work of a model plan, made one's own (分工表)."""

import re

from assistant.cite.citation import Marks
from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line, Piece, Sentence, Table
from assistant.drafting.comparison import expired_note
from assistant.drafting.levels import level_of
from assistant.drafting.models import ORGAN_BLANK, Request
from assistant.find.evidence import Evidence
from vectorstore.language.text import squeeze
from vectorstore.models import Cell, DocumentSummary, Passage

_HEAD = ("类别", "任务内容", "牵头部门", "责任部门")
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
    r"统计局|医保局|林草?局|林业局|乡村振兴局|信访办|人防办|机关事务(?:管理)?局|气象局|税务局|总工会|工会|团委|妇联|科协|文联|作协|社科联|侨联|残联|工商联|红十字会|"
    r"融媒体中心|广播电视(?:台|局)|广电局|政府办(?:公室)?|园区管委会)$"
)


def division_of_work(request: Request, evidence: Evidence, marks: Marks) -> Body:
    """Rows of a model plan's table, for one's own place: tasks and leads as they stand there,
    one's own departments to be filled in."""
    rows = _task_rows(request, evidence)
    if len(rows) < 2:
        return ()
    level = request.level or _level(request.unit)
    lines: list[tuple[Sentence, ...]] = []
    above = ""
    for passage in rows:
        category, task, lead, duty = _columns(passage)
        document = evidence.summary(passage.document_id)
        quote = evidence.quoter.span(document, passage, task.start, task.end)
        leads = evidence.quoter.span(document, passage, lead.start, lead.end)
        first, second = marks.of(quote), marks.of(leads)
        kind = _text(category, evidence, document) if category else ""
        others: tuple[Piece, ...] = (ORGAN_BLANK,)
        if duty:
            units = evidence.quoter.span(document, passage, duty.start, duty.end)
            others = (own_names(units.text, level, request, document), marks.of(units))
        lead_said = own_names(leads.text, level, request, document)
        lines.append(
            (
                Sentence((kind,) if kind and kind != above else ()),
                Sentence((squeeze(quote.text), first)),
                Sentence((lead_said, second)),
                Sentence(others),
            )
        )
        above = kind
    source = evidence.summary(rows[0].document_id)
    note = line_of(
        f"说明：参照《{source.metadata.title}》",
        first,
        f"{expired_note(source)}。部门名称由参照文件的部门按本级改写，机构改革后的名称和职能请逐一核对；"
        "[待核对部门]为原文可能有误或本级不设的部门。空白的类别与上一行相同，导出时合并。",
    )
    header = tuple(Sentence((name,)) for name in _HEAD)
    return (Table(header, tuple(lines)), Line(), note)


def _task_rows(request: Request, evidence: Evidence) -> list[Passage]:
    """Table rows with a task and a lead, of the model documents or of the best one."""
    ids = list(request.models) or [
        hit.document.id for hit in evidence.search(f"{request.topic} 任务分工 牵头部门")
    ]
    for document_id in dict.fromkeys(ids):
        rows = [
            p
            for p in evidence.view.passages_of(document_id)
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


def own_names(
    organs: str, level: str, request: Request | None = None, document: DocumentSummary | None = None
) -> str:
    """区教委、区科协 → [县教委]、[县科协], as blanks to confirm; names that no such department bears
    are left to check. What the request says is called otherwise is called so, and departments of
    a place of the same level need no confirming."""
    result = []
    renames = dict(request.renames) if request else {}
    same = document is not None and level_of(document.metadata.region) == level
    for name in re.split(r"[、，,；;]", squeeze(organs)):
        bare = re.sub(r"^(?:自治区|省|市|区|县|州|旗)(?=[\u4e00-\u9fff]{2})", "", name.strip())
        if bare in renames:
            result.append(renames[bare])
            continue
        plain = re.sub(r"^(?:自治区|省|市|区|县|州|旗)(?=[\u4e00-\u9fff]{2})", "", name.strip())
        # A bracket behind a name belongs to the other place (its own second name).
        plain = re.sub(r"[（(][^）)]{0,200}+[)）]$", "", plain)
        base = (
            re.sub(r"^(?:团(?:省|市|区|县))(?=委)", "团", plain)
            if plain.startswith("团")
            else plain
        )
        known = _DEPARTMENTS.fullmatch(base) or _DEPARTMENTS.fullmatch(re.sub(r"^委", "", base))
        if name.startswith("团"):
            result.append(f"团{level}委" if same else f"[团{level}委]")
        elif known:
            result.append(f"{level}{plain}" if same else f"[{level}{plain}]")
        else:
            result.append("[待核对部门]")
    return "、".join(dict.fromkeys(result))
