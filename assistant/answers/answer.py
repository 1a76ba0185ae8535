"""An answer as everyone sees it — page, command line, export — and how it is put together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from assistant.answers.content import Content, Refusal, Reply, Said, Statement
from assistant.cite.check import Cited, check_sentence
from assistant.cite.citation import Citation, CitedSpan, Marks, cited_passages
from assistant.cite.markdown import render
from assistant.cite.splitting import line_of, says_something
from assistant.cite.structure import (
    NOT_STATED,
    Block,
    Body,
    Check,
    Line,
    Sentence,
    Table,
    sentences_in,
)
from assistant.labelling import EXTRACT, MODEL, NOBODY, Producer, aigc
from assistant.understand.question import Question
from assistant.understand.slips import Slip
from vectorstore.library import View
from vectorstore.sight import Sight

Mode = Literal["extractive", "model"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, sentence by sentence with marks and checks, or that nothing can be."""

    question: str
    standalone_question: str
    said: Body | Refusal | Reply
    mode: Mode
    kind: str
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    spans: tuple[CitedSpan, ...] = ()  # the words that answer, in the order of the text
    scope: tuple[tuple[str, str], ...] = ()  # what narrowed the search: (name, as asked)
    slips: tuple[Slip, ...] = ()  # names that were put right
    added: tuple[str, ...] = ()  # official terms that were looked for as well
    timings_ms: dict[str, float] = field(default_factory=dict)
    generation: int = -1  # of the index that it was made from
    narrowed: tuple[str, ...] = ()  # by the asker's own filter, where it shut out what was asked
    # What the asker saw, for whoever shows it later; None where nothing was kept from them.
    sight: Sight | None = field(default=None, compare=False, repr=False)

    @property
    def refusal(self) -> Refusal | None:
        return self.said if isinstance(self.said, Refusal) else None

    @property
    def refused(self) -> bool:
        return self.refusal is not None

    @property
    def body(self) -> Body:
        """What is said as lines and tables, whichever of the three it is."""
        if isinstance(self.said, Refusal):
            return (line_of(self.said.reason),)
        return (line_of(self.said.text),) if isinstance(self.said, Reply) else self.said

    @property
    def text(self) -> str:
        """The body with marks [1]."""
        return render(self.body)

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(s.check for s in sentences_in(self.body) if s.check)

    @property
    def near(self) -> tuple[Citation, ...]:
        """Sources offered with a refusal, unmarked."""
        return self.refusal.near if self.refusal else ()

    @property
    def label(self) -> tuple[str, str] | None:
        """What says who wrote it, in Chinese and English; None where nothing of the corpus is
        told."""
        if not isinstance(self.said, tuple):
            return None
        return MODEL if self.mode == "model" else EXTRACT if self.citations else None

    def aigc(self, producer: Producer, identifier: str) -> dict[str, str] | None:
        """The fields of the labelling standard; None where no model wrote."""
        return aigc(["model"], producer, identifier, self.text) if self.label == MODEL else None

    def as_json(self, identifier: str | None = None, producer: Producer = NOBODY) -> dict[str, Any]:
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
            "checks": [
                {"sentence": c.sentence, "marks": c.marks, "verdict": c.verdict,
                 "problems": c.problems}
                for c in self.checks
            ],
            "spans": [asdict(span) for span in self.spans],
            "near": [asdict(citation) for citation in self.near],
            "notes": list(self.notes),
            "scope": [name for name, _ in self.scope],
            "corrected": [{"typed": slip.typed, "meant": slip.meant} for slip in self.slips],
            "added": list(self.added),
            "label": {"text": self.label[0] if self.label else "",
                      "aigc": self.aigc(producer, identifier or "")},
            "timings_ms": self.timings_ms,
        }  # fmt: skip


def compose(question: Question, contents: Sequence[Content], view: View) -> Answer:
    """Sets marks, joins the parts of a question's answer, and checks every sentence."""
    answer = Answer(
        question=question.asked,
        standalone_question=question.standalone,
        said=(),
        mode="extractive",
        kind=str(question.kind),
        notes=tuple(dict.fromkeys(note for content in contents for note in content.notes)),
    )
    others = [c.said for c in contents if not isinstance(c.said, tuple)]
    if len(others) == len(contents):
        return replace(answer, said=others[0])
    said = _without_repeats(c.said for c in contents if isinstance(c.said, tuple))
    quotes = [quote for statement in _statements(said) for quote in statement.quotes]
    marks = Marks()
    for quote in quotes:
        marks.of(quote)
    answering = [(s.answer, s.quotes[0]) for s in _statements(said) if s.answer]
    spans = (
        CitedSpan(marks.of(quote), part.document_id, part.start, part.end, part.text)
        for part, quote in answering
    )
    documents = {quote.document_id: quote.document for quote in quotes}
    check = _Checking(marks, cited_passages(marks.sources, documents, view))
    return replace(
        answer,
        said=tuple(block for part in said for block in check.blocks(part)),
        citations=marks.sources,
        spans=tuple(dict.fromkeys(spans)),
        notes=(*(other.reason for other in others if isinstance(other, Refusal)), *answer.notes),
    )


def _without_repeats(parts: Iterable[Said]) -> Said:
    """Two parts of a question are often answered by the same sentence: it is said once."""
    return tuple(dict.fromkeys(said for part in parts for said in part))


def _statements(said: Said) -> Iterator[Statement]:
    """All that is said, cells too, in the order in which it is shown."""
    for part in said:
        if isinstance(part, Statement):
            yield part
        else:
            yield from (cell for row in part.rows for cell in row)


@dataclass(frozen=True, slots=True)
class _Checking:
    """Statements as sentences: each with the marks of its statement's quotes, and checked
    against these quotes."""

    marks: Marks
    cited: Sequence[Cited]

    def blocks(self, said: Statement | Table[Statement]) -> Iterator[Block]:
        """A table has an empty line before it."""
        if isinstance(said, Statement):
            yield from self._lines(said)
            return
        yield Line()
        header = tuple(Sentence((statement.text,)) for statement in said.header)
        yield Table(header, tuple(self._row(row) for row in said.rows))

    def _lines(self, statement: Statement) -> Iterator[Line]:
        """The lines of a statement, its marks behind each of them."""
        marks = self._own(statement)
        answering = _Answering(statement)
        for text in filter(None, map(str.strip, statement.text.splitlines())):
            sentences = map(answering.mark, line_of(text).sentences)
            *others, last = (self._checked(s, marks) for s in sentences)
            yield Line((*others, replace(last, pieces=(*last.pieces, *marks))))

    def _row(self, row: Sequence[Statement]) -> tuple[Sentence, ...]:
        """The first cell names the row and states nothing, unless it cites; nor does 未载明."""
        cells = []
        for i, statement in enumerate(row):
            words, marks = " ".join(statement.text.split()), self._own(statement)
            cell = Sentence((words, *marks))
            is_stated = bool(marks) if i == 0 else words != NOT_STATED
            cells.append(self._checked(cell, marks) if is_stated else cell)
        return tuple(cells)

    def _own(self, statement: Statement) -> tuple[int, ...]:
        return tuple(dict.fromkeys(map(self.marks.of, statement.quotes)))

    def _checked(self, sentence: Sentence, marks: tuple[int, ...]) -> Sentence:
        if not says_something(sentence):
            return sentence
        return replace(sentence, check=check_sentence(sentence.plain, marks, self.cited))


class _Answering:
    """Finds the words that answer in the sentences of a statement, taken one after the other."""

    def __init__(self, statement: Statement):
        self._text = statement.text
        words = statement.answer.text if statement.answer else ""
        start = self._text.rfind(words) if words else -1
        self._span = (start, start + len(words)) if start >= 0 else (0, 0)
        self._at = 0

    def mark(self, sentence: Sentence) -> Sentence:
        """The sentence with its part of the answer, unless that is all of it."""
        begin = self._text.find(sentence.plain, self._at)
        if begin < 0:
            return sentence
        self._at = end = begin + len(sentence.plain)
        start, stop = max(self._span[0], begin), min(self._span[1], end)
        if start >= stop or (start, stop) == (begin, end):
            return sentence
        return replace(sentence, answers=((start - begin, stop - begin),))
