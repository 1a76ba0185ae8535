"""A question on 问答, as Gradio asks it: where its work is done, and what leaves as Word."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.pages.asking import Asking, ended, redrawn
from assistant.pages.chat import Showing
from assistant.pages.received import SessionFiles
from assistant.pages.talk import Conversation
from assistant.people.log import Entry
from assistant.people.person import alone
from assistant.people.viewer import PERSON
from assistant.queueing import WaitingLine
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.apart import run_apart
from tests.conftest import HashEmbedder
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Viewer

OWNER = "browser:" + "a" * 32
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


class Log:
    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)


@pytest.fixture
def services(filled: PolicyIndex, tmp_path: Path) -> Iterator[Services]:
    library = Library(filled)
    assistant = Assistant(library, LexicalReader(filled.token_weights), 0.3, AnswerSettings())
    desk = DraftingDesk(assistant, DraftStore(tmp_path / "drafts.sqlite3"), DraftSettings())
    made = Services(library, HashEmbedder(), assistant, desk, Log())  # type: ignore[arg-type]
    with closing(desk.store), closing(made.history):
        yield made


def request_of(tab: str = "tab") -> Any:
    inner = SimpleNamespace(scope={PERSON: alone(OWNER), "client": ("127.0.0.1", 1)}, cookies={})
    return SimpleNamespace(request=inner, session_hash=tab)


def ask(services: Services, talk: Conversation, *questions: str) -> None:
    """All at once, in one tab, to the end."""

    async def one(line: WaitingLine, question: str) -> None:
        asking = Asking(services.recording, services.history, line)
        arguments = (request_of(), question, "", talk, "extractive", [], [], [], [], [], [], "")
        async for _ in asking.respond(*arguments):
            pass

    async def all_of_them() -> None:
        line = WaitingLine(1, 10, 10)
        await asyncio.gather(*(one(line, question) for question in questions))

    run_apart(all_of_them())


def test_a_question_that_cannot_be_begun_is_given_back(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away: the turn says so, the box has the question again, and what is asked
    when it is back is answered."""

    def away(*_: object, **__: object) -> None:
        raise PolicyError("连不上数据库")

    talk = Conversation()
    with monkeypatch.context() as patch:
        patch.setattr(type(services.assistant), "view", away)
        ask(services, talk, "每餐补贴多少钱？")
    (turn,) = talk.turns
    assert (turn.question, turn.error, turn.is_stopped) == (
        "每餐补贴多少钱？",
        "连不上数据库",
        True,
    )
    assert not talk.is_busy
    ask(services, talk, "每餐补贴多少钱？")
    assert talk.turns[1].answer


def test_the_event_loop_neither_writes_nor_works_out_views(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []

    def elsewhere(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def call(*given: Any, **named: Any) -> Any:
            called.append(name)
            with pytest.raises(RuntimeError):  # no loop runs in this thread
                asyncio.get_running_loop()
            return real(*given, **named)

        monkeypatch.setattr(owner, name, call)

    talk = Conversation()
    ask(services, talk, QUESTION)
    elsewhere(services.assistant, "view")
    elsewhere(services.assistant.library, "seen_by")
    for name in ("ask", "answered", "failed"):
        elsewhere(services.history.conversations, name)
    ask(services, talk, "由谁牵头？", "……")
    assert {"view", "ask", "answered", "failed"} <= set(called)
    assert [bool(turn.answer) for turn in talk.turns] == [True, True, False]


def test_questions_sent_together_are_of_one_conversation(services: Services) -> None:
    talk = Conversation()
    ask(services, talk, QUESTION, "由谁牵头？", "什么时候施行？")
    (listed,) = services.history.conversations.titles(OWNER)[0]
    stored = services.history.conversations.load(OWNER, listed.id)
    assert [t.question for t in stored.standing] == [t.question for t in talk.turns]
    assert [t.number for t in stored.standing] == [1, 2, 3]
    assert [t.id for t in stored.standing] == [t.stored for t in talk.turns]
    generation = services.assistant.view(Viewer(OWNER)).generation
    assert {t.kept.answer.generation for t in stored.standing if t.kept and t.kept.answer} == {
        generation
    }


def test_a_conversation_leaves_by_its_address(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = SessionFiles(tmp_path)
    showing = Showing(
        services.recording, services.history, files, WaitingLine(1, 1, 1), DraftSettings()
    )
    talk = Conversation()
    _, address, said = showing.report(request_of(), talk)
    assert address == ""
    assert "没有可以导出的内容" in said
    ask(services, talk, QUESTION)
    services.log.entries.clear()  # type: ignore[union-attr]
    assert showing.report(request_of(), talk)[1] == f"/conversations/{talk.id}/export.docx"
    assert services.log.entries == []  # type: ignore[union-attr]  # its route records it

    def full(*_: object) -> None:
        raise PolicyError("磁盘已满")

    with monkeypatch.context() as patch:
        patch.setattr(services.history.conversations, "ask", full)
        ask(services, talk, "由谁牵头？")
    assert "磁盘已满" in talk.unsaved
    ask(services, talk, "什么时候施行？")  # kept again; the one before is not
    services.log.entries.clear()  # type: ignore[union-attr]
    update, address, _ = showing.report(request_of(), talk)
    assert address == ""
    word = Document(io.BytesIO(Path(update["value"]).read_bytes()))  # type: ignore[index]
    headings = [p.text for p in word.paragraphs if p.style and p.style.name == "Heading 1"]
    assert len(headings) == 3
    (entry,) = services.log.entries  # type: ignore[union-attr]
    assert (entry.deed, entry.on) == ("export conversation", talk.id)


def test_when_all_that_overlapped_have_ended_it_is_drawn_as_it_is(services: Services) -> None:
    """Whichever end the browser sees first."""
    talk = Conversation()
    ask(services, talk, QUESTION, "由谁牵头？")
    first, _ = run_apart(ended(talk))
    assert not isinstance(first, str)  # another is still under way
    last, stop = run_apart(ended(talk))
    assert 'id="turn-1"' in last
    assert 'id="turn-2"' in last
    assert stop["interactive"] is False
    ask(services, talk, "什么时候施行？")
    alone_, _ = run_apart(ended(talk))
    assert not isinstance(alone_, str)  # nothing overlapped: what was drawn stands
    whole = run_apart(redrawn(talk))
    assert [f'id="turn-{n}"' in whole for n in (1, 2, 3)] == [True, True, True]


def test_of_two_pictures_of_a_turn_the_later_is_known(services: Services) -> None:
    talk = Conversation()
    ask(services, talk, QUESTION, "由谁牵头？")
    assert len({turn.change for turn in talk.turns}) == 2
    assert max(turn.change for turn in talk.turns) == talk.changes
    assert all(not turn.answer or turn.change > 2 for turn in talk.turns)
