"""Sections written by a language model from the sentences a section leans on, and held to the
same check as all others: a sentence that fails it does not get into the draft."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answers.by_model import fenced, place_of, tidy
from assistant.cite.citation import Citation, Marks, citation_of
from assistant.cite.markdown import parse
from assistant.cite.splitting import says_something
from assistant.cite.structure import (
    Body,
    Check,
    Sentence,
    Spot,
    changed,
    sentences_in,
    without_empty,
)
from assistant.drafting.check import check_section
from assistant.drafting.localize import localized
from assistant.drafting.models import NAME_BLANK, OWN_SOURCE, Draft, Purpose, Section
from assistant.drafting.own_parts import Use, parts_of
from assistant.drafting.sources import lean_on
from assistant.drafting.write import write_section
from assistant.events import Progress, Stopped
from assistant.find.evidence import Evidence
from assistant.llm import LanguageModel, ModelFailure
from assistant.tokens import count_tokens
from prompts import load
from vectorstore.language.sentences import BRACKETED

log = logging.getLogger(__name__)

# Tables and customary formulas are not a model's business.
COMPOSED: frozenset[Purpose] = frozenset(
    ("guidance", "targets", "measures", "tasks", "safeguards", "plans", "situation", "achievements",
     "problems")
)  # fmt: skip
# What of the author's notes a section is written from; sections on oneself from nothing else.
_OWN_USES: dict[Purpose, tuple[Use, ...]] = {
    "situation": ("done", "problem"),
    "achievements": ("done",),
    "problems": ("problem",),
    "plans": ("problem",),
}
_ON_ONESELF = frozenset(("situation", "achievements", "problems"))
_STOP_BEFORE_TAIL = re.compile(rf"[。；](?={BRACKETED}$)")  # 。（市科协牵头）


@dataclass(frozen=True, slots=True)
class Lent:
    """What a section may be written from: a sentence of a document, or a part of a note."""

    citation: Citation
    place: str
    text: str


def compose_section(
    draft: Draft, section: Section, evidence: Evidence, model: LanguageModel, progress: Progress
) -> tuple[Draft, str]:
    """`draft` with one section written by `model`, and a note for the author ('' when all is well).

    What fails the check is given back to the model once, and what fails then is dropped. Falls
    back to the assembled section when the model fails or nothing it wrote holds.
    """
    lent = _fitting(_lent(draft, section, evidence), model) if section.purpose in COMPOSED else []
    if not lent:
        return write_section(draft, section, evidence), ""
    try:
        text = _generate(draft, section, lent, model, progress)
    except ModelFailure as failure:
        log.warning("section %s: %s", section.id, failure)
        return write_section(draft, section, evidence), f"{failure}；这一部分改用摘录写成"
    kept, dropped = _judged(draft, section, text, lent, evidence)
    if dropped and (mended := _mended(draft, section, text, lent, evidence, model, progress)):
        again, still = _judged(draft, section, mended, lent, evidence)
        if still < dropped and len(again.section(section.id).marks) >= len(
            kept.section(section.id).marks
        ):
            kept, dropped = again, still
    if not kept.section(section.id).marks:
        note = "模型写的内容没有一句能在资料中核实；这一部分改用摘录写成"
        return write_section(draft, section, evidence), note
    return kept, f"模型写的 {dropped} 句核对不上，已去掉" if dropped else ""


def _lent(draft: Draft, section: Section, evidence: Evidence) -> list[Lent]:
    """The author's own first, then what documents say."""
    own = [
        Lent(note.citation(start, end), OWN_SOURCE, note.text[start:end])
        for use in _OWN_USES.get(section.purpose, ())
        for note, start, end in parts_of(draft, use)
    ]
    if section.purpose in _ON_ONESELF:
        return own
    found = lean_on(draft, section, evidence)
    return own + [
        Lent(citation_of(item.quote(evidence)), place_of(item.hit), item.text) for item in found
    ]


def _fitting(lent: Sequence[Lent], model: LanguageModel) -> list[Lent]:
    """As many as the context has room for, the best first."""
    settings = model.settings
    room = settings.context_tokens - settings.answer_tokens - 800
    chosen = []
    for item in lent:
        room -= count_tokens(item.text) + 80
        if room >= 0:
            chosen.append(item)
    return chosen


def _fence(lent: Sequence[Lent]) -> str:
    return "\n\n".join(fenced(n, item.place, item.text) for n, item in enumerate(lent, 1))


def _generate(
    draft: Draft, section: Section, lent: Sequence[Lent], model: LanguageModel, progress: Progress
) -> str:
    messages = load("section").template.invoke(
        {
            "heading": section.heading or "开头",
            "passages": _fence(lent),
            "request": draft.request.text,
            "title": draft.title,
            "unit": draft.request.unit or NAME_BLANK,
        }
    )
    text = "".join(model.stream(messages.to_messages(), progress.stopped))
    if progress.stopped.is_set():
        raise Stopped
    return tidy(text, len(lent))


def _mended(
    draft: Draft, section: Section, text: str, lent: Sequence[Lent], evidence: Evidence,
    model: LanguageModel, progress: Progress,
) -> str:  # fmt: skip
    """What the model makes of its text when it is told what does not hold; '' where it fails."""
    written = check_section(*_cited(draft, section, parse(text), lent, evidence), evidence)
    failed = [s.check for s in sentences_in(written.body) if s.check and _fails(s.check)]
    messages = load("repair").template.invoke(
        {
            "answer": text,
            "passages": _fence(lent),
            "problems": "\n".join(f"- {c.sentence}：{c.reason}" for c in failed),
            "question": f"为《{draft.title}》写“{section.heading or '开头'}”这一部分",
        }
    )
    try:
        mended = "".join(model.stream(messages.to_messages(), progress.stopped))
    except ModelFailure as failure:
        log.info("no repair: %s", failure)
        return ""
    if progress.stopped.is_set():
        raise Stopped
    return tidy(mended, len(lent))


def _judged(
    draft: Draft, section: Section, text: str, lent: Sequence[Lent], evidence: Evidence
) -> tuple[Draft, int]:
    """The draft with what of a text holds, and how many sentences do not."""
    written, _ = _cited(draft, section, parse(text), lent, evidence)
    return _held(written, section.id, evidence)


def _cited(
    draft: Draft, section: Section, said: Body, lent: Sequence[Lent], evidence: Evidence
) -> tuple[Draft, Section]:
    """The draft, and its section, with what the model said under the draft's own marks. A figure
    of another place that the model took over gives way to a gap."""
    marks = Marks(draft.sources)

    def own(sentence: Sentence, spot: Spot) -> Sentence | None:
        if not says_something(sentence):
            return None
        if spot.row is not None and not sentence.marks:  # a name
            return sentence
        numbers = [marks.of_citation(lent[mark - 1].citation) for mark in sentence.marks]
        plain = _STOP_BEFORE_TAIL.sub("", sentence.plain.strip().rstrip("。；"))
        return Sentence((plain, *numbers, "。"))

    body = without_empty(changed(said, own))
    written = replace(section, body=body, state="已写", origin="model")
    draft = replace(draft.with_section(written), sources=marks.sources)
    draft = _with_gaps(draft, section.id, evidence)
    return draft, draft.section(section.id)


def _with_gaps(draft: Draft, identifier: str, evidence: Evidence) -> Draft:
    """The draft, sentences of a section that state another place's figure as one's own made
    local as a section without a model is."""

    def local(sentence: Sentence, _: Spot) -> Sentence:
        if not sentence.check or not sentence.check.is_foreign:
            return sentence
        sources = [source for mark in sentence.marks if (source := draft.source(mark))]
        held = [evidence.view.summary(source.document_id) for source in sources]
        regions = [document.metadata.region for document in held if document]
        first = next(i for i, piece in enumerate(sentence.pieces) if isinstance(piece, int))
        words = Sentence(sentence.pieces[:first]).plain
        region = next((region for region in regions if region), ())
        said = localized(words, region, draft.request, evidence.view.as_of.year)
        return Sentence((said, *sentence.pieces[first:]))

    section = check_section(draft, draft.section(identifier), evidence)
    return draft.with_section(replace(section, body=changed(section.body, local)))


def _held(draft: Draft, identifier: str, evidence: Evidence) -> tuple[Draft, int]:
    """The draft without the sentences of a section that fail the check, and how many they were.

    That a source's period is over is told to the author and drops nothing.
    """
    section = check_section(draft, draft.section(identifier), evidence)
    failed = sum(_fails(sentence.check) for sentence in sentences_in(section.body))
    kept = changed(section.body, lambda s, _: None if _fails(s.check) else replace(s, check=None))
    return draft.with_section(replace(section, body=without_empty(kept))), failed


def _fails(check: Check | None) -> bool:
    return check is not None and (check.verdict in ("unsupported", "uncited") or check.is_foreign)
