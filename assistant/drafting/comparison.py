"""Comparisons of places: what each document sets as its indicator, and whether they compare."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.audit.alignment import phrases
from assistant.cite.citation import Marks
from assistant.cite.quote import Quote
from assistant.cite.splitting import joined, line_of
from assistant.cite.structure import NOT_STATED, Body, Line, Piece, Sentence, Table
from assistant.drafting.models import Request
from assistant.find.evidence import Evidence, restricted
from assistant.understand.corpus import label
from vectorstore.language.figures import Figure, figures
from vectorstore.language.sentences import sentences
from vectorstore.language.text import says, search_copy, squeeze
from vectorstore.models import DocumentSummary, Passage, SearchFilter

_MAX_DOCUMENTS = 30
_HEAD = ("地区", "文件（文号）", "规划期", "指标", "原文表述")
_FACET = re.compile(
    r"(?:的)?(?P<facet>(?:年度|每年|量化|主要|具体){0,8}(?:指标|目标|任务|数量|规模|要求|做法|情况){1,8}(?:数)?)$"
)
_YEARLY = ("每年", "年均", "年度", "逐年")
_NO_INDICATOR = "未提出量化指标"
_MIN_FIT = 0.3
_MIN_LENGTH = 14  # characters: what is shorter is a heading


@dataclass(frozen=True, slots=True)
class Row:
    """What one document says: the sentence with a figure and the clause that holds it, or up to
    two sentences without."""

    document: DocumentSummary
    quotes: tuple[Quote, ...]
    clause: str = ""
    figure: Figure | None = None


def comparison(request: Request, evidence: Evidence, marks: Marks) -> Body:
    """A paragraph that says what each place sets, then a table with a row for each document."""
    rows, silent = compare(request, evidence)
    if not rows:
        return (line_of("（库中没有找到可比较的内容）"),)
    cells = [_cells(row, marks) for row in rows] + [_silent_cells(d) for d in silent]
    table = Table(
        tuple(Sentence((name,)) for name in _HEAD),
        tuple(tuple(Sentence(tuple(pieces)) for pieces in row) for row in cells),
    )
    return (*_in_words(rows, silent, marks), Line(), table)


def _cells(row: Row, marks: Marks) -> list[list[Piece]]:
    mark = marks.of(row.quotes[0])
    metadata = row.document.metadata
    number = metadata.document_number or "文号未载明"
    return [
        [label(row.document)],
        [f"《{metadata.title}》（{number}）"],
        [_period(row.document)],
        [row.clause, mark] if row.figure else [_NO_INDICATOR],
        joined(([f"“{squeeze(q.text)}”", marks.of(q)] for q in row.quotes), ""),
    ]


def _silent_cells(document: DocumentSummary) -> list[list[Piece]]:
    title = f"《{document.metadata.title}》"
    return [[label(document)], [title], [_period(document)], [NOT_STATED], [NOT_STATED]]


def comparability(request: Request, evidence: Evidence, marks: Marks) -> Body:
    """What stands in the way of ranking the rows, and who sets no figure."""
    rows, silent = compare(request, evidence)
    measured = [row for row in rows if row.figure]
    reasons = []
    units = {label(row.document): row.figure.unit for row in measured if row.figure}
    if len(set(units.values())) > 1:
        said = "、".join(f"{place}为“{unit}”" for place, unit in units.items())
        reasons.append(f"计量单位不同（{said}）")
    if len({len(row.document.metadata.region) for row in measured}) > 1:
        reasons.append("行政层级不同")
    if len({row.document.metadata.period for row in measured}) > 1:
        said = "、".join(f"{label(row.document)}为{_period(row.document)}" for row in measured)
        reasons.append(f"规划期不同（{said}）")
    lines = []
    if reasons:
        lines.append(f"以上指标{'，'.join(reasons)}，口径不一，不可直接排序。")
    without = [label(row.document) for row in rows if not row.figure]
    if without:
        lines.append(f"{'、'.join(without)}的文件只有定性表述，未提出量化指标。")
    if silent:
        lines.append(f"{'、'.join(label(d) for d in silent)}的文件未载明有关内容。")
    return tuple(map(line_of, lines or ["各地指标口径一致。"]))


def _in_words(
    rows: Sequence[Row], silent: Sequence[DocumentSummary], marks: Marks
) -> tuple[Line, ...]:
    said: list[list[Piece]] = [
        [
            f"{label(row.document)}{expired_note(row.document)}提出“{row.clause}”",
            marks.of(row.quotes[0]),
        ]
        for row in rows
        if row.figure
    ]
    without = [label(row.document) for row in rows if not row.figure]
    without += [label(document) for document in silent]
    if without:
        said.append([f"{'、'.join(without)}未提出量化指标"])
    return (line_of(*joined(said, "；"), "。"),) if said else ()


def subject_of(topic: str) -> str:
    """A topic without the facet it is asked for: 科学素质培训的年度指标 → 科学素质培训."""
    return _FACET.sub("", topic) or topic


def compare(request: Request, evidence: Evidence) -> tuple[list[Row], list[DocumentSummary]]:
    """A row for each document that treats the topic, and the documents that do not."""
    rows, silent = [], []
    for document in evidence.corpus.documents[:_MAX_DOCUMENTS]:
        if request.models and document.id not in request.models:
            continue
        row = _row(request, document, evidence)
        rows.append(row) if row else silent.append(document)
    rows.sort(key=lambda row: row.figure is None)
    return rows, silent


def _row(request: Request, document: DocumentSummary, evidence: Evidence) -> Row | None:
    """The document's sentence on the topic; one with a yearly figure before all others."""
    subjects = [subject_of(topic) for topic in request.topics]
    yearly = says(request.text, _YEARLY)
    where = restricted(SearchFilter(), [document.id])
    found: list[tuple[float, Row]] = []
    for passage in _passages(subjects, where, evidence):
        around = " ".join(passage.heading_path)
        for start, end in sentences(passage.text):
            text = passage.text[start:end]
            fit = max(evidence.coverage(subject, around, text) for subject in subjects)
            own = max(evidence.coverage(subject, text) for subject in subjects)
            if fit < _MIN_FIT or own == 0 or len(text) < _MIN_LENGTH:
                continue
            clause, figure = _measured(text, yearly)
            score = fit + 0.3 * own + (0.3 if figure else 0)
            score += 0.5 if figure and says(clause, _YEARLY) and yearly else 0
            quote = evidence.quoter.quote(document, passage, start, end)
            found.append((score, Row(document, (quote,), clause, figure)))
    if not found:
        return None
    ranked = [row for _, row in sorted(found, key=lambda item: -item[0])]
    best = ranked[0]
    if best.figure and not (yearly and not says(best.clause, _YEARLY)):
        return best
    # No figure, or not one for each year: what the document says in words.
    return Row(document, tuple(row.quotes[0] for row in ranked[:2]))


def _passages(subjects: Sequence[str], where: SearchFilter, evidence: Evidence) -> list[Passage]:
    found: dict[str, Passage] = {}
    for subject in subjects:
        for hit in evidence.search(subject, where)[:12]:
            if hit.passage.kind in ("body", "row"):
                found[hit.passage.id] = hit.passage
    return list(found.values())


def _measured(sentence: str, yearly: bool) -> tuple[str, Figure | None]:
    """The clause that holds the figure (with 其中…, which belongs to it), and the figure."""
    spans = list(phrases(sentence))
    candidates = []
    for i, (start, end) in enumerate(spans):
        found = [
            f
            for f in figures(search_copy(sentence[start:end]))
            if f.unit and f.unit not in "年月日"
        ]
        if found:
            rank = says(sentence[start:end], _YEARLY) if yearly else True
            candidates.append((not rank, i, found[0]))
    if not candidates:
        return "", None
    _, at, figure = min(candidates, key=lambda c: c[:2])
    last = at
    while last + 1 < len(spans) and sentence[slice(*spans[last + 1])].strip().startswith("其中"):
        last += 1
    return squeeze(sentence[spans[at][0] : spans[last][1]]).strip("，,。；;：:"), figure


def expired_note(document: DocumentSummary) -> str:
    """What a text that leans on a document that holds no more has to say; else nothing."""
    if not document.is_over:
        return ""
    period = document.metadata.period
    if document.state == "已届满" and period:
        return f"（参考文件规划期{period}，已届满）"
    return f"（参考文件{document.state}）"


def _period(document: DocumentSummary) -> str:
    metadata = document.metadata
    over = f"，{document.state}" if document.is_over else ""
    return f"{metadata.period}{over}" if metadata.period else "未载明"
