"""A document and its passages → all that it states."""

from collections.abc import Sequence

from ingest.facts.material import Material
from ingest.facts.relations import read_relations
from ingest.facts.validity import read_validity
from vectorstore.facts import Fact, Relation, Stated
from vectorstore.models import Document, Passage


def read_stated(document: Document, passages: Sequence[Passage]) -> Stated:
    """The same rows whether the document was just read or comes out of the catalogue."""
    material = Material(document, passages)
    facts: list[Fact] = [*read_validity(material)]
    relations: list[Relation] = [*read_relations(material)]
    return Stated(
        tuple(sorted(facts, key=lambda fact: (fact.start, fact.end))),
        tuple(sorted(relations, key=lambda relation: (relation.start, relation.end))),
    )
