"""Duties: who leads, who is responsible, who supports which task.

They are said in a bracket behind a task, in a labelled line under it, in the columns of a
table, and in clauses of running text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.facts.assigned import Assigned, assigned_in
from ingest.facts.charges import OBLIGES, Charge, charges_in
from ingest.facts.flat_tables import FlatRow, flat_rows
from ingest.facts.material import Material, Piece, Quoted
from ingest.facts.organs import are_organs, organs_in
from vectorstore.facts import DutyRole, Fact
from vectorstore.language.numbering import enumerator, unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import sentences
from vectorstore.language.text import says, squeeze
from vectorstore.models import Passage

_MAX_TEXT = 200
_MIN_NAME, _MAX_NAME = 8, 40  # characters of a task's name
_TASK_COLUMNS = ("任务", "内容", "工作", "项目", "事项", "举措", "措施", "目标", "指标", "名称")
COLUMN = Pattern(
    r"(?P<kind>牵头|主办|配合|参与|参加|协办|协助|责任|负责|承办|实施|落实|主管|主责)(?:及|和|、|（|\()?"
    r"(?:牵头|责任|配合|参与|协助|落实)?(?:单位|部门|股室|科室|处室|机构|主体|方)|"
    r"^(?P<alone>牵头|主办|配合|协办|责任|承办)$|^分工$",
    yes=("牵头单位", "责任部门", ("市级责任单位", "责任单位"), "牵头"),
    no=("法律责任", "责任人", "责任领导", "主要职责", "配合事项", "完成时限"),
    why="the head of a column of organs in one role",
)
_SUPPORT = ("配合", "参与", "参加", "协办", "协助")
BY_RULE = Pattern(
    r"(?:应当|并|还)?(?:按照?|依照|根据|依据|结合|适应|对|以|为了?)"
    r"(?![^，。；]{0,60}(?:进行|实施|给予|开展|加强|处|予以|提供|作出|拨付|完善|施工|制定|编制|组织|办理|执行|共同|设置|做好|落实|建立|报送|报告|提交|缴纳|种植|接待|采取|履行|维护|整改|使用|收取|决定|确定|处理))[^，。；]{0,60}|"
    r"(?:应当|并|还)?(?:遵循|坚持|自|于|在|经|通过|采取|除|提前)[^，。；]{0,40}?"
    r"(?:职责|规定|要求|分工|标准|程序|实际|需要|情况|原则|意见|部署|内|前|后|起|时|中|外|方式|形式|日|月|年)|"
    r"[^，。；]{1,40}的|依法",
    yes=("按照法定职责", "在规定期限内", "逾期不报的"),
    no=("建立登记制度", "加强协调配合"),
    why="a clause that says by which rule, when or under which condition something is done",
)
BY_RULE_PREFIX = Pattern(
    r"^(?:按照?|依照|根据|依据)[^，。；]{2,60}?(?:职责|规定|要求|标准|程序)(?:范围)?内?(?=[^，。；]{2})",
    yes=(("依照有关法律的规定处罚", "依照有关法律的规定"),),
    no=("按规定", "处罚"),
    why="the rule by which something is done, before what is done",
)
FOLLOWS = Pattern(
    r"(?:以下|下列|如下)[^，。；：]{0,12}[：:]$",
    yes=(("履行下列职责：", "下列职责："), ("做好以下工作：", "以下工作：")),
    no=("加强以下管理",),
    why="what is to be done is said by the list that follows",
)
REFERS = Pattern(
    r"(?:具体|有关|相关|所需|相应|实施|其)[^，。；：]{0,10}(?:由|$)|(?:具体|相关|其)(?:办法|标准|细则|事宜|工作)",
    yes=(("具体办法由某地确定", "具体办法由"),),
    no=("建立登记制度",),
    why="a task that only the sentence before makes plain",
)
LEADING = Pattern(
    r"^(?:并|还|也|应当?|必须|要|须|同时)(?=[\u4e00-\u9fff]{3})(?!用|急|对)",
    yes=(("并建立档案", "并"), ("必须查清情况", "必须")),
    no=("建立档案", "应急处置"),
    why="words before what is to be done",
)
JOINED = Pattern(
    r"(?:会同|商|、|和|及|与|或者?)[^，。；]{2,60}(?:部门|机关|机构|单位|[局委厅办部府])(?=[^，。；]{2,6}$)",
    yes=(("会同某某部门制定", "会同某某部门"),),
    no=("制定", "会同某某部门"),
    why="the others with whom something is done, before what it is",
)
VIOLATES = Pattern(
    r"^(?:违反本[^，。；]{1,20}规定|有下列[^，。；]{1,20}的)[，,]",
    yes=("违反本办法的规定，", "违反本条例第三条规定，"),
    no=("未登记的",),
    why="the rule that is broken, before what was done",
)
RUN_IN = Pattern(
    r"^[^。；：:\n]{2,40}?(?:[。：:]|\s)(?=.)",
    yes=(("新建水源工程。开工建设水库。", "新建水源工程。"),),
    no=("开工建设水库。", "开工建设水库"),
    why="the head of an item in the line of its text",
)


def read_duties(material: Material) -> Iterator[Fact]:
    """One row for each role of each task that is mentioned."""
    for row in material.rows:
        yield from _of_row(material, row)
    for flat in flat_rows(material.lines, lambda head: column_role(head) is not None):
        yield from _of_flat_row(material, flat)
    yield from _Lines(material).facts()


# --- tables -------------------------------------------------------------------------------------


def _of_row(material: Material, row: Passage) -> Iterator[Fact]:
    task = _task_of(material, row)
    quoted = material.span(row.start, row.end)
    for cell in row.cells:
        role = column_role(cell.header)
        organs = organs_in(material.cell(cell)) if role else ()
        if role and organs and any(len(o) <= 30 and "。" not in o for o in organs):
            yield _fact(quoted, row, role, organs, _Task(task, task))


def _of_flat_row(material: Material, row: FlatRow) -> Iterator[Fact]:
    others = [(head, cell) for head, cell in row.cells if column_role(head) is None]
    named = [cell for head, cell in others if says(squeeze(head), _TASK_COLUMNS)]
    task = unnumbered(max(named or [cell for _, cell in others], key=len, default=""))
    first, last = material.quote(row.first), material.quote(row.last)
    quoted = material.span(first.start, last.end)
    for head, cell in row.cells:
        role = column_role(head)
        if role and are_organs(cell, any_actor=True):
            yield _fact(quoted, row.first.passage, role, organs_in(cell), _Task(task, task))


def column_role(header: str) -> DutyRole | None:
    found = COLUMN.search(squeeze(header))
    if found is None:
        return None
    kind = found["kind"] or found["alone"] or ""
    if kind in ("牵头", "主办"):
        return "lead"
    return "support" if kind in _SUPPORT else "responsible"


def _task_of(material: Material, row: Passage) -> str:
    """What the row is about: the cell of the task column, or the longest of the others."""
    others = [c for c in row.cells if column_role(c.header) is None]
    named = [c for c in others if says(squeeze(c.header), _TASK_COLUMNS)]
    texts = [material.cell(c) for c in named or others]
    return unnumbered(max(texts, key=len, default=""))


# --- lines --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Task:
    """The heading of a task, and its first sentence."""

    subject: str
    text: str


@dataclass
class _Lines:
    """The lines of a document as a flow: what stands above a bracket on a line of its own is
    its task."""

    material: Material
    above: list[Piece] = field(default_factory=list)  # lines since the last roles or heading

    def facts(self) -> Iterator[Fact]:
        lines = self.material.lines
        for at, line in enumerate(lines):
            found = assigned_in(line.text)
            yield from self._assigned(line, found)
            if line.passage.kind != "imprint" and (len(line.text) > 24 or "。" in line.text):
                after = "".join(p.text for p in lines[at + 1 : at + 6]) if opens(line.text) else ""
                yield from self._charged(line, found, after[:_MAX_TEXT])
            if found and not line.text[found[-1].end :].strip(" 。；"):
                self.above = [p for p in self.above[:1] if _is_heading(p)]
            elif _is_heading(line):
                self.above = [line]
            else:
                self.above.append(line)

    def _assigned(self, line: Piece, found: Sequence[Assigned]) -> Iterator[Fact]:
        before = last = 0
        for i, item in enumerate(found):
            if i and item.start != found[i - 1].start:
                before = last if line.text[last : item.start].strip(" 。；;，,、") else before
            task = self._task(line, line.text[before : item.start])
            quoted = self.material.quote(line.part(item.start, item.end))
            yield _fact(quoted, line.passage, item.role, item.organs, task)
            last = item.end

    def _task(self, line: Piece, before: str) -> _Task:
        """Of what stands between the last roles and these, or else of the lines above."""
        before = before.strip().lstrip("。；;，, ")
        if before:
            return _task(before, line.headings)
        if not self.above or not _is_heading(self.above[0]):
            return _task(self.above[-1].text if self.above else "", line.headings)
        head, *rest = self.above
        items = [piece for piece in rest if enumerator(piece.text)]
        if items and (len(items) == 1 or _is_run_in(items[-1].text)):
            return _task(items[-1].text, line.headings)
        body = " ".join(piece.text for piece in rest[:1])
        name = unnumbered(head.text).strip()
        run_in = _task(head.text, ())
        return (
            run_in if "。" in name[:-1] else _Task(name.rstrip("。：:"), _first(unnumbered(body)))
        )

    def _charged(self, line: Piece, found: Sequence[Assigned], after: str) -> Iterator[Fact]:
        taken = [(item.start, item.end) for item in found]
        before: tuple[str, ...] = ()  # whom the sentence before obliges
        for start, _end, text in _under_heads(line.text):
            charges = charges_in(text, before)
            before = next((c.organs for c in reversed(charges) if c.verb in OBLIGES), ())
            for charge in charges:
                first, last = start + charge.start, start + charge.end
                last = min((a for a, _ in taken if a > first), default=last) if last else last
                last = min(last, start + charge.end)
                if any(a < last and first < b for a, b in taken):
                    continue
                quoted = self.material.quote(line.part(first, last))
                body = _charged_task(text, charge, line, start, after)
                yield _fact(quoted, line.passage, charge.role, charge.organs, body)


def _under_heads(line: str) -> Iterator[tuple[int, int, str]]:
    """Sentences; one that is but an organ's name is the head of the next: 县财政局。负责资金。"""
    head: int | None = None
    for start, end in sentences(line):
        text = line[start:end]
        if head is None and len(text) < 60 and are_organs(unnumbered(text).rstrip("。")):
            head = start
            continue
        if head is not None:
            start, text = head, line[head:end].replace("。", "：", 1)
            head = None
        yield start, end, text


def opens(text: str) -> bool:
    """Whether a line says that a list follows."""
    return text.rstrip().endswith(("：", ":"))


def _charged_task(sentence: str, charge: Charge, line: Piece, at: int, after: str) -> _Task:
    """The task of a clause, named by what is to be done; with the condition where 由 puts
    somebody in charge. What is 具体办法 is said by the sentence before, what are 下列职责 by
    the lines `after`."""
    own = sentence[slice(*charge.task)].strip("，,、。；; ").removesuffix("并")
    own = unnumbered(own[1:] if own.startswith("由") and charge.verb != "由" else own)
    text = sentence[: charge.end]
    text = text if len(text) <= _MAX_TEXT else sentence[charge.clause : charge.end][:_MAX_TEXT]
    if len(own) < 2 or re.split("[:：]", own)[0].strip() in _EMPTY:
        return _Task(_task(sentence, line.headings).subject[:_MAX_NAME], text)
    if FOLLOWS.search(own) and after:
        return _Task(_cut(f"{own}{after}"), f"{text}{after}"[:_MAX_TEXT])
    if REFERS.match(own) and len(own) < _MAX_NAME // 2:
        before = line.text[:at].rstrip("。 ")[-_MAX_TEXT:]
        head = next((h for h in map(unnumbered, reversed(line.headings)) if h not in _EMPTY), "")
        said = head or re.split("[，。；]", before)[-1]
        return _Task(_cut(f"{said}：{own}" if said else own), f"{before}。{text}")
    if "由" in own[1:]:
        own = _without_organs(own, charge)
    elif charge.verb == "由":
        return _Task(_with_condition(sentence[charge.clause : charge.task[0]], own), text)
    return _Task(_short(own), text)


def _with_condition(before: str, own: str) -> str:
    """未登记的，由某局责令改正 → 未登记的，责令改正."""
    done = _short(own)
    condition = VIOLATES.remove_from(before[: before.rfind("由")].strip("，,并可也应当 "))
    room = _MAX_NAME - len(done) - 1
    if len(condition) < 2 or room < _MIN_NAME:
        return done
    return f"{condition if len(condition) <= room else condition[: room - 1] + '…'}，{done}"


def _without_organs(own: str, charge: Charge) -> str:
    """具体办法由甲会同乙制定 → 制定具体办法."""
    what, _, rest = own.partition("由")
    doing = rest[max(rest.find(organ) + len(organ) for organ in charge.organs) :]
    if joint := JOINED.match(doing):
        doing = doing[joint.end() :]
    if what.endswith("的"):
        return f"{what}，{doing}"
    return f"{doing}{what}" if 2 <= len(doing) <= 6 else own


def _cut(name: str) -> str:
    return name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1]}…"


def _short(task: str) -> str:
    """As many clauses as fit a name, those that but say how or by which rule left out."""
    clauses = [c for c in re.split(r"[，,；;。]", task) if c]
    while len(clauses) > 1 and BY_RULE.fullmatch(clauses[0]):
        clauses.pop(0)
    name = LEADING.remove_from(clauses[0]) or clauses[0]
    for clause in clauses[1:]:
        if len(name) >= _MIN_NAME or len(name) + len(clause) >= _MAX_NAME:
            break
        name = f"{name}，{clause}"
    return name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1]}…"


def _head(text: str, headings: Sequence[str]) -> _Task:
    return _task(text, headings)


def _task(text: str, headings: Sequence[str], body: str = "") -> _Task:
    """The run-in head of an item and its first sentence; the heading where it has no head."""
    heading = next((h for h in map(unnumbered, reversed(headings)) if h not in _EMPTY), "")
    text = unnumbered(text.strip())
    head = RUN_IN.match(text)
    if head and head[0].rstrip("。：: \u3000") in _EMPTY:
        return _Task(heading, _first(text[head.end() :]))
    if head and not _is_sentence(head[0]):
        rest = text[head.end() :]
        return _Task(head[0].rstrip("。：: \u3000"), _first(rest))
    if text and heading and (text.startswith(heading) or heading.startswith(text[:12])):
        return _Task(heading, _first(text[len(heading) :].lstrip("。 ")) or text)
    if not text:
        return _Task(heading, _first(unnumbered(body)))
    return _Task(heading or _first(text)[:40], _first(text))


_EMPTY = ("", "分工", "措施", "任务", "职责分工", "任务分工", "工作措施", "重点任务")


def _is_heading(line: Piece) -> bool:
    """一、, （一） and 第三条 open a part; 1. and the like an item of it."""
    found = enumerator(line.text)
    return found is not None and found[0] in (
        "part", "chapter", "section", "article", "one", "bracketed",
    )  # fmt: skip


def _is_run_in(text: str) -> bool:
    """Whether an item's line opens with a head of its own."""
    head = RUN_IN.match(unnumbered(text))
    return bool(head and head[0].rstrip().endswith("。") and not _is_sentence(head[0]))


def _is_sentence(head: str) -> bool:
    return "，" in head and len(head) > 18


def _first(text: str) -> str:
    start, end = next(sentences(text), (0, 0))
    return text[start:end][:_MAX_TEXT]


def _fact(
    quoted: Quoted, passage: Passage, role: DutyRole, organs: tuple[str, ...], task: _Task
) -> Fact:
    return Fact(
        "duty",
        passage.document_id,
        quoted.start,
        quoted.end,
        quoted.text,
        subject=task.subject,
        text=task.text,
        role=role,
        organs=organs,
        heading_path=passage.heading_path,
        passage_id=passage.id,
    )
