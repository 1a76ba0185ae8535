"""What of an audit needs no library: a draft's sentence against what it quotes, and its sums."""

from collections.abc import Iterable

from assistant.audit.mentions import Held, judged, mentions
from assistant.audit.totals import totals
from vectorstore.language.text import search_copy


def wrong_sums(stated: str) -> list[str]:
    """Totals that the parts in the same sentence do not add up to, as sentences."""
    found = (claim for claim in totals(stated, ()) if claim.is_fault)
    return [f"“{claim.text}”{claim.message}" for claim in found]


def contradictions(stated: str, quotes: Iterable[str]) -> list[str]:
    """Figures that stand, in what is quoted, among the words of others: 50所省级、15所市级 for
    15所省级、50所市级. Levels and groups are a draft's to change."""
    sources = [Held("", search_copy(quote)) for quote in quotes]
    found = []
    for one in mentions(search_copy(stated)):
        rival = judged(one, sources) if one.type == "数字" else None
        if rival and not rival.agrees:
            theirs = rival.mention.text
            found.append(f"数字与原文不同：这里写“{one.text}”，原文为“{theirs}”")
    return found
