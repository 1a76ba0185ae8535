"""Where a passage comes from: a question that quotes a text and asks which document says it."""

from collections.abc import Iterator

from assistant.answers.content import Content, Statement
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.understand.asked import quoted_at_length
from assistant.understand.corpus import full_name
from assistant.understand.question import Question
from vectorstore.language.text import fold
from vectorstore.models import Passage

_MOST = 20  # places that are listed


def answer_origin(question: Question, evidence: Evidence) -> Content | None:
    """Every place that holds the quoted words to the letter; None where no passage is quoted or
    no document holds it."""
    words = quoted_at_length(question)
    if not words:
        return None
    found = list(_places(words, evidence))
    if not found:
        return None
    statements = [
        Statement(
            f"出自{full_name(quote.document)}"
            + "".join(f"，{heading.strip('。：: ')}" for heading in quote.heading_path)
            + f"：{quote.text}",
            (quote,),
        )
        for quote in found[:_MOST]
    ]
    return Content(tuple(statements), notes=(f"共 {len(found)} 处。",) if len(found) > 1 else ())


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
