"""Assistant.ask: from what a user said to a checked answer. The whole flow on one screen."""

import logging
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from assistant.answers.answer import Answer, Mode, compose
from assistant.answers.by_model import BY_RECORD, Writer, condense
from assistant.answers.examples import draw_examples
from assistant.answers.route import answer_part
from assistant.answers.ways.sentence import quoted_first
from assistant.cite.quote import Quoter
from assistant.events import Progress
from assistant.find.evidence import Evidence
from assistant.find.reading import Reader, Reading
from assistant.find.retriever import PolicyRetriever
from assistant.llm import LanguageModel, ModelFailure
from assistant.settings import AnswerSettings
from assistant.understand.corpus import Corpus, Path, Scope
from assistant.understand.question import Question, parts_of, understand
from vectorstore.embedding.embedder import release_memory
from vectorstore.errors import PolicyError
from vectorstore.files.surrogates import whole
from vectorstore.index import PolicyIndex
from vectorstore.language.regions import region_of_name

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions over one index. Safe to call from several threads.

    `threshold` is the relevance below which the reader's passages are no evidence.
    """

    def __init__(
        self,
        index: PolicyIndex,
        reader: Reader,
        threshold: float,
        settings: AnswerSettings,
        model: LanguageModel | None = None,
    ):
        self.index = index
        self.reader = reader
        self.settings = settings
        self.model = model
        self.home: Path = region_of_name(settings.home_region)
        self._threshold = threshold
        self._writer = Writer(model) if model else None
        self._retriever = PolicyRetriever(index=index, limit=2 * settings.passages)
        self._corpus = Corpus((), -1)
        self._examples: dict[int, list[str]] = {}
        self._lock = threading.Lock()
        self.chain = self._chain()

    @property
    def mode(self) -> Mode:
        """How questions are answered when the caller does not say."""
        return "model" if self.model and self.settings.mode != "extractive" else "extractive"

    def ask(
        self,
        turns: Sequence[str],
        mode: Mode | None = None,
        progress: Progress | None = None,
        scope: Scope = Scope(),
    ) -> Answer:
        """Answers the last of `turns`, the user's messages so far, from the documents that
        `scope` admits.

        Raises PolicyError for a question that is empty or too long, and Stopped when the
        progress's event is set.
        """
        turns = [whole(turn) for turn in turns]
        check_turns(turns, self.settings.max_question)
        began = time.perf_counter()
        state = self.chain.invoke(
            {
                "turns": list(turns),
                "mode": mode or self.mode,
                "progress": progress or Progress(),
                "corpus": self.corpus().within(scope),
            }
        )
        release_memory()  # 10 ms; readings of ever different lengths leave holes in the heap
        answer: Answer = state["answer"]
        total = 1000 * (time.perf_counter() - began)
        retrieve = state["evidence"].search_ms
        timings = {"retrieve": retrieve, "answer": total - retrieve, "total": total}
        return replace(
            answer,
            scope=state["question"].scope,
            timings_ms={k: round(v, 1) for k, v in timings.items()},
        )

    def evidence(self, progress: Progress | None = None, corpus: Corpus | None = None) -> Evidence:
        """What answering and drafting look things up in."""
        return Evidence(
            self.index,
            corpus or self.corpus(),
            self._retriever.hits,
            self.reader,
            Quoter(self.index),
            self._threshold,
            progress or Progress(),
        )

    def _chain(self) -> Runnable[dict[str, Any], dict[str, Any]]:
        """understand → find, read, write → check, as a LangChain chain over one state."""
        return (
            RunnablePassthrough.assign(question=RunnableLambda(self._understand))
            | RunnablePassthrough.assign(
                evidence=RunnableLambda(lambda s: self.evidence(s["progress"], s["corpus"]))
            )
            | RunnablePassthrough.assign(answer=RunnableLambda(self._answer))
        )

    # --- the steps ------------------------------------------------------------------------

    def _understand(self, state: dict[str, Any]) -> Question:
        turns, corpus = state["turns"], state["corpus"]
        question = understand(turns, corpus, self.home)
        if state["mode"] == "model" and self.model:
            if text := condense(turns, question, self.model):
                return replace(understand([text], corpus, self.home), asked=question.asked)
        return question

    def _answer(self, state: dict[str, Any]) -> Answer:
        question, evidence = state["question"], state["evidence"]
        if state["mode"] == "model" and question.kind not in BY_RECORD:
            return self._written(question, evidence, state["progress"])
        return self._extracted(question, evidence)

    def _extracted(self, question: Question, evidence: Evidence) -> Answer:
        """Quoted sentences; each part of the question in its own way."""
        parts = parts_of(question, evidence.corpus, self.home)
        contents = [answer_part(part, evidence) for part in parts]
        evidence.progress.stage("核对")
        return compose(question, contents, self.index)

    def _written(self, question: Question, evidence: Evidence, progress: Progress) -> Answer:
        """By the model; when it fails, quoted sentences and one line that says why."""
        if self._writer is None:
            answer = self._extracted(question, evidence)
            return replace(answer, notes=("没有设置语言模型，以下为摘录作答。", *answer.notes))
        try:
            written = self._writer.write(question, evidence, progress)
        except ModelFailure as failure:
            log.info("extractive instead: %s", failure)
            answer = self._extracted(question, evidence)
            return replace(answer, notes=(f"{failure}，以下为摘录作答。", *answer.notes))
        return written or self._extracted(question, evidence)

    # --- around it ------------------------------------------------------------------------

    def read(self, question: Question) -> list[Reading]:
        """The passages for a question as answering sees them, the best first."""
        evidence = self.evidence()
        readings = evidence.read(question.standalone, question.where)
        return quoted_first(question, evidence, readings)

    def corpus(self) -> Corpus:
        """The documents as of now; read again only when the index has changed."""
        generation = self.index.catalog.generation
        with self._lock:
            if self._corpus.generation != generation:
                self._corpus = Corpus(tuple(self.index.documents()), generation)
            return self._corpus

    def examples(self) -> list[str]:
        """Three questions drawn from the corpus that do have answers."""
        corpus = self.corpus()
        with self._lock:
            known = self._examples.get(corpus.generation)
        if known is None:
            known = draw_examples(self.index, corpus.documents, lambda t: self.ask(t, "extractive"))
            with self._lock:
                self._examples = {corpus.generation: known}
        return known


def check_turns(turns: Sequence[str], limit: int) -> None:
    """Raises PolicyError for a question that cannot be asked."""
    if not turns or not re.search(r"\w", turns[-1]):
        raise PolicyError("问题是空的，请输入要问的内容")
    if len(turns[-1]) > limit:
        raise PolicyError(f"问题有 {len(turns[-1])} 字，超过上限 {limit} 字；请把要问的内容缩短")
