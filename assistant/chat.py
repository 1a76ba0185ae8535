"""Assistant.ask: from what a user said to a checked answer. The whole flow on one screen."""

import logging
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from assistant.answer import Answer, compose
from assistant.answers.departments import answer_department, answer_duty
from assistant.answers.extract import answer_extract, refuse
from assistant.answers.records import answer_catalogue, answer_metadata, answer_temporal
from assistant.answers.tables import answer_aggregation, answer_comparison
from assistant.corpus import Corpus, Path
from assistant.evidence import Evidence
from assistant.examples import draw_examples
from assistant.premises import contradicted
from assistant.question import Kind, Question, parts_of, understand
from assistant.quoting import Content, Quoter
from assistant.reading import Reader, Reading
from assistant.retrieve import PolicyRetriever
from assistant.settings import AnswerSettings
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.regions import region_of_name

log = logging.getLogger(__name__)

GREETING = "您好！我根据资料库里的政策文件回答问题，每句话都注明出处。请直接提问，例如问某项工作的目标、牵头单位或主要措施。"


class Assistant:
    """Answers questions over one index. Safe to call from several threads."""

    def __init__(
        self, index: PolicyIndex, reader: Reader, threshold: float, settings: AnswerSettings
    ):
        self.index = index
        self.reader = reader
        self.settings = settings
        self._threshold = threshold
        self._retriever = PolicyRetriever(index=index, limit=2 * settings.passages)
        self.home: Path = region_of_name(settings.home_region)
        self._corpus = Corpus((), -1)
        self._examples: dict[int, list[str]] = {}
        self._lock = threading.Lock()
        self.chain = self._chain()

    def ask(self, turns: Sequence[str], on_stage: Callable[[str], None] = lambda _: None) -> Answer:
        """Answers the last of `turns`, the user's messages so far.

        `on_stage` is told what is being done (检索, 核对). Raises PolicyError for a question
        that is empty or too long.
        """
        check_turns(turns, self.settings.max_question)
        began = time.perf_counter()
        state = self.chain.invoke({"turns": list(turns), "on_stage": on_stage})
        answer: Answer = state["answer"]
        total = 1000 * (time.perf_counter() - began)
        timings = {
            "retrieve": round(state["retrieve_ms"], 1),
            "answer": round(total - state["retrieve_ms"], 1),
            "total": round(total, 1),
        }
        return replace(answer, timings_ms=timings)

    def read(self, question: Question) -> list[Reading]:
        """The passages for a question as answering sees them, the best first."""
        evidence = self._evidence({"on_stage": lambda _: None})
        return evidence.read(question.standalone, question.where)

    def stream(self, turns: Sequence[str]) -> Iterator[str | Answer]:
        """What is being done (检索, 阅读, 核对), and then the answer. Raises as `ask` does."""
        events: queue.Queue[str | Answer | BaseException] = queue.Queue()

        def work() -> None:
            try:
                events.put(self.ask(turns, events.put))
            except BaseException as error:  # handed over to the caller's thread
                events.put(error)

        threading.Thread(target=work, daemon=True, name="answer").start()
        while True:
            event = events.get()
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, Answer):
                return

    def examples(self) -> list[str]:
        """Three questions drawn from the corpus that do have answers."""
        corpus = self.corpus()
        with self._lock:
            known = self._examples.get(corpus.generation)
        if known is None:
            known = draw_examples(self.index, corpus.documents, self.ask)
            with self._lock:
                self._examples = {corpus.generation: known}
        return known

    def _chain(self) -> Runnable[dict[str, Any], dict[str, Any]]:
        """understand → find and read → compose and check, as a LangChain chain."""
        return (
            RunnablePassthrough.assign(question=RunnableLambda(self._understand))
            | RunnablePassthrough.assign(evidence=RunnableLambda(self._evidence))
            | RunnablePassthrough.assign(contents=RunnableLambda(self._contents))
            | RunnablePassthrough.assign(
                answer=RunnableLambda(self._compose),
                retrieve_ms=RunnableLambda(lambda state: state["evidence"].search_ms),
            )
        )

    # --- the steps ------------------------------------------------------------------------

    def _understand(self, state: dict[str, Any]) -> Question:
        return understand(state["turns"], self.corpus(), self.home)

    def _evidence(self, state: dict[str, Any]) -> Evidence:
        state["on_stage"]("检索")
        return Evidence(
            self.index,
            self.corpus(),
            self._retriever.hits,
            self.reader,
            Quoter(self.index),
            self._threshold,
            state["on_stage"],
        )

    def _contents(self, state: dict[str, Any]) -> list[Content]:
        question, evidence = state["question"], state["evidence"]
        return [
            answer_part(part, evidence) for part in parts_of(question, self.corpus(), self.home)
        ]

    def _compose(self, state: dict[str, Any]) -> Answer:
        state["on_stage"]("核对")
        return compose(state["question"], state["contents"], self.index)

    def corpus(self) -> Corpus:
        """The documents as of now; read again only when the index has changed."""
        generation = self.index.catalog.generation
        with self._lock:
            if self._corpus.generation != generation:
                self._corpus = Corpus(tuple(self.index.documents()), generation)
            return self._corpus


def answer_part(question: Question, evidence: Evidence) -> Content:
    """One self-contained question → what to say. Each kind has its way to answer; a way that
    does not fit after all hands over to the plain one."""
    if question.kind is Kind.CHAT:
        return Content(refused=True, reason=GREETING)
    if not evidence.corpus.documents:
        return Content(
            refused=True,
            reason="资料库还是空的：请先在“文件库”上传文件，或运行 python -m ingest 文件夹。",
        )
    if missing := _outside(question, evidence):
        return missing
    content: Content | None = None
    if question.kind is Kind.AGGREGATION:
        content = answer_catalogue(question, evidence) or answer_aggregation(question, evidence)
    elif question.kind is Kind.COMPARISON:
        content = answer_comparison(question, evidence)
    elif question.kind is Kind.METADATA:
        content = answer_metadata(question, evidence)
    elif question.kind is Kind.TEMPORAL:
        content = answer_temporal(question, evidence)
    elif question.kind is Kind.DEPARTMENT:
        content = answer_department(question, evidence)
    elif question.kind is Kind.DUTY:
        content = answer_duty(question, evidence)
    content = content or answer_extract(question, evidence)
    return contradicted(question, content, evidence)


def _outside(question: Question, evidence: Evidence) -> Content | None:
    """A question about a place or a document that the corpus does not hold."""
    corpus = evidence.corpus
    if question.places and question.where.document_ids is not None:
        if not question.where.document_ids:
            names = "、".join(place.text for place in question.places)
            return Content(
                refused=True, reason=f"资料库没有收录{names}的文件，无法依据库内资料回答。"
            )
    only_unknown = question.unknown and not (question.named or question.places)
    if only_unknown and question.kind is not Kind.AGGREGATION:
        names = "、".join(question.unknown)
        citing = len({i for n in question.unknown for i in _citing(corpus, n)})
        note = f"库中有 {citing} 份文件提到它，但没有收录原文。" if citing else ""
        readings = evidence.read(question.standalone, question.where)
        near = refuse(question, evidence, readings).near
        return Content(
            refused=True, reason=f"资料库没有收录{names}，无法依据库内资料回答。{note}", near=near
        )
    return None


def _citing(corpus: Corpus, name: str) -> list[str]:
    return (
        corpus.citing(name.strip("《》"), None)
        if name.startswith("《")
        else corpus.citing(None, name)
    )


def check_turns(turns: Sequence[str], limit: int) -> None:
    """Raises PolicyError for a question that cannot be asked."""
    if not turns or not re.search(r"\w", turns[-1]):
        raise PolicyError("问题是空的，请输入要问的内容")
    if len(turns[-1]) > limit:
        raise PolicyError(f"问题有 {len(turns[-1])} 字，超过上限 {limit} 字；请把要问的内容缩短")
