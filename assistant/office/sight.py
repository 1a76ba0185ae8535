"""For whom a question or an approved answer is: whoever sees all documents that it may tell of."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore.library import View
from vectorstore.models import DocumentSummary


@dataclass(frozen=True, slots=True)
class Told:
    """A document that something may tell of, and the file that it was read from."""

    id: str
    path: str = ""


# None where nobody knows which they are: then it is for whoever sees all.
Sources = tuple[Told, ...] | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees. A document that is gone is hidden from them, unless they see what was
    read from its file anew: ids follow content, so that a corrected file has another one.

    `there` are all documents of the library, `files` those that this person sees were read from.
    `sees_all`: nothing is kept from them, and what is gone is no secret.
    """

    ids: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    there: frozenset[str] = frozenset()
    sees_all: bool = False

    def admits(self, sources: Sources) -> bool:
        if self.sees_all:
            return True
        return sources is not None and all(map(self._sees, sources))

    def _sees(self, told: Told) -> bool:
        return told.id in self.ids or (told.id not in self.there and told.path in self.files)


ALL = Sight(sees_all=True)


def sight_of(view: View, whole: View) -> Sight:
    """Of whom `view` is for; `whole` is the library as it is."""
    files = frozenset(path for d in view.documents() for path in d.source_paths if path)
    return Sight(view.ids, files, whole.ids, view.sees_all)


def told_of(document: DocumentSummary) -> Told:
    return Told(document.id, next(iter(document.source_paths), ""))


def every(parts: Iterable[Sources]) -> Sources:
    """Of several things together; unknown if those of any are."""
    found: dict[Told, None] = {}
    for sources in parts:
        if sources is None:
            return None
        found.update(dict.fromkeys(sources))
    return tuple(found)


def as_json(sources: Sources) -> str:
    """As a column holds it: '' stands for unknown."""
    if sources is None:
        return ""
    return json.dumps([[told.id, told.path] for told in sources], ensure_ascii=False)


def from_json(column: str) -> Sources:
    return tuple(Told(*pair) for pair in json.loads(column)) if column else None
