"""An answer as everyone sees it — page, command line, export — and how it is put together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from assistant.answers.content import Content, Statement, Table
from assistant.cite.check import Check, check_answer, check_sentence, split_sentences
from assistant.cite.citation import Citation, Marks, citation_of, cited_passages
from assistant.understand.question import Question
from vectorstore.library import View

Mode = Literal["extractive", "model"]


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


def compose(question: Question, contents: Sequence[Content], view: View) -> Answer:
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
    checks = () if refused else _checks(contents, marks, view)
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


def _checks(contents: Sequence[Content], marks: Marks, view: View) -> tuple[Check, ...]:
    """Each sentence of each statement against the statement's own quotes, each cell against its."""
    cited = cited_passages(marks.quotes, view)
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
