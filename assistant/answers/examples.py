"""Questions that the corpus can answer, drawn from its own documents for the empty page."""

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.answers.answer import Answer
from assistant.understand.corpus import label
from vectorstore.language.numbering import unnumbered
from vectorstore.language.roles import LEAD, roles_in
from vectorstore.library import View
from vectorstore.models import DocumentSummary, Passage

_VERBS = ("实施", "加强", "推进", "提升", "强化", "完善", "建设")
_TARGET = re.compile(
    r"(?P<year>20\d\d)年(?:底|末)?[，,](?:全[省市区县州])?(?P<what>[\u4e00-\u9fff]{4,20}?)(?:力争)?(?:达到|超过|不低于|不少于)\d"
)


def drawn_from(view: View) -> tuple[DocumentSummary, ...]:
    """The documents that examples are about."""
    return view.documents()[:20]


def draw_examples(
    view: View,
    ask: Callable[[Sequence[str]], Answer],
    count: int = 3,
) -> list[str]:
    """Questions of different kinds about different documents of a view, each tried out first."""
    chosen: list[str] = []
    used: set[str] = set()
    for make in (_target, _lead, _measures, _target, _lead):
        for document in drawn_from(view):
            if len(chosen) == count:
                return chosen
            if document.id in used:
                continue
            for question in make(document, view.passages_of(document.id)):
                answer = ask([question])
                if not answer.refused and any(
                    c.document_id == document.id for c in answer.citations
                ):
                    chosen.append(question)
                    used.add(document.id)
                    break
            else:
                continue
            break
    return chosen


def _target(document: DocumentSummary, passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        if match := _TARGET.search(passage.text):
            yield f"{label(document)}到{match['year']}年{match['what']}的目标是多少？"
            return


def _lead(document: DocumentSummary, passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        if passage.cells or not passage.heading_path:
            continue
        if any(role.role == LEAD for role in roles_in(passage)):
            topic = unnumbered(passage.heading_path[-1])
            if topic not in ("分工", "任务", "措施") and 4 <= len(topic) <= 24:
                yield f"{label(document)}“{topic}”由谁牵头？"
                return


def _measures(document: DocumentSummary, passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        topic = unnumbered(passage.heading_path[-1]) if passage.heading_path else ""
        if topic.startswith(_VERBS) and 6 <= len(topic) <= 22:
            yield f"{label(document)}怎样{topic}？"
            return
