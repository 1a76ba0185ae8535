"""Fields of documents: numbers, dates, issuers."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from assistant.answers.content import Content, Statement, refused, table
from assistant.answers.quotes.citing import citing_sentence
from assistant.answers.ways.documents import meant
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence, topic_only
from assistant.understand.corpus import full_name, label
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.language.names import YEAR_AND_SERIAL
from vectorstore.language.text import says
from vectorstore.models import DocumentSummary, Metadata

_LISTED = 60  # rows of a table
Field = tuple[str, str, Callable[[Metadata], str | None]]


def day_written(value: date | None) -> str | None:
    """2022年5月11日."""
    return f"{value.year}年{value.month}月{value.day}日" if value else None


# What is asked, the field's name for people, the field, its value.
_FIELDS: tuple[tuple[re.Pattern[str], str, str, Callable[[Metadata], str | None]], ...] = (
    (re.compile(r"文号|发文字号|字号"), "发文字号", "document_number", lambda m: m.document_number),
    (re.compile(r"成文|落款|(?:哪[一]?天|何时|几号)(?:发|下发)"), "成文日期", "date_written", lambda m: day_written(m.date_written)),
    (re.compile(r"印发(?:日期|时间|的?日子)|(?:哪天|何时|什么时候|几号)印发|印发.{0,4}(?:哪天|何时|什么时候|几号)"), "印发日期", "date_printed", lambda m: day_written(m.date_printed)),
    (re.compile(r"(?:网上|网站|公开)?.{0,6}(?:发布|公布|挂)(?:日期|时间|出)?|什么时候(?:发|出)"), "发布日期", "date_published", lambda m: day_written(m.date_published)),
    (re.compile(r"施行|实施(?:日期|时间)|生效|什么时候(?:起|开始)(?:实施|执行)"), "施行日期", "date_effective", lambda m: day_written(m.date_effective)),
    (re.compile(r"(?:发文|发布|印发|制定|颁发)(?:机关|单位|部门|机构)|谁(?:印发|发布|颁发|发|制定|出台)|由(?:谁|哪).{0,8}(?:印发|发布|颁发|制定|出台)|哪(?!一?[天年月日])[个些几两三四五]?家?(?:机关|部门|单位|机构)?.{0,6}(?:印发|发布|颁发|发|制定|出台)"), "发文机关", "issuer", lambda m: m.issuer),
    (re.compile(r"来源|转载|哪个网站"), "网页来源", "publisher", lambda m: m.publisher),
    (re.compile(r"适用(?:范围|地区|区域)|哪个?(?:省|市|地区|地方)的"), "适用地区", "region", lambda m: "、".join(m.region[-1:]) or None),
    (re.compile(r"规划期|到哪[一]?年|期限"), "规划期", "period", lambda m: m.period),
    (re.compile(r"文种|哪[类种](?:公文|文件)"), "文种", "kind", lambda m: m.kind),
    (re.compile(r"全称|标题|题目|叫什么|是(?:什么|哪[个份]?|一份什么)文件"), "标题", "title", lambda m: m.title),
)  # fmt: skip
DATES = ("date_written", "date_printed", "date_published", "date_effective")
DATE_NAMES = {name: people for _, people, name, _ in _FIELDS if name.startswith("date_")}
DATE_WORDS = (
    ("成文", "date_written"), ("印发", "date_printed"), ("施行", "date_effective"),
    ("生效", "date_effective"), ("发布", "date_published"), ("公布", "date_published"),
)  # fmt: skip
# Contact details are asked together with numbers and dates; no field holds them.
_CONTACT = ("电话", "联系方式", "邮箱", "网址", "地址", "联系人")


_UPSTREAM = re.compile(r"上位|引用|所?依据(?:的|了|哪)|根据(?:的|了|哪)|转发(?:的|了|哪)")


def answer_metadata(question: Question, evidence: Evidence) -> Content | None:
    """Fields of the document that is meant; None when no single document is, or when the
    question is about another document that it cites."""
    documents = meant(question, evidence)
    fields = [entry for entry in _FIELDS if entry[0].search(question.standalone)]
    if not documents or not fields or len(documents) > 6:
        return None
    if number := _cited_number(question, documents, evidence):
        return number
    if _UPSTREAM.search(question.standalone):
        return None
    statements = [
        _state(document, people, name, read, evidence, several=len(documents) > 1)
        for document in documents
        for _, people, name, read in fields
    ]
    missing = [word for word in _CONTACT if word in question.standalone]
    known = [s for s in statements if s.quotes]
    if not known:
        names = "、".join([people for _, people, _, _ in fields] + list(dict.fromkeys(missing)))
        title = documents[0].metadata.title
        return refused(f"《{title}》未载明{names}。")
    notes = tuple(f"文件未载明{name}。" for name in dict.fromkeys(missing))
    return Content(tuple(known), notes=notes + tuple(s.text for s in statements if not s.quotes))


def answer_fields(question: Question, evidence: Evidence) -> Content | None:
    """The same field of every document: 各地的文件分别由谁印发. None where no field is asked for."""
    fields = [entry for entry in _FIELDS if entry[0].search(question.standalone)][:1]
    documents = evidence.view.documents()
    if not fields or question.kind is not Kind.METADATA or len(documents) > _LISTED:
        return None
    _, people, name, read = fields[0]
    rows = [
        (Statement(full_name(d)), cell(read(d.metadata), evidence.quoter.field(d, name)))
        for d in documents
    ]
    return Content((table(("文件", people), rows),))


def _cited_number(
    question: Question, documents: Sequence[DocumentSummary], evidence: Evidence
) -> Content | None:
    """The sentence in which a document names another one with its number, when that other one
    is what the question asks about."""
    asked = says(question.standalone, ("文号", "字号"))
    if len(documents) > 1 or not asked:
        return None
    quote = citing_sentence(question.standalone, documents[0], evidence, YEAR_AND_SERIAL.compiled)
    if quote is None:
        return None
    topic = re.sub(r"(?:发文)?[文字]号", "", topic_only(question))
    other = evidence.coverage(topic, quote.text)
    if not _UPSTREAM.search(question.standalone):
        own = evidence.coverage(topic, documents[0].metadata.title)
        if other < max(0.5, own + 0.1):
            return None
    return Content((Statement(quote.text, (quote,)),))


_WHEN = re.compile(r"[早晚]|先后?|几月几[日号]|哪[一]?[天年]|何时|什么时候|日期|时间")


def compared_dates(
    sides: Sequence[tuple[str, Sequence[str]]], question: Question, evidence: Evidence
) -> Content | None:
    """哪份印发得早: the date asked about, or else one that both documents state. None for other
    questions, and where a side has several documents."""
    text = question.standalone
    asked = [name for word, name in DATE_WORDS if word in text] if _WHEN.search(text) else []
    if not asked or any(len(ids) != 1 for _, ids in sides):
        return None
    documents = [evidence.summary(ids[0]) for _, ids in sides]
    name = max(
        dict.fromkeys((asked[0], *DATES)),
        key=lambda n: sum(getattr(d.metadata, n) is not None for d in documents),
    )
    _, people, _, read = next(entry for entry in _FIELDS if entry[2] == name)
    cells = [_state(d, people, name, read, evidence, several=False) for d in documents]
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


def _state(
    document: DocumentSummary,
    people: str,
    name: str,
    read: Callable[[Metadata], str | None],
    evidence: Evidence,
    *,
    several: bool,
) -> Statement:
    lead = f"{label(document)}：" if several else ""
    value = read(document.metadata)
    quote = evidence.quoter.field(document, name) or _region_quote(document, name, evidence)
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


def _region_quote(document: DocumentSummary, name: str, evidence: Evidence) -> Quote | None:
    return evidence.quoter.field(document, "title") if name in ("region", "kind") else None


def cell(value: str | None, quote: Quote | None) -> Statement:
    return Statement(value, (quote,)) if value and quote else Statement("未载明")
