"""Fields of documents: numbers, dates, issuers."""

from collections.abc import Callable, Sequence
from datetime import date

from assistant.answers.content import Content, Statement, refused, table
from assistant.answers.quotes.citing import citing_sentence
from assistant.answers.ways.documents import meant
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.understand.corpus import full_name, label
from assistant.understand.fields import (
    asks_number,
    asks_upstream,
    contacts_asked,
    date_compared,
    fields_asked,
    without_number,
)
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.corrections import said_by_hand
from vectorstore.language.names import YEAR_AND_SERIAL
from vectorstore.models import DocumentSummary, Metadata

_LISTED = 60  # rows of a table


def day_written(value: date | None) -> str | None:
    """2022年5月11日."""
    return f"{value.year}年{value.month}月{value.day}日" if value else None


# A field, its name for people, its value.
_FIELDS: dict[str, tuple[str, Callable[[Metadata], str | None]]] = {
    "document_number": ("发文字号", lambda m: m.document_number),
    "date_written": ("成文日期", lambda m: day_written(m.date_written)),
    "date_printed": ("印发日期", lambda m: day_written(m.date_printed)),
    "date_published": ("发布日期", lambda m: day_written(m.date_published)),
    "date_effective": ("施行日期", lambda m: day_written(m.date_effective)),
    "issuer": ("发文机关", lambda m: m.issuer),
    "publisher": ("网页来源", lambda m: m.publisher),
    "region": ("适用地区", lambda m: "、".join(m.region[-1:]) or None),
    "period": ("规划期", lambda m: m.period),
    "kind": ("文种", lambda m: m.kind),
    "title": ("标题", lambda m: m.title),
}
DATES = ("date_written", "date_printed", "date_published", "date_effective")
DATE_NAMES = {name: _FIELDS[name][0] for name in DATES}


def answer_metadata(question: Question, evidence: Evidence) -> Content | None:
    """Fields of the document that is meant; None when no single document is, or when the
    question is about another document that it cites."""
    documents = meant(question, evidence)
    fields = fields_asked(question)
    if not documents or not fields or len(documents) > 6:
        return None
    if number := _cited_number(question, documents, evidence):
        return number
    if asks_upstream(question):
        return None
    statements = [
        _state(document, name, evidence, several=len(documents) > 1)
        for document in documents
        for name in fields
    ]
    missing = contacts_asked(question)
    known = [s for s in statements if s.quotes]
    if not known:
        names = "、".join((*(_FIELDS[name][0] for name in fields), *missing))
        title = documents[0].metadata.title
        return refused(f"《{title}》未载明{names}。")
    notes = tuple(f"文件未载明{name}。" for name in missing)
    notes += tuple(said for d in documents for said in said_by_hand(d.metadata, fields))
    return Content(tuple(known), notes=notes + tuple(s.text for s in statements if not s.quotes))


def answer_fields(question: Question, evidence: Evidence) -> Content | None:
    """The same field of every document: 各地的文件分别由谁印发. None where no field is asked for."""
    fields = fields_asked(question)
    documents = evidence.view.documents()
    if not fields or question.kind is not Kind.METADATA or len(documents) > _LISTED:
        return None
    name = fields[0]
    people, read = _FIELDS[name]
    rows = [
        (Statement(full_name(d)), cell(read(d.metadata), _place_of(d, name, evidence)))
        for d in documents
    ]
    notes = tuple(said for d in documents for said in said_by_hand(d.metadata, (name,)))
    return Content((table(("文件", people), rows),), notes=notes)


def _cited_number(
    question: Question, documents: Sequence[DocumentSummary], evidence: Evidence
) -> Content | None:
    """The sentence in which a document names another one with its number, when that other one
    is what the question asks about."""
    if len(documents) > 1 or not asks_number(question):
        return None
    quote = citing_sentence(question.standalone, documents[0], evidence, YEAR_AND_SERIAL.compiled)
    if quote is None:
        return None
    topic = without_number(question.subject)
    other = evidence.coverage(topic, quote.text)
    if not asks_upstream(question):
        own = evidence.coverage(topic, documents[0].metadata.title)
        if other < max(0.5, own + 0.1):
            return None
    return Content((Statement(quote.text, (quote,)),))


def compared_dates(
    sides: Sequence[tuple[str, Sequence[str]]], question: Question, evidence: Evidence
) -> Content | None:
    """哪份印发得早: the date asked about, or else one that both documents state. None for other
    questions, and where a side has several documents."""
    asked = date_compared(question)
    if not asked or any(len(ids) != 1 for _, ids in sides):
        return None
    documents = [evidence.summary(ids[0]) for _, ids in sides]
    name = max(
        dict.fromkeys((asked, *DATES)),
        key=lambda n: sum(getattr(d.metadata, n) is not None for d in documents),
    )
    people = DATE_NAMES[name]
    cells = [_state(d, name, evidence, several=False) for d in documents]
    if not any(getattr(document.metadata, name) for document in documents):
        return None
    rows = [(Statement(side), cell) for (side, _), cell in zip(sides, cells, strict=True)]
    dated = [
        (getattr(d.metadata, name), side, cell.quotes[0])
        for d, (side, _), cell in zip(documents, sides, cells, strict=True)
        if cell.quotes and getattr(d.metadata, name)
    ]
    first, last = min(dated, key=lambda x: x[0]), max(dated, key=lambda x: x[0])
    order = Statement(
        f"{people}：{first[1]}较早，为{day_written(first[0])}；{last[1]}为{day_written(last[0])}。",
        (first[2], last[2]),
    )
    dates = table(("文件", people), rows)
    return Content((order, dates) if first[0] < last[0] else (dates,))


def _state(document: DocumentSummary, name: str, evidence: Evidence, *, several: bool) -> Statement:
    people, read = _FIELDS[name]
    lead = f"{label(document)}：" if several else ""
    value = read(document.metadata)
    quote = _place_of(document, name, evidence) or _region_quote(document, name, evidence)
    if value and quote:
        return Statement(f"{lead}{people}为{value}。", (quote,))
    if name.startswith("date_"):
        others = [
            f"{DATE_NAMES[other]}为{day_written(getattr(document.metadata, other))}"
            for other in DATES
            if getattr(document.metadata, other)
        ]
        quotes = [
            found
            for other in DATES
            if getattr(document.metadata, other)
            and (found := evidence.quoter.field(document, other))
        ]
        if others:
            return Statement(f"{lead}{people}未载明，{'，'.join(others)}。", tuple(quotes))
    return Statement(f"{lead}{people}未载明。")


def _place_of(document: DocumentSummary, name: str, evidence: Evidence) -> Quote | None:
    """Where a field was read; what somebody put in its place has the document itself for a mark,
    and a note says whose it is."""
    own = evidence.quoter.field(document, name)
    by_hand = own is None and name in document.metadata.by_hand
    return evidence.quoter.field(document, "title") if by_hand else own


def _region_quote(document: DocumentSummary, name: str, evidence: Evidence) -> Quote | None:
    return evidence.quoter.field(document, "title") if name in ("region", "kind") else None


def cell(value: str | None, quote: Quote | None) -> Statement:
    return Statement(value, (quote,)) if value and quote else Statement("未载明")
