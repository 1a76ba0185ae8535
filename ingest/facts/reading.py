"""A document and its passages → all that it states."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from ingest.facts.amounts import read_amounts
from ingest.facts.conditions import read_conditions
from ingest.facts.contacts import read_contacts
from ingest.facts.definitions import read_definitions
from ingest.facts.duties import read_duties
from ingest.facts.figures import read_figures
from ingest.facts.material import Material
from ingest.facts.relations import read_relations
from ingest.facts.validity import read_validity
from ingest.facts.windows import read_windows
from vectorstore.facts import Fact, Relation, Stated
from vectorstore.models import Document, Passage

log = logging.getLogger(__name__)

_Row = TypeVar("_Row", Fact, Relation)

_READERS: tuple[Callable[[Material], Iterator[Fact]], ...] = (
    read_amounts,
    read_conditions,
    read_contacts,
    read_definitions,
    read_duties,
    read_figures,
    read_validity,
    read_windows,
)


def read_stated(document: Document, passages: Sequence[Passage]) -> Stated:
    """The same rows whether the document was just read or comes out of the catalogue."""
    material = Material(document, passages)
    facts = [fact for read in _READERS for fact in _rows(read, material)]
    relations = _rows(read_relations, material)
    return Stated(
        tuple(sorted(facts, key=lambda fact: (fact.start, fact.end))),
        tuple(sorted(relations, key=lambda row: (row.start, row.end))),
    )


def _rows(read: Callable[[Material], Iterator[_Row]], material: Material) -> list[_Row]:
    """A reader that fails loses its own rows and not the document."""
    try:
        return list(read(material))
    except MemoryError:
        raise
    except Exception:  # an edge: whatever a document holds, it is kept and found
        log.exception("%s failed on document %s", read.__name__, material.document.id)
        return []
