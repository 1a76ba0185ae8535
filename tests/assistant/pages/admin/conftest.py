"""管理 over a small library, for whoever a test says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.office.backups import BackupDesk
from assistant.office.gaps import Gap
from assistant.office.office import Office
from assistant.office.sight import ALL
from assistant.pages.admin.routes import add_admin_routes
from assistant.pages.refusals import Refusals, Refused
from assistant.people.log import Entry
from assistant.people.person import Person, Role
from assistant.people.store import People
from assistant.people.viewer import PERSON
from assistant.queueing import WaitingLine
from assistant.services import Services, backup_tools
from assistant.settings import AnswerSettings, DraftSettings, OfficeSettings
from tests.assistant.stated import put
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.settings import IndexSettings

HOSTILE = '<img src=x onerror="alert(1)">${7*7}{{x}}'
STATED: Any = (
    ("青禾市河湖保洁每年投入240万元", "amount", {"subject": "河湖保洁投入", "text": "240万元"}),
    ("占道经营费每月30元", "amount", {"subject": "占道经营费", "text": "30元"}),
)


@dataclass
class Noted:
    """What the log was told."""

    entries: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)

    @property
    def deeds(self) -> list[tuple[str, str]]:
        return [(entry.deed, entry.result) for entry in self.entries]


@dataclass
class Site:
    """The pages, and who looks at them."""

    client: TestClient
    services: Services
    office: Office
    people: People
    log: Noted
    person: Person

    def become(self, *roles: Role, identifier: str = "user:me") -> None:
        self.person = Person(identifier, "me", "李某", roles=frozenset(roles))

    def gaps(self) -> list[Gap]:
        """Those that are open, whoever may see them."""
        return self.office.gaps.open(ALL)

    def get(self, path: str, **query: Any) -> str:
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text[-800:]
        return answer.text

    def post(self, path: str, **form: Any) -> Any:
        return self.client.post(path, data=form)


@pytest.fixture
def site(index: PolicyIndex, settings: IndexSettings) -> Iterator[Site]:
    put(index, "city", STATED, title=f"青禾市河湖和市容办法{HOSTILE}", region=("云岭省", "青禾市"),
        issuer="青禾市卫生局")  # fmt: skip
    data: Path = settings.data_dir
    office = Office(data / "office.sqlite3", HashEmbedder().embed_passages, names_askers=True)
    reader = LexicalReader(index.token_weights)
    assistant = Assistant(Library(index), reader, 0.3, AnswerSettings(), office=office)
    people, log = People(data / "people.sqlite3"), Noted()
    desk = DraftingDesk(assistant, DraftStore(data / "drafts.sqlite3"), DraftSettings())
    tools = backup_tools(settings, OfficeSettings())
    services = Services(
        assistant.library, index.embedder, assistant, desk, log, people, office, BackupDesk(tools),
    )  # type: ignore[arg-type]  # fmt: skip
    app = FastAPI()
    client = TestClient(app, follow_redirects=False)
    made = Site(client, services, office, people, log, Person("user:me"))

    @app.middleware("http")
    async def whoever(request: Request, follow: Any) -> Any:
        request.scope[PERSON] = made.person
        return await follow(request)

    app.add_middleware(Refusals, refused=Refused(log))
    add_admin_routes(app, services, WaitingLine(2, 10, 5))
    made.become("资料管理", "系统管理", "安全管理")
    with client:
        yield made
    office.close()
    people.close()
    desk.store.close()
