"""Whatever becomes of audiences and of people: an old answer of any kind tells nothing of a document
that is out of sight now, wherever it is shown."""

import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util.pyfiles import load_python_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from assistant.chat import Request
from assistant.cite.structure import Check, Line, Sentence, Table
from assistant.export.conversation import KINDS, Exchange, as_file
from assistant.history.covering import LESS, covered, shown
from assistant.history.database import HISTORY
from assistant.history.history import History
from assistant.history.sights import _packed, _unpacked
from assistant.pages.conversation import conversation
from assistant.pages.history import exchanges
from assistant.pages.talk import reopened
from assistant.settings import DraftSettings
from tests.assistant.history.made import answer_of, citation, sentence
from tests.assistant.test_view import TODAY as DAY
from tests.assistant.test_view import House, conversations, house, nothing_of
from tests.vectorstore.catalog.test_migrations import structure
from vectorstore.library import View
from vectorstore.models import PUBLIC, Audience, Viewer
from vectorstore.sight import Sight, sight_of
from vectorstore.sqlite.database import Database

__all__ = ["house"]
AUDIENCES = st.sampled_from(
    [PUBLIC, PUBLIC, Audience("部门", ("d1",)), Audience("部门", ("d2",)), Audience("群体", ("g1",)),
     Audience("个人", ("user:1",)), Audience("个人", ("user:2",)), Audience(may_quote=False)]
)  # fmt: skip
WHOLE = st.lists(AUDIENCES, min_size=6, max_size=6)
VIEWERS = st.builds(
    Viewer,
    st.sampled_from(["user:1", "user:2"]),
    st.none(),
    st.sampled_from([frozenset({"d1"}), frozenset({"d2"}), frozenset({"d1", "d2"})]),
    st.sampled_from([frozenset[str](), frozenset({"g1"})]),
)
KINDS_OF_ANSWER = (
    "青禾市和松湖市的再生水利用率各是多少？", "各地再生水利用率分别是多少？",
    "哪些文件提到了再生水？", "推广再生水利用由谁牵头？", "财政局承担哪些任务？",
    "库里有多少份文件？", "火星探测器的发射窗口是什么时候？", "青禾市的养老床位有多少张？",
    "青禾市的方案现在还有效吗？", "为什么把松湖市再生水利用率定为99%？", "你好",
)  # fmt: skip


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    with closing(History(tmp_path_factory.mktemp("history"))) as opened:
        yield opened


def told(history: History, owner: str, identifier: str, view: View) -> str:
    """All that is shown of a stored conversation: the page, the shared page, the saved answer, and
    each of these as a file."""
    kept = history.conversations
    stored = kept.load(owner, identifier)
    saved = history.saved.load(owner, history.saved.keep(owner, identifier, stored.turns[-1].id))
    pages = [reopened(stored, view), reopened(stored, view, is_owner=False)]
    copies = [
        Exchange("", "", shown("", saved.kept, view, is_owner=True)),
        *exchanges(stored, view),
    ]
    text = "".join(conversation(talk.turns, talk.around) for talk in pages)
    return text + "".join(_file(kind, copies) for kind in KINDS)


def _file(kind: str, copies: list[Exchange]) -> str:
    made = as_file(kind, "", copies, DraftSettings())
    if kind != "docx":
        return made.decode()
    with zipfile.ZipFile(io.BytesIO(made)) as word:
        parts = [word.read(name).decode() for name in word.namelist() if name.endswith(".xml")]
    return re.sub(r"<[^>]*>", "", "".join(parts))


def admit(house: House, audiences: list[Audience]) -> None:
    for identifier, audience in zip(house.ids, audiences, strict=True):
        house.library.admit(identifier, audience)


def ask(house: House, history: History, owner: str, asker: Viewer, turns: list[str]) -> str:
    answer = house.assistant.chain.invoke(Request(tuple(turns), asker, DAY))
    begun = history.conversations.ask(owner, "", turns[-1])
    history.conversations.answered(begun, answer)
    return begun.conversation


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=WHOLE,
    after=WHOLE,
    asker=VIEWERS,
    reader=VIEWERS,
    turns=st.one_of(conversations(), st.sampled_from(KINDS_OF_ANSWER).map(lambda q: [q])),
)
def test_whatever_changes_nothing_out_of_sight_is_told(
    house: House, history: History, before: list[Audience], after: list[Audience],
    asker: Viewer, reader: Viewer, turns: list[str],
) -> None:  # fmt: skip
    try:
        admit(house, before)
        identifier = ask(house, history, "甲", asker, turns)
        admit(house, after)
        view = house.library.seen_by(reader, as_of=DAY)
        hidden = frozenset(house.ids) - view.quotable.ids
        text = told(history, "甲", identifier, view)
        nothing_of(house, hidden, text, "".join(turns))
        counts = re.findall(r"共有? ?(\d+) 份文件|在 (\d+) 份文件中", text)
        assert all(int("".join(count)) <= len(view.ids) for count in counts)
    finally:
        admit(house, [PUBLIC] * len(house.ids))


@pytest.mark.parametrize("question", KINDS_OF_ANSWER)
def test_who_sees_as_much_sees_the_whole_answer(
    house: House, history: History, question: str
) -> None:
    asker = house.viewer(frozenset({0, 1, 2}))
    answer = house.assistant.chain.invoke(Request((question,), asker, DAY))
    stored = history.conversations.load("乙", ask(house, history, "乙", asker, [question]))
    (kept,) = (turn.kept for turn in stored.turns)
    assert kept is not None
    for reader in (asker, house.viewer(frozenset(range(4))), Viewer("甲")):
        found = shown(question, kept, house.library.seen_by(reader, as_of=DAY), is_owner=True)
        assert (found.answer.said, found.answer.notes) == (answer.said, answer.notes)
    less = house.library.seen_by(house.viewer(frozenset({0, 1})), as_of=DAY)
    found = shown(question, kept, less, is_owner=True)
    assert found.hidden or found.answer.notes == (LESS,)
    unknown = replace(kept, answer=replace(answer, sight=None))  # of an earlier program
    found = shown(question, unknown, less, is_owner=True)
    assert found.hidden or found.answer.notes == (LESS,)


def test_a_file_read_anew_is_still_in_sight_and_one_that_is_gone_is_not(house: House) -> None:
    first, second, *_ = house.library.seen_by(Viewer("甲"), as_of=DAY).documents()
    then, anew = sight_of([first, second]), replace(first, id="0" * 16)
    assert then.is_within(sight_of([first, second, anew]))
    assert then.is_within(sight_of([anew, second]))
    other = replace(anew, metadata=replace(first.metadata, title="另一份文件"))
    assert not then.is_within(sight_of([other, second]))
    assert not then.is_within(sight_of([second]))


def test_the_migrations_make_the_same_file(tmp_path: Path) -> None:
    Database(tmp_path / "fresh.sqlite3", HISTORY).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'steps.sqlite3'}")
    files = sorted(HISTORY.migrations.glob("versions/v*.py"))
    assert len(files) == HISTORY.version
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        for file in files:
            load_python_file(str(file.parent), file.name).upgrade()
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "fresh.sqlite3")) as db:
        db.execute("DROP TABLE alembic_version")  # Alembic's own, made with a fresh file
    assert structure(tmp_path / "fresh.sqlite3") == structure(tmp_path / "steps.sqlite3")


def test_what_a_model_wrote_stays_only_where_its_own_sources_say_it(house: House) -> None:
    """It had read what is hidden now, and names rows and columns in its own words."""
    asker, reader = house.viewer(frozenset({0, 1})), house.viewer(frozenset({0}))
    full = house.library.seen_by(asker, as_of=DAY)
    seen = full.summary(house.ids[0])
    assert seen
    answer = answer_of(citation(1, seen))
    slip = Sentence(("松湖市为22.7%。", 1), Check("松湖市为22.7%。", (1,), "unsupported"))
    table = Table((sentence("松湖市"),), ((sentence("松湖"), sentence("值", 1)),))
    answer = replace(
        answer, said=(*answer.body, Line((slip,)), table), mode="model", sight=full.sight
    )
    assert "松湖" in covered(answer, full, is_owner=True).answer.text
    found = covered(answer, house.library.seen_by(reader, as_of=DAY), is_owner=True)
    assert "松湖" not in found.answer.text
    assert "第1句写明" in found.answer.text


def test_a_sight_is_kept_once_and_small(tmp_path: Path) -> None:
    many = Sight({f"{n:016x}": f"{n:016x}" for n in range(0, 30_000, 3)})
    with closing(History(tmp_path)) as history:
        sights = history._file.sights
        number = sights.keep(many)
        assert sights.keep(Sight(dict(many.names))) == number
        assert sights.keep(None) == 0
        other = sights.keep(Sight({"x": "y"}))
        assert other != number  # no turn needed the first, so that it went
        assert (sights.of(number), sights.of(0)) == (None, None)
        again = sights.keep(many)
        (size,) = history._file.database.row("SELECT length(bits) FROM sights") or (0,)
        assert size < 1300
    with closing(History(tmp_path)) as history:
        assert history._file.sights.of(again) == many


@given(st.frozensets(st.integers(1, 300)))
def test_bits_come_back(numbers: frozenset[int]) -> None:
    bits = _unpacked(_packed(numbers))
    assert {n for n, is_in in enumerate(bits, 1) if is_in} == numbers
