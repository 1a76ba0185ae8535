"""A document and its passages → all that it states."""

from collections.abc import Callable, Iterator, Sequence

from ingest.facts.amounts import read_amounts
from ingest.facts.conditions import read_conditions
from ingest.facts.contacts import read_contacts
from ingest.facts.definitions import read_definitions
from ingest.facts.material import Material
from ingest.facts.windows import read_windows
from vectorstore.facts import Fact, Relation, Stated
from vectorstore.models import Document, Passage

READERS: tuple[Callable[[Material], Iterator[Fact]], ...] = (
    read_amounts,
    read_conditions,
    read_windows,
    read_contacts,
    read_definitions,
)


def read_stated(document: Document, passages: Sequence[Passage]) -> Stated:
    """The same rows whether the document was just read or comes out of the catalogue."""
    material = Material(document, passages)
    facts = [fact for read in READERS for fact in read(material)]
    relations: list[Relation] = []
    return Stated(
        tuple(sorted(facts, key=lambda fact: (fact.start, fact.end))),
        tuple(sorted(relations, key=lambda relation: (relation.start, relation.end))),
    )
