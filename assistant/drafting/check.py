"""核对: what each sentence of a draft rests on, after whoever wrote or edited it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.audit.alignment import changed_figure
from assistant.cite.check import Cited, check_sentence
from assistant.cite.citation import Citation, cited_passages
from assistant.cite.splitting import says_something
from assistant.cite.structure import Check, Sentence, Spot, Verdict, changed, sentences_in
from assistant.drafting.duties import duties_of, own_organ
from assistant.drafting.levels import at_level, renamed
from assistant.drafting.localize import own_figures_in
from assistant.drafting.models import OWN_SOURCE, Draft, Section, is_own
from assistant.find.evidence import Evidence
from assistant.understand.corpus import label, related
from vectorstore.language.figures import figures
from vectorstore.language.names import NAMED_DOCUMENT
from vectorstore.language.regions import short_name
from vectorstore.language.text import fold, search_copy, squeeze
from vectorstore.models import DocumentSummary

BLANK = re.compile(r"\[(?!\d{1,3}\])[^\[\]\n]{1,20}\]")
_QUOTATION = re.compile(r"“[^”]{8,400}+”")
_SAYS_EXPIRED = re.compile(r"届满|到期|已过期|上一轮|20\d\d\s*[—\-–－]\s*20\d\d")
_DATES = ("年", "月", "日")


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one sentence of a draft, for lists. `problems` are sentences for the
    author."""

    section: str
    sentence: str  # as it stands in the section, marks included
    marks: tuple[int, ...]
    verdict: Verdict
    problems: tuple[str, ...] = ()
    is_foreign: bool = False  # states another place's figure as one's own

    @property
    def is_doubtful(self) -> bool:
        return bool(self.problems)


def findings_of(draft: Draft) -> list[Finding]:
    """The checks that the draft's sentences carry, in order."""
    return [
        Finding(section.id, sentence.text.strip(), sentence.marks, c.verdict, c.problems, c.is_foreign)
        for section in draft.sections
        for sentence in sentences_in(section.body)
        if (c := sentence.check)
    ]  # fmt: skip


def check_draft(draft: Draft, evidence: Evidence) -> tuple[Draft, list[Finding]]:
    """The draft, each sentence with its check and each section's state set by them; and the
    checks as a list."""
    for section in draft.sections:
        if not section.text.strip():
            continue
        checked = check_section(draft, section, evidence)
        doubtful = any(s.check and s.check.problems for s in sentences_in(checked.body))
        draft = draft.with_section(replace(checked, state="有存疑" if doubtful else "已核对"))
    return draft, findings_of(draft)


def check_section(draft: Draft, section: Section, evidence: Evidence) -> Section:
    """The section with a check at each sentence, and at each table cell that cites."""
    sources = [source for mark in section.marks if (source := draft.source(mark))]
    cited = cited_passages(sources, evidence.corpus.by_id, evidence.view)
    cited = [_at_own_level(c, s, draft, evidence) for c, s in zip(cited, sources, strict=True)]
    checking = _Checking(draft, sources, cited, evidence)

    def check(sentence: Sentence, spot: Spot) -> Sentence:
        is_stated = says_something(sentence) and (spot.row is None or bool(sentence.marks))
        return replace(sentence, check=checking.check(sentence, spot.row) if is_stated else None)

    return replace(section, body=changed(section.body, check))


@dataclass(frozen=True, slots=True)
class _Checking:
    """The check of one section's sentences; `row` is the name of a table's row."""

    draft: Draft
    sources: Sequence[Citation]
    cited: Sequence[Cited]
    evidence: Evidence

    def check(self, sentence: Sentence, row: str | None) -> Check:
        stated = _without_own_period(BLANK.sub("", sentence.plain), self.draft)
        if not sentence.marks:
            return _own(stated)
        check = check_sentence(stated, sentence.marks, self.cited)
        sources = [s for mark in sentence.marks for s in self.sources if s.mark == mark]
        found = [_with_original(problem, stated, sources) for problem in check.problems]
        verdict, foreign = check.verdict, False
        for source in sources:
            if is_own(source):
                found += _own_problems(source, self.draft)
                continue
            document = self.evidence.corpus.by_id.get(source.document_id)
            found += _source_problems(source, document, self.evidence)
            if document is not None:
                found += _expired(sentence.plain, row, document, draft=self.draft)
                taken = _foreign(stated, row, source, document, self.draft)
                foreign, found = foreign or bool(taken), found + taken
        return Check(check.sentence, check.marks, verdict, tuple(dict.fromkeys(found)), foreign)


def _at_own_level(cited: Cited, source: Citation, draft: Draft, evidence: Evidence) -> Cited:
    """What a source says, and the same of one's own level (市民政局 → 县民政局, 全市 → 全县):
    whose words these are is told by the citation, and nothing else changes."""
    document = evidence.corpus.by_id.get(source.document_id)
    if document is None:
        return cited
    request, region = draft.request, document.metadata.region
    passage = evidence.view.passage(source.passage_id) if source.passage_id else None
    facts = (
        duties_of(passage, document, evidence) if passage and "单位：" in draft_text(draft) else []
    )
    names = [own_organ(name, document, request) for fact in facts for name in fact.organs]
    said = renamed(at_level(cited.text, region, request.level), request.renames)
    within = cited.text.replace("“", "‘").replace("”", "’")  # a quotation in a quotation
    return replace(cited, text="\n".join((cited.text, said, within, "、".join(names))))


def _without_own_period(text: str, draft: Draft) -> str:
    """The last year of one's own plan stands in no source."""
    period = draft.request.period
    return re.sub(rf"^(力争|\s)*到{period[1]}年", "", text) if period else text


def draft_text(draft: Draft) -> str:
    return "\n".join(section.text for section in draft.sections)


def _own(stated: str) -> Check:
    """A sentence without marks: the author's own, unless it borrows."""
    borrowed = (
        NAMED_DOCUMENT.search(stated)
        or _QUOTATION.search(stated)
        or any(f.unit and f.unit not in _DATES for f in figures(search_copy(stated)))
    )
    if borrowed:
        problem = "这句话引用了文件、数字或原话，但没有出处"
        return Check(stated.strip(), (), "uncited", (problem,))
    return Check(stated.strip(), (), "own")


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


def _own_problems(source: Citation, draft: Draft) -> list[str]:
    note = draft.note(source)
    if note is None or note.text[source.start : source.end] != source.quote:
        return [f"{OWN_SOURCE}的材料已删除或修改，请重新填写"]
    return []


def _expired(text: str, row: str | None, document: DocumentSummary, draft: Draft) -> list[str]:
    """A document that holds no more may lend its wording; what is said to be its rule, or rests
    on its name, must say that it holds no more."""
    if draft.request.kind == "政策解读":
        return []  # it says so in a part of its own
    if not document.is_over or row is not None or _SAYS_EXPIRED.search(text):
        return []
    region = document.metadata.region
    own = draft.request.region
    names = [] if own and related(own, region) else [*region[-1:], *map(short_name, region[-1:])]
    if not any(name in text for name in (*names, document.metadata.title)):
        return []
    return [f"所引《{document.metadata.title}》{document.state}，请注明或换用现行文件"]


def _foreign(
    stated: str, row: str | None, source: Citation, document: DocumentSummary, draft: Draft
) -> list[str]:
    """Another place's figure must be attributed to it: 保山市提出…"""
    region = document.metadata.region
    own = draft.request.region
    if not region or (own and related(own, region)):
        return []
    held = fold(search_copy(source.quote))
    taken = [
        figure
        for figure in own_figures_in(NAMED_DOCUMENT.remove_from(search_copy(stated)))
        if fold(figure) in held
    ]
    names = [*region, *map(short_name, region), document.metadata.title]
    if not taken or any(name in f"{row or ''}{stated}" for name in names):
        return []
    return [f"“{taken[0]}”是{label(document)}的数字，请写明“{label(document)}提出”，或换成本地数据"]
