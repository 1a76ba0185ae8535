"""An answer as everyone sees it — page, command line, export — and how it is put together."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from assistant.citations import Check, Cited, check_answer, check_sentence, split_sentences
from assistant.corpus import date_of, status_of
from assistant.question import Question
from assistant.quoting import Content, Quote, Statement, Table
from vectorstore.index import PolicyIndex
from vectorstore.models import DocumentSummary, Passage

Mode = Literal["extractive", "model"]


@dataclass(frozen=True, slots=True)
class Citation:
    """One numbered source of an answer; `quote` equals the source at [start, end) but for
    white space."""

    mark: int
    document_id: str
    source_path: str
    title: str
    issuer: str | None
    document_number: str | None
    region: str | None
    status: str | None
    heading_path: tuple[str, ...]
    quote: str
    start: int
    end: int
    page: int | None
    date: str | None = None
    passage_id: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` carries marks [1]; `near` are sources offered with a refusal, unmarked."""

    question: str
    standalone_question: str
    text: str
    mode: Mode
    refused: bool
    kind: str
    citations: tuple[Citation, ...] = ()
    checks: tuple[Check, ...] = ()
    near: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    scope: tuple[tuple[str, str], ...] = ()  # what narrowed the search: (name, as asked)
    timings_ms: dict[str, float] = field(default_factory=dict)

    def as_json(self, identifier: str | None = None) -> dict[str, Any]:
        """The contract of `ask --json` (docs/architecture.md)."""
        return {
            "id": identifier,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "answer": self.text,
            "mode": self.mode,
            "refused": self.refused,
            "kind": self.kind,
            "citations": [asdict(citation) for citation in self.citations],
            "checks": [asdict(check) for check in self.checks],
            "near": [asdict(citation) for citation in self.near],
            "notes": list(self.notes),
            "scope": [name for name, _ in self.scope],
            "timings_ms": self.timings_ms,
        }


class Marks:
    """Numbers quotes in the order in which they are first used."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []

    def of(self, quotes: Iterable[Quote]) -> str:
        """The marks of a statement: [1][2]."""
        numbers = dict.fromkeys(self._number(quote) for quote in quotes)
        return "".join(f"[{number}]" for number in numbers)

    def _number(self, quote: Quote) -> int:
        for number, known in enumerate(self.quotes, 1):
            same = known.document_id == quote.document_id
            if same and (known.start, known.end) == (quote.start, quote.end):
                return number
        self.quotes.append(quote)
        return len(self.quotes)


def citation_of(quote: Quote, mark: int = 0) -> Citation:
    """A quote with its document's card, as people and JSON see it."""
    document, metadata = quote.document, quote.document.metadata
    return Citation(
        mark=mark,
        document_id=document.id,
        source_path=document.source_paths[0] if document.source_paths else "",
        title=metadata.title,
        issuer=metadata.issuer,
        document_number=metadata.document_number,
        region="/".join(metadata.region) or None,
        status=status_of(document),
        heading_path=quote.heading_path,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        page=quote.page,
        date=date_of(document),
        passage_id=quote.passage_id,
    )


def compose(question: Question, contents: Sequence[Content], index: PolicyIndex) -> Answer:
    """Sets marks, joins the parts of a question's answer, and checks every sentence."""
    contents = _without_repeats(contents)
    marks = Marks()
    parts = [part for content in contents if (part := _text(content, marks))]
    answered = [content for content in contents if not content.refused]
    refused = not answered
    text = "\n".join(parts) if parts else contents[0].reason
    notes = tuple(dict.fromkeys(note for content in contents for note in content.notes))
    if not refused:
        notes = tuple(c.reason for c in contents if c.refused) + notes
    citations = tuple(citation_of(quote, i) for i, quote in enumerate(marks.quotes, 1))
    near = tuple(citation_of(quote) for quote in contents[0].near) if refused else ()
    checks = () if refused else _checks(contents, marks, index)
    return Answer(
        question=question.asked,
        standalone_question=question.standalone,
        text=text,
        mode="extractive",
        refused=refused,
        kind=str(question.kind),
        citations=() if refused else citations,
        checks=checks,
        near=near,
        notes=notes,
    )


def _without_repeats(contents: Sequence[Content]) -> list[Content]:
    """Two parts of a question are often answered by the same sentence: it is said once."""
    said: set[Statement] = set()
    result = []
    for content in contents:
        fresh = tuple(s for s in dict.fromkeys(content.statements) if s not in said)
        said.update(fresh)
        result.append(replace(content, statements=fresh))
    return result


def _text(content: Content, marks: Marks) -> str:
    if content.refused:
        return ""
    lines = [_sentence(statement, marks) for statement in content.statements]
    if content.table:
        lines.append(_table(content.table, marks))
    return "\n".join(lines)


def _sentence(statement: Statement, marks: Marks) -> str:
    """A statement with its marks behind each of its lines."""
    own = marks.of(statement.quotes)
    lines = (line.strip() for line in statement.text.splitlines())
    return "\n".join(f"{line}{own}" for line in lines if line)


def _checks(contents: Sequence[Content], marks: Marks, index: PolicyIndex) -> tuple[Check, ...]:
    """Each sentence of each statement against the statement's own quotes, each cell against its."""
    cited = cited_passages(marks.quotes, index)
    checks: list[Check] = []
    for content in contents:
        if content.refused:
            continue
        for statement in content.statements:
            own = marks.of(statement.quotes)
            checks += [check_sentence(f"{s}{own}", cited) for s in split_sentences(statement.text)]
        if content.table:
            checks += check_answer(_table(content.table, marks), cited)
    return tuple(checks)


def _table(table: Table, marks: Marks) -> str:
    rows = ["| " + " | ".join(_cell(cell, marks) for cell in row) + " |" for row in table.rows]
    head = "| " + " | ".join(table.header) + " |"
    rule = "|" + " --- |" * len(table.header)
    return "\n".join(["", head, rule, *rows])


def _cell(statement: Statement, marks: Marks) -> str:
    text = " ".join(statement.text.split()).replace("|", "｜")
    return f"{text}{marks.of(statement.quotes)}"


def cited_passages(quotes: Sequence[Quote], index: PolicyIndex) -> list[Cited]:
    """What each mark's sentence is checked against: the whole passage and the card."""
    passages = index.catalog.passages_by_id([q.passage_id for q in quotes if q.passage_id])
    found = []
    for mark, quote in enumerate(quotes, 1):
        around = whole_text(passages.get(quote.passage_id))
        found.append(Cited(mark, f"{quote.text}\n{around}", card(quote.document)))
    return found


def whole_text(passage: Passage | None) -> str:
    """A passage with its headings and what stands around it."""
    if passage is None:
        return ""
    return f"{' '.join(passage.heading_path)}\n{passage.text}\n{passage.context}"


_DATES = {
    "date_written": "成文日期",
    "date_printed": "印发日期",
    "date_published": "发布日期",
    "date_effective": "自{day}起施行，施行日期、生效日期",
}


def card(document: DocumentSummary) -> str:
    """The metadata that a sentence may state of its source, each with its name."""
    m = document.metadata
    named = {
        "标题": m.title, "发文机关、制定机关": m.issuer, "发布机构、来源": m.publisher,
        "发文字号、文号": m.document_number, "适用地区、适用范围": " ".join(m.region),
        "规划期": m.period, "时效性、有效": m.status, "文种": m.kind,
    }  # fmt: skip
    for name, words in _DATES.items():
        if day := getattr(m, name):
            written = f"{day.year}年{day.month}月{day.day}日"
            named[words.format(day=written)] = f"{written} {day.isoformat()}"
    return "\n".join(f"{name}：{value}" for name, value in named.items() if value)
