"""Sections written by a language model from the passages a section leans on, and held to the
same check as all others: a sentence that fails it does not get into the draft."""

import logging
from dataclasses import replace

from assistant.answer import citation_of
from assistant.citations import marks_in, split_line, strip_marks
from assistant.drafting.check import check_section
from assistant.drafting.comparison import expired_note
from assistant.drafting.models import NAME_BLANK, Draft, Marks, Section
from assistant.drafting.sources import lean_on
from assistant.drafting.write import write_section
from assistant.events import Progress, Stopped
from assistant.evidence import Evidence
from assistant.generation import Sources, best_quote, fence, tidy
from assistant.llm import LanguageModel, ModelFailure
from assistant.tokens import count_tokens
from prompts import load
from vectorstore.lexical import tokens
from vectorstore.models import SearchHit

log = logging.getLogger(__name__)

# Tables and customary formulas are not a model's business.
COMPOSED = frozenset({"measures", "tasks"})


def compose_section(
    draft: Draft, section: Section, evidence: Evidence, model: LanguageModel, progress: Progress
) -> tuple[Draft, str]:
    """`draft` with one section written by `model`, and a note for the author ('' when all is well).

    Falls back to the assembled section when the model fails or nothing it wrote holds.
    """
    if section.purpose not in COMPOSED:
        return write_section(draft, section, evidence), ""
    sources = _sources(draft, section, evidence, model)
    if not sources.hits:
        return write_section(draft, section, evidence), ""
    try:
        text = _generate(draft, section, sources, model, progress)
    except ModelFailure as failure:
        log.warning("section %s: %s", section.id, failure)
        return write_section(draft, section, evidence), f"{failure}；这一部分改用摘录写成"
    written = _cited(draft, section, text, sources, evidence)
    kept, dropped = _held(written, section.id, evidence)
    if not kept.section(section.id).marks:
        note = "模型写的内容没有一句能在资料中核实；这一部分改用摘录写成"
        return write_section(draft, section, evidence), note
    return kept, f"模型写的 {dropped} 句核对不上，已去掉" if dropped else ""


def _sources(draft: Draft, section: Section, evidence: Evidence, model: LanguageModel) -> Sources:
    """The passages that hold the sentences worth leaning on, as many as the context has room."""
    settings = model.settings
    room = settings.context_tokens - settings.answer_tokens - 800
    chosen: dict[str, SearchHit] = {}
    for found in lean_on(draft, section, evidence):
        size = count_tokens(found.hit.passage.text) + 80
        if found.hit.passage.id not in chosen and size <= room:
            chosen[found.hit.passage.id] = found.hit
            room -= size
    return Sources(tuple(chosen.values()))


def _generate(
    draft: Draft, section: Section, sources: Sources, model: LanguageModel, progress: Progress
) -> str:
    messages = load("section").template.invoke(
        {
            "heading": section.heading or "开头",
            "passages": fence(sources),
            "request": draft.request.text,
            "title": draft.title,
            "unit": draft.request.unit or NAME_BLANK,
        }
    )
    text = "".join(model.stream(messages.to_messages(), progress.stopped))
    if progress.stopped.is_set():
        raise Stopped
    return tidy(text, sources)


def _cited(
    draft: Draft, section: Section, text: str, sources: Sources, evidence: Evidence
) -> Draft:
    """The text with the draft's own marks, each on the sentence of the passage it rests on."""
    marks = Marks(list(draft.sources))

    def own(sentence: str) -> str:
        said = set(tokens(sentence))
        hits = [sources.hits[mark - 1] for mark in marks_in(sentence)]
        numbers = [marks.of(citation_of(best_quote(said, hit, evidence))) for hit in hits]
        notes = dict.fromkeys(expired_note(hit.document) for hit in hits)
        plain = strip_marks(sentence).strip().rstrip("。；")
        return f"{plain}{''.join(f'[{n}]' for n in numbers)}{''.join(notes)}。"

    lines = ["".join(map(own, split_line(line))) for line in text.splitlines()]
    written = replace(section, text="\n".join(filter(None, lines)), state="已写")
    return replace(draft.with_section(written), sources=tuple(marks.sources))


def _held(draft: Draft, identifier: str, evidence: Evidence) -> tuple[Draft, int]:
    """The draft without the sentences of a section that fail the check, and how many they were.

    That a source's period is over is told to the author and drops nothing.
    """
    section = draft.section(identifier)
    failed = [
        finding.sentence
        for finding in check_section(draft, section, evidence)
        if finding.verdict in ("unsupported", "uncited") or finding.is_foreign
    ]
    text = section.text
    for sentence in failed:
        text = text.replace(sentence, "", 1)
    lines = [line for line in text.splitlines() if marks_in(line) or line.strip()]
    return draft.with_section(replace(section, text="\n".join(lines))), len(failed)
