"""A document and its passages → all that it states."""

from collections.abc import Callable, Iterator, Sequence

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
from vectorstore.facts import Fact, Stated
from vectorstore.models import Document, Passage

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
    facts = (fact for read in _READERS for fact in read(material))
    return Stated(
        tuple(sorted(facts, key=lambda fact: (fact.start, fact.end))),
        tuple(sorted(read_relations(material), key=lambda row: (row.start, row.end))),
    )
