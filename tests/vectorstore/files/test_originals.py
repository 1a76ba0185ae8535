"""An original is given while it holds what was read, and nothing that took its place."""

import hashlib
from pathlib import Path

from vectorstore.files.originals import as_read
from vectorstore.models import DocumentSummary, Metadata

READ = "第一条 渡口每日巡查。".encode()


def read_from(*sources: Path) -> DocumentSummary:
    digest = hashlib.sha256(READ).hexdigest()
    return DocumentSummary(
        "d1", digest, tuple(map(str, sources)), "txt", Metadata(title="办法"), 1, ""
    )


def test_the_first_file_that_holds_it_is_given(tmp_path: Path) -> None:
    changed, kept = tmp_path / "新.txt", tmp_path / "旧.txt"
    changed.write_bytes(b"other")
    kept.write_bytes(READ)
    found = as_read(read_from(tmp_path / "没有.txt", changed, kept), 1000)
    assert found == ("旧.txt", READ)


def test_what_was_put_in_its_place_is_not_given(tmp_path: Path) -> None:
    secret, place = tmp_path / "people.sqlite3", tmp_path / "办法.txt"
    secret.write_bytes(b"secret")
    place.symlink_to(secret)
    assert as_read(read_from(place), 1000) is None
    place.unlink()
    place.write_bytes(READ)
    assert as_read(read_from(place), len(READ) - 1) is None  # grown beyond what is read at all
    assert as_read(read_from(Path(f"{tmp_path}/甲.zip!办法.txt")), 1000) is None
