"""What changed since vectors were published, kept as a matrix and brought up to date by pieces."""

import threading

from vectorstore.catalog.changes import ChangeLog
from vectorstore.embedding.embedder import Matrix
from vectorstore.errors import IndexIncompatible
from vectorstore.vectors.exact import OTHER_MODEL, Exact, from_rows

_NOTHING = ("", Exact(0))


class Recent:
    """Asked inside `catalog.reading()`, so that it is of the same moment as the other answers."""

    def __init__(self, log: ChangeLog):
        self._log = log
        self._lock = threading.Lock()
        self._held = _NOTHING

    def since(self, name: str, after: int | None, vector: Matrix) -> Exact:
        """What changed after `after` in what was published as `name`; None: all there is.

        Raises IndexIncompatible when vectors are of another length than `vector`.
        """
        key = f"{name} {after}"
        seq = self._log.position()
        with self._lock:
            held_key, held = self._held
            if held_key == key and held.seq <= seq and self._log.exists:
                if held.seq < seq:
                    documents = self._log.documents(held.seq)
                    held = held.with_changes(seq, documents, self._log.rows(held.seq))
            elif after is not None:
                held = from_rows(seq, self._log.rows(after), self._log.documents(after))
            else:
                held = from_rows(seq, self._log.all_rows())
            self._held = (key, held)
        if held.dimension not in (None, vector.shape[1]):
            raise IndexIncompatible(OTHER_MODEL)
        return held

    def forget(self) -> None:
        with self._lock:
            self._held = _NOTHING
