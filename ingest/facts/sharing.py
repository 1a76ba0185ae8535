"""Figures that several places, groups or years share in one stretch: 甲县、乙县分别达到92%和86%."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.facts.claim import Claim
from vectorstore.language.pattern import Pattern
from vectorstore.language.quantities import Sign

_ORDINAL = 2
_BOTH = ("城镇", "农村")  # 城乡居民收入分别增长
_ITEMS = Pattern(r"[、和与及]", yes=("、", "和"), no=("，",))


def shared(claims: list[Claim], before: Sequence[str]) -> list[Claim]:
    """Claims of one stretch, each with its own place, subject and year.

    `before` are the indicators that the sentence named before it, the last one last.
    """
    k = len(claims)
    first = claims[0]
    follow = all(not c.head.body and not c.head.years.years for c in claims[1:])
    if k > 1 and follow:
        claims = [replace(c, end=claims[-1].end) for c in claims] if _is_list(claims) else claims
        if len(first.places) == k and first.head.places:
            return [replace(c, places=(p,), subject=first.subject, sign=_firm(first, c), start=first.start)
                    for c, p in zip(claims, first.places, strict=True)]  # fmt: skip
        if len(first.head.years.years) == k:
            return [replace(c, year=y, subject=first.subject, start=first.start)
                    for c, y in zip(claims, first.head.years.years, strict=True)]  # fmt: skip
        if first.head.is_shared_out:
            return _by_subject(claims, before)
    return [one for claim in claims for one in _for_each_place(claim)]


def _is_list(claims: Sequence[Claim]) -> bool:
    """Whether figures follow one another with nothing but 和 between them."""
    first = claims[0]
    return (first.head.is_shared_out or len(first.places) == len(claims)
            or len(first.head.years.years) == len(claims))  # fmt: skip


def _firm(first: Claim, claim: Claim) -> Sign:
    return claim.sign if claim.sign != "=" else first.sign if first.quantity.bound == "" else "="


def _by_subject(claims: list[Claim], before: Sequence[str]) -> list[Claim]:
    first, k = claims[0], len(claims)
    verb = first.head.change.replace("分别", "")
    items = _items(first.head.body, k) if first.head.body else list(before)[-k:]
    if len(items) != k:
        return claims
    return [replace(c, subject=item + verb, start=first.start, is_shared=True)
            for c, item in zip(claims, items, strict=True)]  # fmt: skip


def _items(body: str, k: int) -> list[str]:
    """城镇、农村居民收入 → 城镇居民收入, 农村居民收入; [] where there are not k of them."""
    if k == len(_BOTH) and body.startswith("城乡"):
        return [whose + body.removeprefix("城乡") for whose in _BOTH]
    parts = _ITEMS.compiled.split(body)
    if len(parts) != k:
        return []
    last = parts[-1]
    if parts[0].startswith("第") and len(parts[0]) == _ORDINAL:  # 第一、二产业增加值
        tail = last.removeprefix("第")[1:]
        return [f"第{part.removeprefix('第')[:1]}{tail}" for part in parts]
    if any(part[-1:] == last[-1:] and len(part) > 3 for part in parts[:-1]):
        return parts
    return [part + last[len(part) :] if len(last) >= len(part) + 2 else part for part in parts]


def _for_each_place(claim: Claim) -> list[Claim]:
    """栖梧县、芷川县达到94%: the same for each of them."""
    if len(claim.places) < 2 or claim.quantity.unit not in ("%", "‰", "岁"):
        return [claim]
    return [replace(claim, places=(place,)) for place in claim.places]
