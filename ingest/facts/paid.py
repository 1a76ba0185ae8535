"""Which figures are sums that somebody gets or pays: those are amounts, no indicators."""

from collections.abc import Iterable

from ingest.facts.claim import Claim
from vectorstore.facts import Fact
from vectorstore.language.aims import HAS_ACT, RATE_END
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import says

_MUCH = 10**6  # 元: more is what a place spends, not what somebody gets
EACH = Pattern(
    r"每[人户艘亩台辆座头只件个家名]$",
    yes=(("12米每艘", "每艘"),),
    no=("每艘渔船",),
    why="what is paid for each of some stands there, no indicator",
)
_IN_ALL = ("累计", "总", "人均", "平均", "产值", "收入")


class Paid:
    """The amounts of a document, as figures meet them."""

    def __init__(self, amounts: Iterable[Fact]):
        self._sums = [(fact.start, fact.end, fact.text) for fact in amounts]

    def takes(
        self, claim: Claim, start: int, end: int, around: tuple[int, int], after: str
    ) -> bool:
        """Whether the figure at [start, end) of the source is such a sum; or a bound beside one,
        in the same sentence, `around`: what somebody must have to get it. `after` is what
        follows in the sentence."""
        text = claim.quantity.text
        beside = False
        for first, last, paid in self._sums:
            if first < end and start < last and text in paid:
                return True
            beside = beside or (first < around[1] and around[0] < last)
        money = claim.quantity.unit.startswith("元") and claim.quantity.value < _MUCH
        if beside and money and not says(claim.said, _IN_ALL):
            return True
        if beside and (after.startswith("的") or EACH.search(claim.subject)):
            return True
        names = claim.year_said or HAS_ACT.search(claim.subject) or RATE_END.search(claim.subject)
        return beside and claim.sign != "=" and not names
