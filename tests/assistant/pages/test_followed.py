"""文件夹跟踪: what is proposed, and who decides."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

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
from vectorstore.models import PUBLIC, Audience

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
        self.note(Followed(str(folder), "2026-01-01T00:00:00", missing=missing, audience=PUBLIC))
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

    def note(self, state: Followed) -> None:
        self.arrivals.note(NOTE, asdict(state))

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


def test_what_lies_in_a_container_stays_while_that_is_there(site: Site, tmp_path: Path) -> None:
    container = tmp_path / "in" / "附件.zip"
    with ZipFile(container, "w") as packed:
        packed.writestr("乙县/通知.txt", written(tmp_path / "out", "乙县").read_text("utf-8"))
    ingest(site.index, [container])
    (found,) = (d for d in site.index.documents() if d.id != site.id)
    (path,) = found.source_paths
    assert "!" in path
    site.note(Followed(str(tmp_path / "in"), missing=(Missing(path, found.id),), audience=PUBLIC))
    send = {"path": path}
    assert "又出现了" in site.client.post("/followed/remove", data=send).text
    assert len(site.index.documents()) == 2
    container.unlink()
    assert site.client.post("/followed/remove", data=send).status_code == 303
    assert [d.id for d in site.index.documents()] == [site.id]


def test_the_folder_is_told_to_those_for_whom_its_files_are(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "某局内部"
    state = Followed(str(folder), "2026-01-01T00:00:00", files=7, refused=("秘密.exe：不支持",))
    for audience, seen in ((Audience("部门", ("d1",)), True), (Audience("部门", ("d2",)), False),
                           (None, False), (PUBLIC, True)):  # fmt: skip
        site.note(replace(state, audience=audience))
        site.person = KEEPER
        page = site.client.get("/followed").text
        told = [said in page for said in ("某局内部", "7 个文件", "秘密.exe")]
        assert told == [seen] * 3
        assert str(tmp_path) not in page
    site.person = alone("browser:1")
    assert str(folder) in site.client.get("/followed").text
