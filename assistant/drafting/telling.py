"""Sections that tell what a document says as that document's: precedents of other places, and
the explanation of a policy. Quotations keep their figures, and each names whose they are."""

import re
from collections.abc import Sequence

from assistant.audit.alignment import alike
from assistant.cite.citation import Marks, inside_brackets
from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line
from assistant.drafting.bearing import fits, is_news, use_by_headings
from assistant.drafting.borrowing import NOTHING
from assistant.drafting.comparison import expired_note
from assistant.drafting.localize import wide
from assistant.drafting.models import Draft, Request, Section
from assistant.drafting.own import likeness, own_figures
from assistant.drafting.sources import scope_of, topical
from assistant.find.evidence import Evidence
from assistant.understand.corpus import label, related
from vectorstore.facts import Fact, FactFilter
from vectorstore.language.figures import figures
from vectorstore.language.numbering import unnumbered
from vectorstore.language.regions import short_name
from vectorstore.language.sentences import sentences
from vectorstore.language.text import search_copy, squeeze
from vectorstore.models import DocumentSummary, Passage, SearchFilter, SearchHit

_CHINESE = "一二三四五六七八九十"
_LONGEST = 160  # characters of a quotation
_MIN_LENGTH = 14
_MIN_FIT = 0.3
_ON_TOPIC = 0.6  # of the topic's weight, in a sentence that is told as a precedent
_MOST_QUESTIONS = 3
_SAME_INDICATOR = 0.5
_SAME_WORDS = 0.8
_NO_POINT = re.compile(
    r"[:：]\s*$|联系人|此件|^为(?:深入|了|全面)|^(?:《|关于)[^。]{4,60}(?:通知|意见|方案)[》\s]*$"
)
_NOT_TOLD = ("background", "division", "safeguards")  # who reads it asks what it is about
_ALLOWS = re.compile(
    r"可以|可(?:按|在|向|申请)|应当|应(?:按|在)|不得|免收|免征|减半|减免|缓缴|退|抵|补贴|补助|办理|申请|享受|期限|原则上"
)


def precedents(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """What other places set out, each under its name and year, exactly quoted."""
    request = draft.request
    wanted = f"{request.topic} {request.matter}"
    lines, years = _told(draft, wanted, evidence, marks, most=4)
    if not lines:
        return (line_of("[有关政策依据和外地做法]。"),)
    old = sorted({year for year in years if year < evidence.view.as_of.year - 1})
    if old:
        when = f"{old[0]}年" if len(old) == 1 else f"{old[0]}—{old[-1]}年"
        lines.append(
            line_of(
                f"上述做法出台于{when}，有关政策的执行期可能已过，仅作先例参考，不作为现行依据。"
            )
        )
    return tuple(lines)


def beside(draft: Draft, evidence: Evidence, marks: Marks) -> Body:
    """What the documents that the request names aim at, beside one's own figures."""
    subjects = [f.subject for note in draft.own for f in own_figures(note)]
    where = FactFilter(kinds=("target",), document_ids=frozenset(draft.request.models))
    found: dict[tuple[str, int], Fact] = {}
    for subject in subjects:
        named = [
            (likeness(subject, f"{f.group}{f.subject}"), f) for f in evidence.view.facts(where)
        ]
        best = max(named, key=lambda pair: pair[0], default=None)
        if best and best[0] >= _SAME_INDICATOR:
            found.setdefault((best[1].document_id, best[1].start), best[1])
    lines = []
    for fact in list(found.values())[:3]:
        document = evidence.summary(fact.document_id)
        quote = evidence.quoter.fact(document, fact)
        year = f"到{fact.year}年" if fact.year and str(fact.year) not in quote.text else ""
        said = f"{label(document)}提出{year}的目标是“{_inside(squeeze(quote.text))}”"
        lines.append(line_of(said, marks.of(quote), "。"))
    if lines:
        lines.append(line_of("上述为外地提出的目标，行政层级、口径和时限不尽相同，仅作参照。"))
    return tuple(lines)


def _told(
    draft: Draft, wanted: str, evidence: Evidence, marks: Marks, most: int
) -> tuple[list[Line], list[int]]:
    lines, years = [], []
    for document in _others(draft.request, evidence)[:most]:
        found = _best(wanted, draft.request.topic, document, evidence)
        if found is None:
            continue
        hit, start, end = found
        quote = evidence.quoter.quote(document, hit.passage, start, end)
        year = f"{document.metadata.year}年" if document.metadata.year else ""
        title = inside_brackets(document.metadata.title)
        words = _inside(squeeze(quote.text).rstrip("。；;"))
        note = expired_note(document)
        lead = f"{label(document)}{year}《{title}》{note}提出：“{words}”"
        lines.append(line_of(lead, marks.of(quote), "。"))
        years.append(document.metadata.year or 9999)
    return lines, years


def _inside(words: str) -> str:
    """Quotation marks within a quotation are single ones."""
    return wide(words.replace("“", "‘").replace("”", "’"))


def _others(request: Request, evidence: Evidence) -> list[DocumentSummary]:
    ids = scope_of(request, evidence).document_ids or topical(request, evidence)
    found = [evidence.summary(i) for i in (request.models or sorted(ids))]
    foreign = [
        d
        for d in found
        if d.metadata.region and not (request.region and related(request.region, d.metadata.region))
    ]
    first: dict[tuple[str, ...], DocumentSummary] = {}
    ranked = sorted(
        foreign,
        key=lambda d: (
            short_name(d.metadata.region[-1]) not in request.text,
            d.metadata.kind is None, -evidence.coverage(request.topic, d.metadata.title),
        ),
    )  # fmt: skip
    for document in ranked:
        first.setdefault(document.metadata.region, document)
    named = [d for d in first.values() if short_name(d.metadata.region[-1]) in request.text]
    return named or list(first.values())


def _best(
    wanted: str, topic: str, document: DocumentSummary, evidence: Evidence
) -> tuple[SearchHit, int, int] | None:
    """The sentence of a document that says most of what is wanted, one with a figure before
    others; None where none is about the topic."""
    best: tuple[float, SearchHit, int, int] | None = None
    for hit in evidence.search(wanted, SearchFilter(document_ids=frozenset({document.id}))):
        for start, end in sentences(hit.passage.text):
            text = hit.passage.text[start:end]
            if not _MIN_LENGTH <= len(text) <= _LONGEST or hit.passage.kind not in ("body", "row"):
                continue
            if is_news(text) or not fits("measures", hit.passage, text):
                continue
            if evidence.coverage(topic, text) < _ON_TOPIC:
                continue
            has_figure = any(f.unit and f.unit not in "年月日" for f in figures(search_copy(text)))
            allows = bool(_ALLOWS.search(text))
            score = evidence.coverage(wanted, text) + 0.1 * has_figure + 0.1 * allows
            if best is None or score > best[0]:
                best = (score, hit, start, end)
    return best[1:] if best else None


# --- an explanation -------------------------------------------------------------------------------


def explained(request: Request, evidence: Evidence) -> DocumentSummary | None:
    """The document that is explained: the one that the request names, or the most fitting."""
    ids = list(request.models) or list(topical(request, evidence))
    held = [evidence.summary(i) for i in ids if i in evidence.corpus.by_id]
    return max(
        held,
        key=lambda d: (
            evidence.coverage(request.topic, d.metadata.title), not d.is_over, d.metadata.year or 0,
        ),
        default=None,
    )  # fmt: skip


def background(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    document = explained(draft.request, evidence)
    if document is None:
        return (line_of(NOTHING),)
    m = document.metadata
    field = evidence.quoter.field(document, "title") or evidence.quoter.stretch(document, 0, 40)
    day = m.dated
    when = f"{day.year}年{day.month}月{day.day}日，" if day else ""
    number = f"（{m.document_number}）" if m.document_number else ""
    said = f"{when}{m.issuer or '有关部门'}印发《{inside_brackets(m.title)}》{number}"
    lines = [line_of(said, marks.of(field), "。")]
    for passage in evidence.view.passages_of(document.id):
        for start, end in sentences(passage.text):
            text = passage.text[start:end]
            if (
                passage.kind == "body"
                and re.match(r"为了?[^，。]{4,}|根据|按照", text)
                and len(text) <= 220
            ):
                quote = evidence.quoter.quote(document, passage, start, end)
                words = _inside(squeeze(text).rstrip("。：:"))
                lines.append(line_of(f"文件写明：“{words}”", marks.of(quote), "。"))
                return tuple(lines)
    return tuple(lines)


def points(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """The document's own parts, each with the sentences that say most."""
    document = explained(draft.request, evidence)
    if document is None:
        return (line_of(NOTHING),)
    used = {s.quote for other in draft.sections for m in other.marks if (s := draft.source(m))}
    lines: list[Line] = []
    for heading, passages in _parts(document, evidence):
        told = [
            at for at in _telling(passages, draft.request, evidence, most=2)
            if (text := evidence.quoter.quote(document, *at).text) not in used
            and not (len(text) <= len(heading) + 4 and alike(text, heading) > _SAME_WORDS)
        ]  # fmt: skip
        if not told or len(lines) == len(_CHINESE):
            continue
        name = unnumbered(heading).strip("。：: ")
        lead = (
            f"（{_CHINESE[len(lines)]}）{name}。"
            if 2 <= len(name) <= 30
            else f"（{_CHINESE[len(lines)]}）"
        )
        pieces: list[str | int] = [lead]
        for passage, start, end in told:
            quote = evidence.quoter.quote(document, passage, start, end)
            pieces += [_bare(quote.text), marks.of(quote), "。"]
        lines.append(line_of(*pieces))
    return tuple(lines) or (line_of(NOTHING),)


def _bare(text: str) -> str:
    return wide(unnumbered(squeeze(text))).rstrip("。；;")


def _parts(document: DocumentSummary, evidence: Evidence) -> list[tuple[str, list[Passage]]]:
    """Passages by the outermost heading; without headings each passage stands alone."""
    parts: dict[str, list[Passage]] = {}
    for number, passage in enumerate(evidence.view.passages_of(document.id)):
        if passage.kind == "body" and use_by_headings(passage) not in _NOT_TOLD:
            key = passage.heading_path[0] if passage.heading_path else f"\0{number}"
            parts.setdefault(key, []).append(passage)
    return [("" if key[0] == "\0" else key, held) for key, held in parts.items()]


def _telling(
    passages: Sequence[Passage], request: Request, evidence: Evidence, most: int
) -> list[tuple[Passage, int, int]]:
    found = []
    for passage in passages:
        for start, end in sentences(passage.text):
            text = passage.text[start:end]
            if not _MIN_LENGTH <= len(text) <= 2 * _LONGEST or _NO_POINT.search(text):
                continue
            score = 0.2 * bool(_ALLOWS.search(text)) + 0.1 * bool(figures(search_copy(text)))
            score += evidence.coverage(request.topic, text, " ".join(passage.heading_path))
            if score >= _MIN_FIT:
                found.append((score, passage, start, end))
    best = sorted(found, key=lambda f: -f[0])[:most]
    return [(p, a, b) for _, p, a, b in sorted(best, key=lambda f: (f[1].ordinal, f[2]))]


def questions(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Questions that the document's own rules answer; the answers are its sentences."""
    document = explained(draft.request, evidence)
    if document is None:
        return (line_of(NOTHING),)
    topic = draft.request.topic
    used = {s.quote for other in draft.sections for m in other.marks if (s := draft.source(m))}
    found = []
    for passage in evidence.view.passages_of(document.id):
        around = " ".join(passage.heading_path)
        for start, end in sentences(passage.text):
            quote = evidence.quoter.quote(document, passage, start, end)
            text = _bare(quote.text)
            if passage.kind != "body" or quote.text in used or not 20 <= len(text) <= 220:
                continue
            if use_by_headings(passage) in _NOT_TOLD:
                continue
            if not _ALLOWS.search(text) or re.match(r"[其同此该以上各]|为", text):
                continue
            fit = evidence.coverage(topic, text) + 0.5 * evidence.coverage(topic, around)
            found.append((fit, _asked(text, passage), quote, text))
    lines: list[Line] = []
    best = {asked: (quote, text) for _, asked, quote, text in sorted(found, key=lambda f: f[0])}
    for asked, (quote, text) in list(reversed(best.items()))[:_MOST_QUESTIONS]:
        lines += [line_of(f"问：{asked}"), line_of(f"答：{text}", marks.of(quote), "。")]
    return tuple(lines) or (line_of("问：[企业和群众关心的问题]？"), line_of("答：[解答]。"))


def _asked(text: str, passage: Passage) -> str:
    """A question that a rule answers, by the heading above it or by what it begins with."""
    heading = unnumbered(passage.heading_path[-1]).strip("。：: ") if passage.heading_path else ""
    if 4 <= len(heading) <= 24:
        return f"在{heading}方面，是怎么规定的？"
    subject = re.split(r"[，,：:；]", text)[0].replace("“", "").replace("”", "")
    return f"{subject[:28]}，有什么规定？"


def validity(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Whether what was explained can still be applied for, as far as the library shows."""
    document = explained(draft.request, evidence)
    if document is None:
        return (line_of(NOTHING),)
    year, state = document.metadata.year, document.state
    old = year is not None and year < evidence.view.as_of.year - 1
    if document.is_over or old:
        when = f"于{year}年出台" if year else "出台较早"
        known = f"，库中显示{state}" if document.is_over else ""
        return (
            line_of(
                f"重要提示：本文解读的文件{when}{known}。本文仅作政策回顾，不表示现在仍可申请或办理；"
                "现行政策请以有关部门最新公布的文件为准。"
            ),
        )
    return (line_of(f"本文解读的文件时效状态为“{state}”，具体执行以文件原文和有关部门解释为准。"),)
