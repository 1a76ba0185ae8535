"""Glosses: what a document says that a term, a short title or an acronym means."""

import re
from collections.abc import Sequence

from assistant.answers.content import Statement
from assistant.answers.quotes.expansion import is_echo
from assistant.answers.quotes.spans import QUOTED
from assistant.find.evidence import Evidence, topic_only
from assistant.find.reading import Reading
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold

_WHICH = re.compile(  # “五老”是哪些人
    r"[”\"」](?:都|分别|具体|到底)?(?:是|指|指的是|是指|包括|包含)(?:哪|什么|谁)"
)
_SHORT_TITLE = re.compile(r"《([^《》]{2,8})》[”\"」]?(?:具体)?(?:是指|指的?是|指|是)")
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z0-9+\-]{1,9}(?![A-Za-z])")

_DEFINED = Pattern(
    r"^(?:是|叫做?|何谓|所谓|[怎如][么何样](?:理解|解释)|解释)|(?:的|指的?)?(?:是|有)?(?:意思|含义|定义|概念|什么意思|怎么理解)$|(?:具体)?(?:指的?是?|是指)$",
    yes=(
        ("是再生水", "是"),
        ("再生水意思", "意思"),
        ("何谓再生水", "何谓"),
        ("再生水的定义", "的定义"),
        ("再生水是指", "是指"),
    ),
    no=("再生水", "定义域外的水"),
    why="what asks for a meaning, around the term whose meaning is asked",
)


def asks_for_meaning(question: Question) -> bool:
    return question.kind is Kind.DEFINITION or bool(_WHICH.search(question.standalone))


def definitions(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Statement]:
    """A gloss for each term: “X”（A、B、C）, A、B、C等“X”, X是指…, 所称X，是指…, 某某(X)."""
    text = question.standalone
    terms = (
        QUOTED.findall(text)
        or _SHORT_TITLE.findall(text)
        or _ACRONYM.findall(text)
        or [_DEFINED.remove_from(topic_only(question)).strip(" “”的")]
    )
    found = [_definition(term, question, evidence, readings) for term in dict.fromkeys(terms)]
    return [statement for statement in found if statement]


def mentions(question: Question, evidence: Evidence) -> list[Statement]:
    """The sentence that first speaks of each quoted term, for want of a gloss."""
    found = []
    for term in dict.fromkeys(QUOTED.findall(question.standalone)):
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
