"""What monitors are told, on the real site."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from assistant.chat import Request
from assistant.pages.monitoring import part_of
from assistant.people.log import Who
from assistant.people.viewer import LOCAL
from tests.conftest import HashEmbedder
from tests.load.serving import Served, served
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings

pytestmark = pytest.mark.filterwarnings("ignore:SSR mode is not supported")
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


@pytest.fixture(scope="module")
def site(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("monitored") / "data"
    shutil.copytree(sample_index / "data", folder)
    opened = PolicyIndex(IndexSettings(data_dir=folder), HashEmbedder())
    with served(opened, monitors=("127.0.0.0/30",)) as made:
        yield made
    opened.close()


def ask(site: Served, question: str) -> None:
    site.services.recording.ask(Who("", ""), Request((question,), LOCAL, date(2026, 1, 1)))


def value(site: Served, name: str) -> float:
    """Of one line of the metrics, labels and all."""
    text = httpx.get(f"{site.address}/metrics").text
    found = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def test_an_answer_and_a_refusal_are_counted_and_timed(site: Served) -> None:
    told = 'policy_answers_total{mode="extractive",outcome="answered"}'
    refused = 'policy_answers_total{mode="extractive",outcome="refused"}'
    timed = 'policy_answer_seconds_count{mode="extractive"}'
    before = [value(site, name) for name in (told, refused, timed)]
    ask(site, QUESTION)
    ask(site, "火星探测器的发射窗口是什么时候？")
    assert [value(site, name) for name in (told, refused, timed)] == [
        before[0] + 1, before[1] + 1, before[2] + 2,
    ]  # fmt: skip


def test_a_failure_is_counted_but_not_timed(site: Served) -> None:
    failed = 'policy_answers_total{mode="none",outcome="failed"}'
    timed = 'policy_answer_seconds_count{mode="none"}'
    before = value(site, failed)
    site.reader.broken = True
    try:
        with pytest.raises(ZeroDivisionError):
            ask(site, QUESTION)
    finally:
        site.reader.broken = False
    assert (value(site, failed), value(site, timed)) == (before + 1, 0.0)


def test_gauges_tell_of_the_library(site: Served) -> None:
    catalog = site.services.library.index.catalog
    assert value(site, "policy_documents") == catalog.count_documents() > 0
    assert value(site, "policy_passages") == catalog.count_passages() > 0
    assert value(site, "policy_waiting") == 0
    assert value(site, "policy_ready") == 1


def test_requests_are_counted_by_part_and_status(site: Served) -> None:
    missing = 'policy_http_requests_total{part="pages",status="4xx"}'
    before = value(site, missing)
    httpx.get(f"{site.address}/documents/0123456789")
    assert value(site, missing) == before + 1
    text = httpx.get(f"{site.address}/metrics").text
    assert "0123456789" not in text
    assert "青禾" not in text


def test_addresses_fall_into_few_parts() -> None:
    assert [part_of(p) for p in ("/", "/x" * 9, "/api/v1/ask", "/mcp", "/gradio_api/queue/join")] == [
        "pages", "pages", "api", "api", "gradio",
    ]  # fmt: skip
    assert [part_of(p) for p in ("/metrics", "/look/page.css")] == ["monitors", "assets"]


def test_ready_says_what_is_missing(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    assert httpx.get(f"{site.address}/readyz").status_code == 200
    monkeypatch.setattr(type(site.services.embedder), "is_loaded", False, raising=False)
    answer = httpx.get(f"{site.address}/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["models"])


def test_strangers_get_no_metrics(sample_index: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_index / "data", tmp_path / "data")
    opened = PolicyIndex(IndexSettings(data_dir=tmp_path / "data"), HashEmbedder())
    with served(opened, monitors=("10.0.0.0/8",)) as made:
        assert httpx.get(f"{made.address}/metrics").status_code == 404
        # A proxy on this machine says whom it speaks for, and that is who is asked about.
        told = httpx.get(f"{made.address}/metrics", headers={"X-Forwarded-For": "10.1.2.3"})
        assert told.status_code == 200
    opened.close()
