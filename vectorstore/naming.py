"""Which document a text means by a title, a number and an issuer, among those there are."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from vectorstore.language.pattern import Pattern
from vectorstore.language.text import fold

_MARKS = str.maketrans("", "", "《》\"'")
_STATE = "中华人民共和国"
_ABOUT = Pattern(
    r"^(?P<issuer>.{2,40}?)(?P<rest>关于.{4,})$",
    yes=("砚湖市教育局关于做好招生工作的通知",),
    no=("关于做好招生工作的通知", "砚湖管理办法"),
    why="a title with its issuer in front",
)


@dataclass(frozen=True, slots=True)
class Named:
    """A document by all names it goes by; `day` is when it came to be."""

    id: str
    titles: tuple[str, ...]
    numbers: tuple[str, ...]
    issuer: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A document as the document `by` names it, on the day `on`; `is_act` where it does
    something to it."""

    title: str | None
    number: str | None
    issuer: str | None
    by: str
    on: date | None
    is_act: bool


class Names:
    """Finds documents by name. A number decides; a title without one only where it leaves no
    doubt, and copies that bear one number are one document."""

    def __init__(self, documents: Iterable[Named]):
        self._known: dict[str, Named] = {}
        self._by_number: dict[str, list[str]] = {}
        self._by_title: dict[str, list[str]] = {}
        for named in documents:
            self._known[named.id] = named
            for number in {_number(n) for n in named.numbers}:
                self._by_number.setdefault(number, []).append(named.id)
            for title in {key for t in named.titles for key in _keys(t, named.issuer)}:
                self._by_title.setdefault(title, []).append(named.id)

    def and_also(self, documents: Collection[Named], order: Mapping[str, int]) -> "Names":
        """These and more documents, each list in `order`, as if all had come together."""
        more = Names(())
        more._known = {**self._known, **{named.id: named for named in documents}}
        more._by_number, more._by_title = dict(self._by_number), dict(self._by_title)
        for named in documents:
            for key in names_of(named):
                held = more._by_number if key[0] == "number" else more._by_title
                ids = [*held.get(key[1], ()), named.id]
                held[key[1]] = sorted(ids, key=order.__getitem__)
        return more

    def copies(self, document_id: str) -> tuple[str, ...]:
        """Those of one number and title, itself among them."""
        own = self._known[document_id]
        titles = {key for t in own.titles for key in _keys(t, own.issuer)}
        same = {i for n in own.numbers for i in self._by_number.get(_number(n), ())}
        near = {i for title in titles for i in self._by_title.get(title, ())}
        return (document_id, *sorted((same & near) - {document_id}))

    def find(self, said: Mention) -> tuple[str, ...]:
        """Ids of what is meant, copies of one document together; () when none or in doubt.

        Of two with the same title it is the one that was there already, and an act never
        reaches one that came later.
        """
        if said.number and (found := self._by_number.get(_number(said.number))):
            return tuple(i for i in found if i != said.by)
        same = self._by_title.get(_title(said.title), []) if said.title else []
        near = [self._known[i] for i in same if i != said.by]
        if said.number:  # another number than the one that was said is another document
            order = _order(said.number)
            near = [n for n in near if not n.numbers or (order and order in map(_order, n.numbers))]
        if said.issuer and len(near) > 1:
            near = [n for n in near if _issued_by(n, said.issuer)] or near
        there = [n for n in near if not (n.day and said.on and n.day > said.on)]
        if said.is_act or len(_apart(near)) > 1:
            near = there
        return tuple(n.id for n in near) if len(_apart(near)) == 1 else ()


Key = tuple[str, str]  # "number" or "title", and the name as it is looked up


def names_of(named: Named) -> set[Key]:
    """What a document is found by."""
    titles = {key for t in named.titles for key in _keys(t, named.issuer)}
    return {("number", _number(n)) for n in named.numbers} | {("title", t) for t in titles}


def names_in(title: str | None, number: str | None) -> set[Key]:
    """What a mention of a document is looked up by."""
    found = {("number", _number(number))} if number else set()
    return found | ({("title", _title(title))} if title else set())


def _apart(documents: list[Named]) -> set[tuple[str, ...]]:
    """Documents told apart: copies bear one number, or one issuer and day."""
    return {
        (_number(n.numbers[0]),)
        if n.numbers
        else (n.issuer or "", str(n.day))
        if n.day
        else (n.id,)
        for n in documents
    }


def _issued_by(named: Named, issuer: str) -> bool:
    own, said = fold(named.issuer or ""), fold(issuer)
    return bool(own) and (own in said or said in own)


def _number(number: str) -> str:
    return fold(number).removeprefix(_STATE).replace("第", "")


def _order(number: str) -> str:
    """令第8号 of any organ: 市政府令第8号 and 砚湖市人民政府令第8号 are one where the titles agree."""
    folded = _number(number)
    return folded[folded.index("令") :] if "令" in folded else ""


def _title(title: str) -> str:
    return fold(title).translate(_MARKS).removeprefix(_STATE)


def _keys(title: str, issuer: str | None) -> Iterable[str]:
    """A title with and without its issuer in front."""
    yield _title(title)
    if match := _ABOUT.search(title):
        yield _title(match["rest"])
    elif issuer and title.startswith("关于"):
        yield _title(issuer.replace("、", "") + title)
