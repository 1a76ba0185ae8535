"""What askers saw, kept once for all turns that were answered from it: documents are numbered, and
a sight is a bit for each, packed. Of 10,000 documents it takes 1.3 kB at most."""

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import compress

from vectorstore.database.port import Database
from vectorstore.sight import Sight

_HELD = 32  # sights in memory; one of 10,000 documents takes about a megabyte


class Sights:
    """`database` opens the file, when something is first kept or read."""

    def __init__(self, database: Callable[[], Database]):
        self._database = database
        self._held: OrderedDict[int, Sight] = OrderedDict()
        self._documents: list[tuple[str, str]] = []  # (id, name), number n at n - 1
        self._lock = threading.Lock()

    def keep(self, sight: Sight | None) -> int:
        """The number under which it is kept, 0 for none. Called in the transaction that writes
        the number down; what no turn needs any more goes when a new one comes."""
        if sight is None:
            return 0
        mark = _mark(sight)
        with self._database().transaction() as db:
            known = db.execute("SELECT id FROM sights WHERE mark = ?", (mark,)).fetchone()
            if known:
                return int(known[0])
            db.executemany(
                "INSERT INTO documents (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
                sight.names.items(),
            )
            numbers = [
                number
                for number, identifier, name in db.execute("SELECT number, id, name FROM documents")
                if sight.names.get(identifier) == name
            ]
            db.execute(
                "DELETE FROM sights WHERE id NOT IN "
                "(SELECT sight FROM turns UNION SELECT sight FROM saved)"
            )
            ((made,),) = db.execute(
                "INSERT INTO sights (mark, bits) VALUES (?, ?) RETURNING id",
                (mark, _packed(numbers)),
            )
            return int(made)

    def of(self, number: int) -> Sight | None:
        """None where none was kept, and where it is lost."""
        if not number:
            return None
        with self._lock:
            if number not in self._held:
                found = self._read(number)
                if found is None:
                    return None
                self._held[number] = found
                if len(self._held) > _HELD:
                    self._held.popitem(last=False)
            self._held.move_to_end(number)
            return self._held[number]

    def _read(self, number: int) -> Sight | None:
        row = self._database().row("SELECT bits FROM sights WHERE id = ?", (number,))
        if row is None:
            return None
        bits = _unpacked(row[0])
        if len(bits) > len(self._documents):
            rows = self._database().rows("SELECT id, name FROM documents ORDER BY number")
            self._documents = [(row[0], row[1]) for row in rows]
        return Sight(dict(compress(self._documents, bits)))


def _mark(sight: Sight) -> str:
    named = "\n".join(sorted(f"{i} {name}" for i, name in sight.names.items()))
    return blake2b(named.encode(), digest_size=16).hexdigest()


def _packed(numbers: Iterable[int]) -> bytes:
    """A bit for each number from 1 on, the first the lowest."""
    found = list(numbers)
    bits = bytearray((max(found, default=0) + 7) // 8)
    for number in found:
        bits[(number - 1) // 8] |= 1 << (number - 1) % 8
    return zlib.compress(bytes(bits))


def _unpacked(stored: bytes) -> list[bool]:
    bits = int.from_bytes(zlib.decompress(stored), "little")
    return [digit == "1" for digit in reversed(f"{bits:b}")] if bits else []
