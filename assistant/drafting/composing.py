"""Sections written by a language model from the sentences a section leans on, and held to the
same check as all others: a sentence that fails it does not get into the draft."""

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers.by_model import fence, tidy
from assistant.cite.citation import Marks
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
from assistant.drafting.comparison import expired_note
from assistant.drafting.localize import localized
from assistant.drafting.models import NAME_BLANK, Draft, Section
from assistant.drafting.sources import Found, lean_on
from assistant.drafting.write import write_section
from assistant.events import Progress, Stopped
from assistant.find.evidence import Evidence
from assistant.llm import LanguageModel, ModelFailure
from assistant.tokens import count_tokens
from prompts import load
from vectorstore.language.sentences import BRACKETED

log = logging.getLogger(__name__)

# Tables and customary formulas are not a model's business.
COMPOSED = frozenset({"measures", "tasks"})
_STOP_BEFORE_TAIL = re.compile(rf"[。；](?={BRACKETED}$)")  # 。（市科协牵头）


def compose_section(
    draft: Draft, section: Section, evidence: Evidence, model: LanguageModel, progress: Progress
) -> tuple[Draft, str]:
    """`draft` with one section written by `model`, and a note for the author ('' when all is well).

    Falls back to the assembled section when the model fails or nothing it wrote holds.
    """
    if section.purpose not in COMPOSED:
        return write_section(draft, section, evidence), ""
    leant_on = _fitting(lean_on(draft, section, evidence), model)
    if not leant_on:
        return write_section(draft, section, evidence), ""
    try:
        said = parse(_generate(draft, section, leant_on, model, progress))
    except ModelFailure as failure:
        log.warning("section %s: %s", section.id, failure)
        return write_section(draft, section, evidence), f"{failure}；这一部分改用摘录写成"
    written = _cited(draft, section, said, leant_on, evidence)
    kept, dropped = _held(written, section.id, evidence)
    if not kept.section(section.id).marks:
        note = "模型写的内容没有一句能在资料中核实；这一部分改用摘录写成"
        return write_section(draft, section, evidence), note
    return kept, f"模型写的 {dropped} 句核对不上，已去掉" if dropped else ""


def _fitting(leant_on: Sequence[Found], model: LanguageModel) -> list[Found]:
    """As many sentences as the context has room for, the best first."""
    settings = model.settings
    room = settings.context_tokens - settings.answer_tokens - 800
    chosen = []
    for found in leant_on:
        room -= count_tokens(found.text) + 80
        if room >= 0:
            chosen.append(found)
    return chosen


def _generate(
    draft: Draft,
    section: Section,
    leant_on: Sequence[Found],
    model: LanguageModel,
    progress: Progress,
) -> str:
    messages = load("section").template.invoke(
        {
            "heading": section.heading or "开头",
            "passages": fence([(found.hit, found.text) for found in leant_on]),
            "request": draft.request.text,
            "title": draft.title,
            "unit": draft.request.unit or NAME_BLANK,
        }
    )
    text = "".join(model.stream(messages.to_messages(), progress.stopped))
    if progress.stopped.is_set():
        raise Stopped
    return tidy(text, len(leant_on))


def _cited(
    draft: Draft, section: Section, said: Body, leant_on: Sequence[Found], evidence: Evidence
) -> Draft:
    """What the model said with the draft's own marks. A figure of another place that the model
    took over gives way to a gap."""
    marks = Marks(draft.sources)

    def own(sentence: Sentence, spot: Spot) -> Sentence | None:
        if not says_something(sentence):
            return None
        if spot.row is not None and not sentence.marks:  # a name
            return sentence
        used = [leant_on[mark - 1] for mark in sentence.marks]
        numbers = [marks.of(found.quote(evidence)) for found in used]
        notes = dict.fromkeys(expired_note(found.hit.document) for found in used)
        plain = _STOP_BEFORE_TAIL.sub("", sentence.plain.strip().rstrip("。；"))
        return Sentence((plain, *numbers, f"{''.join(notes)}。"))

    body = without_empty(changed(said, own))
    written = replace(section, body=body, state="已写", origin="model")
    draft = replace(draft.with_section(written), sources=marks.sources)
    return _with_gaps(draft, section.id, evidence)


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
