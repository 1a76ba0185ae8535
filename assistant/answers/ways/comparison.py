"""Answers over several documents: comparisons, and everything in the corpus that says X.

Each row is one document and each cell quotes that document; where a document is silent the
cell says 未载明, so that a number never slips over from a neighbour.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers.content import Content, Statement, table
from assistant.answers.quotes.assignments import assignments, role_quote
from assistant.answers.quotes.citing import citing_sentence
from assistant.answers.quotes.passage import best_statements
from assistant.answers.refusing import refuse
from assistant.answers.ways.catalogue import compared_dates
from assistant.answers.ways.duties import leads_of
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence, restricted
from assistant.find.reading import Reading
from assistant.understand.asked import roles_asked
from assistant.understand.comparing import (
    asks_quantity,
    asks_what_rests,
    of_side,
    task_compared,
    term_asked,
)
from assistant.understand.corpus import full_name, label
from assistant.understand.demands import Demand
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.language.figures import Figure, figures, plain_number, same_unit
from vectorstore.language.roles import LEAD, RESPONSIBLE, SUPPORT
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold
from vectorstore.models import DocumentSummary, Passage

SILENT = Statement("未载明")
_MAX_ROWS = 60
_MAX_SEPARATE = 12  # documents that are read one by one


# --- comparison -------------------------------------------------------------------------------


def answer_comparison(question: Question, evidence: Evidence) -> Content:
    """One row for each place or document that the question names."""
    rows: list[tuple[Statement, Statement]] = []
    sides = _sides(question, evidence)
    if dates := compared_dates(sides, question, evidence):
        return dates
    for name, ids in sides:
        cell = _cell(name, ids, question, evidence, 1 / len(sides)) if ids else SILENT
        rows.append((Statement(name), cell))
    if not any(cell.quotes for _, cell in rows):
        readings = evidence.read(question)
        return refuse(question, evidence, readings)
    quoted = table(("文件", "原文"), rows)
    difference = _difference(rows) if question.asks(Demand.RANK) else None
    return Content((difference, quoted) if difference else (quoted,))


def _sides(question: Question, evidence: Evidence) -> list[tuple[str, list[str]]]:
    sides = [(place.text, evidence.corpus.in_region(place.path)) for place in question.places]
    covered = {i for _, ids in sides for i in ids}
    for document_id in question.named:
        if document_id not in covered:
            sides.append((label(evidence.summary(document_id)), [document_id]))
    if len(sides) < 2:  # 各地分别…: every document is a side
        sides = [(label(d), [d.id]) for d in evidence.view.documents(question.where)][:_MAX_ROWS]
    return sides


def _cell(
    name: str, ids: Sequence[str], question: Question, evidence: Evidence, share: float
) -> Statement:
    """What one side says on the topic."""
    where = restricted(replace(question.where, document_ids=None), list(ids))
    single = of_side(question, name, where)
    if single.kind is Kind.DEPARTMENT:
        topic = task_compared(question)
        return leads_of(topic, ids, evidence) or _leads(single, topic, evidence, share)
    readings = evidence.supported(single, evidence.read(single, share=share))
    if asks_quantity(question):
        readings = [r for r in readings if figures(_best_text(r))] or readings
    for year in question.years_said:  # the year asked about before any other
        readings = [r for r in readings if str(year) in r.hit.passage.text] or readings
    return best_statements(single, evidence, readings[0])[0] if readings else SILENT


def _best_text(reading: Reading) -> str:
    span = reading.spans[0] if reading.spans else None
    return reading.hit.passage.text[span.start : span.end] if span else ""


def _leads(question: Question, topic: str, evidence: Evidence, share: float) -> Statement:
    found = [
        (role, role_quote(assignment, role, evidence))
        for assignment in assignments(question, evidence, topic, share)
        for role in assignment.roles
        if role.role != SUPPORT or "support" in roles_asked(question)
    ]
    if not found:
        return SILENT
    if any(role.role == LEAD for role, _ in found):
        found = [(role, quote) for role, quote in found if role.role != RESPONSIBLE]
    words = "牵头" if any(role.role == LEAD for role, _ in found) else "责任单位"
    organs = dict.fromkeys(role.organs or quote.text for role, quote in found)
    return Statement(f"{words}：{'；'.join(organs)}", tuple(dict.fromkeys(q for _, q in found)))


_CALENDAR = ("年", "月", "日")


def _difference(rows: Sequence[tuple[Statement, Statement]]) -> Statement | None:
    """The difference of two cited figures of one unit, both named and cited."""
    found: list[tuple[str, Figure, Quote]] = []
    for name, cell in rows:
        if cell.quotes and (numbers := _answering(cell)):
            found.append((name.text, numbers[0], cell.quotes[0]))
    if len(found) != 2:
        return None
    (a, first, quote_a), (b, second, quote_b) = found
    if not same_unit(first, second):
        pairs = [
            (x, y) for x in _counted(rows[0][1].text) for y in _counted(rows[1][1].text)
            if same_unit(x, y)
        ]  # fmt: skip
        if not pairs:
            return None
        first, second = pairs[0]
    gap = abs(first.value - second.value)
    unit = "个百分点" if first.unit == "%" else first.unit
    text = f"{a}为{first.text}，{b}为{second.text}，相差{plain_number(gap)}{unit}。"
    return Statement(text, (quote_a, quote_b))


def _answering(cell: Statement) -> list[Figure]:
    """The figures of the words that answer, or else of the whole cell."""
    return (cell.answer and _counted(cell.answer.text)) or _counted(cell.text)


def _counted(text: str) -> list[Figure]:
    return [figure for figure in figures(text) if figure.unit not in _CALENDAR]


# --- aggregation ------------------------------------------------------------------------------


def answer_aggregation(question: Question, evidence: Evidence) -> Content | None:
    """Every document of the corpus is looked at, not the top of a search."""
    documents = evidence.view.documents(
        replace(question.where, document_ids=None) if not question.places else question.where
    )
    if (question.unknown or question.named) and asks_what_rests(question):
        return _based_on(question, documents, evidence)
    for words in _wordings(term_asked(question)):
        if content := _mentioning(words, documents, evidence):
            return content
    return _semantic(question, documents, evidence)


def _wordings(term: str) -> list[tuple[str, ...]]:
    """A term, then its two parts: what people call 区块链技术 stands as 区块链等技术 in a text,
    养老服务补贴 as 养老服务、家政服务补贴. Both parts have to stand in one sentence."""
    parts = [(term[:-2], term[-2:])] if len(term) >= 4 else []
    return [(term,), *parts] if len(term) >= 2 else []


def _mentioning(
    words: tuple[str, ...], documents: Sequence[DocumentSummary], evidence: Evidence
) -> Content | None:
    found = _first_mentions(words, documents, evidence)
    rows, silent = [], []
    for document in documents:
        if quote := found.get(document.id):
            rows.append((Statement(full_name(document)), Statement(quote.text, (quote,))))
        else:
            silent.append(full_name(document))
    if not rows:
        return None
    count = Statement(
        f"共有 {len(rows)} 份文件{'在一句话里' if len(words) > 1 else ''}提到"
        f"{'和'.join(f'“{word}”' for word in words)}。",
        tuple(cell.quotes[0] for _, cell in rows[:_MAX_ROWS]),
    )
    notes = (
        (f"没有提到的有：{'、'.join(silent[:12])}{'等' if len(silent) > 12 else ''}。",)
        if silent
        else ()
    )
    return Content((count, table(("文件", "原文"), rows[:_MAX_ROWS])), notes)


def _first_mentions(
    words: Sequence[str], documents: Sequence[DocumentSummary], evidence: Evidence
) -> dict[str, Quote]:
    """By document, the first sentence that holds all `words`.

    Of each document one passage that may hold it is read; more, and then twice as many, only
    where it does not.
    """
    keys = [fold(word) for word in words]
    waiting = _holding(words, [d.id for d in documents], evidence)
    by_id = {document.id: document for document in documents}
    found: dict[str, Quote] = {}
    at, step = 0, 1
    while waiting:
        parts = {d: ids[at : at + step] for d, ids in waiting.items()}
        passages = evidence.view.passages([i for part in parts.values() for i in part])
        for document_id, part in parts.items():
            for passage in (passages[i] for i in part if i in passages):
                if span := _mention(keys, passage):
                    found[document_id] = evidence.quoter.quote(by_id[document_id], passage, *span)
                    break
        at, step = at + step, 2 * step
        waiting = {d: ids for d, ids in waiting.items() if d not in found and len(ids) > at}
    return found


def _holding(
    words: Sequence[str], documents: Sequence[str], evidence: Evidence
) -> dict[str, list[str]]:
    """By document, ids of the passages that may hold all words, in the order of the text."""
    first, *others = (evidence.view.candidates(word, documents) for word in words)
    return {
        document: kept
        for document, ids in first.items()
        if (kept := [i for i in ids if all(i in other.get(document, ()) for other in others)])
    }


def _mention(keys: Sequence[str], passage: Passage) -> tuple[int, int] | None:
    """The first sentence that holds all keys."""
    spans = sentences(passage.text)
    return next(((a, b) for a, b in spans if _holds_all(passage.text[a:b], keys)), None)


def _holds_all(text: str, keys: Sequence[str]) -> bool:
    folded = fold(text)
    return all(key in folded for key in keys)


def _based_on(
    question: Question, documents: Sequence[DocumentSummary], evidence: Evidence
) -> Content | None:
    """Documents that cite one by title or number; the others are named, with what they cite."""
    wanted: set[str] = set()
    for name in question.unknown:
        title = name.strip("《》") if name.startswith("《") else None
        wanted |= set(evidence.corpus.citing(title, None if title else name))
    for document_id in question.named:
        own = evidence.summary(document_id).metadata
        wanted |= set(evidence.corpus.citing(own.title, own.document_number))
    rows, silent = [], []
    for document in documents:
        if document.id in wanted:
            quote = citing_sentence(
                " ".join(question.unknown) or question.standalone,
                document,
                evidence,
                re.compile("《"),
            )
            rows.append(
                (
                    Statement(full_name(document)),
                    Statement(quote.text, (quote,)) if quote else SILENT,
                )
            )
        else:
            silent.append(document)
    if not rows:
        return None
    count = Statement(
        f"共有 {len(rows)} 份文件写明以它为依据。",
        tuple(q for _, cell in rows for q in cell.quotes[:1]),
    )
    others = []
    for document in silent[:12]:
        basis = _basis(document, evidence)
        others.append((Statement(full_name(document)), basis or SILENT))
    shown = rows + others if len(silent) <= 12 else rows
    notes = (
        (f"没有写明以它为依据的有：{'、'.join(full_name(d) for d in silent[:12])}。",)
        if silent
        else ()
    )
    return Content((count, table(("文件", "依据的原文"), shown)), notes)


def _basis(document: DocumentSummary, evidence: Evidence) -> Statement | None:
    for passage in evidence.view.passages_of(document.id)[:6]:
        for start, end in sentences(passage.text):
            text = passage.text[start:end]
            if re.search(r"(?:根据|依据|按照|贯彻落实)[^。]{0,300}《", text):
                quote = evidence.quoter.quote(document, passage, start, end)
                return Statement(quote.text, (quote,))
    return None


def _semantic(
    question: Question, documents: Sequence[DocumentSummary], evidence: Evidence
) -> Content:
    """No word to look for: each document's own best passage decides whether it is listed. Of
    many documents only those are read that one search brings up, and the answer says so."""
    where = replace(question.where, document_ids=None)
    is_partial = len(documents) > _MAX_SEPARATE
    if is_partial:
        readings = evidence.read(question, restricted(where, [d.id for d in documents]))
    else:
        share = 1 / len(documents)
        each = (evidence.read(question, restricted(where, [d.id]), share) for d in documents)
        readings = [reading for found in each for reading in found[:4]]
    best: dict[str, Reading] = {}
    for reading in evidence.supported(question, readings):
        best.setdefault(reading.hit.document.id, reading)
    if not best:
        return refuse(question, evidence, sorted(readings, key=lambda r: -r.relevance))
    single = replace(question, kind=Kind.LIST)
    rows = [
        (Statement(full_name(r.hit.document)), best_statements(single, evidence, r)[0])
        for r in sorted(best.values(), key=lambda r: -r.relevance)
    ]
    notes = (f"按意思查找，只细读了 {len(documents)} 份文件中最相近的几段，可能有遗漏。",)
    return Content((table(("文件", "最相关的原文"), rows),), notes if is_partial else ())
