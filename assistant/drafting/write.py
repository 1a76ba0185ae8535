"""Sections from passages, without a model: source sentences made one's own, with gaps where
another place's facts stood; comparisons with a citation in every cell."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from assistant.cite.citation import Marks
from assistant.cite.splitting import joined, line_of
from assistant.cite.structure import Body, Piece
from assistant.drafting.comparison import comparability, comparison, expired_note
from assistant.drafting.division import division_of_work
from assistant.drafting.localize import localized
from assistant.drafting.models import DATA_BLANK, NAME_BLANK, YEAR_BLANK, Draft, Section
from assistant.drafting.sources import Found, lean_on
from assistant.find.evidence import Evidence
from assistant.understand.corpus import label
from vectorstore.language.names import CITED_TITLE
from vectorstore.language.regions import find_regions
from vectorstore.language.text import fold

NOTHING = "（库中没有找到可参考的内容，请补写）"
_MAX_BASIS = 3


def write_section(draft: Draft, section: Section, evidence: Evidence) -> Draft:
    """`draft` with one section written anew; no other section is touched."""
    marks = Marks(draft.sources)
    body = _WRITERS[section.purpose](draft, section, evidence, marks)
    done = replace(section, body=body, state="已写", origin="extract")
    return replace(draft.with_section(done), sources=marks.sources)


# --- one writer for each purpose ------------------------------------------------------------------


def _measures(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Measures that documents take, each a paragraph with its source."""
    lines = []
    for item in lean_on(draft, section, evidence):
        text = localized(item.text, item.hit.document.metadata.region)
        mark = marks.of(item.quote(evidence))
        lines.append(line_of(text, mark, f"{expired_note(item.hit.document)}。"))
    return tuple(dict.fromkeys(lines)) or (line_of(NOTHING),)


def _opening(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """The basis in one sentence: documents that the corpus itself names as basis."""
    request = draft.request
    basis = joined(_bases(draft, section, evidence, marks), "、") or ["[上级文件依据]"]
    closing = {"通知": "现就有关事项通知如下：", "请示": "现将有关情况请示如下："}.get(
        request.kind, f"制定本{'办法' if request.kind == '管理办法' else '方案'}。"
    )
    own = request.unit or NAME_BLANK
    return (line_of(f"为做好{request.topic}工作，根据", *basis, f"，结合{own}实际，{closing}"),)


def _bases(
    draft: Draft, section: Section, evidence: Evidence, marks: Marks
) -> list[tuple[Piece, ...]]:
    """Titles with numbers as they stand in the corpus, the most fitting and most cited first.

    Another place's own document is no basis for this one.
    """
    named_by = Counter(
        fold(title)
        for document in evidence.corpus.documents
        for title, _ in document.metadata.cites
        if title
    )
    found: dict[str, tuple[float, str, Found]] = {}
    for item in lean_on(draft, section, evidence, count=12, needs="《"):
        for match in CITED_TITLE.finditer(item.text):
            key = fold(match[1])
            foreign = find_regions(match[1]) and not match[1].startswith(draft.request.region[:1])
            if key in found or foreign or "以下简称" in match[0]:
                continue
            fit = evidence.coverage(f"{draft.request.topic} {section.focus}", match[1])
            found[key] = (fit + 0.1 * min(5, named_by[key]), match[0], item)
    best = sorted(found.values(), key=lambda entry: -entry[0])[:_MAX_BASIS]
    return [(name, marks.of(item.quote(evidence))) for _, name, item in best]


def _closing(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    if draft.request.kind == "请示":
        return (line_of("妥否，请批示。"),)
    if draft.request.kind == "管理办法":
        return (line_of(f"本办法自{YEAR_BLANK}[月][日]起施行，有效期{DATA_BLANK}。"),)
    return (line_of("特此通知。"),)


def _requested(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    return (line_of(f"恳请同意{draft.request.topic}，所需[事项、金额和来源]：{DATA_BLANK}。"),)


def _comparison(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    return comparison(draft.request, evidence, marks)


def _notes(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    return comparability(draft.request, evidence, marks)


def _table(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    table = division_of_work(draft.request, evidence, marks)
    return table or _measures(draft, section, evidence, marks)


def _advice(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Advice is the author's own and says so; what it leans on is cited."""
    lines = [line_of("（以下为起草建议，不是文件原文，请结合实际修改。）")]
    for number, item in enumerate(lean_on(draft, section, evidence, count=3), 1):
        place = label(item.hit.document)
        lines.append(
            line_of(
                f"{number}.可借鉴{place}“{_core(item.text)}”的做法",
                marks.of(item.quote(evidence)),
                f"{expired_note(item.hit.document)}，结合{NAME_BLANK}实际提出量化指标{DATA_BLANK}。",
            )
        )
    return tuple(lines)


def _core(text: str) -> str:
    """The first clauses of a sentence, exactly as they stand."""
    return re.split(r"(?<=.{24})[，,。；;]", text.strip(), maxsplit=1)[0].rstrip("。；;，,")


Write = Callable[[Draft, Section, Evidence, Marks], Body]
_WRITERS: dict[str, Write] = {
    "heading": lambda *_: (),
    "measures": _measures,
    "tasks": _measures,
    "opening": _opening,
    "closing": _closing,
    "request": _requested,
    "comparison": _comparison,
    "notes": _notes,
    "table": _table,
    "advice": _advice,
}
