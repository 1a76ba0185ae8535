"""What is told where the best passage is about something else: another that fits, or in so many
words that the figure is not stated, and what comes nearest."""

from assistant.answers.content import Content, Refusal, Statement, refused
from assistant.answers.fit import answering, compare
from assistant.answers.frames import FITS, Held, Verdict, held_by, held_in
from assistant.answers.quotes.passage import best_statements
from assistant.answers.refusing import as_near
from assistant.cite.citation import citation_of
from assistant.find.evidence import Evidence
from assistant.find.stated import facts_about, value_written
from assistant.understand.corpus import label
from assistant.understand.question import Question
from assistant.understand.wanted import Wanted, wanted_of
from vectorstore.facts import Fact
from vectorstore.language.dates import years_said
from vectorstore.language.figures import figures
from vectorstore.language.names import TITLE

_FURTHER = 4  # readings after the best that are looked at
_ABOUT = 0.6  # of what is asked, in a statement that stands in for a better one
_SURE = 0.8  # of what is asked, in the name of a row that is told as near
_LONGEST = 60  # characters of a statement that is quoted as near


def fitted(question: Question, content: Content, evidence: Evidence) -> Content:
    """`content`, unless all that it states is about another place, year, group or indicator:
    then the next reading that fits, or a refusal that tells what was read instead."""
    wanted = wanted_of(question)
    if wanted is None:
        return _of_another_year(question, content) or content
    if isinstance(content.said, Refusal):
        return _near_in_rows(question, wanted, evidence) or content
    if not content.is_prose:
        return content
    judged = [(s, _judge(wanted, s, evidence)) for s in content.statements]
    if any(verdict.fits for _, verdict in judged):
        return content
    if further := _further(question, wanted, evidence):
        return further
    statement, verdict = judged[0]
    return _near(wanted, statement, verdict, evidence)


def _of_another_year(question: Question, content: Content) -> Content | None:
    """A refusal, where a question names a year and all that is said comes from documents of one
    other year each and does not speak of it: 2025年的申报几号截止 is not told by the 申报指南 of 2026."""
    years = set(question.years_said)
    quotes = [quote for statement in content.statements for quote in statement.quotes]
    told = [years_said(TITLE.remove_from(q.document.metadata.title)) for q in quotes]
    if not years or not told or any(len(own) != 1 or own & years for own in told):
        return None
    if any(years & years_said(quote.text) for quote in quotes):
        return None
    named, other = (f"{max(each)}年" for each in (years, told[0]))
    return refused(
        f"没有读到{named}的规定；相近的是{other}的文件。", list(map(citation_of, quotes[:3]))
    )


def _judge(wanted: Wanted, statement: Statement, evidence: Evidence) -> Verdict:
    return compare(wanted, held_in(statement, evidence)) if statement.quotes else FITS


def _further(question: Question, wanted: Wanted, evidence: Evidence) -> Content | None:
    """What one of the next supported readings states, where it fits and says a figure of what
    is asked."""
    readings = evidence.supported(question, evidence.read(question))
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
    document = statement.quotes[0].document
    row = _nearest_row(wanted, held_in(statement, evidence))
    if row:
        return _row_is_near(row, verdict, evidence)
    words = statement.text
    if len(words) > _LONGEST and not wanted.act:
        words = answering(wanted.topic, words)
    told = f"{label(document)}载明：{words[:_LONGEST].strip('。；， ')}"
    return refused(
        f"{verdict.misfit}；相近的是：{told}。", [as_near(statement.quotes[0], evidence)]
    )


def _row_is_near(row: Fact, verdict: Verdict, evidence: Evidence) -> Content:
    document = evidence.summary(row.document_id)
    year = f"{row.year}年" if row.year else ""
    name = (row.group + row.subject).lstrip("0123456789. ")
    told = f"{row.place or label(document)}{year}{name}为{value_written(row)}"
    near = [as_near(evidence.quoter.fact(document, row), evidence)]
    return refused(f"{verdict.misfit}；相近的是：{told}。", near)


def _nearest_row(wanted: Wanted, held: Held) -> Fact | None:
    """The row of an indicator that the clause nearest to the question states. What is paid and
    to whom its own words say better."""
    clause = answering(wanted.topic, held.text)
    rows = [r for r in held.rows if r.text and r.text in clause and r.kind != "amount"]
    if wanted.act or not rows:
        return None
    return max(rows, key=lambda row: row.year in wanted.years)


def _near_in_rows(question: Question, wanted: Wanted, evidence: Evidence) -> Content | None:
    """Where no passage answers: the row of the very indicator, of another place or year."""
    documents = evidence.view.documents(question.where)
    rows = facts_about(wanted.topic, evidence, ("target", "figure"), documents, _SURE)
    for match in sorted(rows[:_FURTHER], key=lambda m: m.fact.year not in wanted.years):
        verdict = compare(wanted, held_by(match.fact, evidence))
        if verdict.aspect in ("place", "year"):
            return _row_is_near(match.fact, verdict, evidence)
    return None
