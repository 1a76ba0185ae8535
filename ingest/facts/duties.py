"""Duties: who leads, who is responsible, who supports which task.

They are said in a bracket behind a task, in a labelled line under it, in the columns of a
table, and in clauses of running text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.facts.assigned import Assigned, assigned_in
from ingest.facts.charges import charges_in
from ingest.facts.material import Material, Piece, Quoted
from ingest.facts.organs import organs_in
from vectorstore.facts import DutyRole, Fact
from vectorstore.language.numbering import enumerator, unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import sentences
from vectorstore.language.text import says, squeeze
from vectorstore.models import Passage

_MAX_TEXT = 200
_TASK_COLUMNS = ("任务", "内容", "工作", "项目", "事项", "举措", "措施", "目标", "指标", "名称")
COLUMN_ROLES: tuple[tuple[str, DutyRole], ...] = (
    ("牵头", "lead"),
    ("主办", "lead"),
    ("配合", "support"),
    ("参与", "support"),
    ("参加", "support"),
    ("协办", "support"),
    ("协助", "support"),
    ("责任", "responsible"),
    ("负责", "responsible"),
    ("承办", "responsible"),
    ("实施单位", "responsible"),
    ("落实单位", "responsible"),
    ("主管", "responsible"),
)
NOT_ORGANS = Pattern(
    r"人$|领导|内容|事项|事|职责|时|电话|目标|清单|落实情况|任务|措施",
    yes=(("责任人", "人"), ("责任领导", "领导"), ("主要职责", "职责")),
    no=("责任单位", "牵头部门", "责任"),
    why="columns that bear a word of a role and hold no organs",
)
RUN_IN = Pattern(
    r"^[^。；：:\n]{2,40}(?:[。：:]|\s)(?=.)",
    yes=(("新建水源工程。开工建设水库。", "新建水源工程。"),),
    no=("开工建设水库。", "开工建设水库"),
    why="the head of an item in the line of its text",
)


def read_duties(material: Material) -> Iterator[Fact]:
    """One row for each role of each task that is mentioned."""
    for row in material.rows:
        yield from _of_row(material, row)
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


def column_role(header: str) -> DutyRole | None:
    header = squeeze(header)
    if NOT_ORGANS.search(header):
        return None
    return next((role for word, role in COLUMN_ROLES if word in header), None)


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
        for line in self.material.lines:
            found = assigned_in(line.text)
            yield from self._assigned(line, found)
            if line.passage.kind != "imprint":
                yield from self._charged(line, found)
            if found and not line.text[found[-1].end :].strip(" 。；"):
                self.above = []
            elif self.above and self.above[-1].headings[:-1] != line.headings[:-1]:
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
        before = before.strip(" 。；;\u3000")
        if before:
            return _task(before, line.headings)
        numbered = [p for p in self.above if enumerator(p.text)]
        own = [p for p in self.above if p.passage.kind != "heading"]
        if not own:
            return _task("", line.headings)
        if (
            len(numbered) > 1
            and line.headings
            and unnumbered(line.headings[-1]) not in own[-1].text
        ):
            return _task("", line.headings, own[0].text)
        if numbered:
            at = self.above.index(numbered[-1])
            text = " ".join(p.text for p in self.above[at : at + 2])
            return _task(text, line.headings)
        return _task("", line.headings, own[0].text)

    def _charged(self, line: Piece, found: Sequence[Assigned]) -> Iterator[Fact]:
        taken = [(item.start, item.end) for item in found]
        for start, end in sentences(line.text):
            text = line.text[start:end]
            for charge in charges_in(text):
                first, last = start + charge.start, start + charge.end
                last = min((a for a, _ in taken if a > first), default=last) if last else last
                last = min(last, start + charge.end)
                if any(a < last and first < b for a, b in taken):
                    continue
                task = text[slice(*charge.task)].strip("，,、。；; 由")
                subject = task if len(task) >= 4 else _head(text, line.headings).subject
                quoted = self.material.quote(line.part(first, last))
                body = _Task(_first_clause(subject), text[:_MAX_TEXT])
                yield _fact(quoted, line.passage, charge.role, charge.organs, body)


def _first_clause(text: str) -> str:
    return re.split(r"[，；。]", text, maxsplit=1)[0][:60] if len(text) > 24 else text


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
