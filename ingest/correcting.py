"""What people correct of documents, and how that outlives reading these again."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.facts.reading import read_stated
from ingest.prepare import PreparedDocument
from vectorstore.catalog.port import Catalog
from vectorstore.corrections import Correction, as_read, corrected, standing
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex

_PATIENCE = 5.0  # seconds, while another process writes


def correct(index: PolicyIndex, made: Sequence[Correction]) -> None:
    """Keeps corrections of one document, and lets them count: its metadata, and the facts and
    relations, which are read with these (a place, a day, a number). Raises PolicyError where the
    document is gone, and IndexLocked while another process writes."""
    with index.writing(_PATIENCE):
        document = index.document(made[0].document_id)
        if document is None:
            raise PolicyError("这份文件已经不在库中。")
        history = [*index.catalog.corrections([document.id]), *made]
        read = as_read(document.metadata)
        metadata = corrected(read, standing(history), document.text)
        passages = index.passages_of(document.id)
        stated = read_stated(replace(document, metadata=metadata), passages)
        index.correct(document, metadata, made, stated)


def as_people_corrected(
    catalog: Catalog, item: PreparedDocument, before: Sequence[str]
) -> tuple[PreparedDocument, list[Correction]]:
    """A document that was read, with what people had corrected of it; and what is to be kept for
    that: a newer version takes over the corrections of the one before (ids, `before`), unless it
    has been here and has its own."""
    document = item.document
    own = catalog.corrections([document.id])
    older = [] if own else catalog.corrections([i for i in before if i != document.id])
    first = older[-1].document_id if older else ""
    taken = [replace(c, document_id=document.id) for c in older if c.document_id == first]
    metadata = corrected(document.metadata, standing([*own, *taken]), document.text)
    if not metadata.by_hand:
        return item, taken
    document = replace(document, metadata=metadata)
    stated = read_stated(document, item.passages)
    return replace(item, document=document, stated=stated), taken
