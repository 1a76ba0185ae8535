"""What is told where the best passage is about something else: another that fits, or in so many
words that the figure is not stated, and what comes nearest."""

from collections.abc import Sequence

from assistant.answers.content import Content, Statement, refused
from assistant.answers.fit import answering, compare
from assistant.answers.frames import FITS, Held, Verdict, Wanted, held_in, wanted_of
from assistant.answers.quotes.passage import best_statements
from assistant.answers.ways.indicators import worded
from assistant.cite.citation import citation_of
from assistant.find.evidence import Evidence
from assistant.understand.corpus import label
from assistant.understand.question import Question
from vectorstore.facts import Fact
from vectorstore.language.figures import figures

_FURTHER = 4  # readings after the best that are looked at
_ABOUT = 0.6  # of what is asked, in a statement that stands in for a better one
_LONGEST = 60  # characters of a statement that is quoted as near


def fitted(question: Question, content: Content, evidence: Evidence) -> Content:
    """`content`, unless all that it states is about another place, year, group or indicator:
    then the next reading that fits, or a refusal that tells what was read instead."""
    wanted = wanted_of(question)
    if wanted is None or not content.is_prose:
        return content
    judged = [(s, _judge(wanted, s, evidence)) for s in content.statements]
    if any(verdict.fits for _, verdict in judged):
        return content
    if further := _further(question, wanted, evidence):
        return further
    statement, verdict = judged[0]
    return _near(wanted, statement, verdict, evidence)


def _judge(wanted: Wanted, statement: Statement, evidence: Evidence) -> Verdict:
    return compare(wanted, held_in(statement, evidence)) if statement.quotes else FITS


def _further(question: Question, wanted: Wanted, evidence: Evidence) -> Content | None:
    """What one of the next supported readings states, where it fits and says a figure of what
    is asked."""
    readings = evidence.supported(question.standalone, evidence.read(question))
    for reading in readings[1 : 1 + _FURTHER]:
        statements = best_statements(question, evidence, reading)
        if all(_answers(wanted, s, evidence) for s in statements):
            return Content(tuple(statements))
    return None


def _answers(wanted: Wanted, statement: Statement, evidence: Evidence) -> bool:
    held = held_in(statement, evidence)
    said = (held.text, held.around, held.title)
    return (
        compare(wanted, held).fits
        and (wanted.act is not None or bool(figures(held.text)))
        and evidence.coverage(wanted.topic, *said) >= _ABOUT
    )


def _near(wanted: Wanted, statement: Statement, verdict: Verdict, evidence: Evidence) -> Content:
    """What is not stated, and whose figure of which year was read instead."""
    held = held_in(statement, evidence)
    document = statement.quotes[0].document
    row = _nearest_row(wanted, held)
    if row is None:
        words = (
            statement.text
            if len(statement.text) <= _LONGEST
            else answering(wanted.topic, statement.text)
        )
        told, quote = (
            f"{label(document)}载明：{words[:_LONGEST].rstrip('。；，')}",
            statement.quotes[0],
        )
    else:
        year = f"{row.year}年" if row.year else ""
        name = row.group + row.subject
        told = f"{row.place or label(document)}{year}{name}为{worded(row)}"
        quote = evidence.quoter.fact(document, row)
    return refused(f"{verdict.misfit}；相近的是：{told}。", [citation_of(quote)])


def _nearest_row(wanted: Wanted, held: Held) -> Fact | None:
    """The row that the clause nearest to the question states."""
    clause = answering(wanted.topic, held.text)
    rows: Sequence[Fact] = [row for row in held.rows if row.text and row.text in clause]
    return rows[0] if rows else None
