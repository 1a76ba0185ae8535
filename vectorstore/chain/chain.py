"""Entries are appended, read, pruned by age; what is personal in them can be erased.

hash = SHA-256(hash of the entry before + body), the body canonical JSON. Names, addresses and
what people typed lie beside the chain: the body holds only their SHA-256, which is over a random
salt too. So they can be erased, and the chain still holds. parting.py says which is which.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vectorstore.chain.parting import ON, parted
from vectorstore.chain.record import Record
from vectorstore.chain.schema import LOG
from vectorstore.database.opening import open_database
from vectorstore.database.port import Connection
from vectorstore.files.surrogates import whole
from vectorstore.stores import Place

PRUNED, ERASED = "prune log", "erase person"
_SHORT = 200  # characters of what is searched by


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it is kept, with the text that its hash is over. `at` is UTC; `is_erased`: it
    had something personal once."""

    number: int
    at: str
    hash: str
    body: str
    record: Record
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry; kept elsewhere, it finds a log that was cut or written anew."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which entries: those for which all that is given holds. `since` ≤ at < `until`, UTC in ISO
    8601; `who` is an id or a part of a name; `document` an id, as object or as a source; `up_to`
    the number of the last one, for what is to stay the same while others write."""

    since: str = ""
    until: str = ""
    who: str = ""
    deed: str = ""
    document: str = ""
    result: str = ""
    up_to: int = 0

    def where(self) -> tuple[str, list[str | int]]:
        """A condition in SQL and its values."""
        name = (
            "instr(CASE WHEN json_valid(p.content) THEN json_extract(p.content, '$.name') END, ?)"
        )
        # Whoever looked for a document in the log did nothing to it.
        named = "(instr(e.body, ?) > 0 OR instr(p.content, ?) > 0)"
        named += " AND e.deed NOT IN ('read log', 'export log')"
        quoted = canonical(self.document)
        parts: tuple[tuple[str, list[str]], ...] = (
            ("e.at >= ?", [self.since]),
            ("e.at < ?", [self.until]),
            (f"(e.who = ? OR {name} > 0)", [self.who, self.who]),
            ("e.deed = ?", [self.deed]),
            (f"(e.object = ? OR {named})", [self.document, quoted, quoted]),
            ("e.result = ?", [self.result]),
        )
        given = [(sql, values) for sql, values in parts if values[0]]
        limit = "e.number <= ?" if self.up_to else "? = 1"
        sql = " AND ".join([limit, *(sql for sql, _ in given)])
        return sql, [self.up_to or 1, *(whole(value) for _, values in given for value in values)]


class Chain:
    """The store. Safe for several threads and processes: what an entry follows is read in the
    transaction that writes it, and what was acknowledged is on the disk."""

    def __init__(self, place: Place):
        self.database = open_database(place, LOG)

    def close(self) -> None:
        self.database.close()

    def append(self, *records: Record) -> Head:
        """Keeps entries, all or none. Raises PolicyError when they cannot be kept."""
        with self.database.transaction() as db:
            head = head_of(db)
            for record in records:
                head = _append(db, head, record)
        return head

    def head(self) -> Head:
        with self.database.connection() as db:
            return head_of(db)

    def prune(self, before: datetime, who: str) -> int:
        """Removes the entries from before a time, which is an entry too; gives their count. The
        first one that is younger, and all behind it, stay."""
        limit = stamp(before)
        with self.database.transaction() as db:
            (first,) = db.execute(
                "SELECT min(number) FROM entries WHERE at >= ?", [limit]
            ).fetchone()
            head, start = head_of(db), anchor_of(db)
            last = head.number if first is None else first - 1
            if last <= start.number:
                return 0
            (own,) = db.execute("SELECT hash FROM entries WHERE number = ?", [last]).fetchone()
            details = {"up_to": last, "hash": own, "entries": last - start.number, "before": limit}
            _append(db, head, Record(who, PRUNED, details=details))
            db.execute("UPDATE anchor SET number = ?, hash = ?", [last, own])
            db.execute("DELETE FROM personal WHERE number <= ?", [last])
            db.execute("DELETE FROM entries WHERE number <= ?", [last])
        return last - start.number

    def erase(self, person: str, by: Record) -> int:
        """Erases what is personal in entries by or about somebody; gives their count. `by` is
        the entry that says so."""
        mine = "SELECT number FROM entries WHERE who = ? OR object = ?"
        with self.database.transaction() as db:
            gone = db.execute(
                f"DELETE FROM personal WHERE number IN ({mine})", [person, person]
            ).rowcount
            _append(db, head_of(db), by)
        self.database.overwrite()
        return int(gone)

    def count(self, chosen: Chosen) -> int:
        sql, values = chosen.where()
        row = self.database.row(f"SELECT count(*) FROM {_BOTH} WHERE {sql}", values)
        return int(row[0]) if row else 0

    def totals(self, chosen: Chosen) -> list[tuple[str, str, int]]:
        """(deed, result, how often), the most frequent first."""
        sql, values = chosen.where()
        rows = self.database.rows(
            f"SELECT e.deed, e.result, count(*) FROM {_BOTH} WHERE {sql} "
            "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2", values,
        )  # fmt: skip
        return [(str(deed), str(result), int(count)) for deed, result, count in rows]

    def page(self, chosen: Chosen, skipped: int, count: int) -> list[Kept]:
        """The newest first."""
        sql, values = chosen.where()
        rows = self.database.rows(
            f"SELECT {_COLUMNS} FROM {_BOTH} WHERE {sql} ORDER BY e.number DESC LIMIT ? OFFSET ?",
            [*values, count, skipped],
        )
        return [kept(row) for row in rows]

    def all(self, chosen: Chosen) -> Iterator[Kept]:
        """The oldest first, of one moment, a thousand at a time."""
        sql, values = chosen.where()
        after, last = 0, chosen.up_to or self.head().number
        while True:
            rows = self.database.rows(
                f"SELECT {_COLUMNS} FROM {_BOTH} WHERE {sql} AND e.number > ? AND e.number <= ? "
                "ORDER BY e.number LIMIT 1000",
                [*values, after, last],
            )
            if not rows:
                return
            yield from map(kept, rows)
            after = rows[-1][0]


_BOTH = "entries e LEFT JOIN personal p ON p.number = e.number"
_COLUMNS = "e.number, e.body, e.hash, p.content"


def canonical(value: Any) -> str:
    """JSON of which there is one form, in ASCII: half characters and NUL are escapes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(*parts: str) -> str:
    return hashlib.sha256("".join(parts).encode("ascii", "replace")).hexdigest()


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def head_of(db: Connection) -> Head:
    row = db.execute("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1").fetchone()
    return Head(*row) if row else anchor_of(db)


def anchor_of(db: Connection) -> Head:
    """What the first entry follows."""
    return Head(*db.execute("SELECT number, hash FROM anchor").fetchone())


def _append(db: Connection, head: Head, record: Record) -> Head:
    number, record = head.number + 1, parted(record)
    personal = ""
    if record.personal:
        personal = canonical({**record.personal, "salt": secrets.token_hex(16)})
    body = canonical(
        {
            "number": number,
            "at": stamp(datetime.now(UTC)),
            "who": _short(record.who),
            "deed": _short(record.deed),
            "on": _short(record.on),
            "result": _short(record.result),
            "details": record.details,
            "personal": digest(personal) if personal else "",
        }
    )
    own = digest(head.hash, body)
    db.execute("INSERT INTO entries (number, body, hash) VALUES (?, ?, ?)", [number, body, own])
    if personal:
        db.execute("INSERT INTO personal VALUES (?, ?)", [number, personal])
    return Head(number, own)


def _short(text: str) -> str:
    """What SQLite itself reads out of the body: neither half characters nor NUL."""
    return whole(text[:_SHORT]).replace("\0", "\ufffd")


def kept(row: Sequence[Any]) -> Kept:
    """An entry from its number, body, hash and what is personal. What is no JSON has been
    altered; it is shown empty, and `verify` names it."""
    number, body, own, content = row
    value, personal = _object(body), _object(content)
    personal.pop("salt", None)
    who, deed, on, result = (str(value.get(name, "")) for name in ("who", "deed", "on", "result"))
    on = on or str(personal.pop(ON, ""))
    record = Record(who, deed, on, result, _object(value.get("details")), personal)
    is_erased = bool(value.get("personal")) and content is None
    return Kept(number, str(value.get("at", "")), own, str(body), record, is_erased)


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return dict(value) if isinstance(value, dict) else {}
