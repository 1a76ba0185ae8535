"""Tantivy's index of words: it ranks as FTS5 does, and never answers from yesterday."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("tantivy", reason="requirements-scale.txt")

from tests.vectorstore.keywords.prompt import Prompt
from tests.vectorstore.made import WORDS, put, put_random
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.keywords import quick
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.keywords.quick import QuickIndex
from vectorstore.keywords.tokens import tokens

pytestmark = pytest.mark.scale


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    opened = SqlCatalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def words(tmp_path: Path, catalog: SqlCatalog) -> Iterator[Prompt]:
    made = Prompt(catalog.database, tmp_path / "words")
    catalog.followers.append(made)
    put_random(catalog, 40, seed=3)
    yield made
    made.stop()


def ranked(index: Fts5Index, text: str, *, of: list[str] | None = None) -> list[tuple[str, float]]:
    return index.search(tokens(text), 100, of)


def test_it_ranks_as_fts5_does(words: Prompt, catalog: SqlCatalog) -> None:
    fts5 = Fts5Index(catalog.database)
    for text in (*WORDS, "农村道路和养老服务", "第3条的节水器具推广应用", "没有这句话"):
        mine, theirs = ranked(words, text), ranked(fts5, text)
        assert [i for i, _ in mine] == [i for i, _ in theirs]
        assert [s for _, s in mine] == pytest.approx([s for _, s in theirs])
        some = [i for i, _ in theirs][::3]
        assert words.scores(tokens(text), some) == pytest.approx(fts5.scores(tokens(text), some))
        assert words.frequencies(tokens(text)) == fts5.frequencies(tokens(text))
    assert words.served > 10


@pytest.mark.parametrize("named", [0, 1000])
def test_a_restriction_is_kept_however_it_is_looked_for(
    words: Prompt, catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch, named: int
) -> None:
    monkeypatch.setattr(quick, "_NAMED", named)
    monkeypatch.setattr(quick, "_DEEPEST", 7)
    fts5 = Fts5Index(catalog.database)
    allowed = ["r001", "r007", "r020", "unknown"]
    for text in WORDS:
        mine, theirs = ranked(words, text, of=allowed), ranked(fts5, text, of=allowed)
        assert [i for i, _ in mine] == [i for i, _ in theirs]


def test_what_changed_is_taken_in_and_nothing_else(words: Prompt, catalog: SqlCatalog) -> None:
    ranked(words, "农村")
    assert words._open is not None
    before = words._open[0].seq
    put(catalog, "new", "青铜纹样")
    assert [i for i, _ in ranked(words, "青铜纹样")] == ["new-0000"]
    assert words._open is not None
    assert words._open[0].seq == before + 1
    put(catalog, "new", "石窟壁画")
    assert ranked(words, "青铜纹样") == []
    assert [i for i, _ in ranked(words, "石窟壁画")] == ["new-0000"]
    catalog.delete_document("new")
    assert ranked(words, "石窟壁画") == []


def test_a_transaction_sees_its_own(words: Prompt, catalog: SqlCatalog) -> None:
    ranked(words, "农村")
    with catalog.transaction():
        put(catalog, "new", "青铜纹样")
        assert [i for i, _ in ranked(words, "青铜纹样")] == ["new-0000"]
    assert [i for i, _ in ranked(words, "青铜纹样")] == ["new-0000"]


def test_what_was_rolled_back_is_not_found(words: Prompt, catalog: SqlCatalog) -> None:
    with suppress(ZeroDivisionError), catalog.transaction():
        put(catalog, "new", "青铜纹样")
        ranked(words, "青铜纹样")
        raise ZeroDivisionError
    put(catalog, "other", "石窟壁画")
    assert ranked(words, "青铜纹样") == []
    assert [i for i, _ in ranked(words, "石窟壁画")] == ["other-0000"]


def test_a_question_does_not_wait_for_it(tmp_path: Path, catalog: SqlCatalog) -> None:
    put_random(catalog, 5, seed=1)

    class Never(QuickIndex):
        def bring_up_in_background(self) -> None:
            """The thread has not come to it yet."""

    never = Never(catalog.database, tmp_path / "words")
    fts5 = Fts5Index(catalog.database)
    catalog.followers.append(never)
    put(catalog, "new", "农村道路")
    assert ranked(never, "农村道路") == ranked(fts5, "农村道路") != []


@pytest.mark.parametrize("damage", ["gone", "torn", "of another catalogue"])
def test_a_damaged_folder_is_made_anew(
    tmp_path: Path, words: Prompt, catalog: SqlCatalog, damage: str
) -> None:
    right = ranked(words, "农村道路")
    folder = tmp_path / "words"
    words._open = None
    if damage == "gone":
        for file in folder.iterdir():
            file.unlink()
    elif damage == "torn":
        for file in folder.glob("*.store"):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        (folder / "meta.json").write_text("{")
    else:
        state = (folder / "state.json").read_text()
        (folder / "state.json").write_text(state.replace('"stamp": "', '"stamp": "0'))
        put(catalog, "r001", "改过")
        right = Fts5Index(catalog.database).search(tokens("农村道路"), 100)
    for _ in range(2):  # found broken, made anew
        assert [i for i, _ in ranked(words, "农村道路")] == [i for i, _ in right]
    before = words.served
    assert [i for i, _ in ranked(words, "农村道路")] == [i for i, _ in right]
    assert words.served == before + 1


def test_two_processes_do_not_write_at_once(
    tmp_path: Path, words: Prompt, catalog: SqlCatalog
) -> None:
    from vectorstore.keywords.passages_index import writing

    ranked(words, "农村")
    put(catalog, "new", "青铜纹样")
    with writing(tmp_path / "words", anew=False) as other:
        assert other is not None
        assert [i for i, _ in ranked(words, "青铜纹样")] == ["new-0000"]  # by FTS5
        assert not words.bring_up()
    assert words.bring_up()
