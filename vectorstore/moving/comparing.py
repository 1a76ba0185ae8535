"""Whether two databases hold the same rows: count and checksum of each table."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vectorstore.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and the SHA-256 over all of them in their order."""

    rows: int
    digest: str


def sum_of(rows: Iterable[Sequence[Any]]) -> Sum:
    count, digest = 0, hashlib.sha256()
    for row in rows:
        count += 1
        for value in row:
            digest.update(_written(value))
        digest.update(b"\n")
    return Sum(count, digest.hexdigest())


def _written(value: Any) -> bytes:
    """One value, so that no two different ones are written alike."""
    if value is None:
        return b"-;"
    if isinstance(value, bytes | memoryview):
        kind, said = b"b", bytes(value)
    elif isinstance(value, float):
        kind, said = b"f", value.hex().encode()
    elif isinstance(value, int):
        kind, said = b"i", str(value).encode()
    else:
        kind, said = b"t", str(value).encode("utf-8", "surrogatepass")
    return b"%s%d:%s;" % (kind, len(said), said)


def require_same(label: str, table: str, here: Sum, there: Sum) -> None:
    """Raises PolicyError that names the table."""
    if here != there:
        raise PolicyError(
            f"{label}的表 {table} 搬过去后不一样（{here.rows} 行和 {there.rows} 行，"
            f"校验值 {here.digest[:12]} 和 {there.digest[:12]}）；什么都没有改动"
        )


def converter(kinds: Sequence[type]) -> Callable[[Sequence[Any]], list[Any]]:
    """SQLite keeps a value of another kind than its column says; PostgreSQL does not. Whole
    figures of a column of fractions are fractions, all else must be what the column says."""

    def converted(row: Sequence[Any]) -> list[Any]:
        return [_as(kind, value) for kind, value in zip(kinds, row, strict=True)]

    return converted


def _as(kind: type, value: Any) -> Any:
    if value is None:
        return None
    if kind is float:
        return float(value)
    if kind is int:
        return int(value)
    if kind is bytes:
        return bytes(value)
    if isinstance(value, bytes):
        raise PolicyError("数据文件里有一段文字不是文字；请先运行 python -m ingest verify")
    return str(value).replace("\0", "\ufffd")


def batches(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
