"""What one passage says to a question: the clause, sentence or list around the best span."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers.content import Statement
from assistant.answers.quotes.dated import clause_with_day, heading_with_day
from assistant.answers.quotes.expansion import (
    Span,
    is_echo,
    new_numbers,
    paragraph,
    said_beyond,
    what_follows,
)
from assistant.answers.quotes.spans import sentence, widen
from assistant.answers.quotes.whole import lead_of, whole_sentence
from assistant.find.evidence import Evidence
from assistant.find.reading import AnswerSpan, Reading
from assistant.understand.asked import asks_how, asks_twice
from assistant.understand.question import Question
from vectorstore.language.dates import YEAR
from vectorstore.models import DocumentSummary, Passage

_ANNOUNCING = re.compile(
    r"(?:下列|以下|如下)[^。；]{0,20}[：:]?\s*$|[：:]\s*$|有[两三四五六七八九十]个?(?:方面|项|条|点|种)[：:。]?$"
)
_LEAST_NEW = 8  # characters: a sentence with so many beyond the question's says something


def best_statements(question: Question, evidence: Evidence, reading: Reading) -> list[Statement]:
    """What one passage says to the question, quoted in whole sentences; several quotes where it
    goes on elsewhere."""
    document = reading.hit.document
    places = _places(question, evidence, reading)
    told = [in_whole(question, evidence, document, place) for place in places]
    if dated := clause_with_day(question, whole_sentence(places[0])):
        quote = evidence.quoter.quote(document, *dated)
        told.insert(0, Statement(quote.text, (quote,)))
    return told


def in_whole(
    question: Question, evidence: Evidence, document: DocumentSummary, place: Span
) -> Statement:
    """The sentence that a place stands in, with the place as what answers; in front, the heading
    that it leaves its subject to."""
    if place[0].cells:
        return _row(evidence, document, place[0])
    passage, start, end = whole_sentence(place)
    if passage.text[start:end].rstrip()[-1:] in ("：", ":"):  # …有下列情形之一的：
        start, end = paragraph(passage.text, start)
    elif asks_how(question):
        start, end = _course(passage, start, end)
    quote = evidence.quoter.quote(document, passage, start, end)
    lead = heading_with_day(question, passage, quote.text) or lead_of(
        passage, start, end, question.subject, evidence.coverage
    )
    text = f"{lead}：{quote.text}" if lead else quote.text
    return Statement(text, (quote,), evidence.quoter.quote(document, *place))


def _row(evidence: Evidence, document: DocumentSummary, passage: Passage) -> Statement:
    """A row of a table, each cell behind the name of its column."""
    quote = evidence.quoter.quote(document, passage, 0, len(passage.text))
    return Statement(passage.context, (quote,), quote)


def _course(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The paragraph around a sentence, which tells a course of action from its beginning, or what
    follows the sentence in a long one."""
    begins = passage.text.rfind("\n", 0, start) + 1
    first, last = paragraph(passage.text, begins)
    return (first, last) if last >= end else (start, max(end, paragraph(passage.text, start)[1]))


def quoted_first(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Reading]:
    """Readings, with a passage that is quoted before the one that only announces it."""
    if not readings:
        return []
    best = readings[0]
    passage, start, end = _places(question, evidence, best)[0]
    if passage.id == best.hit.passage.id:
        return list(readings)
    first = replace(
        best, hit=replace(best.hit, passage=passage), spans=(AnswerSpan(start, end, 0.0),)
    )
    return [first, *(r for r in readings if r.hit.passage.id != passage.id)]


def _places(question: Question, evidence: Evidence, reading: Reading) -> list[Span]:
    """The clause, sentence or list around the best span. A heading or a phrase that only repeats
    the question, and one that announces what follows, go on to that."""
    passage = reading.hit.passage
    text = passage.text
    if not reading.spans:
        return [(passage, 0, len(text))]
    span = reading.spans[0]
    start, end = widen(text, span.start, span.end, question.kind)
    if asks_twice(question) or _tells_other_year(text[start:end], question):
        start, end = sentence(text, start, end)
    if _ANNOUNCING.search(text[start : end + 1]):  # …按照下列标准收费：
        announced = what_follows(evidence, passage, end)
        if announced and announced[0][0] is passage:
            return [(passage, start, announced[0][2])]
        dated = new_numbers(text[start:end], question.standalone)  # 2035年远景目标：…
        return [(passage, start, end), *announced] if dated or not announced else announced
    if is_echo(passage, start, end, question.standalone):
        first, last = sentence(text, start, end)
        if said_beyond(text[first:last], question.standalone) >= _LEAST_NEW:
            return [(passage, first, last)]
        return what_follows(evidence, passage, last) or [(passage, start, end)]
    return [(passage, start, end)]


def _tells_other_year(clause: str, question: Question) -> bool:
    """2015年达到…: the year that was asked about may follow (，比2010年的…提高…)."""
    asked, told = set(question.years_said), set(map(int, YEAR.findall(clause)))
    return bool(asked and told) and not asked & told
