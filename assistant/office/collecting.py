"""资料夹: documents that people put together under a name, and the office's own classes of
documents. Both outlive the documents, and follow a file that is read anew."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.office.sight import Told, told_of
from vectorstore.database.port import Connection, Database
from vectorstore.errors import PolicyError
from vectorstore.language.text import INVISIBLE
from vectorstore.models import DocumentSummary

LONGEST_NAME = 40
LONGEST_CLASS = 20
MOST = 200  # collections of one person
MOST_DOCUMENTS = 5000  # in one
GONE = "没有这个资料夹，可能已删除"  # the same for one that somebody may not see
Shown = Literal["own", "department", "all"]
_COLUMNS = "id, name, owner, owner_name, shown, department"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody, as far as collections ask. `departments` are their own and all above it, their
    own first; `keeps` says that they look after the library's documents."""

    id: str
    name: str = ""
    departments: tuple[str, ...] = ()
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """`owner` is '' where whoever made it is gone and others use it."""

    id: str
    name: str
    owner: str
    owner_name: str
    shown: Shown
    department: str

    def reaches(self, holder: Holder) -> bool:
        """Whether somebody may look into it and ask in it. For a department and all below it, as
        with documents."""
        return (
            self.owner == holder.id
            or self.shown == "all"
            or (self.shown == "department" and self.department in holder.departments)
        )

    def is_filled_by(self, holder: Holder) -> bool:
        """Who puts documents in and takes them out: its owner, the people of its own department,
        and for one that all see, whoever looks after the documents."""
        own = holder.departments[:1] == (self.department,)
        return (
            self.owner == holder.id
            or (self.shown == "department" and own)
            or (self.shown == "all" and holder.keeps)
        )

    def is_kept_by(self, holder: Holder) -> bool:
        """Who renames, shares and deletes it: its owner; without one, whoever fills it. One that
        all see also whoever looks after the documents, lest it stay for ever."""
        if self.owner == holder.id or (self.shown == "all" and holder.keeps):
            return True
        return not self.owner and self.is_filled_by(holder)


def plain_name(typed: str, longest: int = LONGEST_NAME) -> str:
    """A name as it is kept, '' for none. Raises PolicyError when it is too long."""
    name = " ".join(INVISIBLE.remove_from(typed).split())
    if len(name) > longest:
        raise PolicyError(f"名称请不超过 {longest} 个字（现在 {len(name)} 个）")
    return name


def still_there(kept: Iterable[Told], documents: Mapping[str, DocumentSummary]) -> frozenset[str]:
    """Ids of what was kept, among `documents`: ids follow content, so that a file that was read
    anew has another one and is found by its path."""
    told = tuple(kept)
    by_path: dict[str, str] = {}
    if any(t.id not in documents for t in told):
        by_path = _by_path(documents)
    found = (t.id if t.id in documents else by_path.get(t.path) for t in told)
    return frozenset(i for i in found if i)


def _by_path(documents: Mapping[str, DocumentSummary]) -> dict[str, str]:
    return {path: d.id for d in documents.values() for path in d.source_paths if path}


class Collections:
    """Whoever may not see one is told what they would be told of one that there is not."""

    def __init__(self, database: Database, clock: Callable[[], str]):
        self._database = database
        self._clock = clock

    def seen_by(self, holder: Holder) -> list[Collection]:
        """In the order of their names."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM collections ORDER BY name, id")
        return [c for row in rows if (c := Collection(*row)).reaches(holder)]

    def load(self, identifier: str, holder: Holder) -> Collection:
        row = self._database.row(f"SELECT {_COLUMNS} FROM collections WHERE id = ?", (identifier,))
        found = Collection(*row) if row else None
        if found is None or not found.reaches(holder):
            raise PolicyError(GONE)
        return found

    def documents(self, identifier: str, holder: Holder) -> tuple[Told, ...]:
        self.load(identifier, holder)
        rows = self._database.rows(
            "SELECT document, path FROM collected WHERE collection = ? ORDER BY document",
            (identifier,),
        )
        return tuple(Told(*row) for row in rows)

    def make(self, typed: str, shown: str, holder: Holder) -> Collection:
        """Raises PolicyError."""
        name, kind, department = self._about(typed, shown, holder)
        made = Collection(secrets.token_hex(8), name, holder.id, holder.name, kind, department)
        with self._database.transaction() as db:
            (own,) = db.execute(
                "SELECT count(*) FROM collections WHERE owner = ?", (holder.id,)
            ).fetchone()
            if own >= MOST:
                raise PolicyError(f"已有 {own} 个资料夹，最多 {MOST} 个；请先删去不用的")
            _refuse_same(db, made)
            db.execute(
                f"INSERT INTO collections ({_COLUMNS}, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (made.id, name, made.owner, made.owner_name, kind, department, self._clock()),
            )
        return made

    def change(self, identifier: str, typed: str, shown: str, holder: Holder) -> None:
        """Its name, and who sees it. Raises PolicyError."""
        now = self._kept(identifier, holder)
        name, kind, department = self._about(typed, shown, holder)
        if kind == now.shown == "department":
            department = now.department  # it stays where it is, whoever renames it
        if kind == "own" and now.owner != holder.id:
            raise PolicyError("只有建这个资料夹的人能改成仅自己可见")
        changed = Collection(now.id, name, now.owner, now.owner_name, kind, department)
        with self._database.transaction() as db:
            _refuse_same(db, changed)
            db.execute(
                "UPDATE collections SET name = ?, shown = ?, department = ? WHERE id = ?",
                (name, kind, department, identifier),
            )

    def remove(self, identifier: str, holder: Holder) -> None:
        """Its documents stay in the library."""
        self._kept(identifier, holder)
        with self._database.transaction() as db:
            db.execute("DELETE FROM collections WHERE id = ?", (identifier,))

    def put(self, identifier: str, documents: Sequence[DocumentSummary], holder: Holder) -> int:
        """How many are new in it. Raises PolicyError."""
        self.require_filled(identifier, holder)
        with self._database.transaction() as db:
            (count,) = db.execute(
                "SELECT count(*) FROM collected WHERE collection = ?", (identifier,)
            ).fetchone()
            if count + len(documents) > MOST_DOCUMENTS:
                raise PolicyError(f"一个资料夹最多放 {MOST_DOCUMENTS} 份文件")
            rows = [(identifier, t.id, t.path, self._clock()) for t in map(told_of, documents)]
            return sum(
                db.execute(
                    "INSERT INTO collected VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row
                ).rowcount
                for row in rows
            )

    def take(self, identifier: str, documents: Sequence[DocumentSummary], holder: Holder) -> int:
        """Takes documents out, those too that were read anew since; how many."""
        self.require_filled(identifier, holder)
        with self._database.transaction() as db:
            return sum(
                db.execute(
                    "DELETE FROM collected WHERE collection = ? AND (document = ? OR path = ?)",
                    (identifier, told.id, told.path or "-"),
                ).rowcount
                for told in map(told_of, documents)
            )

    def require_filled(self, identifier: str, holder: Holder) -> Collection:
        """One that somebody may put documents into. Raises PolicyError."""
        found = self.load(identifier, holder)
        if not found.is_filled_by(holder):
            raise PolicyError("这个资料夹只给您看；要往里放文件，请找建它的人")
        return found

    def forget(self, person: str) -> int:
        """Removes somebody's own collections, and their name from those that others use; how
        many."""
        with self._database.transaction() as db:
            gone = db.execute(
                "DELETE FROM collections WHERE owner = ? AND shown = 'own'", (person,)
            ).rowcount
            left = db.execute(
                "UPDATE collections SET owner = '', owner_name = '' WHERE owner = ?", (person,)
            ).rowcount
        return int(gone) + int(left)

    def _kept(self, identifier: str, holder: Holder) -> Collection:
        found = self.load(identifier, holder)
        if not found.is_kept_by(holder):
            raise PolicyError("这个资料夹只有建它的人能改名、共享和删除")
        return found

    def _about(self, typed: str, shown: str, holder: Holder) -> tuple[str, Shown, str]:
        if not (name := plain_name(typed)):
            raise PolicyError("请写资料夹的名称")
        kind = next((k for k in get_args(Shown) if k == shown), None)
        if kind is None or (kind == "department" and not holder.departments):
            raise PolicyError("没有这个可见范围，请重新选择")
        return name, kind, holder.departments[0] if kind == "department" else ""


def _refuse_same(db: Connection, wanted: Collection) -> None:
    """One owner has no two of a name; nobody could tell them apart."""
    same = db.execute(
        "SELECT 1 FROM collections WHERE owner = ? AND name = ? AND id != ?",
        (wanted.owner, wanted.name, wanted.id),
    ).fetchone()
    if same:
        raise PolicyError(f"您已有叫“{wanted.name}”的资料夹，请换一个名称")


class Classes:
    """分类: one word of the office's own for a document, chosen by people."""

    def __init__(self, database: Database, clock: Callable[[], str]):
        self._database = database
        self._clock = clock

    def all(self) -> dict[Told, str]:
        rows = self._database.rows("SELECT document, path, class FROM classes")
        return {Told(document, path): name for document, path, name in rows}

    def put(self, documents: Sequence[DocumentSummary], typed: str) -> str:
        """Gives documents a class, or ('') none; the class as it is kept. Raises PolicyError."""
        name = plain_name(typed, LONGEST_CLASS)
        with self._database.transaction() as db:
            for told in map(told_of, documents):
                db.execute(
                    "DELETE FROM classes WHERE document = ? OR path = ?",
                    (told.id, told.path or "-"),
                )
                if name:
                    db.execute(
                        "INSERT INTO classes VALUES (?, ?, ?, ?)",
                        (told.id, told.path, name, self._clock()),
                    )
        return name


def classes_of(
    kept: Mapping[Told, str], documents: Mapping[str, DocumentSummary]
) -> dict[str, str]:
    """Classes by document; one that was read anew keeps that of its file."""
    by_path: dict[str, str] = {}
    if any(told.id not in documents for told in kept):
        by_path = _by_path(documents)
    found: dict[str, str] = {}
    for told, name in kept.items():
        if told.id in documents:
            found[told.id] = name
        elif told.path in by_path:
            found.setdefault(by_path[told.path], name)
    return found
