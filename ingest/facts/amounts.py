"""Sums that a document grants, fines or charges: a row for each class."""

from bisect import bisect_left
from collections.abc import Iterator

from ingest.facts.material import Material
from ingest.facts.payments import read_payments
from ingest.facts.penalties import read_penalties
from ingest.facts.rates import read_rates
from vectorstore.facts import Fact


def read_amounts(material: Material) -> Iterator[Fact]:
    """`subject` what is paid or what is fined, `group` the class that the sum holds for."""
    in_tables = list(read_rates(material))
    yield from in_tables
    rows = sorted((fact.start, fact.end) for fact in in_tables)
    for fact in (*read_penalties(material), *read_payments(material)):
        at = bisect_left(rows, (fact.end, 0))
        if not at or rows[at - 1][1] <= fact.start:
            yield fact
