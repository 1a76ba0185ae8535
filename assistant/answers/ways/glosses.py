"""Glosses: what a document says that a term, a short title or an acronym means."""

import re
from collections.abc import Sequence

from assistant.answers.content import Content, Statement
from assistant.answers.quotes.expansion import is_echo
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.understand.question import Question
from assistant.understand.terms import term_called, terms_asked
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold


def answer_called(question: Question, evidence: Evidence) -> Content | None:
    """What the rules say that they mean by a term: 本办法所称困难家庭包括哪些. None where the
    question names no such term, or no gloss of it is found."""
    if not term_called(question):
        return None
    found = definitions(question, evidence, evidence.read(question))
    return Content(tuple(found)) if found else None


def definitions(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Statement]:
    """A gloss for each term: “X”（A、B、C）, A、B、C等“X”, X是指…, 所称X，是指…, 某某(X)."""
    found = [_definition(term, question, evidence, readings) for term in terms_asked(question)]
    return [statement for statement in found if statement]


def mentions(question: Question, evidence: Evidence) -> list[Statement]:
    """The sentence that first speaks of each quoted term, for want of a gloss."""
    found = []
    for term in question.quoted:
        for reading in _by_occurrence(term, question, evidence, ()):
            document, passage = reading.hit.document, reading.hit.passage
            said = list(sentences(passage.text))
            at = next((i for i, (a, b) in enumerate(said) if term in passage.text[a:b]), None)
            if at is not None:
                start, end = said[at]
                if is_echo(passage, start, end, question.standalone) and at + 1 < len(said):
                    end = said[at + 1][1]
                quote = evidence.quoter.quote(document, passage, start, end)
                found.append(Statement(quote.text, (quote,)))
                break
    return found


def _definition(
    term: str, question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> Statement | None:
    name, stop = re.escape(term), r"[^，。；：、,;:\n]"
    near = _by_occurrence(term, question, evidence, readings)
    for gloss in (
        rf"《[^《》]{{4,60}}》[^。；]{{0,40}}(?:以下)?简称[:：]?[“\"「《]{{0,2}}{name}[”\"」》]{{0,2}}",
        rf"[“\"「]?{name}[”\"」]?\s*[（(][^（()）]{{3,120}}[)）]",
        rf"[\u4e00-\u9fff]{{2,12}}[（(]{name}[)）]",
        rf"(?<![^。；\n])[^。；\n]*?{name}[”\"」]?，?(?:是指|指的是|即|，指)[^。\n]{{6,300}}[。]?",
        rf"(?<![^。；\n])[^。；\n]*?所称的?[“\"「]?{name}[”\"」]?，?包括[^。\n]{{6,300}}[。]?",
        rf"(?:{stop}{{1,24}}、){{1,30}}{stop}{{1,24}}[“\"「]{name}[”\"」]",
    ):
        for reading in near:
            passage = reading.hit.passage
            if term in passage.text and (match := re.search(gloss, passage.text)):
                quote = evidence.quoter.quote(reading.hit.document, passage, *match.span())
                return Statement(quote.text, (quote,))
    return None


def _by_occurrence(
    term: str, question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Reading]:
    """The readings, then further passages that hold the term itself."""
    seen = {reading.hit.passage.id for reading in readings}
    more = evidence.search(term, question.where)
    extra = [
        Reading(hit, 0.0, 0.0, ())
        for hit in more
        if hit.passage.id not in seen and fold(term) in fold(hit.passage.text)
    ]
    return [*readings, *extra]
