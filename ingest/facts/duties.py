"""Duties: who leads, who is responsible, who supports which task.

They are said in a bracket behind a task, in a labelled line under it, in the columns of a
table, and in clauses of running text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ingest.facts.assigned import Assigned, assigned_in
from ingest.facts.charge import OBLIGES, Charge
from ingest.facts.charges import charges_in, speaker_in
from ingest.facts.flat_tables import FlatRow, flat_rows
from ingest.facts.lists import listings
from ingest.facts.material import Material, Piece, Quoted
from ingest.facts.organs import are_organs, organs_in
from ingest.facts.rows import trimmed
from ingest.facts.tasks import (
    MAX_TEXT,
    Task,
    charged_task,
    first_sentence,
    is_run_in,
    readable,
    short,
    task_of,
)
from vectorstore.facts import DutyRole, Fact
from vectorstore.language.charges import LISTED
from vectorstore.language.numbering import enumerator, unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import sentences
from vectorstore.language.text import says, squeeze
from vectorstore.models import Passage

_MAX_HEADING, _MAX_BARE = 40, 24
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
            yield _fact(quoted, row, role, organs, Task(task, task))


def _of_flat_row(material: Material, row: FlatRow) -> Iterator[Fact]:
    others = [(head, cell) for head, cell in row.cells if column_role(head) is None]
    named = [cell for head, cell in others if says(squeeze(head), _TASK_COLUMNS)]
    task = unnumbered(max(named or [cell for _, cell in others], key=len, default=""))
    first, last = material.quote(row.first), material.quote(row.last)
    quoted = material.span(first.start, last.end)
    for head, cell in row.cells:
        role = column_role(head)
        if role and are_organs(cell, any_actor=True):
            yield _fact(quoted, row.first.passage, role, organs_in(cell), Task(task, task))


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
            if line.passage.kind != "imprint" and _is_told(line.text):
                after = "".join(p.text for p in lines[at + 1 : at + 6]) if opens(line.text) else ""
                yield from self._charged(line, found, after[:MAX_TEXT])
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

    def _task(self, line: Piece, before: str) -> Task:
        """Of what stands between the last roles and these, or else of the lines above."""
        before = before.strip().lstrip("。；;，, ")
        if before:
            return task_of(before, self._headings(line))
        if not self.above or not _is_heading(self.above[0]):
            return task_of(self.above[-1].text if self.above else "", line.headings)
        head, *rest = self.above
        items = [piece for piece in rest if enumerator(piece.text)]
        if items and (len(items) == 1 or is_run_in(items[-1].text)):
            return task_of(items[-1].text, line.headings)
        body = " ".join(piece.text for piece in rest[:1])
        name = unnumbered(head.text).strip()
        run_in = task_of(head.text, ())
        return (
            run_in
            if "。" in name[:-1]
            else Task(name.rstrip("。：:"), first_sentence(unnumbered(body)))
        )

    def _headings(self, line: Piece) -> tuple[str, ...]:
        """Those above a line: short sections share a passage, whose path names none of them."""
        own = self.above[0].text.strip() if self.above and _is_heading(self.above[0]) else ""
        inner = own and own not in line.headings and len(own) <= _MAX_HEADING
        return (*line.headings, own.rstrip("。：:")) if inner else line.headings

    def _charged(self, line: Piece, found: Sequence[Assigned], after: str) -> Iterator[Fact]:
        taken = [(item.start, item.end) for item in found]
        before: tuple[str, ...] = ()  # whom the sentence before obliges
        speaker: tuple[str, ...] = ()  # for whom somebody speaks there
        for start, _end, text in _under_heads(line.text):
            charges = charges_in(text, before, speaker)
            speaker = speaker_in(text) or speaker
            before = next((c.organs for c in reversed(charges) if c.verb in OBLIGES), ())
            for charge in charges:
                first, last = start + charge.start, start + charge.end
                last = min((a for a, _ in taken if a > first), default=last) if last else last
                last = min(last, start + charge.end)
                if any(a < last and first < b for a, b in taken):
                    continue
                if after and opens(text[: charge.end]) and LISTED.search(text[slice(*charge.task)]):
                    yield from self._items(line, charge)
                    continue
                quoted = self.material.quote(line.part(first, last))
                body = charged_task(text, charge, line, start, after)
                yield _fact(quoted, line.passage, charge.role, charge.organs, body)

    def _items(self, line: Piece, charge: Charge) -> Iterator[Fact]:
        """One row for each duty that a line announces (履行下列职责：); none where each of them
        says itself whose it is."""
        for item in self._below.get((line.passage.id, line.end), ()):
            text = item.text.rstrip("；;。 ")
            if not charges_in(item.text):
                quoted = self.material.quote(trimmed(item))
                task = Task(short(text), text[:MAX_TEXT])
                yield _fact(quoted, item.passage, charge.role, charge.organs, task)

    @cached_property
    def _below(self) -> dict[tuple[str, int], tuple[Piece, ...]]:
        """The items of each list, by where the line ends that announces them."""
        found = listings(self.material)
        return {(one.lead.passage.id, one.lead.end): one.items for one in found}


def _is_told(text: str) -> bool:
    """A sentence or an item, no heading."""
    return len(text) > _MAX_BARE or text.endswith(("。", "；", ";")) or "。" in text


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


def _is_heading(line: Piece) -> bool:
    """一、, （一） and 第三条 open a part; 1. and the like an item of it."""
    found = enumerator(line.text)
    return found is not None and found[0] in (
        "part", "chapter", "section", "article", "one", "bracketed",
    )  # fmt: skip


def _fact(
    quoted: Quoted, passage: Passage, role: DutyRole, organs: tuple[str, ...], task: Task
) -> Fact:
    return Fact(
        "duty",
        passage.document_id,
        quoted.start,
        quoted.end,
        quoted.text,
        subject=readable(task.subject),
        text=task.text,
        role=role,
        organs=organs,
        heading_path=passage.heading_path,
        passage_id=passage.id,
    )
