"""One indicator over places and years, and where documents do not agree about it."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from assistant.indicators.chosen import Chosen
from assistant.indicators.listing import Row, rows_of, value, what
from assistant.indicators.standing import superseded
from vectorstore.facts import Fact, FactFilter, FactName
from vectorstore.language.regions import find_regions
from vectorstore.language.text import fold
from vectorstore.library import View

OFFERED = 40  # names that a word finds
MOST = 400  # facts of one table
UNKNOWN = "未载明"
# Units of what is comparable between a place and the one above it: shares, and means.
_SHARES = frozenset(("%", "‰", "个百分点", "百分点", "岁"))
_MEASURED: tuple[str, ...] = ("target", "figure")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rows that do not agree, and in what words this is said."""

    one: Row
    other: Row
    sentence: str


@dataclass(frozen=True)
class Grid:
    """`cells` by place and year; a year None is one that is not stated. Places from the top
    down, each below the one that it belongs to."""

    places: tuple[Path, ...]
    years: tuple[int | None, ...]
    cells: Mapping[tuple[Path, int | None], tuple[Row, ...]]
    unit: str  # of most of the values
    conflicts: tuple[Conflict, ...]
    count: int  # facts there are; the table holds the first MOST

    @property
    def rows(self) -> Iterator[Row]:
        for place, year in itertools.product(self.places, self.years):
            yield from self.cells.get((place, year), ())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the rows are called, each once: where there are several, each row bears its own."""
        return tuple(dict.fromkeys(what(row.fact) for row in self.rows))

    def is_disputed(self, row: Row) -> bool:
        return any(row in (c.one, c.other) for c in self.conflicts)


def measured(where: FactFilter) -> FactFilter:
    """The same for figures and targets only."""
    kinds = tuple(k for k in where.kinds if k in _MEASURED) or ("target", "figure")
    return replace(where, kinds=kinds)


def names_of(view: View, chosen: Chosen, limit: int = OFFERED) -> list[FactName]:
    """Indicators whose name holds the chosen word, those that most documents state first."""
    where = chosen.without("word").where(view)
    if where is None:
        return []
    return view.fact_names(measured(replace(where, name=chosen.word)), limit)


def picked(names: Sequence[FactName], chosen: Chosen, asked: Sequence[str]) -> tuple[str, ...]:
    """Names that the table is about: those asked for, or else the one that the word is, or
    else the one that most documents state."""
    if asked:
        return tuple(asked)
    same = tuple(n.name for n in names if fold(n.name) == fold(chosen.word))
    return same or tuple(n.name for n in names[:1])


def grid(view: View, chosen: Chosen, names: Sequence[str]) -> Grid:
    where = chosen.without("word").where(view) if names else None
    if where is None:
        return Grid((), (), {}, "", (), 0)
    where = measured(replace(where, names=tuple(names)))
    rows = list(rows_of(view, view.facts(where, limit=MOST)))
    paths = _known_paths(view)
    cells: dict[tuple[Path, int | None], list[Row]] = {}
    for row in rows:
        cells.setdefault((path_of(row, paths), row.fact.year), []).append(row)
    kept = {key: tuple(_distinct(found)) for key, found in cells.items()}
    units = Counter(row.fact.unit for row in rows if row.fact.value is not None)
    conflicts = [*_same_cell(view, kept), *_against_above(kept)]
    return Grid(
        tuple(sorted({place for place, _ in kept})),
        tuple(sorted({year for _, year in kept}, key=lambda y: (y is None, y or 0))),
        kept,
        units.most_common(1)[0][0] if units else "",
        tuple(conflicts),
        view.count_facts(where),
    )


# --- whose figure it is -------------------------------------------------------------------------


def path_of(row: Row, known: Mapping[str, Path]) -> Path:
    """The place of a figure from the province down: as the fact names it, below its document's
    own place where it is not known otherwise."""
    own = row.document.metadata.region
    place = row.fact.place
    if not place:
        return own or (UNKNOWN,)
    if place in own:
        return own[: own.index(place) + 1]
    return (
        known.get(place) or _listed(place, own) or ((*own, place) if _is_below(row) else (place,))
    )


def _is_below(row: Row) -> bool:
    """Whether a place that nothing else is known of lies in the document's own."""
    return bool(row.document.metadata.region) and row.fact.level in ("县", "乡", "其他", "")


@cache
def _listed(place: str, own: Path) -> Path:
    """The only division of this name, of those in the document's province."""
    mentions = find_regions(place)
    if len(mentions) != 1 or mentions[0].end != len(place) or mentions[0].start:
        return ()
    found = [r.path for r in mentions[0].candidates if not own or r.path[:1] == own[:1]]
    return found[0] if len(found) == 1 else ()


def _known_paths(view: View) -> dict[str, Path]:
    """Names of the places that documents belong to, where a name means one place only."""
    found: dict[str, set[Path]] = {}
    for document in view.documents():
        region = document.metadata.region
        for depth in range(1, len(region) + 1):
            found.setdefault(region[depth - 1], set()).add(region[:depth])
    return {name: next(iter(paths)) for name, paths in found.items() if len(paths) == 1}


def _distinct(rows: Iterable[Row]) -> Iterator[Row]:
    """One row of those by which a document says the same thing again."""
    seen = set()
    for row in rows:
        key = (row.document.id, row.fact.kind, value(row.fact), row.fact.condition, row.fact.level)
        if key not in seen:
            seen.add(key)
            yield row


# --- where documents do not agree ---------------------------------------------------------------


def _same_cell(
    view: View, cells: Mapping[tuple[Path, int | None], Sequence[Row]]
) -> Iterator[Conflict]:
    """Different values for one place and year in two documents, unless one of them took the
    place of the other. Two values in one document are nearly always of two things."""
    for (place, year), rows in cells.items():
        if year is None:
            continue
        for one, other in itertools.combinations(rows, 2):
            if one.document.id == other.document.id or not _is_comparable(one.fact, other.fact):
                continue
            if _amounts(one.fact) != _amounts(other.fact):
                if not superseded(view, one.document.id, other.document.id):
                    yield Conflict(one, other, _differs(place, year, one, other))


def _against_above(cells: Mapping[tuple[Path, int | None], Sequence[Row]]) -> Iterator[Conflict]:
    """A place that sets itself less than the place above it asks for in the same year; what is
    repealed asks for nothing."""
    for (place, year), rows in cells.items():
        for depth in range(1, len(place)) if year is not None else ():
            for one, above in itertools.product(rows, cells.get((place[:depth], year), ())):
                if _is_comparable(one.fact, above.fact, levels=False) and _falls_short(one, above):
                    yield Conflict(
                        one, above, _short(place, year or 0, one, above, place[depth - 1])
                    )


def _is_comparable(a: Fact, b: Fact, *, levels: bool = True) -> bool:
    return (
        a.kind == b.kind
        and a.unit == b.unit
        and a.value is not None
        and b.value is not None
        and a.base_year == b.base_year
        and a.condition == b.condition
        and (not levels or a.level == b.level)
    )


def _amounts(fact: Fact) -> tuple[float | None, float | None]:
    return fact.value, fact.high


def _falls_short(one: Row, above: Row) -> bool:
    """Only for targets in shares: a city's number of things is below its province's anyway."""
    a, b = one.fact, above.fact
    if "已废止" in (one.document.state, above.document.state):
        return False
    if a.kind != "target" or a.unit not in _SHARES or a.value is None or b.value is None:
        return False
    if b.comparator in (">=", ">"):
        return a.value < b.value
    if b.comparator in ("<=", "<"):
        return (a.high or a.value) > b.value
    return _amounts(a) != _amounts(b)


def _differs(place: Path, year: int, one: Row, other: Row) -> str:
    return (
        f"{place[-1]} {year} 年：《{one.document.metadata.title}》为{value(one.fact)}，"
        f"《{other.document.metadata.title}》为{value(other.fact)}。"
    )


def _short(place: Path, year: int, one: Row, above: Row, name: str) -> str:
    return (
        f"{place[-1]} {year} 年的目标{value(one.fact)}与{name}的{value(above.fact)}不一致"
        f"（《{one.document.metadata.title}》对照《{above.document.metadata.title}》）。"
    )
