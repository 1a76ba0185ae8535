"""What came in, file by file, when it comes in and later; all documents are invented."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.pages import reports
from assistant.pages.reports import add_report_routes
from assistant.pages.uploading import _outcome, _Step, _working, news
from assistant.people.audiences import Names
from assistant.people.person import Person, alone
from assistant.people.viewer import PERSON
from assistant.settings import AnswerSettings
from ingest.__main__ import main
from ingest.uploads import Uploads
from tests.conftest import HashEmbedder
from tests.ingest.test_uploads import quiet, written
from vectorstore.arrivals.arrivals import Arrivals
from vectorstore.index import PolicyIndex
from vectorstore.library import Library, View
from vectorstore.models import PUBLIC, Audience
from vectorstore.pace import Pace

OWN = Audience("部门", ("d1",))
KEEPER = Person("user:1", "wang", "王某", ("d1",), frozenset({"资料管理"}))
OTHER = Person("user:2", "li", "李某", ("d2",), frozenset({"资料管理"}))
READER = Person("user:3", "zhao", "赵某", ("d1",), frozenset({"查阅"}))
HOME = alone("browser:1")


class Site:
    def __init__(self, index: PolicyIndex):
        self.index = index
        self.arrivals = Arrivals(index.settings.data_dir)
        self.uploads = Uploads(index, arrivals=self.arrivals)
        reader = LexicalReader(index.token_weights)
        self.assistant = Assistant(Library(index), reader, 0.3, AnswerSettings())
        self.person = HOME
        app = FastAPI()
        add_report_routes(app, self.assistant, self._seen, self.arrivals, Names(None))

        @app.middleware("http")
        async def as_person(request: Any, following: Callable[[Any], Any]) -> Any:
            request.scope[PERSON] = self.person
            return await following(request)

        self.client = TestClient(app)

    def _seen(self, request: Any) -> View:
        return self.assistant.view(self.person.viewer)

    def send(self, *paths: Path, audience: Audience = PUBLIC) -> Any:
        return self.uploads(paths, quiet, audience=audience, viewer=self.person.viewer)

    def page(self, address: str) -> str:
        return self.client.get(address).text


@pytest.fixture
def site(index: PolicyIndex) -> Any:
    made = Site(index)
    yield made
    made.arrivals.close()


def broken(folder: Path) -> Path:
    path = folder / "坏.pdf"
    path.write_bytes(b"%PDF-1.4 nothing")
    return path


def test_each_file_says_what_was_read_and_what_was_not_found(site: Site, tmp_path: Path) -> None:
    results = site.send(written(tmp_path, "甲县"), broken(tmp_path))
    now = _outcome(results)
    later = site.page(f"/imports/{results[0].report}")
    (document,) = site.index.documents()
    for page in (now, later):
        assert "甲县人民政府关于加强水库管理的通知" in page
        assert "2024-05-06" in page
        assert "没有读到" in page
        assert f'href="/metadata/{document.id}"' in page
        assert "1 个文件没有入库，其余不受影响" in page
        assert results[1].reason in page
    assert f'href="/imports/{results[0].report}"' in now
    assert f"/imports/{results[0].report}" in site.page("/imports")


def test_duplicates_and_namesakes_are_said_with_what_happens(site: Site, tmp_path: Path) -> None:
    site.send(written(tmp_path, "甲县"))
    results = site.send(written(tmp_path, "甲县", "副本.txt"), written(tmp_path, "乙县"))
    for page in (_outcome(results), site.page(f"/imports/{results[0].report}")):
        assert "内容与已入库的《甲县人民政府关于加强水库管理的通知》相同，未重复入库" in page
        assert (
            "库中另有同名文件《甲县人民政府关于加强水库管理的通知》（另一份内容），两份都保留"
            in page
        )


def test_a_report_shows_nothing_that_its_reader_does_not_see(site: Site, tmp_path: Path) -> None:
    site.person = KEEPER
    results = site.send(written(tmp_path, "甲县"), broken(tmp_path), audience=OWN)
    number = results[0].report
    assert "甲县" in site.page(f"/imports/{number}")
    site.person = OTHER
    assert site.client.get(f"/imports/{number}").status_code == 404
    assert "/imports/" not in site.page("/imports")
    site.person = READER
    assert site.client.get(f"/imports/{number}").status_code == 404
    site.person = KEEPER
    Library(site.index).admit(site.index.documents()[0].id, Audience("部门", ("d2",)))
    page = site.page(f"/imports/{number}")
    assert "水库管理" not in page
    assert "现在不在库中" in page


def test_what_others_sent_takes_no_place(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the address of a report, nor on a page of the list."""
    monkeypatch.setattr(reports, "_LISTED", 2)
    site.person = OTHER
    theirs = Audience("个人", (OTHER.id,))
    for name in ("坏一.pdf", "坏二.pdf", "坏三.pdf"):
        site.send(broken(tmp_path).rename(tmp_path / name), audience=theirs)
    site.person = KEEPER
    assert "/imports?before=" not in site.page("/imports")
    own = [site.send(broken(tmp_path), audience=OWN)[0].report for _ in range(3)]
    site.person = OTHER
    site.send(broken(tmp_path), audience=theirs)
    site.person = KEEPER
    first = site.page("/imports")
    assert [f"/imports/{r}" in first for r in own] == [False, True, True]
    older = first.partition('href="/imports?before=')[2].partition('"')[0]
    assert older == own[1]
    second = site.page(f"/imports?before={older}")
    assert [f"/imports/{r}" in second for r in own] == [True, False, False]
    assert "/imports?before=" not in second
    assert not {"1", "2", "3", "4", "5", "6", "7"} & set(own)


@pytest.mark.parametrize("number", ["0", "1", "-1", "9" * 30, "一", "1'"])
def test_what_is_no_report_is_not_there(site: Site, number: str) -> None:
    assert site.client.get(f"/imports/{number}").status_code == 404


def test_a_command_leaves_a_report(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_DATA_DIR", str(site.index.settings.data_dir))
    monkeypatch.setattr("ingest.__main__.build_embedder", lambda _: HashEmbedder())
    folder = written(tmp_path / "in", "甲县").parent
    assert main([str(folder), "--json"]) == 0
    assert main([str(folder), "--json"]) == 0  # nothing came in: no report
    (report,) = site.arrivals.reports()
    assert report.way == "command"
    assert "命令行导入" in site.page(f"/imports/{report.id}")


def test_while_it_works_it_tells_how_fast_and_how_long_still() -> None:
    said = _working(_Step(2, 9, False, Pace(120, 12.34, 95)))
    assert "正在入库：2 / 9（120 段，每秒 12.3 段，还要约 2 分钟）" in said
    assert "120 passages, 12.3 a second, about 2 min left" in said
    assert "（" not in _working(_Step(0, 9, False))


def test_the_library_leads_to_what_somebody_may_open() -> None:
    assert news("") == ""
    assert all(path in news("", KEEPER) for path in ("/imports", "/metadata", "/followed"))
    assert "/imports" not in news("", READER)
    assert "/metadata" in news("已补入库", READER)
