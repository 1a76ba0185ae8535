"""What a section can lean on: sentences of the corpus that fit it, spread over documents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.audit.alignment import alike
from assistant.cite.quote import Quote
from assistant.drafting.bearing import fits, is_creed
from assistant.drafting.comparison import subject_of
from assistant.drafting.models import Draft, Request, Section
from assistant.find.evidence import Evidence, restricted
from vectorstore.language.figures import figures
from vectorstore.language.groups import are_kin, groups_in
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold, says, search_copy
from vectorstore.models import Passage, SearchFilter, SearchHit

PER_SECTION = 7
PER_DOCUMENT = 2
_MIN_LENGTH = 12
_RUN_IN = 22  # characters: a shorter first sentence of a passage is a heading (实施…行动。)
_MIN_TOPIC = 0.35
_MIN_FOCUS = 0.1  # a sentence with less of the focus only fills a section that is nearly empty
_FEW = 3
_PREAMBLE = ("制定本", "制订本", "现印发", "通知如下", "现就")  # belongs to its own document
_GENERAL = ("保障", "要求", "组织", "监督", "考核", "领导")
_QUANTIFIED = ("目标", "指标")
_PINNED = 10.0
_SAME = 0.75
_RESTS_ON = ("根据", "依据", "贯彻", "落实", "按照")
_BASIS = "为贯彻落实 根据 依据 结合实际 制定本方案"
_FEW_DOCUMENTS = 12  # in a larger library only those on the topic are leant on
_ON_TOPIC = 0.7  # of the fit of the best
_MAX_TOPICAL = 10
_PER_PLACE = 3
# What may stand under these need not name the topic, if its document treats it.
_WAIVED = frozenset(("opening", "guidance", "safeguards", "schedule"))
_PER_PURPOSE = {"guidance": 3, "targets": 6, "tasks": 4, "safeguards": 8, "plans": 5}
_PER_DOCUMENT_OF = {"opening": 6, "targets": 4, "safeguards": 3, "tasks": 3}


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence worth leaning on, with how well it fits."""

    hit: SearchHit
    start: int
    end: int
    score: float
    focus: float = 1.0  # the share of the section's own focus that it holds itself

    @property
    def text(self) -> str:
        return self.hit.passage.text[self.start : self.end]

    def quote(self, evidence: Evidence) -> Quote:
        return evidence.quoter.quote(self.hit.document, self.hit.passage, self.start, self.end)


def narrowed(request: Request, evidence: Evidence) -> Request:
    """The request with those documents to follow that treat its topic, where it names places
    that have many."""
    if len(request.models) <= _FEW_DOCUMENTS // 2:
        return request
    where = restricted(SearchFilter(), request.models)
    fit = _fits(request, evidence, where)
    kept: dict[tuple[str, ...], list[str]] = {}
    for identifier in sorted(fit, key=lambda i: -fit[i]):
        region = evidence.summary(identifier).metadata.region
        kept.setdefault(region, []).append(identifier)
    models = [i for ids in kept.values() for i in ids[:_PER_PLACE]]
    return replace(request, models=tuple(models[:_MAX_TOPICAL]))


def topical(
    request: Request, evidence: Evidence, where: SearchFilter = SearchFilter()
) -> frozenset[str]:
    """The documents that treat the topic, by how much of it stands in one of their passages and
    around it."""
    fit = _fits(request, evidence, where)
    best = max(fit.values(), default=0.0)
    ranked = sorted((i for i in fit if fit[i] >= _ON_TOPIC * best), key=lambda i: -fit[i])
    return frozenset(ranked[:_MAX_TOPICAL])


def _fits(request: Request, evidence: Evidence, where: SearchFilter) -> dict[str, float]:
    fit: dict[str, float] = {}
    for topic in request.topics:
        for hit in evidence.search(topic, where):
            title = hit.document.metadata.title
            near = f"{' '.join(hit.passage.heading_path)} {hit.passage.text}"
            held = evidence.coverage(topic, title, near) + 0.5 * evidence.coverage(topic, title)
            fit[hit.document.id] = max(fit.get(hit.document.id, 0.0), held)
    return fit


def scope_of(request: Request, evidence: Evidence) -> SearchFilter:
    """Where a draft looks: in the documents to follow, or in those on its topic."""
    if request.models:
        return SearchFilter(document_ids=frozenset(request.models))
    if len(evidence.corpus.documents) <= _FEW_DOCUMENTS:
        return SearchFilter()
    return SearchFilter(document_ids=topical(request, evidence))


def lean_on(
    draft: Draft, section: Section, evidence: Evidence, count: int = 0, needs: str = ""
) -> list[Found]:
    """The sentences that fit a section best, those in force before those whose period is over.

    Pinned passages come first, dropped ones never, and nothing that another section uses
    already. `needs` is a string that each sentence must hold.
    """
    request = draft.request
    count = count or _PER_PURPOSE.get(section.purpose, PER_SECTION)
    used = _used_elsewhere(draft, section)
    found = [
        item
        for hit in _hits(request, section, evidence)
        if hit.passage.kind in ("body", "row") and hit.passage.id not in section.dropped
        for item in _sentences(hit, draft, section, evidence)
        if needs in item.text
        and (section.purpose != "opening" or says(item.text, _RESTS_ON))
        and (needs or not _is_used(item.text, used))
        and (needs or not says(item.text, _PREAMBLE))
        and not says(item.text, request.excludes)
        and not is_of_others(hit.passage, request)
        and (needs or item.hit.score >= _PINNED or fits(section.purpose, hit.passage, item.text))
    ]
    return _spread(found, count, _PER_DOCUMENT_OF.get(section.purpose, PER_DOCUMENT))


def is_of_others(passage: Passage, request: Request) -> bool:
    """Whether the headings above it name other people than the topic (老年人 in a plan for
    青少年)."""
    ours = groups_in(request.topic)
    theirs = groups_in(" ".join(passage.heading_path))
    return bool(ours and theirs) and not any(
        one == other or are_kin(one, other) for one in ours for other in theirs
    )


def _is_used(text: str, used: set[str]) -> bool:
    """Whether another section says it already, in these or nearly these words."""
    plain = fold(text)
    return plain in used or any(alike(plain, other) > _SAME for other in used)


def _hits(request: Request, section: Section, evidence: Evidence) -> Iterator[SearchHit]:
    where = scope_of(request, evidence)
    pinned = evidence.view.passages(section.pinned)
    for passage in pinned.values():
        yield SearchHit(passage, evidence.summary(passage.document_id), _PINNED, 0.0, 0.0)
    seen = set(pinned)
    for topic in request.topics:
        asked = [f"{topic} {section.focus}"]
        if section.purpose == "opening":
            asked.append(_BASIS)
        for hit in (hit for words in asked for hit in evidence.search(words, where)):
            if hit.passage.id not in seen:
                seen.add(hit.passage.id)
                yield hit


def _sentences(
    hit: SearchHit, draft: Draft, section: Section, evidence: Evidence
) -> Iterator[Found]:
    """Sentences of one passage: the topic may stand around them, the focus must be their own."""
    passage = hit.passage
    around = f"{hit.document.metadata.title} {' '.join(passage.heading_path)}"
    topics = [subject_of(topic) for topic in draft.request.topics]
    cited = {source.document_id for source in draft.sources}
    # 保障措施, 有关要求: such a sentence need not name the topic, if its document treats it.
    waived = hit.score >= _PINNED or (
        (section.purpose in _WAIVED or says(section.heading, _GENERAL))
        and (
            hit.document.id in cited
            or hit.document.id in draft.request.models
            or _treats(topics, hit, evidence)
        )
    )
    for start, end in sentences(passage.text):
        text = passage.text[start:end]
        if len(text) < _MIN_LENGTH or (len(text) < _RUN_IN and _is_run_in(text, start)):
            continue
        topic = max(evidence.coverage(t, around, text) for t in topics)
        if topic < _MIN_TOPIC and not waived:
            continue
        focus = (
            evidence.coverage(section.focus, passage.heading_path[-1], text)
            if passage.heading_path
            else 0.0
        )
        own = evidence.coverage(section.focus, text)
        if says(section.focus, _QUANTIFIED) and any(
            f.unit and f.unit not in "年月日" for f in figures(search_copy(text))
        ):
            own += 0.3  # a target is a number
        yield Found(hit, start, end, topic + own + 0.3 * focus + 0.2 * hit.score, own)


def _is_run_in(text: str, start: int) -> bool:
    """Whether a short sentence is a heading that its paragraph begins with."""
    return start == 0 or not any(mark in text for mark in ",，、")


def _treats(topics: Sequence[str], hit: SearchHit, evidence: Evidence) -> bool:
    return any(evidence.coverage(t, hit.document.metadata.title) >= _MIN_TOPIC for t in topics)


def _used_elsewhere(draft: Draft, section: Section) -> set[str]:
    marks = {
        mark
        for other in draft.sections
        if other.id != section.id and other.purpose != "opening"
        for mark in other.marks
    }
    return {fold(source.quote) for source in draft.sources if source.mark in marks}


def _spread(found: Sequence[Found], count: int, most: int) -> list[Found]:
    """The best, at most `most` of one document, no two that say the same; those of one document
    together, in the order of its text."""
    chosen: list[Found] = []
    used: dict[str, int] = {}
    handicap = 0.15  # of a document that holds no more
    for item in sorted(found, key=lambda f: handicap * f.hit.document.is_over - f.score):
        document = item.hit.document.id
        if used.get(document, 0) >= most and item.hit.score < _PINNED:
            continue
        if item.focus < _MIN_FOCUS and len(chosen) >= _FEW:
            continue
        if any(alike(item.text, other.text) > 0.7 for other in chosen):
            continue
        if is_creed(item.text) and any(is_creed(other.text) for other in chosen):
            continue
        chosen.append(item)
        used[document] = used.get(document, 0) + 1
        if len(chosen) == count:
            break
    first = {f.hit.document.id: i for i, f in reversed(list(enumerate(chosen)))}
    return sorted(
        chosen,
        key=lambda f: (
            f.hit.document.is_over, first[f.hit.document.id], f.hit.passage.ordinal, f.start,
        ),
    )  # fmt: skip
