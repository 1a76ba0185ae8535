"""A document and its passages → all that it states."""

from collections.abc import Sequence

from ingest.facts.figures import read_figures
from ingest.facts.material import Material
from vectorstore.facts import Fact, Relation, Stated
from vectorstore.models import Document, Passage


def read_stated(document: Document, passages: Sequence[Passage]) -> Stated:
    """The same rows whether the document was just read or comes out of the catalogue."""
    material = Material(document, passages)
    facts: list[Fact] = [*read_figures(material)]
    relations: list[Relation] = []
    return Stated(
        tuple(sorted(facts, key=lambda fact: (fact.start, fact.end))),
        tuple(sorted(relations, key=lambda relation: (relation.start, relation.end))),
    )
