"""Which documents a sentence of somebody's text speaks of: those that it names, else those of
the sentence before; what it says of itself (我县) is nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.find.evidence import Evidence, restricted
from assistant.understand.scope import find_places
from vectorstore.language.names import DOCUMENT_NUMBER, TITLE, number_endings
from vectorstore.language.pattern import Pattern
from vectorstore.models import SearchFilter

_OWN = Pattern(
    r"[我本](?:们|省|市|县|区|州|旗|镇|乡|街道|局|委|单位|部门|地)",
    yes=(("我县去年", "我县"), "本局"),
    no=("自我", "本次", "本方案"),
    why="what a text says of its own place or office",
)
_MOST = 6  # documents of one place that are read whole


@dataclass(frozen=True, slots=True)
class Scope:
    """`ids` are the documents that a sentence speaks of, `title` the one that it means by 《》, a
    number or 该方案; both empty where nothing tells."""

    ids: tuple[str, ...] = ()
    title: str = ""
    is_own: bool = False
    is_named: bool = False  # by 《》 or a number, not by its place alone


class Scopes:
    """Follows a text from sentence to sentence."""

    def __init__(self, text: str, evidence: Evidence):
        self._evidence = evidence
        self._titled: dict[str, None] = {}  # named by title or number so far
        head = text.strip().split("\n", 1)[0]  # what all of it is about, and whose it is
        self._base = self._now = Scope(self._read(head)[0])
        self._own_ids = self._base.ids

    def of(self, sentence: str, opens_section: bool) -> Scope:
        """What a sentence speaks of; the next one goes on from there."""
        ids, title = self._read(sentence)
        is_own = bool(_OWN.search(sentence)) and not ids
        if is_own:
            return Scope(self._own_ids, "", not self._own_ids)
        if ids:
            self._now = Scope(ids, title or self._unique(ids), is_named=bool(title))
        elif opens_section:
            self._now = self._base
        return self._now

    def _unique(self, ids: Sequence[str]) -> str:
        return ids[0] if len(ids) == 1 else ""

    def _read(self, sentence: str) -> tuple[tuple[str, ...], str]:
        corpus = self._evidence.corpus
        titled: dict[str, None] = {}
        for match in TITLE.finditer(sentence):
            titled.update(dict.fromkeys(corpus.titled(match[1]) or corpus.passing_on(match[1])))
        if not titled:
            for match in DOCUMENT_NUMBER.finditer(sentence):
                for number in number_endings(match):
                    titled.update(dict.fromkeys(corpus.with_number(number)))
        self._titled.update(titled)
        if titled:
            return tuple(titled), next(iter(titled))
        ids: dict[str, None] = {}
        for place in find_places(sentence, corpus, ()):
            ids.update(dict.fromkeys(self._near(corpus.in_region(place.path), sentence)))
        return tuple(ids), ""

    def _near(self, ids: Sequence[str], sentence: str) -> list[str]:
        """Of the documents of a place those that the text has named; where there are many, those
        that a search finds."""
        if named := [i for i in ids if i in self._titled]:
            return named
        if len(ids) <= _MOST:
            return list(ids)
        hits = self._evidence.search(sentence[:300], restricted(SearchFilter(), ids))
        return list(dict.fromkeys(hit.document.id for hit in hits))[:_MOST]
