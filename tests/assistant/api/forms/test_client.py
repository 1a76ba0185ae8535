"""The Python client against the real site, and the notebook that shows it."""

import inspect
import json
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from assistant import client as module
from assistant.api import schemas
from assistant.client import Answer, PolicyClient, Refused, Stage
from tests.assistant.api.forms.conftest import QUESTION, Citations, Endless, Office
from tests.attack.conftest import Site
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def client(called: Site) -> Any:
    with PolicyClient(called.address) as opened:
        yield opened


def test_an_answer_cites_what_the_command_line_cites(
    client: PolicyClient, citations: Citations
) -> None:
    answer = client.ask(QUESTION)
    expected = json.loads(json.dumps(citations(QUESTION)))
    assert expected
    told = [vars(citation) for citation in answer.citations]
    assert told == [{name: row[name] for name in told[0]} for row in expected]
    assert "[1]" in answer.answer
    assert not answer.refused


def test_a_stream_ends_with_the_answer(client: PolicyClient) -> None:
    turns = ["青禾市到2025年底要建成多少个老年助餐点？", "每餐补贴多少？"]
    *before, last = client.stream(turns)
    assert Stage("阅读") in before
    assert isinstance(last, Answer)
    assert last == client.ask(turns)
    assert "2元" in last.answer


def test_search_and_documents(client: PolicyClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hits = client.search("节约用水", limit=2, scope={"statuses": ["现行有效"]})
    assert [hit.rank for hit in hits] == [1, 2]
    monkeypatch.setattr(module, "_PAGE", 3)
    documents = list(client.documents())
    assert len({d.document_id for d in documents}) == len(documents) >= 4
    (water,) = client.documents(q="节约用水")
    assert water.document_number == "松政规〔2022〕3号"
    assert {hit.document_id for hit in hits} <= {d.document_id for d in documents}


def test_an_upload_is_taken_in(client: PolicyClient, tmp_path: Path) -> None:
    file = tmp_path / "玉泉县图书馆管理办法.txt"
    file.write_text("玉泉县图书馆管理办法\n\n第一条 图书馆每周开放六天。\n", encoding="utf-8")
    upload = client.upload([file])
    assert upload.state == "done"
    assert [(u.name, u.action) for u in upload.results] == [(file.name, "added")]
    assert "六天" in client.search("图书馆每周开放几天", limit=1)[0].text


def test_why_something_is_not_done_is_told(client: PolicyClient, office: Office) -> None:
    for refused in (lambda: client.ask(" "), lambda: list(client.stream(" "))):
        with pytest.raises(Refused, match="问题是空的"):
            refused()
    with pytest.raises(Refused) as found, PolicyClient(office.site.address, "none") as stranger:
        stranger.ask(QUESTION)
    assert found.value.status == 401
    with PolicyClient(office.site.address, office.key("乙", "ask")) as asker:
        assert office.hidden not in repr(asker.ask(QUESTION))
        with pytest.raises(Refused) as found:
            list(asker.documents())
        assert found.value.status == 403


def test_closing_a_stream_stops_the_work(client: PolicyClient, endless: Endless) -> None:
    stream = client.stream(QUESTION)
    assert next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert endless.stopped.wait(10)


def test_its_values_are_those_of_the_interface() -> None:
    served = {
        "Citation": schemas.CitationOut, "Check": schemas.CheckOut, "Answer": schemas.AnswerOut,
        "Hit": schemas.HitOut, "Document": schemas.DocumentOut, "Upload": schemas.JobOut,
        "Uploaded": schemas.UploadedOut,
    }  # fmt: skip
    events = {"Waiting", "Stage", "Delta"}
    own = {n: c for n, c in vars(module).items() if inspect.isclass(c) and is_dataclass(c)}
    assert set(own) == set(served) | events
    for name, schema in served.items():
        assert issubclass(schema, BaseModel)
        assert {f.name for f in fields(own[name])} <= set(schema.model_fields), name


def test_it_needs_nothing_else_of_the_project() -> None:
    source = inspect.getsource(module)
    assert not re.search(r"^\s*(from|import) (assistant|vectorstore|ingest|prompts)", source, re.M)


def test_the_notebook_runs(
    called: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = json.loads((ROOT / "docs" / "examples" / "client.ipynb").read_text("utf-8"))
    monkeypatch.setenv("POLICY_URL", called.address)
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    names["client"].close()
    said = capsys.readouterr().out
    for words in ("松政规〔2022〕3号", "95%", "2元", "节约用水"):
        assert words in said


def test_a_server_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = httpx.Response(502, text="bad gateway")
    monkeypatch.setattr(httpx.Client, "request", lambda *_, **__: answer)
    with PolicyClient() as client, pytest.raises(Refused, match="bad gateway") as found:
        client.search("问")
    assert found.value.status == 502
