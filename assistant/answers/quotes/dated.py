"""When something is to be, where the sentence that answers leaves its day to the words above it:
a heading, 总结评估（2025年）, or the sentence that opens the paragraph, 到2025年，…."""

from assistant.answers.quotes.expansion import Span
from assistant.understand.asked import asks_for_day
from assistant.understand.question import Question
from vectorstore.language.dates import DAY, WITHIN, YEAR, years_said
from vectorstore.language.numbering import enumerator
from vectorstore.language.sentences import clauses
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


def clause_with_day(question: Question, place: Span) -> Span | None:
    """The nearest clause before a place, in its paragraph or the item's name above, that says the
    year; None where the place itself or its headings do, where none is asked for, and where no
    clause does."""
    passage, start, end = place
    said = " ".join((*passage.heading_path, passage.text[start:end]))
    if not asks_for_day(question) or tells_when(said):
        return None
    begins = _item_begins(passage.text, start)
    before = [c for c in clauses(passage.text) if begins <= c[0] < start]
    dated = (c for c in reversed(before) if years_said(passage.text[slice(*c)]))
    return (passage, *found) if (found := next(dated, None)) else None


def _item_begins(text: str, at: int) -> int:
    """Where the paragraph around a place begins, with the name of its item on the line above."""
    begins = text.rfind("\n", 0, at) + 1
    above = text.rfind("\n", 0, max(0, begins - 1)) + 1
    return above if enumerator(text[above:begins]) else begins
