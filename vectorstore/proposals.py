"""Pairs of documents that may be predecessor and successor, for a person to decide.

Worked out from titles, organs, places, days and relations alone; no passage is read. Nothing
follows from a proposal: what is in force goes by what documents state and people confirmed.
Documents stand in buckets by their titles, so that the work grows with their number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vectorstore.decisions import Decision, Verdict
from vectorstore.facts import Relation, RelationType
from vectorstore.language.editions import EDITION_MARK, edition_core, is_rule, title_years
from vectorstore.language.text import fold
from vectorstore.models import DocumentSummary
from vectorstore.validity import REPEALS, Validity

_MEANT = 5  # documents that one name may mean before it says nothing
_ACTS: dict[RelationType, Verdict] = {
    "替代": "替代", "废止": "废止", "清理_废止": "废止", "清理_失效": "废止",
    "修订": "修订", "清理_修改": "修订",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two ids and why they are put forward: `relation` names the older one, in doubt; without
    one the titles are alike, and `shared` says what else is (机关, 地区)."""

    older: str
    newer: str
    likely: Verdict
    shared: tuple[str, ...] = ()
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A document with its copies, as one."""

    document: DocumentSummary
    core: str
    copies: tuple[str, ...]


def proposals(
    documents: Sequence[DocumentSummary], validity: Validity, decisions: Iterable[Decision]
) -> tuple[Proposal, ...]:
    """Those that nobody decided yet and no document settles: first what is named, then what has
    a mark of an edition, the latest in front. The states of `documents` are those of the day."""
    entries = _entries(documents)
    of = {i: entry for entry in entries for i in entry.copies}
    done = {(of[a].document.id, of[b].document.id) for d in decisions
            for a, b in (d.pair, d.pair[::-1]) if a in of and b in of}  # fmt: skip
    found: dict[tuple[str, str], Proposal] = {}
    for proposal in (*_named(entries, of, validity), *_alike(entries)):
        pair = (proposal.older, proposal.newer)
        if pair not in done and pair not in found and _is_open(of[pair[0]], of[pair[1]], validity):
            found[pair] = proposal
    return tuple(sorted(found.values(), key=lambda p: _rank(p, of)))


def _rank(proposal: Proposal, of: dict[str, _Entry]) -> tuple[object, ...]:
    older, newer = (of[i].document for i in (proposal.older, proposal.newer))
    has_mark = any(EDITION_MARK.search(fold(d.metadata.title)) for d in (older, newer))
    day = newer.metadata.dated or newer.metadata.date_effective
    late = -day.toordinal() if day else 0
    return (proposal.relation is None, not has_mark, late, newer.id, older.id)


def _is_open(older: _Entry, newer: _Entry, validity: Validity) -> bool:
    """Whether it matters, and no document says it already."""
    if older.document.is_over:
        return False
    ids = {*newer.copies}
    return not any(
        act.document_id in ids and act.relation.type in (*REPEALS, *_ACTS)
        for copy in older.copies
        for act in validity.acts_on(copy)
    )


def _entries(documents: Iterable[DocumentSummary]) -> list[_Entry]:
    """Copies share a title and a number, or a title, an organ and a day."""
    groups: dict[tuple[object, ...], list[DocumentSummary]] = {}
    cores: dict[str, str] = {}
    for document in documents:
        m = document.metadata
        core = cores[document.id] = edition_core(m.title)
        named = fold(m.document_number) if m.document_number else (m.issuer, m.dated or document.id)
        groups.setdefault((core, named), []).append(document)
    found = []
    for group in groups.values():
        own = min(group, key=lambda d: (not d.metadata.is_own_copy(), d.ingested_at, d.id))
        found.append(_Entry(own, cores[own.id], tuple(d.id for d in group)))
    return found


# --- titles that are alike -------------------------------------------------------------------


def _alike(entries: Sequence[_Entry]) -> Iterator[Proposal]:
    """Neighbours by the day, among those of one title and one organ or place."""
    for bucket in _buckets(entries).values():
        bucket.sort(key=lambda e: (_day(e), e.document.id))
        for older, newer in pairwise(bucket):
            shared = _shared(older, newer)
            if _day(older) < _day(newer) and _may_follow(older, newer, shared):
                yield Proposal(older.document.id, newer.document.id, "替代", shared)


def _buckets(entries: Sequence[_Entry]) -> dict[tuple[object, ...], list[_Entry]]:
    found: dict[tuple[object, ...], list[_Entry]] = {}
    for entry in entries:
        m = entry.document.metadata
        if not entry.core or not _day(entry):
            continue
        for name, value in (("机关", m.issuer), ("地区", m.region)):
            if value:
                found.setdefault((entry.core, name, value), []).append(entry)
    return found


def _may_follow(older: _Entry, newer: _Entry, shared: Sequence[str]) -> bool:
    """A year's plan does not end that of another year, nor one organ's notice another's."""
    if is_rule(newer.core):
        return True
    years = title_years(older.document.metadata.title), title_years(newer.document.metadata.title)
    if years[0] and years[1] and years[0] != years[1]:
        return False
    issuers = older.document.metadata.issuer and newer.document.metadata.issuer
    return "机关" in shared or not issuers


def _shared(one: _Entry, other: _Entry) -> tuple[str, ...]:
    a, b = one.document.metadata, other.document.metadata
    pairs = (("机关", a.issuer, b.issuer), ("地区", a.region, b.region))
    return tuple(name for name, mine, its in pairs if mine and mine == its)


def _day(entry: _Entry) -> str:
    day = entry.document.metadata.dated or entry.document.metadata.date_effective
    return day.isoformat() if day else ""


# --- documents that are named, in doubt ------------------------------------------------------


def _named(
    entries: Sequence[_Entry], of: dict[str, _Entry], validity: Validity
) -> Iterator[Proposal]:
    """What an act names by a title that is here, and that no rule of names could settle."""
    by_core: dict[str, list[_Entry]] = {}
    for entry in entries:
        if entry.core:
            by_core.setdefault(entry.core, []).append(entry)
    for entry in entries:
        for tie in validity.rests_on(entry.document.id):
            r = tie.relation
            if tie.document_ids or r.type not in _ACTS or not r.title:
                continue
            meant = [e for e in by_core.get(edition_core(r.title), ()) if _may_mean(r, entry, e)]
            for older in meant if len(meant) <= _MEANT else ():
                shared = _shared(entry, older)
                yield Proposal(older.document.id, entry.document.id, _ACTS[r.type], shared, r)


def _may_mean(relation: Relation, newer: _Entry, older: _Entry) -> bool:
    if older is newer or (_day(older) and _day(newer) and _day(older) > _day(newer)):
        return False
    number = older.document.metadata.document_number
    if relation.number and number and fold(relation.number) != fold(number):
        return False
    same = fold(relation.title or "").strip("《》") == fold(older.document.metadata.title)
    return same or bool(_shared(newer, older))
