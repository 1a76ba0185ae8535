"""The real site for programs that call: over the sample corpus, without a model."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.chat import Request
from assistant.events import Stopped
from assistant.people.log import Entry, Who
from assistant.people.store import People
from tests.attack.conftest import Site, serving
from tests.conftest import MODELS, HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.models import Audience
from vectorstore.settings import IndexSettings

QUESTION = "社区养老服务的目标是什么"
ALL = ("ask", "search", "read", "audit")


@pytest.fixture(scope="session")
def called(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on this machine, which programs call without a key; one answer at a time."""
    data = tmp_path_factory.mktemp("called") / "data"
    shutil.copytree(sample_index / "data", data)
    settings = IndexSettings(data_dir=data, model_dir=MODELS)
    with serving(settings, concurrency=1, waiting_each=1) as served:
        yield served


@dataclass
class Noted:
    entries: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)


@dataclass
class Office:
    """A site that people log in to. `hidden` is a document for 甲 alone."""

    site: Site
    people: People
    log: Noted
    hidden: str
    persons: dict[str, str]

    def key(self, login: str, *scopes: str) -> str:
        given = {"days": 1, "per_minute": 1000}
        return self.people.keys.add(self.persons[login], "OA", scopes or ALL, **given)[1]


@pytest.fixture(scope="session")
def office(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    data = tmp_path_factory.mktemp("office-called") / "data"
    shutil.copytree(sample_index / "data", data)
    settings = IndexSettings(data_dir=data, model_dir=MODELS)
    accounts = People(data / "people.sqlite3")
    persons = {
        login: accounts.add(login, login, roles=("查阅", "起草"), source="service").id
        for login in ("甲", "乙")
    }
    accounts.close()
    index = PolicyIndex(settings, HashEmbedder())
    hidden = next(d.id for d in index.documents() if "养老" in d.metadata.title)
    with index.writing():
        index.put_audience(hidden, Audience("个人", (persons["甲"],)))
    index.close()
    log = Noted()
    with serving(settings, log, login="local") as site:
        assert site.services.people is not None
        yield Office(site, site.services.people, log, hidden, persons)


class Endless:
    """In place of what answers: never done, until it is stopped."""

    def __init__(self) -> None:
        self.begun, self.stopped = threading.Event(), threading.Event()

    def ask(self, who: Who, request: Request) -> Any:
        self.begun.set()
        try:
            while not self.stopped.wait(0.01):
                request.progress.stage("阅读")
        except Stopped:
            self.stopped.set()
            raise


@pytest.fixture
def endless(called: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endless]:
    slow = Endless()
    monkeypatch.setitem(called.services.__dict__, "recording", slow)
    yield slow
    slow.stopped.set()


Citations = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def citations(called: Site) -> Citations:
    """What `python -m assistant ask --json` cites."""
    from assistant.__main__ import answered

    return lambda question: answered(called.services, [question], None).as_json()["citations"]
