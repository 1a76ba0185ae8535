"""The reader's outputs, kept in .cache/evals between runs.

What the model says of a question with a passage depends on nothing but their tokens, the weights
and the code that runs it; the file's name holds a digest of the latter two. An evaluation that
asks again what it asked before takes seconds, so that rules can be compared on all questions.
Nothing that is timed uses it. Each pair is read alone, where in use two of like length are read
together; padding moves a logit in the third digit.
"""

import hashlib
import pickle
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.find.neural import encoding, model
from assistant.find.neural.encoding import Pair
from assistant.find.neural.reader import BATCH, WEIGHTS_FOLDER, NeuralReader, Said

CACHE = Path(__file__).parents[2] / ".cache"


class Remembered:
    """Stands before the forward pass of a reader."""

    def __init__(self, reader: NeuralReader):
        self._forward = reader._forward
        self._lock = threading.Lock()
        file = CACHE / "evals" / f"read-{_digest()}.sqlite3"
        file.parent.mkdir(parents=True, exist_ok=True)
        self._known = sqlite3.connect(
            file, timeout=60, isolation_level=None, check_same_thread=False
        )
        self._known.execute("PRAGMA journal_mode=WAL")
        self._known.execute("CREATE TABLE IF NOT EXISTS read (pair BLOB PRIMARY KEY, said BLOB)")

    def __call__(self, pairs: Sequence[Pair]) -> list[Said]:
        keys = [hashlib.sha256(repr(pair.ids).encode()).digest() for pair in pairs]
        found = {key: said for key in keys if (said := self._look_up(key))}
        new = [i for i, key in enumerate(keys) if key not in found]
        for i in new:
            (found[keys[i]],) = self._forward([pairs[i]])
            self._note(keys[i], found[keys[i]])
        return [found[key] for key in keys]

    def _note(self, key: bytes, said: Said) -> None:
        with self._lock:
            row = (key, pickle.dumps(said))
            self._known.execute("INSERT OR REPLACE INTO read VALUES (?, ?)", row)

    def _look_up(self, key: bytes) -> Said | None:
        with self._lock:
            row = self._known.execute("SELECT said FROM read WHERE pair = ?", (key,)).fetchone()
        return pickle.loads(row[0]) if row else None


def remember(reader: object) -> None:
    """Makes a neural reader look up what it has read before; any other is left alone."""
    if isinstance(reader, NeuralReader):
        reader._forward = Remembered(reader)  # type: ignore[method-assign]


def _digest() -> str:
    digest = hashlib.sha256(f"{BATCH}".encode())
    for module in (model, encoding):
        digest.update(Path(module.__file__).read_bytes())
    digest.update((WEIGHTS_FOLDER / "reader.sha256").read_bytes())
    return digest.hexdigest()[:12]
