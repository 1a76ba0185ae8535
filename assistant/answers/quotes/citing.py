"""The sentence in which a document names another one."""

import re

from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from vectorstore.keywords.tokens import query_tokens
from vectorstore.language.sentences import sentences
from vectorstore.language.text import search_copy
from vectorstore.models import DocumentSummary


def citing_sentence(
    asked: str, document: DocumentSummary, evidence: Evidence, holds: re.Pattern[str]
) -> Quote | None:
    """The sentence of the document that names what is asked: of those with `holds`, the one
    that shares most."""
    wanted = set(query_tokens(asked))
    best: tuple[int, Quote] | None = None
    for passage in evidence.view.passages_of(document.id):
        for start, end in sentences(passage.text):
            text = passage.text[start:end]
            if holds.search(search_copy(text)):
                score = len(wanted & set(query_tokens(text)))
                if best is None or score > best[0]:
                    best = (score, evidence.quoter.quote(document, passage, start, end))
    return best[1] if best else None
