"""What one document states for several years, side by side: 2025年和2035年的目标有什么区别."""

from collections.abc import Sequence

from assistant.answers.content import Content, Statement, table
from assistant.answers.quotes.passage import best_statements
from assistant.answers.ways.comparison import SILENT
from assistant.answers.ways.documents import in_question, meant
from assistant.answers.ways.sections import by_section
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.find.stated import distinct, of_documents
from assistant.understand.asked import names_targets
from assistant.understand.comparing import compares_years, of_year
from assistant.understand.question import Question
from vectorstore.language.dates import years_said
from vectorstore.language.sentences import sentences

_MOST = 4  # years
_LISTED = 12  # targets of one


def answer_years(question: Question, evidence: Evidence) -> Content | None:
    """A row for each year; None where no years are compared, more than one place is, one
    sentence tells of them all, or none does."""
    years = question.years_said
    if not compares_years(question) or not 2 <= len(years) <= _MOST:
        return None
    if _told_together(evidence.supported(question, evidence.read(question)), years):
        return None
    rows = [
        (Statement(f"{year}年"), _of(year, question, evidence, 1 / len(years))) for year in years
    ]
    if not any(cell.quotes for _, cell in rows):
        return None
    return Content((table(("年份", "原文"), rows),))


def _told_together(readings: Sequence[Reading], years: Sequence[int]) -> bool:
    texts = (
        (r.hit.passage.text, span) for r in readings[:2] for span in sentences(r.hit.passage.text)
    )
    return any(set(years) <= years_said(text[slice(*span)]) for text, span in texts)


def _of(year: int, question: Question, evidence: Evidence, share: float) -> Statement:
    """What is stated for a year: targets of it, or the passage that speaks of it."""
    alone = of_year(question, year)
    documents = meant(question, evidence) or in_question(question, evidence)
    targets = of_documents(documents, evidence, "target") if names_targets(question) else []
    if own_targets := [fact for fact in targets if fact.year == year][:_LISTED]:
        told = tuple(by_section(distinct(own_targets), evidence))
    else:
        readings = evidence.supported(alone, evidence.read(alone, share=share))
        own = [r for r in readings if _speaks_of(year, r)]
        told = tuple(best_statements(alone, evidence, own[0])) if own else ()
    if not told:
        return SILENT
    quotes = tuple(dict.fromkeys(quote for statement in told for quote in statement.quotes))
    return Statement("；".join(s.text.rstrip("。；") for s in told), quotes)


def _speaks_of(year: int, reading: Reading) -> bool:
    passage = reading.hit.passage
    return str(year) in f"{' '.join(passage.heading_path)} {passage.text}"
