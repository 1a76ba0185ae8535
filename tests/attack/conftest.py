"""The real site behind the real server, in this process: no model, so quick to start."""

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import build_server, listen
from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.office.backups import BackupDesk
from assistant.office.office import Office
from assistant.pages.received import SessionFiles
from assistant.pages.scratch import run_folder
from assistant.people.log import AuditLog, NoLog
from assistant.services import Services, backup_tools, open_people
from assistant.settings import AnswerSettings, DraftSettings, OfficeSettings, WebSettings
from tests.conftest import MODELS, HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.settings import IndexSettings


@dataclass(frozen=True)
class Site:
    """A site that is being served, and where it keeps things."""

    address: str
    data: Path
    run: Path
    services: Services

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=60, trust_env=False, **options)


@contextmanager
def serving(settings: IndexSettings, log: AuditLog | None = None, **web: Any) -> Iterator[Site]:
    """Serves the index of `settings` on a free port."""
    with (
        closing(PolicyIndex(settings, HashEmbedder())) as index,
        run_folder(settings.data_dir) as run,
        pytest.MonkeyPatch.context() as patch,
        listen(WebSettings(port=0)) as listener,
    ):
        patch.setenv("GRADIO_TEMP_DIR", str(run))
        library = Library(index)
        votes = WebSettings(**web).feedback_mb * 2**20
        office = Office(settings.data_dir / "office.sqlite3", index.embedder.embed_passages, max_vote_bytes=votes)  # fmt: skip
        reader = LexicalReader(index.token_weights)
        assistant = Assistant(library, reader, 0.3, AnswerSettings(), office=office)
        store = DraftStore(settings.data_dir / "drafts.sqlite3")
        said = WebSettings(port=0, **web)
        people = open_people(settings, said) if said.lists_people else None
        services = Services(library, index.embedder, assistant, DraftingDesk(assistant, store, DraftSettings()),  # type: ignore[arg-type]
                            log or NoLog(), people, office, BackupDesk(backup_tools(settings, OfficeSettings())))  # fmt: skip
        server = build_server(said, services, SessionFiles(run))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.02)
            port = listener.getsockname()[1]
            yield Site(f"http://127.0.0.1:{port}", settings.data_dir, run, services)
        finally:
            server.should_exit = True
            thread.join(30)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def site(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site over the sample corpus, for tests that leave it as it is."""
    data = tmp_path_factory.mktemp("attack") / "data"
    shutil.copytree(sample_index / "data", data)
    with serving(IndexSettings(data_dir=data, model_dir=MODELS, max_file_mb=2), hosts=("policy.lan",),
                 upload_mb=3, request_mb=1, patience_seconds=2) as served:  # fmt: skip
        yield served


def functions(
    client: httpx.Client, page: str, elem_id: str
) -> Iterator[tuple[int, list[Any], int]]:
    """The functions of a page that read the component `elem_id`: number, inputs, and where
    among them it stands."""
    html = client.get(page).text
    found = re.search(r"window\.gradio_config\s*=\s*(\{.*?\});\s*</script>", html, re.S)
    assert found
    config = json.loads(found[1])
    wanted = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == elem_id)
    for call in config["dependencies"]:
        if wanted in call["inputs"]:
            yield call["id"], [""] * len(call["inputs"]), call["inputs"].index(wanted)


def call(client: httpx.Client, page: str, elem_id: str, value: Any) -> tuple[int, str]:
    """Calls the page's function with a value for `elem_id` as a browser would: status and all
    that it answers."""
    number, data, at = next(functions(client, page, elem_id))
    data[at] = value
    session = os.urandom(8).hex()
    body = {"data": data, "fn_index": number, "session_hash": session}
    joined = client.post("/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        return joined.status_code, joined.text
    seen = []
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as lines:
        for line in lines.iter_lines():
            seen.append(line)
            if "process_completed" in line:
                break
    return 200, "\n".join(seen)


def file_value(path: str) -> dict[str, Any]:
    return {"path": path, "orig_name": "文.txt", "meta": {"_type": "gradio.FileData"}}


def upload(client: httpx.Client, name: str, content: bytes) -> str:
    """Uploads a file and gives the path under which it is known then."""
    answer = client.post("/gradio_api/upload", files={"files": (name, content)})
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0])
