"""核对: what each sentence of a draft rests on, after whoever wrote or edited it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.audit.alignment import changed_figure
from assistant.cite.check import Cited, check_sentence, marks_in, split_line, strip_marks
from assistant.cite.citation import Citation, card, whole_text
from assistant.cite.markdown import cells_of, is_rule
from assistant.drafting.models import Draft, Section
from assistant.find.evidence import Evidence
from assistant.understand.corpus import label, related
from vectorstore.language.figures import figures
from vectorstore.language.names import NAMED_DOCUMENT
from vectorstore.language.regions import short_name
from vectorstore.language.text import fold, search_copy, squeeze
from vectorstore.models import DocumentSummary

Verdict = Literal["supported", "unsupported", "uncited", "own"]

BLANK = re.compile(r"\[(?!\d{1,3}\])[^\[\]\n]{1,20}\]")
_QUOTATION = re.compile(r"“[^”]{8,400}+”")
_SAYS_EXPIRED = re.compile(r"届满|到期|已过期|上一轮|20\d\d\s*[—\-–－]\s*20\d\d")
_DATES = ("年", "月", "日")


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one sentence. `problems` are sentences for the author; a sentence in the
    author's own words that states no borrowed fact is `own` and needs no source."""

    section: str
    sentence: str  # as it stands in the section, marks included
    marks: tuple[int, ...]
    verdict: Verdict
    problems: tuple[str, ...] = ()
    is_foreign: bool = False  # states another place's figure as one's own

    @property
    def is_doubtful(self) -> bool:
        return bool(self.problems)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    row: str | None = None  # the name of the table row it stands in


def check_draft(draft: Draft, evidence: Evidence) -> tuple[Draft, list[Finding]]:
    """Findings on every sentence, and the draft with its sections' states set by them."""
    findings = []
    for section in draft.sections:
        if not section.text.strip():
            continue
        own = check_section(draft, section, evidence)
        findings += own
        doubtful = any(finding.is_doubtful for finding in own)
        state = replace(section, state="有存疑" if doubtful else "已核对")
        draft = draft.with_section(state)
    return draft, findings


def check_section(draft: Draft, section: Section, evidence: Evidence) -> list[Finding]:
    """One finding for each sentence and each table cell that states something."""
    sources = {mark: draft.source(mark) for mark in section.marks}
    return [
        _check(
            sentence, [s for m in marks_in(sentence.text) if (s := sources[m])],
            draft, section.id, evidence,
        )
        for sentence in _sentences(section.text)
    ]  # fmt: skip


def _sentences(text: str) -> Iterator[_Sentence]:
    lines = text.split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if not line.strip().startswith("|"):
            yield from map(_Sentence, split_line(line))
        elif not is_rule(line) and not is_rule(below):
            name, *cells = cells_of(line)
            yield from (_Sentence(cell, name) for cell in (name, *cells) if marks_in(cell))


def _check(
    sentence: _Sentence,
    sources: Sequence[Citation],
    draft: Draft,
    section: str,
    evidence: Evidence,
) -> Finding:
    text = sentence.text
    plain = BLANK.sub("", text)
    stated = strip_marks(plain)
    if not marks_in(text):
        borrowed = (
            NAMED_DOCUMENT.search(stated)
            or _QUOTATION.search(stated)
            or any(f.unit and f.unit not in _DATES for f in figures(search_copy(stated)))
        )
        problems = ("这句话引用了文件、数字或原话，但没有出处",) if borrowed else ()
        return Finding(section, text, (), "uncited" if borrowed else "own", problems)
    cited = [_cited(source, evidence) for source in sources]
    check = check_sentence(plain, cited)
    found = [_with_original(problem, stated, sources) for problem in check.problems]
    unsupported, foreign = bool(found), False
    for source in sources:
        document = evidence.corpus.by_id.get(source.document_id)
        found += _source_problems(source, document, evidence)
        if document is not None:
            found += _expired(text, sentence.row, document)
            taken = _foreign(stated, sentence.row, source, document, draft)
            foreign, found = foreign or bool(taken), found + taken
    verdict: Verdict = "uncited" if not sources else "unsupported" if unsupported else "supported"
    return Finding(section, text, marks_in(text), verdict, tuple(dict.fromkeys(found)), foreign)


def _cited(source: Citation, evidence: Evidence) -> Cited:
    """What a mark's sentence is checked against: the passage and its document's card."""
    passages = evidence.index.catalog.passages_by_id([source.passage_id])
    document = evidence.corpus.by_id.get(source.document_id)
    known = card(document) if document else f"{source.title}\n{source.document_number or ''}"
    around = whole_text(passages.get(source.passage_id))
    return Cited(source.mark, f"{source.quote}\n{around}", known)


def _with_original(problem: str, stated: str, sources: Sequence[Citation]) -> str:
    """Names what the source says where a figure differs from it."""
    if changed := changed_figure(stated, [source.quote for source in sources]):
        ours, theirs = changed
        if ours.text in problem:
            return f"数字与原文不同：这里写“{ours.text}”，原文为“{theirs.text}”"
    return problem


def _source_problems(
    source: Citation, document: DocumentSummary | None, evidence: Evidence
) -> list[str]:
    if document is None:
        return [f"出处《{source.title}》已不在库中，无法核对"]
    text = evidence.quoter.source(document.id)[source.start : source.end]
    if fold(squeeze(text)) != fold(squeeze(source.quote)):
        return [f"出处《{source.title}》入库后有更新，引文与现在的原文不一致"]
    return []


def _expired(text: str, row: str | None, document: DocumentSummary) -> list[str]:
    if not document.metadata.is_expired() or row is not None or _SAYS_EXPIRED.search(text):
        return []
    period = document.metadata.period
    return [f"所引《{document.metadata.title}》的规划期{period}已届满，请注明或换用现行文件"]


def _foreign(
    stated: str, row: str | None, source: Citation, document: DocumentSummary, draft: Draft
) -> list[str]:
    """Another place's figure must be attributed to it: 保山市提出…"""
    region = document.metadata.region
    own = draft.request.region
    if not region or (own and related(own, region)):
        return []
    taken = [
        f.text
        for f in figures(NAMED_DOCUMENT.remove_from(search_copy(stated)))
        if f.unit and f.unit not in _DATES and fold(f.text) in fold(search_copy(source.quote))
    ]
    names = [*region, *map(short_name, region), document.metadata.title]
    if not taken or any(name in f"{row or ''}{stated}" for name in names):
        return []
    return [f"“{taken[0]}”是{label(document)}的数字，请写明“{label(document)}提出”，或换成本地数据"]
