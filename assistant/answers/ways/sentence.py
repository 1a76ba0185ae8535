"""Facts, definitions and lists: the clause, sentence or items that answer, quoted."""

from collections.abc import Sequence

from assistant.answers.content import Content, Statement
from assistant.answers.fit import fit
from assistant.answers.quotes.passage import best_statements
from assistant.answers.quotes.spans import sentence
from assistant.answers.refusing import refuse
from assistant.answers.ways.glosses import definitions, mentions
from assistant.answers.ways.lists import counted_items, listed_headings, other_count
from assistant.answers.ways.validity import answer_validity, is_life_clause, text_not_held
from assistant.answers.ways.versions import Versions
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.understand.asked import asks_by_which, asks_how_much, level_asked
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from assistant.understand.terms import asks_for_meaning
from vectorstore.language.figures import figures

Told = tuple[Reading, list[Statement]]
_SURE = 0.75  # relevance from which the best passage is told alone
_NEAR = 0.6  # of the best one's relevance, in a passage that is told beside it
_BESIDE = 2  # passages
_ENDS = {"省": ("省", "自治区")}  # of the names of places; of the others the word itself


def answer_extract(question: Question, evidence: Evidence) -> Content:
    """The best-supported place, or a refusal with the nearest passages."""
    readings = evidence.read(question)
    if missing := text_not_held(question, evidence):
        return missing
    versions = Versions.of(question, evidence)
    supported = evidence.supported(question, readings)
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
    supported = with_figures(question, at_level(question, supported))
    chosen = versions.together(versions.chosen(supported))
    told = [(r, best_statements(question, evidence, r)) for r in chosen]
    if not (versions.is_asked or len(versions.line(chosen[0].hit.document.id)) > 1):
        told = _beside(question, evidence, told, supported)
    if versions.is_asked and question.kind is Kind.YES_NO and is_life_clause(told[0][1], evidence):
        if life := answer_validity(question, evidence):
            return life
    named = len({r.hit.document.id for r, _ in told}) > 1 or asks_by_which(question)
    said = (s for reading, own in told for s in versions.told(reading, own, named=named))
    return Content(tuple(dict.fromkeys(said)))


def _beside(
    question: Question, evidence: Evidence, told: list[Told], supported: Sequence[Reading]
) -> list[Told]:
    """Where it is in doubt that the best passage answers, the next ones beside it; of all of them
    those that are about what is asked, if any is."""
    best = told[0][0]
    if best.relevance >= _SURE or len(told) > 1:
        return told
    near = [r for r in supported if r.relevance >= _NEAR * best.relevance and r is not best]
    several = [*told, *((r, best_statements(question, evidence, r)) for r in near[:_BESIDE])]
    fitting = [t for t in several if any(fit(question, s, evidence).fits for s in t[1])]
    return fitting or told


def with_figures(question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """For a question that asks how much, of readings that are nearly as relevant as the best
    those in front whose answering sentence holds a figure."""
    if not asks_how_much(question):
        return list(readings)
    least = _NEAR * readings[0].relevance
    return sorted(readings, key=lambda r: not (r.relevance >= least and _holds_figure(r)))


def _holds_figure(reading: Reading) -> bool:
    text = reading.hit.passage.text
    if reading.hit.passage.cells or not reading.spans:  # the units of a row stand in the head
        return bool(figures(text))
    start, end = sentence(text, reading.spans[0].start, reading.spans[0].end)
    return any(figure.unit for figure in figures(text[start:end]))


def at_level(question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """Readings of documents of the level that a question names, in front."""
    if not (level := level_asked(question)):
        return list(readings)
    ends = _ENDS.get(level, level)

    def is_other(reading: Reading) -> bool:
        return not "".join(reading.hit.document.metadata.region[-1:]).endswith(ends)

    return sorted(readings, key=is_other)
