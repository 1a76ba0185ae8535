"""What an owner of saved answers is told of their sources: repealed, expired or about to, read
anew, or no longer in view."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from assistant.history.models import Resting, Source
from assistant.history.sources import newer_text
from vectorstore.library import View
from vectorstore.models import OVER, DocumentSummary

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Notice:
    """`key` names it for as long as nothing more happens; `document_id` is what can be opened
    now, '' where nothing can."""

    saved: str
    question: str
    key: str
    text: str
    document_id: str = ""


def notices(saved: Iterable[Resting], view: View) -> list[Notice]:
    """What was not dismissed."""
    return [
        notice
        for answer in saved
        for source in answer.sources
        for notice in _of(answer, source, view)
        if notice.key not in answer.dismissed
    ]


def _of(answer: Resting, source: Source, view: View) -> Iterator[Notice]:
    def notice(what: str, text: str, document_id: str = "") -> Notice:
        return Notice(answer.id, answer.question, f"{source.id}:{what}", text, document_id)

    document = view.quotable.known(source.id)
    if document is None:
        newer = newer_text(view, source)
        if newer:
            yield notice(f"更新{newer.id}", f"《{newer.metadata.title}》已更新", newer.id)
        else:  # its title is not told: it may be hidden now
            yield notice("看不到", "有一份出处您现在看不到（可能已移除，或不再对您开放）")
        return
    title = f"《{document.metadata.title}》"
    if document.state != source.state and document.state in (*OVER, "部分失效", "已修订"):
        yield notice(document.state, f"{title}{document.state}", document.id)
    elif (soon := _soon(document, view)) != document.state and soon in OVER:
        yield notice(
            f"将{soon}", f"{title}将在 {SOON.days} 天内{soon.removeprefix('已')}", document.id
        )


def _soon(document: DocumentSummary, view: View) -> str:
    return view.validity.in_force(document.id, view.as_of + SOON).name
