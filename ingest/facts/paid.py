"""Which figures are sums that somebody gets or pays: those are amounts, no indicators."""

from collections.abc import Iterable

from ingest.facts.claim import Claim
from vectorstore.facts import Fact
from vectorstore.language.aims import HAS_ACT, RATE_END


class Paid:
    """The amounts of a document, as figures meet them."""

    def __init__(self, amounts: Iterable[Fact]):
        self._sums = [(fact.start, fact.end, fact.text) for fact in amounts]

    def takes(self, claim: Claim, start: int, end: int, around: tuple[int, int]) -> bool:
        """Whether the figure at [start, end) of the source is such a sum; or a bound beside one,
        in the same sentence, `around`: what somebody must have to get it."""
        text = claim.quantity.text
        beside = False
        for first, last, paid in self._sums:
            if first < end and start < last and text in paid:
                return True
            beside = beside or (first < around[1] and around[0] < last)
        names = claim.year_said or HAS_ACT.search(claim.subject) or RATE_END.search(claim.subject)
        return beside and claim.sign != "=" and not names
