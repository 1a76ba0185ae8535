"""Answers written by a language model from numbered passages, and checked like all others."""

import logging
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from assistant.answers.answer import Answer
from assistant.answers.content import Statement
from assistant.answers.fit import fit, passes_off
from assistant.answers.quotes.passage import quoted_first
from assistant.cite.check import Cited, checked
from assistant.cite.citation import citation_of, cited_passages
from assistant.cite.markdown import drop_unknown_marks, parse, render
from assistant.cite.quote import Quote
from assistant.cite.structure import (
    Body,
    Check,
    Sentence,
    Spot,
    changed,
    marks_of,
    renumbered,
    sentences_in,
)
from assistant.events import Delta, Progress, Stopped
from assistant.find.evidence import Evidence, restricted
from assistant.llm import LanguageModel, ModelFailure
from assistant.tokens import count_tokens
from assistant.understand.followups import depends
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from assistant.understand.scope import Place
from prompts import load
from vectorstore.keywords.tokens import tokens
from vectorstore.language.figures import figures
from vectorstore.language.sentences import sentences
from vectorstore.models import SearchHit

log = logging.getLogger(__name__)

# Kinds that are read off the catalogue or off every document; a model could only spoil them.
BY_RECORD = frozenset({Kind.CHAT, Kind.METADATA, Kind.TEMPORAL, Kind.AGGREGATION})
INSUFFICIENT = "资料不足"
_PASSAGES = 8
_PER_SIDE = 3
_MARGIN = 64  # tokens that chat formats add around messages
# Below this share of the question's words no passage is worth sending.
MIN_COVERAGE = 0.2


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages sent to the model; mark n stands for the n-th."""

    hits: tuple[SearchHit, ...]

    @property
    def marks(self) -> range:
        return range(1, len(self.hits) + 1)

    @property
    def fenced(self) -> str:
        return fence([whole(hit) for hit in self.hits])


class Writer:
    """Writes answers with one model. Its chain is LangChain's: sources → prompt → messages."""

    def __init__(self, model: LanguageModel):
        self.model = model
        self.settings = model.settings
        self.chain = (
            RunnablePassthrough.assign(
                passages=RunnableLambda(lambda state: state["sources"].fenced)
            )
            | load("answer").template
        )

    def write(
        self,
        question: Question,
        evidence: Evidence,
        progress: Progress,
    ) -> Answer | None:
        """The checked answer, or None when there is no evidence to write from.

        Raises ModelFailure when the model gives nothing that can be used.
        """
        sources = self.sources(question, evidence)
        if not sources.hits:
            return None
        messages = self.chain.invoke({"sources": sources, "question": question.standalone})
        progress.stage("生成")
        text = self._stream(messages.to_messages(), progress)
        if INSUFFICIENT in text and len(text) < 40:
            raise ModelFailure("模型认为资料不足以写出回答")
        progress.stage("核对")
        judge = _Judge(question, sources, evidence)
        said = self._repaired(judge(tidy(text, len(sources.hits))), judge, progress)
        if not any(check.verdict == "supported" for check in _checks(said)):
            raise ModelFailure("模型写的内容没有一句能在资料中核实")
        return _answer(question, said, sources, evidence)

    # --- sources --------------------------------------------------------------------------

    def sources(self, question: Question, evidence: Evidence) -> Sources:
        """The best passages first, whole passages only, as many as the context holds."""
        room = self.settings.context_tokens - self.settings.answer_tokens - _MARGIN
        room -= count_tokens(question.standalone) + count_tokens(str(load("answer").template))
        chosen: list[SearchHit] = []
        for hit in candidates(question, evidence):
            size = count_tokens(fence([whole(hit)]))
            if size > room:
                break
            room -= size
            chosen.append(hit)
        return Sources(tuple(chosen))

    # --- talking to the model -------------------------------------------------------------

    def _stream(
        self, messages: Sequence[BaseMessage], progress: Progress, *, shown: bool = True
    ) -> str:
        text = ""
        for piece in self.model.stream(messages, progress.stopped):
            text += piece
            if shown:
                progress.report(Delta(piece))
        if progress.stopped.is_set():
            raise Stopped
        return text.strip()

    def _repaired(self, said: Body, judge: "_Judge", progress: Progress) -> Body:
        """One round in which the model may mend or drop what failed the check."""
        failed = [check for check in _checks(said) if check.verdict != "supported"]
        if not failed:
            return said
        problems = "\n".join(f"- {c.sentence}：{c.reason}" for c in failed)
        prompt = load("repair").template.invoke(
            {
                "answer": render(said), "passages": judge.sources.fenced, "problems": problems,
                "question": judge.question.standalone,
            }
        )  # fmt: skip
        try:
            mended = tidy(
                self._stream(prompt.to_messages(), progress, shown=False),
                len(judge.sources.hits),
            )
        except ModelFailure as failure:
            log.info("no repair: %s", failure)
            return said
        again = judge(mended)
        return again if _standing(again) > _standing(said) else said


class _Judge:
    """Cuts what a model wrote into sentences and checks each: whether its sources hold it, and
    whether the words it rests on are about what was asked."""

    def __init__(self, question: Question, sources: Sources, evidence: Evidence):
        self.question, self.sources, self._evidence = question, sources, evidence
        self._cited = _cited(sources, evidence)

    def __call__(self, text: str) -> Body:
        return changed(checked(parse(text), self._cited), self._about)

    def _about(self, sentence: Sentence, _: Spot) -> Sentence:
        """A figure of another place, year or group than was asked for, told as if it were: a
        problem, unless the sentence says whose it is."""
        check = sentence.check
        if not check or check.verdict != "supported" or not figures(sentence.plain):
            return sentence
        words = tokens(sentence.plain)
        hits = [self.sources.hits[mark - 1] for mark in check.marks]
        quotes = [best_quote(set(words), hit, self._evidence) for hit in hits]
        told = [Statement(quote.text, (quote,)) for quote in quotes]
        if not all(passes_off(self.question, sentence.plain, one, self._evidence) for one in told):
            return sentence
        problem = f"所引的话不是所问的：{fit(self.question, told[0], self._evidence).misfit}"
        return replace(sentence, check=replace(check, verdict="unsupported", problems=(problem,)))


def _checks(said: Body) -> list[Check]:
    return [sentence.check for sentence in sentences_in(said) if sentence.check]


def _standing(said: Body) -> tuple[float, int]:
    """Share of sentences that hold, then their number."""
    checks = _checks(said)
    good = sum(check.verdict == "supported" for check in checks)
    return (good / len(checks) if checks else 0.0, good)


def candidates(question: Question, evidence: Evidence) -> list[SearchHit]:
    """Passages worth sending, the best first; for a comparison some of each side."""
    if question.kind is Kind.COMPARISON and len(question.places) >= 2:
        sides = [
            _relevant(question, evidence, place, 1 / len(question.places))[:_PER_SIDE]
            for place in question.places
        ]
        rounds = max((len(side) for side in sides), default=0)
        return [side[i] for i in range(rounds) for side in sides if i < len(side)]
    return _relevant(question, evidence)[:_PASSAGES]


def _relevant(
    question: Question, evidence: Evidence, place: Place | None = None, share: float = 1.0
) -> list[SearchHit]:
    where = question.where
    if place:
        where = restricted(replace(where, document_ids=None), evidence.corpus.in_region(place.path))
    readings = evidence.read(question, where, share)
    hits = [reading.hit for reading in quoted_first(question, evidence, readings)]
    best = max((_coverage(question, hit, evidence) for hit in hits[:5]), default=0.0)
    return hits if best >= MIN_COVERAGE else []


def _coverage(question: Question, hit: SearchHit, evidence: Evidence) -> float:
    passage = hit.passage
    around = " ".join((hit.document.metadata.title, *passage.heading_path, passage.context))
    return evidence.coverage(question.standalone, around, passage.text)


# --- passages as data ---------------------------------------------------------------------------

_FENCE = re.compile(r"</?\s*资料", re.IGNORECASE)


def whole(hit: SearchHit) -> tuple[SearchHit, str]:
    """A hit with all of its text; that of a table row names its columns."""
    return hit, hit.passage.context if hit.passage.cells else hit.passage.text


def fence(passages: Iterable[tuple[SearchHit, str]]) -> str:
    """Numbered texts with where they stand, each between marks that the text cannot close."""
    return "\n\n".join(
        fenced(number, place_of(hit), text) for number, (hit, text) in enumerate(passages, 1)
    )


def fenced(number: int, place: str, text: str) -> str:
    """One numbered text with where it is from."""
    where = _closed(place).replace('"', "”")
    return f'<资料 编号="{number}" 出处="{where}">\n{_closed(text)}\n</资料>'


def place_of(hit: SearchHit) -> str:
    metadata = hit.document.metadata
    known = f"（{metadata.document_number}）" if metadata.document_number else ""
    path = " / ".join(hit.passage.heading_path)
    over = f"；{hit.document.state}" if hit.document.is_over else ""
    return f"《{metadata.title}》{known} {path}{over}"


def _closed(text: str) -> str:
    return _FENCE.sub(lambda m: m[0].replace("<", "＜"), text)


# --- from text to answer ------------------------------------------------------------------------

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s*", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]{0,400}+\]\([^)]{0,2000}+\)")
_LINK = re.compile(r"\[([^\]]{2,80})\]\((?:https?:)?[^)]{0,2000}+\)")
_EMPHASIS = re.compile(r"\*\*|__|`")
_OTHER_MARKS = re.compile(r"[【［]\s*+(?:资料)?\s*+(\d{1,3})\s*+[】］]|\[资料\s*+(\d{1,3})\]")
_JOINED = re.compile(r"\[(\d{1,3}(?:\s*[,，、]\s*\d{1,3})+)\]")


def tidy(text: str, sources: int) -> str:
    """Plain lines with marks up to the number of sources: no headings, images, links or emphasis of Markdown."""
    text = _IMAGE.sub("", _HEADING.sub("", text))
    text = _EMPHASIS.sub("", _LINK.sub(r"\1", text))
    text = _OTHER_MARKS.sub(lambda m: f"[{m[1] or m[2]}]", text)
    text = _JOINED.sub(lambda m: "".join(f"[{n}]" for n in re.findall(r"\d+", m[1])), text)
    return drop_unknown_marks(text, range(1, sources + 1)).strip()


def _cited(sources: Sources, evidence: Evidence) -> list[Cited]:
    citations = [citation_of(_whole(hit, evidence), n) for n, hit in enumerate(sources.hits, 1)]
    documents = {hit.document.id: hit.document for hit in sources.hits}
    return cited_passages(citations, documents, evidence.view)


def _whole(hit: SearchHit, evidence: Evidence) -> Quote:
    return evidence.quoter.quote(hit.document, hit.passage, 0, len(hit.passage.text))


def _answer(question: Question, said: Body, sources: Sources, evidence: Evidence) -> Answer:
    """Marks renumbered in order of use, each with the sentence of its passage that it rests on."""
    used = marks_of(said)
    number = {old: new for new, old in enumerate(used, 1)}
    words = {
        old: {t for check in _checks(said) if old in check.marks for t in tokens(check.sentence)}
        for old in used
    }
    quotes = {old: best_quote(words[old], sources.hits[old - 1], evidence) for old in used}
    return Answer(
        question=question.asked,
        standalone_question=question.standalone,
        said=renumbered(said, number),
        mode="model",
        kind=str(question.kind),
        citations=tuple(citation_of(quotes[old], number[old]) for old in used),
    )


def best_quote(said: Set[str], hit: SearchHit, evidence: Evidence) -> Quote:
    """The sentence of a passage that shares most tokens with what cites it."""
    text = hit.passage.text
    spans = list(sentences(text)) or [(0, len(text))]
    start, end = max(spans, key=lambda span: _overlap(said, text[span[0] : span[1]]))
    return evidence.quoter.quote(hit.document, hit.passage, start, end)


def _overlap(said: Set[str], sentence: str) -> float:
    held = tokens(sentence)
    return len(said & set(held)) / (len(held) + 12) ** 0.5 if held else 0.0


# --- follow-ups -----------------------------------------------------------------------------------


def condense(turns: Sequence[str], question: Question, model: LanguageModel) -> str | None:
    """A self-contained question by the model, where the rules left one that leans on earlier
    turns; None when it does not, or when the model fails."""
    if len(turns) < 2 or not depends(question):
        return None
    prompt = load("condense").template.invoke(
        {"history": "\n".join(f"- {turn}" for turn in turns[-6:-1]), "question": turns[-1]}
    )
    try:
        text = model.complete(prompt.to_messages()).strip().splitlines()[0]
    except (ModelFailure, IndexError):
        return None
    return text if 4 <= len(text) <= 200 else None
