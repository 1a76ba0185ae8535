"""Facts, definitions and lists: the clause, sentence or items that answer, quoted."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers.content import Content, Statement, refused
from assistant.answers.quotes.expansion import (
    Span,
    is_echo,
    new_numbers,
    quoted,
    said_beyond,
    what_follows,
)
from assistant.answers.quotes.spans import sentence, widen
from assistant.answers.ways.glosses import asks_for_meaning, definitions, mentions
from assistant.answers.ways.lists import counted_items, listed_headings, other_count
from assistant.cite.citation import Citation, citation_of
from assistant.find.evidence import Evidence, topic_only
from assistant.find.reading import AnswerSpan, Reading
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.language.dates import YEAR


def answer_extract(question: Question, evidence: Evidence) -> Content:
    """The best-supported place, or a refusal with the nearest passages."""
    readings = evidence.read(question.standalone, question.where)
    supported = evidence.supported(question.standalone, readings)
    if asks_for_meaning(question):
        if found := definitions(question, evidence, supported or readings):
            return Content(tuple(found))
        if question.kind is Kind.DEFINITION and (found := mentions(question, evidence)):
            return Content(tuple(found), notes=("文件没有给出定义，以上是提到它的原文。",))
    if not supported:
        return refuse(question, evidence, readings)
    if counted := counted_items(question, evidence, supported):
        return Content((counted,))
    if question.kind is Kind.LIST and (items := listed_headings(question, evidence, supported)):
        return Content(tuple(items), notes=other_count(question, len(items)))
    return Content(tuple(best_statements(question, evidence, supported[0])))


# --- one passage ------------------------------------------------------------------------------

_ASKED = re.compile(r"多少|几[个名人家项年天]|什么时候|何时|由?谁|哪[个些一]")
_ANNOUNCING = re.compile(
    r"(?:下列|以下|如下)[^。；]{0,20}[：:]?\s*$|[：:]\s*$|有[两三四五六七八九十]个?(?:方面|项|条|点|种)[：:。]?$"
)
_LEAST_NEW = 8  # characters: a sentence with so many beyond the question's says something


def best_statements(question: Question, evidence: Evidence, reading: Reading) -> list[Statement]:
    """What one passage says to the question, quoted; several quotes where it goes on elsewhere."""
    return quoted(evidence, reading.hit.document, _places(question, evidence, reading))


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
    asks_twice = len(_ASKED.findall(question.standalone)) > 1  # the target and what came of it
    if asks_twice or _tells_other_year(text[start:end], question):
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
    asked, told = set(YEAR.findall(question.standalone)), set(YEAR.findall(clause))
    return bool(asked and told) and not asked & told


_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def refuse(question: Question, evidence: Evidence, readings: Sequence[Reading]) -> Content:
    """Nothing answers: what was looked for, and what comes nearest."""
    where = question.where.document_ids
    count = len(where) if where is not None else len(evidence.corpus.documents)
    asked = question.standalone.strip("？?。 ")
    topic = asked if len(asked) <= 40 else topic_only(question)[:60]
    reason = f"没有找到：在 {count} 份文件中没有读到能回答“{topic}”的内容。"
    if not _CHINESE.search(question.standalone):
        reason += (
            "库内文件是中文的，请用中文再问一次。"
            "The documents are in Chinese; please ask in Chinese. The nearest passages are below."
        )
    return refused(reason, nearest(evidence, readings))


def nearest(evidence: Evidence, readings: Sequence[Reading]) -> list[Citation]:
    """The best places of the best readings, whether or not they answer."""
    near = []
    for reading in readings[:3]:
        passage = reading.hit.passage
        span = reading.spans[0] if reading.spans else None
        start, end = widen(passage.text, span.start, span.end, Kind.FACT) if span else (0, 60)
        quote = evidence.quoter.quote(reading.hit.document, passage, start, end)
        near.append(citation_of(quote))
    return near
