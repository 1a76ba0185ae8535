"""What 文件库 lists: filtered, searched, sorted and cut into pages on the server. The address is the
whole state of the list, so that it can be passed on and gone back to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from assistant.office.collecting import Collection, Holder, classes_of, still_there
from assistant.office.office import Office
from assistant.pages.filters import chosen_filter, facets
from assistant.people.permissions import may
from assistant.people.person import Person
from vectorstore.language.text import INVISIBLE, fold
from vectorstore.library import View
from vectorstore.models import DocumentSummary

LONGEST = 200  # characters of what is looked for
MOST_TERMS = 8
_SUGGESTED = 200  # names that a box offers: of thousands nobody chooses in a list
SIZES = (50, 100, 200)
# Columns by which the list can be sorted, in their order.
COLUMNS = {
    "title": ("标题", "Title"),
    "number": ("发文字号", "Number"),
    "issuer": ("发文机关", "Issuer"),
    "date": ("日期", "Date"),
    "region": ("地区", "Region"),
    "kind": ("文种", "Kind"),
    "class": ("分类", "Class"),
    "state": ("状态", "Status"),
    "audience": ("可见范围", "For whom"),
    "passages": ("段落", "Passages"),
    "added": ("入库", "Added"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for, as the address says it. `sort` is a column, or '' for the order
    of titles and, where a text is looked for, of what is most about it."""

    q: str = ""
    only: str = ""  # 'title': not in the text of the documents
    region: str = ""
    issuer: str = ""
    kind: str = ""
    year: str = ""
    state: str = ""
    class_: str = ""
    collection: str = ""
    sort: str = ""
    down: str = ""
    page: int = 1
    size: int = SIZES[0]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """Of an address or a form; what nobody can mean is left out."""
        texts = {
            f.name: " ".join(
                INVISIBLE.remove_from(query.get(f.name.strip("_"), "")[:LONGEST]).split()
            )
            for f in fields(cls)
            if f.name not in ("page", "size")
        }
        size = _number(query.get("size", ""))
        wanted = cls(**texts, page=max(1, _number(query.get("page", ""))),
                     size=size if size in SIZES else SIZES[0])  # type: ignore[arg-type]  # fmt: skip
        return wanted if wanted.sort in COLUMNS else replace(wanted, sort="", down="")

    @property
    def filters(self) -> dict[str, str]:
        """Those in force, by their names in the address."""
        names = ("region", "issuer", "kind", "year", "state", "class_", "collection")
        return {n.strip("_"): getattr(self, n) for n in names if getattr(self, n)}

    @property
    def terms(self) -> tuple[str, ...]:
        """What is looked for, apart by white space: a document holds each."""
        return tuple(dict.fromkeys(self.q.split()))[:MOST_TERMS]

    def without(self, name: str) -> "Wanted":
        """Without one of the filters, or ('q') the words; from the first page."""
        mine = "class_" if name == "class" else name
        return replace(self, **{mine: ""}, page=1)  # type: ignore[arg-type]

    def query(self, **other: Any) -> str:
        """This list as the query of an address, with other values in places."""
        own = {f.name.strip("_"): getattr(self, f.name) for f in fields(self)}
        said = {**own, **{name.strip("_"): value for name, value in other.items()}}
        usual = {"page": 1, "size": SIZES[0]}
        return urlencode({k: v for k, v in said.items() if v and usual.get(k) != v})

    def address(self, path: str = "/library", **other: Any) -> str:
        query = self.query(**other)
        return f"{path}?{query}" if query else path


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def holder_of(person: Person) -> Holder:
    """Somebody, as collections ask."""
    keeps = may(person, "change documents")
    return Holder(person.id, person.name or person.login, person.departments, keeps)


class Register:
    """What is worked out once from the documents of a view, for all lists of it."""

    def __init__(self, view: View):
        self.documents = view.documents()
        self.by_id = {d.id: d for d in self.documents}
        self.facets = facets(view)
        self._ranks: dict[str, dict[str, int]] = {}

    @cached_property
    def names(self) -> dict[str, str]:
        """Titles and numbers as they are compared, by document."""
        told = ((d.id, d.metadata) for d in self.documents)
        return {i: fold(f"{m.title}{m.document_number or ''}") for i, m in told}

    @cached_property
    def usual(self) -> tuple[list[str], list[str]]:
        """Regions and issuers that most documents bear, for boxes that suggest them."""

        def most(names: Iterable[str]) -> list[str]:
            return sorted(name for name, _ in Counter(names).most_common(_SUGGESTED) if name)

        return (
            most("/".join(d.metadata.region) for d in self.documents),
            most(d.metadata.issuer or "" for d in self.documents),
        )

    def ranks(self, column: str) -> dict[str, int]:
        """The places of documents in the order of a column, from 1; equals share one, and those
        that do not state it have none."""
        if column not in self._ranks:
            self._ranks[column] = _ranked({d.id: _value(d, column) for d in self.documents})
        return self._ranks[column]


_REGISTERS: WeakKeyDictionary[View, Register] = WeakKeyDictionary()


def register_of(view: View) -> Register:
    found = _REGISTERS.get(view)
    if found is None:
        found = _REGISTERS[view] = Register(view)
    return found


@dataclass(frozen=True)
class Shelf:
    """The documents that somebody sees, with their classes and the collections open to them."""

    view: View
    register: Register
    holder: Holder
    office: Office | None = None
    classes: dict[str, str] = field(default_factory=dict)
    collections: tuple[Collection, ...] = ()

    @classmethod
    def of(cls, view: View, person: Person, office: Office | None) -> "Shelf":
        register, holder = register_of(view), holder_of(person)
        if office is None:
            return cls(view, register, holder)
        classes = classes_of(office.classes.all(), register.by_id)
        kept = tuple(office.collections.seen_by(holder))
        return cls(view, register, holder, office, classes, kept)

    @property
    def by_id(self) -> dict[str, DocumentSummary]:
        return self.register.by_id

    def held_by(self, collection: str) -> frozenset[str]:
        """The documents of a collection that somebody sees. Raises PolicyError where there is
        none."""
        if self.office is None:
            return frozenset()
        return still_there(self.office.collections.documents(collection, self.holder), self.by_id)

    def collection(self, identifier: str) -> Collection | None:
        return next((c for c in self.collections if c.id == identifier), None)


@dataclass(frozen=True)
class Found:
    """All that the list holds, in order, and the page that is shown. `by_text` are those whose
    text holds what was looked for."""

    wanted: Wanted
    documents: tuple[DocumentSummary, ...]
    by_text: frozenset[str] = frozenset()

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.documents) // self.wanted.size))

    @property
    def page(self) -> int:
        return min(self.wanted.page, self.pages)

    @property
    def shown(self) -> tuple[DocumentSummary, ...]:
        first = (self.page - 1) * self.wanted.size
        return self.documents[first : first + self.wanted.size]


def listing(shelf: Shelf, wanted: Wanted, called: Callable[[DocumentSummary], str]) -> Found:
    """`called` says for whom a document is. Raises PolicyError for a collection that is not there."""
    where = chosen_filter((), (), _one(wanted.kind), _one(wanted.year), _one(wanted.state))
    if wanted.collection:
        where = replace(where, document_ids=shelf.held_by(wanted.collection))
    held = [d for d in shelf.view.documents(where) if _is_of(d, wanted, shelf.classes)]
    if not wanted.terms:
        by = wanted if wanted.sort else replace(wanted, sort="title")
        return Found(wanted, tuple(_sorted(held, by, shelf, called)))
    keys, names = [fold(term) for term in wanted.terms], shelf.register.names
    named = [d for d in held if all(key in names[d.id] for key in keys)]
    told = [] if wanted.only else _holding(shelf, held, wanted.terms)
    known = {d.id for d in named}
    both = [*named, *(d for d in told if d.id not in known)]
    found = _sorted(both, wanted, shelf, called) if wanted.sort else both
    return Found(wanted, tuple(found), frozenset(d.id for d in told))


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _is_of(document: DocumentSummary, wanted: Wanted, classes: Mapping[str, str]) -> bool:
    """Whether what was typed of its region, issuer and class fits a document."""
    m = document.metadata
    return (
        (not wanted.region or fold(wanted.region).strip("/") in fold("/".join(m.region)))
        and (not wanted.issuer or fold(wanted.issuer) in fold(m.issuer or ""))
        and (not wanted.class_ or classes.get(document.id) == wanted.class_)
    )


def _holding(
    shelf: Shelf, held: Sequence[DocumentSummary], terms: Sequence[str]
) -> list[DocumentSummary]:
    """Those whose text holds each of the terms, the ones most about them first."""
    among = {d.id: d for d in held}
    return [among[i] for i in shelf.view.documents_with(terms) if i in among]


# --- order ----------------------------------------------------------------------------------------


def _sorted(
    documents: Sequence[DocumentSummary],
    wanted: Wanted,
    shelf: Shelf,
    called: Callable[[DocumentSummary], str],
) -> list[DocumentSummary]:
    """By a column; what is not stated stands last either way, and equals as they were."""
    if wanted.sort == "audience":
        ranks = _ranked({d.id: _natural(called(d)) for d in documents})
    elif wanted.sort == "class":
        ranks = _ranked({i: _natural(name) for i, name in shelf.classes.items()})
    else:
        ranks = shelf.register.ranks(wanted.sort)
    sign, last = -1 if wanted.down else 1, len(shelf.by_id) + 1
    return sorted(documents, key=lambda d: sign * ranks[d.id] if d.id in ranks else last)


def _ranked(values: Mapping[str, Any]) -> dict[str, int]:
    """Places in the order of values, from 1; equal ones share a place, empty ones have none."""
    stated = {key: value for key, value in values.items() if value not in (None, "", ())}
    places = {value: place for place, value in enumerate(sorted(set(stated.values())), 1)}
    return {key: places[value] for key, value in stated.items()}


def _value(document: DocumentSummary, column: str) -> Any:
    """What a column holds, so that it can be ordered."""
    m = document.metadata
    found: Any = {
        "title": m.title, "number": m.document_number, "issuer": m.issuer, "date": m.dated,
        "region": " ".join(m.region), "kind": m.kind, "state": document.state,
        "passages": document.passages, "added": document.ingested_at,
    }[column]  # fmt: skip
    is_name = isinstance(found, str) and column not in ("added", "state")
    return _natural(found) if is_name else found


def _natural(name: str) -> tuple[bytes, ...]:
    """Names by GB 18030, which has the common characters in the order of their sounds, as people
    look for them in a register; figures by their size: 9号 before 10号."""
    if not name:
        return ()
    parts = ("".join(part).zfill(12) if is_figure else "".join(part)
             for is_figure, part in groupby(name, str.isdigit))  # fmt: skip
    return tuple(part.encode("gb18030", "replace") for part in parts)
