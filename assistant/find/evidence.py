"""Finds and reads passages for a question, and says whether anything answers it."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from assistant.cite.quote import Quoter
from assistant.events import Progress
from assistant.find.reading import Reader, Reading, covered
from assistant.understand.corpus import Corpus, corpus_of
from assistant.understand.lexicon import Lexicon, lexicon_of
from assistant.understand.needed import needed_by
from assistant.understand.question import Question
from vectorstore.keywords.tokens import query_tokens, tokens
from vectorstore.language.dates import YEAR
from vectorstore.language.sentences import sentences
from vectorstore.language.text import search_copy
from vectorstore.library import View
from vectorstore.models import (
    DocumentSummary,
    Passage,
    Query,
    SearchFilter,
    SearchHit,
    StateName,
)

_IN_FORCE: tuple[StateName, ...] = ("现行有效", "部分失效", "已修订")

_TRIED = 3  # passages


# The day from which a rule holds is not the only year that it is about.
_SINCE = re.compile(r"自(?:19|20)\d\d年[\d月日]{0,6}起")


@dataclass
class Evidence:
    """What answering needs: what the viewer sees, a reader, and a way to quote.

    `threshold` is the relevance below which a passage is no evidence; it belongs to the
    reader and was calibrated on the committed questions. A search gives `limit` passages.
    """

    view: View
    reader: Reader
    threshold: float
    limit: int
    progress: Progress = field(default_factory=Progress)
    lexicon: Lexicon = field(default_factory=lexicon_of)  # one for all questions of an answer
    search_ms: float = 0.0  # spent in search so far
    _read: dict[tuple[str, SearchFilter], list[Reading]] = field(default_factory=dict)

    @cached_property
    def corpus(self) -> Corpus:
        return corpus_of(self.view)

    @cached_property
    def quoter(self) -> Quoter:
        return Quoter(self.view)

    def search(self, text: Query | str, where: SearchFilter = SearchFilter()) -> list[SearchHit]:
        self.progress.stage("检索")
        began = time.perf_counter()
        hits = self.view.search(text, self.limit, where)
        self.search_ms += 1000 * (time.perf_counter() - began)
        return hits

    def read(
        self, question: Question, where: SearchFilter | None = None, share: float = 1.0
    ) -> list[Reading]:
        """The best passages for a question, as read, the best first; where the question itself
        says, or in `where`.

        An answer that reads several times gives each reading its share of the budget. The same
        question is read once.
        """
        where = question.where if where is None else where
        key = (question.standalone, where)
        if key not in self._read:
            hits = self.search(question.query(where), where)
            self.progress.stage("阅读")
            self._read[key] = self.reader.read(question.as_read, hits, share)
        return self._read[key]

    def supported(self, question: Question, readings: Sequence[Reading]) -> list[Reading]:
        """Those that may answer: relevant enough, and holding what is asked for."""
        needed = needed_by(question)
        years = set(map(str, question.years_said))
        return [
            reading
            for reading in readings
            for passage in (reading.hit.passage,)
            if reading.relevance >= self.threshold
            and needed.stands_in(_all_text(passage), is_row=passage.is_row)
            and (not years or self._speaks_of(reading, years))
        ]

    def _speaks_of(self, reading: Reading, years: set[str]) -> bool:
        """Whether a passage, or else its document, names one of the years that are asked about;
        or gives a rule that names none and holds then."""
        hit = reading.hit
        near = search_copy(_all_text(hit.passage))
        return (
            any(year in near for year in years)
            or any(year in self.quoter.source(hit.document.id) for year in years)
            or (not YEAR.search(_answering(reading)) and self._rules_in(hit.document, years))
        )

    def _rules_in(self, document: DocumentSummary, years: set[str]) -> bool:
        """Whether a rule that has no period of its own is in force at some time of a year: its
        clauses hold then, though they name no year."""
        if document.metadata.period_end is not None:
            return False
        state = self.view.validity.in_force
        return any(
            state(document.id, date(int(year), month, day)).name in _IN_FORCE
            for year in years
            for month, day in ((1, 1), (7, 1), (12, 31))
        )

    def section(self, passage: Passage, depth: int) -> list[Passage]:
        """All passages of the document that share the first `depth` headings with `passage`."""
        path = passage.heading_path[:depth]
        return [
            p for p in self.view.passages_of(passage.document_id) if p.heading_path[:depth] == path
        ]

    def support(self, text: str, words: str, where: SearchFilter = SearchFilter()) -> float:
        """How much of some words stands in one of the passages that a text finds, in [0, 1]."""
        hits = self.view.search(text, _TRIED, where)
        around = (f"{h.document.metadata.title} {_all_text(h.passage)}" for h in hits)
        return max((self.coverage(words, each) for each in around), default=0.0)

    def coverage(self, text: str, *present: str) -> float:
        """The share of a question's weight that stands in the given texts, in [0, 1].

        Tokens that no document holds do not count: they tell no text from another.
        """
        weights = self.view.token_weights(query_tokens(text), only_known=True)
        return covered(weights, {token for part in present for token in tokens(part)})

    def summary(self, document_id: str) -> DocumentSummary:
        return self.corpus.by_id[document_id]


def _answering(reading: Reading) -> str:
    """The sentence that answers, without the day from which it holds; the whole passage where
    the reader points at none."""
    text = reading.hit.passage.text
    if reading.spans:
        at = reading.spans[0].start
        text = next((text[a:b] for a, b in sentences(text) if a <= at < b), text)
    return _SINCE.sub("", search_copy(text))


def _all_text(passage: Passage) -> str:
    return f"{' '.join(passage.heading_path)} {passage.text}"


def restricted(where: SearchFilter, ids: Sequence[str] | frozenset[str]) -> SearchFilter:
    """`where`, and only these documents."""
    allowed = frozenset(ids)
    if where.document_ids is not None:
        allowed &= where.document_ids
    return replace(where, document_ids=allowed)
