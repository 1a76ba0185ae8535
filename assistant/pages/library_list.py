"""What 文件库 lists: filtered, searched, sorted and cut into pages on the server. The address is the
whole state of the list, so that it can be passed on and gone back to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from assistant.office.collecting import Collection, Holder, classes_of, still_there
from assistant.office.office import Office
from assistant.pages.filters import chosen_filter
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


@dataclass(frozen=True)
class Shelf:
    """The documents that somebody sees, with their classes and the collections open to them."""

    view: View
    holder: Holder
    office: Office | None = None
    by_id: dict[str, DocumentSummary] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    collections: tuple[Collection, ...] = ()

    @classmethod
    def of(cls, view: View, person: Person, office: Office | None) -> "Shelf":
        by_id, holder = {d.id: d for d in view.documents()}, holder_of(person)
        if office is None:
            return cls(view, holder, None, by_id)
        classes = classes_of(office.classes.all(), by_id)
        return cls(view, holder, office, by_id, classes, tuple(office.collections.seen_by(holder)))

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
        return Found(wanted, tuple(_sorted(held, by, shelf.classes, called)))
    named = [d for d in held if _is_named(d, wanted.terms)]
    told = [] if wanted.only else _holding(shelf, held, wanted.terms)
    known = {d.id for d in named}
    both = [*named, *(d for d in told if d.id not in known)]
    found = _sorted(both, wanted, shelf.classes, called) if wanted.sort else both
    return Found(wanted, tuple(found), frozenset(d.id for d in told))


def usual_names(view: View) -> tuple[list[str], list[str]]:
    """Regions and issuers that most documents bear, for boxes that suggest them."""

    def most(names: Iterable[str]) -> list[str]:
        return sorted(name for name, _ in Counter(names).most_common(_SUGGESTED) if name)

    documents = view.documents()
    return (
        most("/".join(d.metadata.region) for d in documents),
        most(d.metadata.issuer or "" for d in documents),
    )


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


def _is_named(document: DocumentSummary, terms: Sequence[str]) -> bool:
    name = fold(f"{document.metadata.title}{document.metadata.document_number or ''}")
    return all(fold(term) in name for term in terms)


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
    classes: Mapping[str, str],
    called: Callable[[DocumentSummary], str],
) -> list[DocumentSummary]:
    """By a column; what is not stated stands last either way, and equals in the order of titles.

    Names go by GB 18030, which has the common characters in the order of their sounds, as people
    look for them in a register."""

    def value(d: DocumentSummary) -> Any:
        m = d.metadata
        values: dict[str, Any] = {
            "title": m.title, "number": m.document_number, "issuer": m.issuer, "date": m.dated,
            "region": " ".join(m.region), "kind": m.kind, "class": classes.get(d.id),
            "state": d.state, "passages": d.passages, "added": d.ingested_at,
        }  # fmt: skip
        found = called(d) if wanted.sort == "audience" else values[wanted.sort]
        return _natural(found) if isinstance(found, str) and found else found

    keyed = [(value(d), d) for d in documents]
    stated = [(key, d) for key, d in keyed if key not in (None, "", ())]
    stated.sort(key=lambda pair: pair[0], reverse=bool(wanted.down))
    return [d for _, d in stated] + [d for key, d in keyed if key in (None, "", ())]


def _natural(name: str) -> tuple[bytes, ...]:
    """Figures by their size: 9号 before 10号."""
    parts = ("".join(part).zfill(12) if is_figure else "".join(part)
             for is_figure, part in groupby(name, str.isdigit))  # fmt: skip
    return tuple(part.encode("gb18030", "replace") for part in parts)
