"""What goes over all stores: erasing a person, tidying, and what the files are called."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.chat import Assistant
from assistant.cite.markdown import parse
from assistant.commands import history as command
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft, Request, Section
from assistant.drafting.store import DRAFTS, DraftStore
from assistant.find.reading import LexicalReader
from assistant.history.database import HISTORY
from assistant.office.office import Office
from assistant.office.schema import OFFICE
from assistant.people.audit_log import KeptLog
from assistant.people.log import NoLog, Who
from assistant.people.schema import PEOPLE
from assistant.people.store import Account, People
from assistant.people.units import Refused
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.conftest import ROOT, HashEmbedder
from vectorstore import stores
from vectorstore.arrivals.schema import ARRIVALS
from vectorstore.backups.backup import BESIDE
from vectorstore.catalog.schema import CATALOG
from vectorstore.chain.chain import Chosen
from vectorstore.chain.schema import LOG
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.settings import LogSettings

WORD, NAME, LOGIN = "绝无仅有之言", "欧阳查无此人", "ouyang-nobody"
ADMIN = Who("user:admin", "管理员")


@pytest.fixture
def services(index: PolicyIndex) -> Iterator[Services]:
    data = index.settings.data_dir
    assistant = Assistant(Library(index), LexicalReader(index.token_weights), 0.3, AnswerSettings())
    desk = DraftingDesk(assistant, DraftStore(data / stores.DRAFTS), DraftSettings())
    office = Office(data / stores.OFFICE, HashEmbedder().embed_passages, names_askers=True)
    made = Services(
        assistant.library, index.embedder, assistant, desk, KeptLog(data, LogSettings()),
        People(data / stores.PEOPLE), office,
    )  # type: ignore[arg-type]  # fmt: skip
    with closing(made):
        yield made


@pytest.fixture
def somebody(services: Services) -> Account:
    """Who asked, drafted, and is named in every store."""
    assert services.people
    assert services.office
    account = services.people.add(LOGIN, NAME, roles=["起草"], password="x")
    person = services.people.as_person(account)
    services.history.conversations.ask(account.id, "", WORD, {})
    services.office.gaps.add(["问？"], "没有回答", who=account.id)
    section = Section("s1", "一", body=parse(WORD))
    draft = Draft("d1", account.id, Request("写", "方案", "题", "题"), (section,))
    services.desk.store.save(draft, "新建", person)
    services.log.record(Who(account.id, NAME).did("ask", question=WORD))
    return account


def held(services: Services) -> bytes:
    """All bytes of the SQLite files and of the logs beside them."""
    folder = services.library.settings.data_dir
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.sqlite3*")))


def test_who_is_erased_is_in_no_file(services: Services, somebody: Account) -> None:
    before = held(services)
    assert all(word.encode() in before for word in (WORD, NAME, LOGIN, somebody.id))
    assert services.erase(somebody.id, ADMIN) == {
        "次对话": 1, "条收藏": 0, "份稿子": 1, "个没有回答的问题里的姓名": 1, "个资料夹": 0,
        "个账号": 1,
    }  # fmt: skip
    after = held(services)
    assert [word for word in (WORD, NAME, LOGIN) if word.encode() in after] == []
    assert isinstance(services.log, KeptLog)
    *_, last = services.log.chain.all(Chosen())
    assert (last.record.deed, last.record.on, last.record.result) == (
        "erase person", somebody.id, "done",
    )  # fmt: skip


def test_the_last_administrator_stays_with_all_that_is_theirs(
    services: Services, somebody: Account
) -> None:
    assert services.people
    services.people.set_roles(somebody.id, ["系统管理"])
    with pytest.raises(Refused, match="最后一个"):
        services.erase(somebody.id, ADMIN)
    assert services.people.person(somebody.id)
    assert services.history.conversations.titles(somebody.id)[1] == 1
    assert isinstance(services.log, KeptLog)
    assert [entry.is_erased for entry in services.log.chain.all(Chosen())] == [False]


def test_what_could_not_be_erased_is_in_the_log(
    services: Services, somebody: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(person: str) -> int:
        raise PolicyError("磁盘已满")

    monkeypatch.setattr(services.desk.store.leaving, "forget", fails)
    with pytest.raises(PolicyError, match="磁盘已满"):
        services.erase(somebody.id, ADMIN)
    monkeypatch.undo()
    assert isinstance(services.log, KeptLog)
    *_, last = services.log.chain.all(Chosen())
    assert (last.record.deed, last.record.result) == ("erase person", "failed")
    assert services.people
    assert services.people.account(somebody.id)  # so that it can be done again
    assert services.erase(somebody.id, ADMIN)["份稿子"] == 1


def test_the_command_erases_from_a_log_that_is_kept_no_more(
    services: Services, somebody: Account, capsys: Any
) -> None:
    from assistant.__main__ import _parser

    services.log.close()
    silent = replace(services, log=NoLog())
    with closing(silent.history):
        command.run(silent, _parser().parse_args(["history", "erase", somebody.id]))
    assert "1 次对话" in capsys.readouterr().out
    with closing(KeptLog(services.library.settings.data_dir, LogSettings())) as log:
        first, second = log.chain.all(Chosen())
    assert first.is_erased
    assert second.record.personal["name"]  # whoever ran it, as the system calls them


def test_tidying_goes_over_all_stores_whatever_befalls_one(
    services: Services, somebody: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert services.people
    person = services.people.as_person(somebody)
    (conversation,), _ = services.history.conversations.titles(somebody.id)
    services.history.conversations.delete(somebody.id, conversation.id)
    services.desk.store.delete("d1", person)
    for database, table in (
        (services.history._file.database, "conversations"), (services.desk.store._database, "drafts"),
    ):  # fmt: skip
        with database.transaction() as db:
            db.execute(f"UPDATE {table} SET deleted = '2020-01-01'")

    def fails() -> None:
        raise OSError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(services.history, "tidy", fails)
        services.tidy()
    assert services.desk.store.leaving.count(somebody.id) == 0
    assert services.history.conversations.titles(somebody.id, in_bin=True)[1] == 1
    services.tidy()
    assert services.history.conversations.titles(somebody.id, in_bin=True)[1] == 0


# --- names ------------------------------------------------------------------------------------------


def test_each_store_is_called_one_thing_and_is_in_every_backup() -> None:
    opened = (CATALOG, DRAFTS, PEOPLE, HISTORY, OFFICE, ARRIVALS, LOG)
    assert [store.label for store in opened] == list(stores.LABELS.values())
    assert (stores.CATALOG, *BESIDE) == tuple(stores.LABELS)
    assert BESIDE[-1] == stores.LOG


def program() -> dict[str, str]:
    """The text of each module."""
    folders = ("assistant", "ingest", "vectorstore")
    found = [ROOT / "app.py", *(path for name in folders for path in (ROOT / name).rglob("*.py"))]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in found}


def test_files_are_named_in_one_place() -> None:
    named = {p for p, text in program().items() if re.search(r'"\w+\.sqlite3"', text)}
    # Chroma's own file, and one that is made to be thrown away.
    others = {"vectorstore/vectors/manifest.py", "vectorstore/backups/verify.py"}
    assert named == {str(Path("vectorstore", "stores.py"))} | others


def test_who_sees_everything_is_one_and_used_where_it_is_known() -> None:
    texts = program()
    assert {p for p, text in texts.items() if re.search(r'\bViewer\(""', text)} == {
        "vectorstore/models.py"
    }
    assert {p for p, text in texts.items() if "EVERYTHING" in text} == {
        "vectorstore/models.py",
        "ingest/uploads.py",  # finishing what a crash cut off
        "assistant/drafting/desk.py",  # gone or hidden
        "assistant/pages/admin/answer.py",  # whether the sources of approved answers still hold
        "assistant/pages/admin/frame.py",  # gone or hidden
    }
