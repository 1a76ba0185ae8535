"""What somebody chose to see of what documents state: as an address says it, as a view is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Self, get_args
from urllib.parse import urlencode

from vectorstore.facts import FactFilter, FactKind
from vectorstore.language.regions import short_name
from vectorstore.language.text import fold
from vectorstore.library import View

KIND_NAMES: dict[str, tuple[str, str]] = {
    "target": ("目标指标", "Target"),
    "figure": ("现状数据", "Figure"),
    "duty": ("任务分工", "Duty"),
    "amount": ("金额标准", "Amount"),
    "condition": ("条件", "Condition"),
    "window": ("时限", "Time window"),
    "contact": ("联系方式", "Contact"),
    "definition": ("术语定义", "Definition"),
    "validity": ("施行与有效期", "Validity"),
}
KINDS: tuple[FactKind, ...] = get_args(FactKind)
MOST = 60  # characters of a value; longer ones name nothing


@dataclass(frozen=True, slots=True)
class Chosen:
    """Filters in force; an empty one does not restrict. `place` is 云岭省/青禾市 or 青禾市, and
    stands for all below it too."""

    kind: str = ""
    place: str = ""
    word: str = ""
    organ: str = ""
    year: str = ""
    state: str = ""
    document: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """From what an address or a command says; unknown names are left aside."""
        return cls(**{f.name: values.get(f.name, "").strip()[:MOST] for f in fields(cls)})

    def __bool__(self) -> bool:
        return self != Chosen()

    def address(self, path: str = "/facts", **more: str) -> str:
        """The page that shows this; `more` are parameters of that page, or other filters."""
        own = {f.name: getattr(self, f.name) for f in fields(self)} | more
        query = urlencode({name: value for name, value in own.items() if value})
        return f"{path}?{query}" if query else path

    def without(self, name: str) -> Self:
        return replace(self, **{name: ""})

    def in_words(self) -> list[tuple[str, str]]:
        """The filters in force, by name, as people read them; which document is left out."""
        found = [(f.name, getattr(self, f.name)) for f in fields(self) if f.name != "document"]
        return [(n, KIND_NAMES.get(v, (v,))[0] if n == "kind" else v) for n, v in found if v]

    def where(self, view: View) -> FactFilter | None:
        """None where a value names nothing that there could be: no year, no kind."""
        years = years_of(self.year)
        if (self.kind and self.kind not in KINDS) or (self.year and not years):
            return None
        return FactFilter(
            kinds=(self.kind,) if self.kind else (),
            organs=(self.organ,) if self.organ else (),
            years=years,
            text=self.word,
            places=(self.place.rpartition("/")[2],) if self.place else (),
            local_ids=frozenset(_of_place(view, self.place)) if self.place else frozenset(),
            document_ids=self._documents(view),
        )

    def _documents(self, view: View) -> frozenset[str] | None:
        if not self.state and not self.document:
            return None
        named = {self.document} if self.document else set(view.ids)
        if self.state:
            named &= {d.id for d in view.documents() if d.state == self.state}
        return frozenset(named)


def years_of(written: str) -> tuple[int, ...]:
    """2027, or all from 2025-2027."""
    parts = [part.strip().removesuffix("年") for part in fold(written).split("-")]
    if not all(len(part) == 4 and part.isascii() and part.isdigit() for part in parts):
        return ()
    first, last = int(parts[0]), int(parts[-1])
    return tuple(range(first, last + 1)) if len(parts) <= 2 and last - first <= 100 else ()


def _of_place(view: View, place: str) -> Sequence[str]:
    """Documents of a place and of all below it."""
    path = tuple(place.split("/"))
    return [d.id for d in view.documents() if _lies_in(d.metadata.region, path)]


def _lies_in(region: tuple[str, ...], path: tuple[str, ...]) -> bool:
    if len(path) > 1:
        return region[: len(path)] == path
    return any(path[0] in (name, short_name(name)) for name in region)


def places_of(view: View) -> list[str]:
    """Places that documents of a view belong to, and all above them, as paths."""
    paths = {d.metadata.region for d in view.documents() if d.metadata.region}
    return sorted({"/".join(path[:n]) for path in paths for n in range(1, len(path) + 1)})
