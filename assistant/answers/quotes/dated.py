"""When something is to be, where the sentence that answers leaves its day to the words above it:
a heading, 总结评估（2025年）, or the sentence that opens the paragraph, 到2025年，…."""

from assistant.answers.quotes.expansion import Span
from assistant.find.evidence import Evidence
from assistant.understand.asked import asks_for_day
from assistant.understand.question import Question
from vectorstore.language.dates import DAY, WITHIN, YEAR, years_said
from vectorstore.language.sentences import clauses, sentences
from vectorstore.models import Passage


def tells_when(text: str) -> bool:
    """Whether a text says a day, a year, or a time counted from something; the period of a plan
    that it names is no day."""
    return any(pattern.search(text) for pattern in (YEAR, DAY, WITHIN))


def heading_with_day(question: Question, passage: Passage, said: str) -> str:
    """The nearest heading that says when, for a question that asks it of a text that does not;
    '' otherwise."""
    if not asks_for_day(question) or tells_when(said):
        return ""
    return next((h for h in reversed(passage.heading_path) if years_said(h)), "").strip("。：: ")


def clause_with_day(question: Question, evidence: Evidence, place: Span) -> Span | None:
    """The nearest clause before a place, in its passage or in those before it under the same
    heading, that says the year; None where the place itself or its headings do, where none is
    asked for, and where no clause does."""
    passage, start, end = place
    said = " ".join((*passage.heading_path, passage.text[start:end]))
    if not asks_for_day(question) or tells_when(said):
        return None
    before = [p for p in evidence.view.passages_of(passage.document_id) if _leads_to(p, passage)]
    for near, until in ((passage, start), *((p, len(p.text)) for p in reversed(before))):
        for first, last in reversed([s for s in sentences(near.text) if s[0] < until]):
            if years_said(near.text[first : min(last, until)]):
                inside = (c for c in clauses(near.text) if first <= c[0] < last)
                dated = next((c for c in inside if years_said(near.text[slice(*c)])), (first, last))
                return near, *dated
    return None


def _leads_to(before: Passage, passage: Passage) -> bool:
    return before.start < passage.start and before.heading_path == passage.heading_path != ()
