"""Sections without a model: source sentences made one's own, with gaps where another place's facts
stood; one's own notes; set phrases; comparisons with a citation in every cell."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from assistant.audit.alignment import alike
from assistant.cite.citation import Marks
from assistant.cite.splitting import joined, line_of
from assistant.cite.structure import Body, Piece
from assistant.drafting import borrowing, formulas, own_parts, telling
from assistant.drafting.borrowing import measures
from assistant.drafting.comparison import comparability, comparison, expired_note
from assistant.drafting.division import division_of_work
from assistant.drafting.duties import duties_table
from assistant.drafting.filling import fill_section
from assistant.drafting.kinds import customary
from assistant.drafting.models import DATA_BLANK, NAME_BLANK, Draft, Section
from assistant.drafting.sources import Found, lean_on
from assistant.find.evidence import Evidence
from assistant.understand.corpus import label
from vectorstore.language.names import CITED_TITLE, TITLE
from vectorstore.language.regions import find_regions
from vectorstore.language.text import fold, search_copy

_MAX_BASIS = 3
_SAME_TITLE = 0.8
_PLANS = ("实施方案", "行动计划", "培训方案", "管理办法", "意见")


def write_section(draft: Draft, section: Section, evidence: Evidence) -> Draft:
    """`draft` with one section written anew; no other section is touched."""
    marks = Marks(draft.sources)
    body = _WRITERS[section.purpose](draft, section, evidence, marks)
    done = replace(section, body=body, state="已写", origin="extract")
    return fill_section(replace(draft.with_section(done), sources=marks.sources), section.id)


# --- one writer for each purpose ------------------------------------------------------------------


def _opening(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """The set phrase of the kind, and the basis: documents that the corpus itself names as such."""
    request = draft.request
    kind = customary(request.kind, compares=request.compares)
    before, behind = formulas.opening(request, kind)
    if not behind:
        return (line_of(before),)
    basis = joined(_bases(draft, section, evidence, marks), "、")
    if not basis and request.kind in _PLANS:
        basis = ["[上级文件依据]"]
    if not basis:
        before = before.removesuffix("，根据")
    return (line_of(before, *basis, behind),)


def _bases(
    draft: Draft, section: Section, evidence: Evidence, marks: Marks
) -> list[tuple[Piece, ...]]:
    """Titles with numbers as they stand in the corpus, the most fitting and most cited first.

    Another place's own document is no basis for this one.
    """
    named_by = Counter(
        fold(title)
        for document in evidence.corpus.documents
        for title, _ in document.metadata.cites
        if title
    )
    topic = draft.request.topic
    found: dict[str, tuple[float, str, Found]] = {}
    for item in lean_on(draft, section, evidence, count=12, needs="《"):
        for match in CITED_TITLE.finditer(item.text):
            key = fold(match[1])
            foreign = find_regions(match[1]) and not match[1].startswith(draft.request.region[:1])
            if foreign or "以下简称" in match[0] or len(match[1]) < 6:
                continue
            fit = evidence.coverage(topic, match[1])
            held = fit >= _MIN_FIT or (fit >= _MIN_FIT / 3 and named_by[key] > 1)
            if held and not any(alike(key, other) >= _SAME_TITLE for other in found):
                found[key] = (fit + 0.1 * min(5, named_by[key]), _written(match[0]), item)
    best = sorted(found.values(), key=lambda entry: -entry[0])[:_MAX_BASIS]
    return [(name, marks.of(item.quote(evidence))) for _, name, item in best]


_MIN_FIT = 0.3
_WIDE = str.maketrans("(),", "（），")


def _written(name: str) -> str:
    """A title with its number as texts are to write them: lost marks restored, brackets wide."""
    title = TITLE.match(name)
    if title is None:
        return name
    years = re.sub(r"(20\d\d)[-－–](20\d\d)", r"\1—\2", search_copy(title[0]))
    behind = search_copy(name[title.end() :]).strip()
    number = re.sub(r"[(（](20\d\d)[)）]", r"〔\1〕", behind[1:-1]) if behind else ""
    return years.translate(_WIDE) + (f"（{number}）" if number else "")


def _comparison(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    return comparison(draft.request, evidence, marks)


def _notes(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    return comparability(draft.request, evidence, marks)


def _table(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Who does what: of the draft's own tasks, or as a model document divides it."""
    has_tasks = any(s.purpose == "tasks" and s.marks for s in draft.sections)
    table = () if has_tasks else division_of_work(draft.request, evidence, marks)
    return (
        table or duties_table(draft, evidence, marks) or measures(draft, section, evidence, marks)
    )


def _achievements(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """One's own, and, where the request names documents to set it beside, what these aim at."""
    body = own_parts.achievements(draft, section, evidence, marks)
    if not draft.request.models:
        return body
    return (*body, *telling.beside(draft, evidence, marks))


def _advice(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Advice is the author's own and says so; what it leans on is cited."""
    lines = [line_of("（以下为起草建议，不是文件原文，请结合实际修改。）")]
    for number, item in enumerate(lean_on(draft, section, evidence, count=3), 1):
        place = label(item.hit.document)
        lines.append(
            line_of(
                f"{number}.可借鉴{place}“{_core(item.text)}”的做法",
                marks.of(item.quote(evidence)),
                f"{expired_note(item.hit.document)}，结合{NAME_BLANK}实际提出量化指标{DATA_BLANK}。",
            )
        )
    return tuple(lines)


def _core(text: str) -> str:
    """The first clauses of a sentence, exactly as they stand."""
    return re.split(r"(?<=.{24})[，,。；;]", text.strip(), maxsplit=1)[0].rstrip("。；;，,")


def _phrase(write: Callable[[Draft], Body]) -> "Write":
    return lambda draft, section, evidence, marks: write(draft)


Write = Callable[[Draft, Section, Evidence, Marks], Body]
_WRITERS: dict[str, Write] = {
    "heading": lambda *_: (),
    "addressee": _phrase(lambda d: formulas.addressee(d.request, customary(d.request.kind))),
    "opening": _opening,
    "guidance": borrowing.guidance,
    "targets": borrowing.targets,
    "measures": measures,
    "tasks": borrowing.tasks,
    "division": _table,
    "schedule": borrowing.schedule,
    "safeguards": borrowing.safeguards,
    "dates": _phrase(lambda d: formulas.dates(d.request)),
    "situation": own_parts.situation,
    "achievements": _achievements,
    "problems": own_parts.problems,
    "plans": borrowing.plans,
    "precedents": telling.precedents,
    "request": own_parts.requested,
    "background": telling.background,
    "points": telling.points,
    "questions": telling.questions,
    "validity": telling.validity,
    "comparison": _comparison,
    "notes": _notes,
    "table": _table,
    "advice": _advice,
    "contact": own_parts.contact,
    "closing": _phrase(lambda d: formulas.closing(d.request, customary(d.request.kind))),
    "signature": _phrase(lambda d: formulas.signature(d.request)),
}
