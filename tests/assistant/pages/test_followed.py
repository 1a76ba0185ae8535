"""文件夹跟踪: what is proposed, and who decides."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.pages.followed import add_followed_routes
from assistant.people.log import Entry
from assistant.people.person import Person, alone
from assistant.people.viewer import PERSON
from assistant.settings import AnswerSettings
from ingest.pipeline import ingest
from ingest.uploads import Uploads
from tests.ingest.test_uploads import written
from vectorstore.arrivals.arrivals import Arrivals
from vectorstore.arrivals.followed import NOTE, Followed, Missing
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library, View
from vectorstore.models import Audience

KEEPER = Person("user:1", "wang", "王某", ("d1",), frozenset({"资料管理"}))
READER = Person("user:3", "zhao", "赵某", ("d1",), frozenset({"查阅"}))


class Site:
    def __init__(self, index: PolicyIndex, folder: Path):
        self.index, self.person = index, alone("browser:1")
        self.file = written(folder, "甲县")
        ingest(index, [self.file])
        self.id = index.documents()[0].id
        self.file.unlink()
        self.arrivals = Arrivals(index.settings.data_dir)
        missing = (Missing(str(self.file), self.id),)
        self.arrivals.note(
            NOTE, asdict(Followed(str(folder), "2026-01-01T00:00:00", missing=missing))
        )
        reader = LexicalReader(index.token_weights)
        self.assistant = Assistant(Library(index), reader, 0.3, AnswerSettings())
        self.entries: list[Entry] = []
        self.full = False
        app = FastAPI()
        add_followed_routes(app, self.assistant, self._seen, self.arrivals, Uploads(index), self)

        @app.middleware("http")
        async def as_person(request: Any, following: Callable[[Any], Any]) -> Any:
            request.scope[PERSON] = self.person
            return await following(request)

        self.client = TestClient(app, follow_redirects=False)

    def record(self, entry: Entry) -> None:
        if self.full:
            raise PolicyError("日志写不进")
        self.entries.append(entry)

    def _seen(self, request: Any) -> View:
        return self.assistant.view(self.person.viewer)

    def send(self, deed: str) -> Any:
        return self.client.post(f"/followed/{deed}", data={"path": str(self.file)})


@pytest.fixture
def site(index: PolicyIndex, tmp_path: Path) -> Iterator[Site]:
    made = Site(index, tmp_path / "in")
    yield made
    made.arrivals.close()


def test_a_document_goes_when_somebody_says_so(site: Site) -> None:
    page = site.client.get("/followed").text
    assert "文件已不在的文档（1）" in page
    assert "甲县人民政府关于加强水库管理的通知" in page
    assert len(site.index.documents()) == 1
    site.full = True
    assert site.send("remove").status_code == 400  # not logged, not done
    assert len(site.index.documents()) == 1
    site.full = False
    assert site.send("remove").status_code == 303
    assert site.index.documents() == []
    assert (site.entries[-1].deed, site.entries[-1].on) == ("delete document", site.id)
    assert "已经处理过" in site.send("remove").text


def test_what_is_kept_is_not_proposed_again(site: Site) -> None:
    assert site.send("keep").status_code == 303
    assert "没有待确认的" in site.client.get("/followed?said=kept").text
    assert len(site.index.documents()) == 1


def test_a_file_that_is_back_is_not_removed(site: Site) -> None:
    site.file.write_text("回来了", encoding="utf-8")
    assert "又出现了" in site.send("remove").text
    assert len(site.index.documents()) == 1


def test_only_who_may_decides_and_only_of_what_they_see(site: Site) -> None:
    site.person = READER
    assert site.client.get("/followed").status_code == 404
    assert site.send("remove").status_code == 404
    site.person = KEEPER
    Library(site.index).admit(site.id, Audience("部门", ("d2",)))
    assert "甲县" not in site.client.get("/followed").text
    assert site.send("remove").status_code == 400
    assert len(site.index.documents()) == 1
