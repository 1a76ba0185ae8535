"""Where a passage comes from: a question that quotes a text and asks which document says it, or
asks where the answer before stands."""

from collections.abc import Iterator

from assistant.answers.content import Content, Statement
from assistant.answers.ways.sentence import answer_extract
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.understand.asked import quoted_at_length
from assistant.understand.corpus import full_name
from assistant.understand.question import Question
from vectorstore.language.text import fold
from vectorstore.models import Passage

_MOST = 20  # places that are listed


def answer_origin(question: Question, evidence: Evidence) -> Content | None:
    """Every place that holds the quoted words to the letter, or those that answer what was asked
    before; None where nothing is quoted nor was asked before, or no document holds it."""
    words = quoted_at_length(question)
    if words:
        found = list(_places(words, evidence))
    elif question.is_completed:
        found = [q for s in answer_extract(question, evidence).statements for q in s.quotes]
    else:
        return None
    if not found:
        return None
    statements = [Statement(_placed(quote), (quote,)) for quote in found[:_MOST]]
    return Content(tuple(statements), notes=(f"共 {len(found)} 处。",) if len(found) > 1 else ())


def _placed(quote: Quote) -> str:
    """A quote behind its document and the headings over it."""
    headings = "".join(f"，{heading.strip('。：: ')}" for heading in quote.heading_path)
    return f"出自{full_name(quote.document)}{headings}：{quote.text}"


def _places(words: str, evidence: Evidence) -> Iterator[Quote]:
    key = _bare(words).rstrip(".,;")
    documents = {d.id: d for d in evidence.view.documents()}
    for document_id, ids in evidence.view.candidates(words, list(documents)).items():
        for passage in evidence.view.passages(ids).values():
            if span := _where(key, passage):
                yield evidence.quoter.quote(documents[document_id], passage, *span)


def _bare(text: str) -> str:
    """Folded and without quotation marks: within a quotation they are other ones."""
    return fold(text).replace('"', "").replace("'", "")


def _where(key: str, passage: Passage) -> tuple[int, int] | None:
    """Offsets of a folded text in a passage."""
    folded, offsets = "", []
    for offset, character in enumerate(passage.text):
        part = _bare(character)
        folded += part
        offsets += [offset] * len(part)
    at = folded.find(key)
    return (offsets[at], offsets[at + len(key) - 1] + 1) if at >= 0 else None
