"""Facts of documents that came in before, read again with the rules of today."""

from collections.abc import Callable

from ingest.facts.reading import read_stated
from vectorstore.index import PolicyIndex

FACTS_VERSION = "8"  # another one whenever rows would be read otherwise
_NOTE = "facts_version"


def refresh(
    index: PolicyIndex,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    always: bool = False,
) -> int:
    """Reads the facts of every document again where they were read by other rules, or `always`;
    how many documents. Only inside `index.writing()`. After a kill it begins anew."""
    if index.catalog.get(_NOTE) == FACTS_VERSION and not always:
        return 0
    ids = sorted(index.catalog.document_ids())
    for done, document_id in enumerate(ids, 1):
        document = index.document(document_id)
        if document is not None:
            stated = read_stated(document, index.passages_of(document_id))
            index.replace_stated(document_id, stated)
        on_progress(done, len(ids))
    index.catalog.set(_NOTE, FACTS_VERSION)
    return len(ids)
