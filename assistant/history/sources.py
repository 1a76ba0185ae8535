"""What has become of the sources of an old answer, for whoever looks at it now."""

from dataclasses import dataclass, replace

from assistant.cite.citation import Citation
from assistant.history.models import Source
from vectorstore.library import View
from vectorstore.models import DocumentSummary


@dataclass(frozen=True, slots=True)
class Now:
    """A citation as it may be shown now; `told` are sentences on what has changed since."""

    citation: Citation
    told: tuple[str, ...] = ()


def citation_now(citation: Citation, view: View) -> Now | None:
    """None where the viewer does not see the source: whether it is gone, was never theirs or may
    not be quoted any more looks the same. Of a file that was read anew, the quote is shown where
    the new text still has it word for word."""
    if document := view.quotable.known(citation.document_id):
        return _as_it_stands(citation, document, ())
    newer = newer_text(view, source_of(citation))
    if newer is None:
        return None
    found = place_of(citation.quote, view.source(newer.id))
    if found is None:
        return None
    moved = replace(
        citation,
        document_id=newer.id,
        title=newer.metadata.title,
        start=found[0],
        end=found[1],
        passage_id="",
        page=None,
    )
    return _as_it_stands(moved, newer, ("文件已更新，新版里仍有这段话",))


def _as_it_stands(citation: Citation, document: DocumentSummary, told: tuple[str, ...]) -> Now:
    then, now = citation.status or "未标注", document.state
    changed = (f"提问时为“{then}”，现在为“{now}”",) if then != now else ()
    return Now(replace(citation, status=now), (*told, *changed))


def source_of(citation: Citation) -> Source:
    return Source(
        citation.document_id,
        citation.source_path,
        citation.title,
        citation.document_number or "",
        citation.status or "",
    )


def newer_text(view: View, source: Source) -> DocumentSummary | None:
    """What stands in a document's place since its file was read anew (a document's id follows
    from its content): what was read from the same file, or bears its title and number."""
    if view.known(source.id):
        return None
    seen = [d for d in view.documents() if d.audience.may_quote]
    for document in seen:
        if source.path and source.path in document.source_paths:
            return document
    if not source.number:
        return None
    name = (source.title, source.number)
    same = [d for d in seen if (d.metadata.title, d.metadata.document_number) == name]
    return same[0] if len(same) == 1 else None


def place_of(quote: str, text: str) -> tuple[int, int] | None:
    """Where a text holds a quote, white space aside."""
    wanted = "".join(quote.split())
    offsets = [i for i, character in enumerate(text) if not character.isspace()]
    at = "".join(text.split()).find(wanted) if wanted else -1
    if at < 0:
        return None
    return offsets[at], offsets[at + len(wanted) - 1] + 1
