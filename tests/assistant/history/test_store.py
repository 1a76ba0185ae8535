"""What was asked is there again, and nobody else's."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.history import storing
from assistant.history.database import HISTORY
from assistant.history.history import History
from assistant.history.models import NotThere
from assistant.history.storing import answer_from, answer_json
from tests.assistant.history.made import answer_of, citation, refusal_of
from tests.conftest import ROOT
from tests.vectorstore.catalog.test_migrations import scripts, structure
from vectorstore import stores
from vectorstore.errors import ReadOnlyData
from vectorstore.sqlite.database import Database

ANSWER = answer_of(citation(1, "甲"), citation(2, "乙"))
HOSTILE = "'); DROP TABLE turns; -- <script>alert(1)</script> ${7*7} \ud83d %_\x00"


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def asked(history: History, owner: str, *questions: str) -> str:
    identifier = ""
    for question in questions:
        begun = history.conversations.ask(owner, identifier, question)
        history.conversations.answered(begun, ANSWER)
        identifier = begun.conversation
    return identifier


@pytest.mark.parametrize("answer", [ANSWER, refusal_of(citation(0, "丙"))])
def test_an_answer_comes_back_as_it_was(answer: object) -> None:
    assert answer_from(answer_json(answer)) == answer  # type: ignore[arg-type]


def test_a_conversation_is_there_after_a_restart(history: History, tmp_path: Path) -> None:
    identifier = asked(history, "甲", "第一问？", "第二问？")
    history.close()
    found = History(tmp_path).conversations.load("甲", identifier)
    assert [(t.number, t.question) for t in found.turns] == [(1, "第一问？"), (2, "第二问？")]
    assert [t.kept.answer for t in found.turns if t.kept] == [ANSWER, ANSWER]
    assert found.about.title == "第一问？"


def test_what_was_said_up_to_a_turn(history: History) -> None:
    c, identifier = history.conversations, asked(history, "甲", "第一问？")
    failed = c.ask("甲", identifier, "出错的？")
    c.failed(failed, "出错")
    asked_last = c.ask("甲", identifier, "第二问？")
    c.answered(asked_last, ANSWER)
    anew = c.ask("甲", identifier, "改问？", instead_of=asked_last.turn)
    for turn, last in ((asked_last.turn, "第二问？"), (anew.turn, "改问？")):
        turns, found = c.up_to("甲", turn)
        assert (turns, found.id) == (["第一问？", last], turn)
    for owner, turn in (("乙", anew.turn), ("甲", anew.turn + 1)):
        with pytest.raises(NotThere):
            c.up_to(owner, turn)


def test_nobody_reaches_what_is_anothers(history: History) -> None:
    identifier = asked(history, "甲", "问？")
    c, s = history.conversations, history.saved
    turn = c.load("甲", identifier).turns[0].id
    kept = s.keep("甲", identifier, turn)
    for reach in (
        lambda: c.load("乙", identifier), lambda: c.rename("乙", identifier, "名"),
        lambda: c.delete("乙", identifier), lambda: c.share("乙", identifier),
        lambda: c.withdraw("乙", identifier), lambda: c.destroy("乙", identifier),
        lambda: c.restore("乙", identifier), lambda: c.ask("乙", identifier, "又问？"),
        lambda: c.shared(""), lambda: s.keep("乙", identifier, turn),
        lambda: s.load("乙", kept), lambda: s.describe("乙", kept, ["标"], ""),
        lambda: s.delete("乙", kept), lambda: s.dismiss("乙", kept, "x"),
    ):  # fmt: skip
        with pytest.raises(NotThere):
            reach()
    assert c.titles("乙") == ([], 0)
    assert c.questions("乙") == []
    assert s.of("乙") == []
    mine = asked(history, "乙", "我的？")
    with pytest.raises(NotThere):  # a turn of another conversation
        c.ask("乙", mine, "改？", instead_of=turn)


def test_deleted_comes_back_until_it_is_destroyed(history: History) -> None:
    c, identifier = history.conversations, asked(history, "甲", "问？")
    link = c.share("甲", identifier)
    c.delete("甲", identifier)
    assert c.titles("甲") == ([], 0)
    for gone in (lambda: c.load("甲", identifier), lambda: c.shared(link)):
        with pytest.raises(NotThere):
            gone()
    assert c.titles("甲", in_bin=True)[1] == 1
    c.restore("甲", identifier)
    assert c.load("甲", identifier).turns
    c.delete("甲", identifier)
    c.destroy("甲", identifier)
    assert c.titles("甲", in_bin=True) == ([], 0)


def test_a_link_can_be_withdrawn(history: History) -> None:
    c, identifier = history.conversations, asked(history, "甲", "问？")
    link = c.share("甲", identifier)
    assert c.share("甲", identifier) == link
    assert c.shared(link).about.id == identifier
    c.withdraw("甲", identifier)
    with pytest.raises(NotThere):
        c.shared(link)
    assert c.share("甲", identifier) != link


def test_asked_anew_the_earlier_turns_are_kept(history: History) -> None:
    c, identifier = history.conversations, asked(history, "甲", "一？", "二？", "三？")
    second = c.load("甲", identifier).turns[1]
    begun = c.ask("甲", identifier, "二改？", instead_of=second.id)
    found = c.load("甲", identifier)
    assert [t.question for t in found.standing] == ["一？", "二改？"]
    assert [t.question for t in found.earlier(found.standing[1])] == ["二？", "三？"]
    assert all(t.kept for t in found.earlier(found.standing[1]))
    with pytest.raises(NotThere):  # it stands no more
        c.ask("甲", identifier, "又改？", instead_of=second.id)
    assert begun.turn == found.standing[1].id


def test_tabs_that_write_one_conversation_lose_no_turn(history: History) -> None:
    identifier = asked(history, "甲", "开头？")

    def tab(name: str) -> None:
        for n in range(10):
            begun = history.conversations.ask("甲", identifier, f"{name}{n}？")
            history.conversations.answered(begun, ANSWER)

    tabs = [threading.Thread(target=tab, args=[name]) for name in "ABC"]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    turns = history.conversations.load("甲", identifier).standing
    assert [turn.number for turn in turns] == list(range(1, 32))
    assert {t.question for t in turns} >= {f"{name}{n}？" for name in "ABC" for n in range(10)}
    assert all(turn.kept for turn in turns)


def test_search_finds_titles_and_questions(history: History) -> None:
    asked(history, "甲", "老年助餐点建多少？", "由谁牵头？")
    other = asked(history, "甲", "节约用水 100%_达标？")
    c = history.conversations
    c.rename("甲", other, "Water 汇总")
    found = {words: [t.title for t in c.titles("甲", words)[0]]
             for words in ("牵头", "water", "100%", "%_", "_%", "助餐点 牵头", "没有这个")}  # fmt: skip
    first = ["老年助餐点建多少？"]
    assert found == {"牵头": first, "water": ["Water 汇总"], "100%": ["Water 汇总"],
                     "%_": ["Water 汇总"], "_%": [], "助餐点 牵头": first, "没有这个": []}  # fmt: skip
    titles, count = c.titles("甲", limit=1)
    assert (len(titles), count) == (1, 2)


def test_hostile_words_stay_words(history: History) -> None:
    identifier = asked(history, "甲", HOSTILE)
    c = history.conversations
    c.rename("甲", identifier, HOSTILE)
    assert c.titles("甲", HOSTILE)[1] == 1
    assert "DROP TABLE" in c.load("甲", identifier).turns[0].question
    with pytest.raises(ValueError, match="空"):
        c.rename("甲", identifier, " \n ")


def test_retention_and_the_bin_end(history: History, tmp_path: Path) -> None:
    old, binned = asked(history, "甲", "旧？"), asked(history, "甲", "删？")
    history.conversations.delete("甲", binned)
    with history._file.database.transaction() as db:
        db.execute("UPDATE conversations SET updated = '2020-01-01' WHERE id = ?", (old,))
        db.execute("UPDATE conversations SET deleted = '2020-01-01' WHERE id = ?", (binned,))
    asked(history, "甲", "新？")
    with pytest.raises(NotThere):
        history.conversations.restore("甲", binned)
    assert history.conversations.titles("甲", in_bin=True) == ([], 0)
    assert [t.title for t in history.conversations.titles("甲")[0]] == ["新？", "旧？"]
    history.close()
    kept_90_days = History(tmp_path, 90)
    kept_90_days.tidy()
    assert [t.title for t in kept_90_days.conversations.titles("甲")[0]] == ["新？"]


def test_who_is_erased_leaves_no_word_in_the_files(history: History, tmp_path: Path) -> None:
    word = "绝无仅有之问"
    identifier = asked(history, "甲", word)
    history.saved.keep("甲", identifier, history.conversations.load("甲", identifier).turns[0].id)
    asked(history, "乙", "旁人？")
    assert history.erase("甲") == (1, 1)
    assert history.conversations.titles("甲") == ([], 0)
    assert history.conversations.titles("乙")[1] == 1
    history.close()
    content = b"".join(path.read_bytes() for path in tmp_path.glob(f"{stores.HISTORY}*"))
    assert word.encode() not in content


def test_saved_answers_outlive_their_conversation(history: History) -> None:
    identifier = asked(history, "甲", "问？")
    turn = history.conversations.load("甲", identifier).turns[0].id
    kept = history.saved.keep("甲", identifier, turn)
    assert history.saved.keep("甲", identifier, turn) == kept
    history.saved.describe("甲", kept, [" 养老 ", "养老", "", "2025年"], "备注")
    history.conversations.delete("甲", identifier)
    history.conversations.destroy("甲", identifier)
    (found,) = history.saved.of("甲", "养老")
    assert (found.kept.answer, found.tags, found.note) == (ANSWER, ("养老", "2025年"), "备注")
    assert history.saved.tags("甲") == [("2025年", 1), ("养老", 1)]
    assert history.saved.of("甲", "没有") == []
    history.saved.dismiss("甲", kept, "x:已废止")
    assert history.saved.load("甲", kept).dismissed == {"x:已废止"}
    history.saved.delete("甲", kept)
    assert history.saved.of("甲") == []
    history.saved.restore("甲", kept)
    assert len(history.saved.of("甲")) == 1


def test_an_answer_that_cannot_be_read_keeps_its_text(history: History) -> None:
    identifier = asked(history, "甲", "问？")
    with history._file.database.transaction() as db:
        db.execute('UPDATE turns SET answer = \'{"of": "another time"}\'')
    (turn,) = history.conversations.load("甲", identifier).turns
    assert turn.kept is not None
    assert turn.kept.answer is None
    assert turn.kept.text == ANSWER.text
    assert {source.id for source in turn.kept.sources} == {"甲", "乙"}


KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.history.history import History
begun = History(Path(sys.argv[1])).conversations.ask("甲", "", "问到一半？")
print(begun.conversation, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_program_loses_no_question(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode == -signal.SIGKILL
    history = History(tmp_path)
    (turn,) = history.conversations.load("甲", ended.stdout.strip()).turns
    assert (turn.question, turn.kept, turn.error) == ("问到一半？", None, "")


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_start(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("root writes everywhere")
        with pytest.raises(ReadOnlyData):
            History(tmp_path).conversations.titles("甲")
    finally:
        tmp_path.chmod(0o700)


def test_the_migrations_lead_to_the_schema(tmp_path: Path) -> None:
    """From the first format, with an answer in it, each step; the same as a fresh file."""
    fresh, old = tmp_path / "fresh.sqlite3", tmp_path / stores.HISTORY
    Database(fresh, HISTORY).close()
    assert [int(path.name[1:5]) for path in scripts(HISTORY)] == [*range(1, HISTORY.version + 1)]
    first = scripts(HISTORY)[0].read_text(encoding="utf-8").split('"""')[3].strip()
    database = Database(old, replace(HISTORY, schema=first, version=1))
    with database.transaction() as db:
        db.execute("INSERT INTO conversations VALUES ('c', '甲', '问？', '', '', '', '')")
        db.execute(
            "INSERT INTO turns (conversation, number, question, settings, asked, answered, answer, "
            "text, generation) VALUES ('c', 1, '问？', '{}', '', '2024', ?, '文', 7)",
            (answer_json(ANSWER),),
        )
    database.close()
    history = History(tmp_path)
    (turn,) = history.conversations.load("甲", "c").turns
    assert turn.kept is not None
    assert (turn.question, turn.kept.answer) == ("问？", ANSWER)
    history.close()
    assert structure(old) == structure(fresh)


def test_tags_and_what_saved_answers_rest_on_need_no_answer(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = asked(history, "甲", "问？")
    kept = history.saved.keep(
        "甲", identifier, history.conversations.load("甲", identifier).turns[0].id
    )
    history.saved.describe("甲", kept, ["养老"], "")

    def read(_: str) -> None:
        raise AssertionError("an answer is read")

    monkeypatch.setattr(storing, "answer_from", read)
    (found,) = history.saved.resting("甲")
    assert (found.id, found.question) == (kept, "问？")
    assert [source.id for source in found.sources] == ["甲", "乙"]
    assert history.saved.tags("甲") == [("养老", 1)]
    assert history.saved.of("甲", "没有") == []
    assert history.saved.resting("乙") == []
