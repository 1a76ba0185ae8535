"""Sections from passages, without a model: source sentences made one's own, with gaps where
another place's facts stood; comparisons with a citation in every cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import citation_of
from assistant.corpus import label
from assistant.drafting.localize import localized
from assistant.drafting.models import (
    DATA_BLANK,
    NAME_BLANK,
    YEAR_BLANK,
    Draft,
    Marks,
    Request,
    Section,
)
from assistant.drafting.tables import comparison, division_of_work
from assistant.evidence import Evidence
from assistant.quoting import Quote
from vectorstore.models import DocumentSummary, SearchFilter, SearchHit
from vectorstore.text import fold, sentences

PER_SECTION = 6
PER_DOCUMENT = 2
_MIN_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence worth leaning on, and how well it fits."""

    hit: SearchHit
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        return self.hit.passage.text[self.start : self.end]


def write_section(draft: Draft, section: Section, evidence: Evidence) -> Draft:
    """`draft` with one section written anew; no other section is touched."""
    marks = Marks(list(draft.sources))
    writer = _WRITERS.get(section.purpose, _measures)
    text = writer(draft.request, section, evidence, marks)
    done = replace(section, text=text, state="已写")
    return replace(draft.with_section(done), sources=tuple(marks.sources))


# --- one writer for each purpose ------------------------------------------------------------------


def _measures(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    """Measures that documents take, each a paragraph with its source."""
    found = lean_on(request, section, evidence)
    if not found:
        return f"{NAME_BLANK}{_plain(section.heading)}：（库中没有找到可参考的内容，请补写）"
    lines = []
    for item in found:
        text = localized(item.text, item.hit.document.metadata.region).rstrip("；;，,")
        text = text if text.endswith(("。", "）")) else text + "。"
        lines.append(f"{text}[{_mark(item, evidence, marks)}]{_expired(item.hit.document)}")
    return "\n".join(dict.fromkeys(lines))


def _targets(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    """How others set targets: the wording with gaps; their figures only with their names."""
    return _measures(request, section, evidence, marks)


def _opening(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    """The basis in one sentence: documents that the corpus names as basis, with their numbers."""
    cited: dict[str, str] = {}
    for item in lean_on(request, section, evidence, count=8, needs="《"):
        for title in re.findall(
            r"《(?:[^《》]|《[^《》]*》)+》(?:\s*[（(][^（()）]{4,24}号[)）])?", item.text
        ):
            key = fold(title)
            if key not in cited and not re.search(r"以下简称", title) and len(cited) < 3:
                cited[key] = f"{title}[{_mark(item, evidence, marks)}]"
    basis = "、".join(cited.values())
    lead = f"根据{basis}" if basis else "根据[上级文件依据]"
    closing = {"通知": "现就有关事项通知如下：", "请示": "现将有关情况请示如下："}.get(
        request.kind, f"制定本{_form(request.kind)}。"
    )
    return f"为做好{request.topic}工作，{lead}，结合{request.unit or NAME_BLANK}实际，{closing}"


def _closing(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    if request.kind == "请示":
        return "妥否，请批示。"
    if request.kind == "管理办法":
        return f"本办法自{YEAR_BLANK}[月][日]起施行，有效期{DATA_BLANK}。"
    return "特此通知。"


def _requested(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    return f"恳请同意{request.topic}，所需[事项、金额和来源]：{DATA_BLANK}。"


def _comparison(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    return comparison(request, evidence, marks)


def _notes(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    return "（上表写成后，各地口径是否可比在此说明；点“重写本节”可按上表自动列出。）"


def _table(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    return division_of_work(request, evidence, marks) or _measures(
        request, section, evidence, marks
    )


def _advice(request: Request, section: Section, evidence: Evidence, marks: Marks) -> str:
    """Advice is the author's own and says so; what it leans on is cited."""
    lines = ["（以下为起草建议，不是文件原文，请结合实际修改。）"]
    for number, item in enumerate(lean_on(request, section, evidence, count=3), 1):
        place = label(item.hit.document)
        text = _core(item.text)
        lines.append(
            f"{number}.可借鉴{place}“{text}”的做法[{_mark(item, evidence, marks)}]，结合{NAME_BLANK}实际提出量化指标{DATA_BLANK}。"
        )
    return "\n".join(lines)


def _core(text: str) -> str:
    """The first clauses of a sentence, exactly as they stand."""
    return re.split(r"(?<=.{24})[，,。；;]", text.strip(), maxsplit=1)[0].rstrip("。；;，,")


_WRITERS = {
    "measures": _measures,
    "targets": _targets,
    "opening": _opening,
    "closing": _closing,
    "request": _requested,
    "comparison": _comparison,
    "notes": _notes,
    "table": _table,
    "advice": _advice,
}


def _form(kind: str) -> str:
    return "办法" if kind == "管理办法" else "方案"


def _plain(heading: str) -> str:
    return re.sub(r"^(?:第[^条]+条|[一二三四五六七八九十]+、|（[^）]+）)|[【】]", "", heading)


# --- what to lean on ----------------------------------------------------------------------------


def lean_on(
    request: Request,
    section: Section,
    evidence: Evidence,
    count: int = PER_SECTION,
    needs: str = "",
) -> list[Found]:
    """The sentences that fit a section best, spread over documents, in force before expired.

    Pinned passages come first; dropped ones never.
    """
    where = (
        SearchFilter(document_ids=frozenset(request.models)) if request.models else SearchFilter()
    )
    hits = [h for h in evidence.search(section.query, where) if h.passage.id not in section.dropped]
    pinned = evidence.index.catalog.passages_by_id(section.pinned)
    found = [
        item
        for hit in hits
        if hit.passage.kind in ("body", "row")
        for item in _sentences(hit, section, evidence, needs)
    ]
    for passage in pinned.values():
        document = evidence.summary(passage.document_id)
        hit = SearchHit(passage, document, 1.0, 1.0, 1.0)
        found += [
            replace(item, score=item.score + 10)
            for item in _sentences(hit, section, evidence, needs)
        ]
    return _spread(found, count)


def _sentences(hit: SearchHit, section: Section, evidence: Evidence, needs: str) -> list[Found]:
    around = f"{hit.document.metadata.title} {' '.join(hit.passage.heading_path)}"
    result = []
    for start, end in sentences(hit.passage.text):
        text = hit.passage.text[start:end]
        if len(text) < _MIN_LENGTH or (needs and needs not in text):
            continue
        own = evidence.coverage(section.query, text)
        placed = evidence.coverage(section.query, around, text)
        result.append(Found(hit, start, end, own + 0.4 * placed + 0.2 * hit.score))
    return result


def _spread(found: Sequence[Found], count: int) -> list[Found]:
    """The best, at most PER_DOCUMENT of one document, no two that say the same."""
    chosen: list[Found] = []
    used: dict[str, int] = {}
    handicap = 0.15  # of a document whose period is over
    for item in sorted(
        found, key=lambda f: handicap * f.hit.document.metadata.is_expired() - f.score
    ):
        document = item.hit.document.id
        if used.get(document, 0) >= PER_DOCUMENT and item.score < 10:
            continue
        if any(_same(item.text, other.text) for other in chosen):
            continue
        chosen.append(item)
        used[document] = used.get(document, 0) + 1
        if len(chosen) == count:
            break
    return sorted(chosen, key=lambda f: f.hit.document.metadata.is_expired())


def _same(a: str, b: str) -> bool:
    pairs_a = {a[i : i + 2] for i in range(len(a) - 1)}
    pairs_b = {b[i : i + 2] for i in range(len(b) - 1)}
    return len(pairs_a & pairs_b) > 0.7 * min(len(pairs_a), len(pairs_b))


def _mark(item: Found, evidence: Evidence, marks: Marks) -> int:
    quote: Quote = evidence.quoter.quote(item.hit.document, item.hit.passage, item.start, item.end)
    return marks.of(citation_of(quote))


def _expired(document: DocumentSummary) -> str:
    if not document.metadata.is_expired():
        return ""
    return f"（参考文件规划期{document.metadata.period}，已届满）"
