"""Who does what: duties that documents state, with organs as they are called at one's own level."""

import re
from collections.abc import Iterable, Sequence

from assistant.cite.citation import Marks
from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line, Piece, Sentence, Table
from assistant.drafting.levels import at_level, level_of, renamed
from assistant.drafting.models import ORGAN_BLANK, Draft, Request
from assistant.drafting.sources import scope_of
from assistant.find.evidence import Evidence
from vectorstore.facts import Fact, FactFilter
from vectorstore.language.numbering import unnumbered
from vectorstore.language.regions import short_name
from vectorstore.models import DocumentSummary, Passage

_MOST_ORGANS = 12
_LONGEST = 14  # characters: what is longer is no name but a clause
_HEAD = ("序号", "任务", "牵头单位", "责任（配合）单位")
_MOST_ROWS = 20
_DEPARTMENT = re.compile(
    r"[\u4e00-\u9fff]{1,12}(?:局|委|办|科协|社科联|妇联|残联|侨联|文联|工商联|总工会|宣传部|组织部|统战部|党校|广播电视台|融媒体中心|红十字会)"
)
_LEVELED = (
    "省",
    "市",
    "县",
    "区",
    "州",
    "旗",
    "自治区",
    "国家",
    "各",
    "有关",
    "中国",
    "本级",
    "乡",
    "镇",
)
_SAYS_DUTY = re.compile(r"牵头|责任(?:单位|部门)|配合|分工")


def duties_of(passage: Passage, document: DocumentSummary, evidence: Evidence) -> list[Fact]:
    """The duties that a passage states, or the numbered item that it is a part of."""
    where = FactFilter(kinds=("duty",), document_ids=frozenset({document.id}))
    all_of_it = [
        fact
        for fact in evidence.view.facts(where)
        if _names(fact) and (_SAYS_DUTY.search(fact.quote) or fact.role == "lead")
    ]
    own = [fact for fact in all_of_it if fact.passage_id == passage.id]
    path = passage.heading_path
    return own or [f for f in all_of_it if len(path) > 1 and f.heading_path[: len(path)] == path]


def _names(fact: Fact) -> list[str]:
    return [o for o in fact.organs if 2 <= len(o) <= _LONGEST]


def organs(
    facts: Iterable[Fact], roles: Sequence[str], document: DocumentSummary, request: Request
) -> list[str]:
    """The organs in some roles, each once, as they are called here."""
    found = dict.fromkeys(
        own_organ(name, document, request)
        for fact in facts
        if fact.role in roles
        for name in _names(fact)
    )
    theirs = [n for n in map(short_name, document.metadata.region) if n]
    return [o for o in found if not any(name in o for name in theirs)][:_MOST_ORGANS]


def own_organ(name: str, document: DocumentSummary, request: Request) -> str:
    """市教育局 → 县教育局, 教委 → 区教育局 where it is called so here."""
    region = document.metadata.region
    for place in (*region, *map(short_name, region)):
        name = name.removeprefix(place)
    moved = renamed(at_level(name, region, request.level), request.renames)
    return _with_level(moved, request.level) if level_of(region) else moved


def _with_level(name: str, level: str) -> str:
    """In a list the level stands with the first name only: 县教育局、科技局."""
    if not level or not _DEPARTMENT.fullmatch(name):
        return name
    if name.startswith("团"):
        return f"团{level}委"
    if name.startswith("党委"):
        return f"{level}{name[1:]}"
    return name if name.startswith(_LEVELED) else f"{level}{name}"


def said_duties(facts: Sequence[Fact], document: DocumentSummary, request: Request) -> str:
    """牵头单位：…；配合单位：… as one bracket holds it; '' where the document names nobody."""
    leads = organs(facts, ("lead",), document, request)
    others = [o for o in organs(facts, ("support",), document, request) if o not in leads]
    charged = [o for o in organs(facts, ("responsible", ""), document, request) if o not in leads]
    said = []
    if leads:
        said.append(f"牵头单位：{'、'.join(leads)}")
    if others:
        said.append(f"配合单位：{'、'.join(others)}")
    if charged:
        said.append(f"责任单位：{'、'.join(charged)}")
    return "；".join(said)


def duties_table(draft: Draft, evidence: Evidence, marks: Marks) -> Body:
    """Tasks with who does them: those of the draft's own sections, or else those of the document
    on the topic that says it of most tasks."""
    rows = _rows_of_sections(draft, evidence) or _rows_of_document(draft.request, evidence)
    if not rows:
        return ()
    lines = []
    for number, (task, facts, document) in enumerate(rows[:_MOST_ROWS], 1):
        mark = marks.of(evidence.quoter.fact(document, facts[0]))
        lead = organs(facts, ("lead",), document, draft.request)
        other = [
            o
            for o in organs(facts, ("responsible", "support", ""), document, draft.request)
            if o not in lead
        ]
        if not lead and other:
            lead, other = other[:1], other[1:]
        cells: tuple[tuple[Piece, ...], ...] = (
            (str(number),),
            (task,),
            ("、".join(lead) or ORGAN_BLANK, mark),
            ("、".join(other) or "各有关单位", mark) if other else ("各有关单位",),
        )
        lines.append(tuple(Sentence(cell) for cell in cells))
    note = line_of("说明：单位名称按本级机构改写，机构改革后的名称和职能请逐一核对。")
    header = tuple(Sentence((name,)) for name in _HEAD)
    return (Table(header, tuple(lines)), Line(), note)


_Row = tuple[str, list[Fact], DocumentSummary]


def _rows_of_sections(draft: Draft, evidence: Evidence) -> list[_Row]:
    """A row for each task that the draft sets, with what its sources say of who does it."""
    rows = []
    for section in draft.sections:
        if section.purpose != "tasks" or not section.marks:
            continue
        sources = [s for mark in section.marks if (s := draft.source(mark)) and s.passage_id]
        passages = evidence.view.passages([s.passage_id for s in sources])
        for source in sources:
            document = evidence.corpus.by_id.get(source.document_id)
            passage = passages.get(source.passage_id)
            if document and passage and (facts := duties_of(passage, document, evidence)):
                rows.append((unnumbered(section.heading).strip(), facts, document))
                break
    return rows


def _rows_of_document(request: Request, evidence: Evidence) -> list[_Row]:
    ids = scope_of(request, evidence).document_ids or frozenset(evidence.corpus.by_id)
    best: list[_Row] = []
    for identifier in sorted(ids):
        where = FactFilter(kinds=("duty",), document_ids=frozenset({identifier}))
        by_task: dict[str, list[Fact]] = {}
        for fact in evidence.view.facts(where):
            task = fact.subject.strip("。；，")
            if 4 <= len(task) <= 40 and _names(fact):
                by_task.setdefault(task, []).append(fact)
        rows = [
            (task, facts, evidence.summary(identifier))
            for task, facts in by_task.items()
            if any(fact.role == "lead" for fact in facts)
            or evidence.coverage(request.topic, task, " ".join(facts[0].heading_path)) > 0
        ]
        if len(rows) > len(best):
            best = rows
    return best
