"""What the corpus is about: its documents, their places and names, as questions refer to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from assistant.understand.slips import Names
from vectorstore.language.regions import find_regions, latin_name, short_name
from vectorstore.language.text import fold, says
from vectorstore.library import View
from vectorstore.models import DocumentSummary

Path = tuple[str, ...]


@dataclass(frozen=True)
class Corpus:
    """The documents of one view, and what is worked out from them."""

    documents: tuple[DocumentSummary, ...]

    @cached_property
    def by_id(self) -> dict[str, DocumentSummary]:
        return {document.id: document for document in self.documents}

    @cached_property
    def regions(self) -> frozenset[Path]:
        """Paths of all regions that documents belong to."""
        return frozenset(d.metadata.region for d in self.documents if d.metadata.region)

    @cached_property
    def unlisted_regions(self) -> tuple[Path, ...]:
        """Regions of documents that the list of divisions does not hold: new zones and the like."""
        return tuple(path for path in self.regions if not find_regions(path[-1], frozenset({path})))

    @cached_property
    def proper_names(self) -> Names:
        """Names of places and organs, in full and short, in which a slip is put right."""
        places = {name for path in self.regions for name in path}
        return Names.of({*places, *map(short_name, places), *self.names})

    @cached_property
    def latin_regions(self) -> dict[str, tuple[str, ...]]:
        """Regions by their names in Latin letters: xuzhou → (江苏省, 徐州市)."""
        found: dict[str, Path] = {}
        for path in sorted(self.regions):
            for depth in range(1, len(path) + 1):
                found.setdefault(latin_name(path[depth - 1]), path[:depth])
        return found

    def in_region(self, path: Path) -> list[str]:
        """Documents of a region and of all regions below it."""
        return [d.id for d in self.documents if d.metadata.region[: len(path)] == path]

    def outside(self, paths: Iterable[Path]) -> frozenset[str]:
        """Documents that belong to other regions than `paths`.

        A region above one of them still applies (a province's document in its city), and a
        document without a region applies everywhere.
        """
        wanted = list(paths)
        return frozenset(
            d.id for d in self.documents if not any(related(d.metadata.region, p) for p in wanted)
        )

    def with_number(self, number: str) -> list[str]:
        key = fold(number)
        return [d.id for d in self.documents if fold(d.metadata.document_number or "") == key]

    @cached_property
    def numbers(self) -> dict[str, tuple[tuple[str, ...], DocumentSummary | None]]:
        """Folded 文号 → the titles that bear it, and the document itself if it is here.

        Numbers of documents that are only cited count too.
        """
        known: dict[str, tuple[tuple[str, ...], DocumentSummary | None]] = {}
        for document in self.documents:
            for title, number in document.metadata.cites:
                if number:
                    titles, _ = known.get(fold(number), ((), None))
                    known[fold(number)] = ((*titles, title) if title else titles, None)
        for document in self.documents:
            if number := document.metadata.document_number:
                known[fold(number)] = ((document.metadata.title,), document)
        return known

    def citing(self, title: str | None = None, number: str | None = None) -> list[str]:
        """Documents that name another one by title or number."""
        wanted = title_core(title) if title else None
        key = fold(number) if number else None
        return [
            d.id
            for d in self.documents
            if any(
                (key and n and fold(n) == key)
                or (wanted and t and same_title(wanted, title_core(t)))
                for t, n in d.metadata.cites
            )
        ]

    def titled(self, title: str) -> list[str]:
        """Documents whose title, or the title they issue, is `title`."""
        wanted = title_core(title)
        exact = [d.id for d in self.documents if title_core(d.metadata.title) == wanted]
        return exact or [
            d.id for d in self.documents if same_title(wanted, title_core(d.metadata.title))
        ]

    def passing_on(self, title: str) -> list[str]:
        """Documents that forward or issue one of that title: …转发…关于X的若干措施的通知."""
        wanted = _plain(title)
        if len(wanted) < _A_TITLE:
            return []
        plain = ((d.id, _plain(d.metadata.title)) for d in self.documents)
        return [
            i for i, own in plain if says(own.partition(wanted)[0], _PASSES_ON) and wanted in own
        ]

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Issuers and publishers → their documents, for questions that name them."""
        found: dict[str, list[str]] = {}
        for document in self.documents:
            for name in issuers_of(document):
                if len(name) >= 4:
                    found.setdefault(name, []).append(document.id)
        return found


def issuers_of(document: DocumentSummary) -> list[str]:
    """The organs, one by one, that issued and that published a document."""
    metadata = document.metadata
    names = (metadata.issuer, metadata.publisher)
    return [name for given in names for name in re.split(r"[、，,\s]+", given or "") if name]


_KNOWN: WeakKeyDictionary[View, Corpus] = WeakKeyDictionary()


def corpus_of(view: View) -> Corpus:
    """The corpus that a view shows; worked out once, and kept for as long as the view is."""
    if (known := _KNOWN.get(view)) is None:
        known = _KNOWN[view] = Corpus(view.documents())
    return known


def related(document: Path, asked: Path) -> bool:
    """Whether a document of one region may answer for another: equal, above, below, or none."""
    shared = min(len(document), len(asked))
    return document[:shared] == asked[:shared]


_WRAPPED = re.compile(r"关于(?:印发|转发|公布|发布|下发)(.*?)(?:的通知|的函|的公告|的通告)?$")
_YEARS = re.compile(r"\((?:[12]\d{3}[^)]{0,12}|试行|暂行|修订|征求意见稿)\)")


def title_core(title: str) -> str:
    """A title without issuer, wrapping notice, years and quotation marks, folded.

    >>> title_core("市政府关于印发徐州市全民科学素质行动规划实施方案的通知")
    '徐州市全民科学素质行动规划实施方案'
    """
    text = fold(title).strip('《》"')
    text = _YEARS.sub("", text)
    if match := _WRAPPED.search(text):
        text = match[1]
    return _YEARS.sub("", text).strip('《》"的')


_PASSES_ON = ("转发", "印发", "批转")
_A_TITLE = 8  # characters


def _plain(title: str) -> str:
    """A title without brackets and 的: as forwarding documents word it."""
    return fold(title).replace("的", "").translate(_BRACKETS)


_BRACKETS = str.maketrans("", "", '《》〈〉“”"')


def same_title(wanted: str, core: str) -> bool:
    """Whether one core is the other with little around it (a place in front, 年 behind)."""
    if len(wanted) < 4 or len(core) < 4:
        return False
    short, long = sorted((wanted, core), key=len)
    return short in long and len(short) >= 0.7 * len(long)


def label(document: DocumentSummary) -> str:
    """How a document is called in a sentence or a table row: its place, or its title."""
    region = document.metadata.region
    return short_name(region[-1]) if region else document.metadata.title


def full_name(document: DocumentSummary) -> str:
    """A document's place and title: 保山《…方案》."""
    place, title = label(document), document.metadata.title
    return title if place == title else f"{place}《{title}》"


def date_of(document: DocumentSummary) -> str | None:
    day = document.metadata.dated
    return day.isoformat() if day else None
