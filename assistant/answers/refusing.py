"""Nothing answers: what was looked for, and what comes nearest."""

from collections.abc import Sequence

from assistant.answers.content import Content, refused
from assistant.answers.quotes.spans import widen
from assistant.cite.citation import Citation, citation_of
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.understand.kinds import Kind
from assistant.understand.question import Question


def refuse(question: Question, evidence: Evidence, readings: Sequence[Reading]) -> Content:
    """Nothing answers: what was looked for, and what comes nearest."""
    where = question.where.document_ids
    count = len(where) if where is not None else len(evidence.corpus.documents)
    asked = question.standalone.strip("？?。 ")
    topic = asked if len(asked) <= 40 else question.subject[:60]
    reason = f"没有找到：在 {count} 份文件中没有读到能回答“{topic}”的内容。"
    if question.is_english:
        reason = (
            f"Nothing found: none of {count} documents was read to answer “{asked[:120]}”. "
            "The documents are in Chinese; the nearest passages are below. "
            "A question in Chinese may find more（用中文提问可能找到更多）。"
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
