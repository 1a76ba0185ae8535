"""The real site on a free port, over the sample corpus, with parts that are quick and count."""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI

from app import build_server, listen
from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader, Reading
from assistant.pages.received import SessionFiles
from assistant.pages.scratch import run_folder
from assistant.people.viewer import LOCAL
from assistant.queueing import WaitingLine
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings, WebSettings
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import SearchHit


@dataclass
class CountingReader:
    """Reads by words, each time for `seconds` at least and not before it is `let`, and counts
    how many read at once."""

    reader: LexicalReader
    seconds: float = 0.0
    at_work: int = 0
    most: int = 0
    count: int = 0
    broken: bool = False
    let: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    name: str = "lexical"

    def read(
        self, question: str, hits: Sequence[SearchHit], *rest: Any, **named: Any
    ) -> list[Reading]:
        with self.lock:
            self.at_work += 1
            self.count += 1
            self.most = max(self.most, self.at_work)
        try:
            time.sleep(self.seconds)
            self.let.wait(60)
            if self.broken:
                raise ZeroDivisionError("on purpose")
            return self.reader.read(question, hits, *rest, **named)
        finally:
            with self.lock:
                self.at_work -= 1


@dataclass(frozen=True)
class Served:
    address: str
    reader: CountingReader
    services: Services
    line: WaitingLine


@contextlib.contextmanager
def served(index: PolicyIndex, seconds: float = 0.0, **web: Any) -> Iterator[Served]:
    """Runs the site while the block runs; each reading takes `seconds`."""
    reader = CountingReader(LexicalReader(index.token_weights), seconds)
    reader.let.set()
    library = Library(index)
    # Each question is read: what was answered before would keep nobody waiting.
    assistant = Assistant(library, reader, 0.3, AnswerSettings(remembered=0))
    shown = assistant.view(LOCAL)
    assistant._examples = {(shown.generation, shown.ids): []}  # none are drawn: they would count
    drafts = DraftStore(index.settings.data_dir / "drafts.sqlite3")
    desk = DraftingDesk(assistant, drafts, DraftSettings())
    services = Services(library, index.embedder, assistant, desk)  # type: ignore[arg-type]
    settings = WebSettings(port=0, **web)
    with (
        run_folder(index.settings.data_dir) as run,
        pytest.MonkeyPatch.context() as patch,
        listen(settings) as listener,
    ):
        patch.setenv("GRADIO_TEMP_DIR", str(run))
        server = build_server(settings, services, SessionFiles(run))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            site: Any = server.config.app
            while not isinstance(site, FastAPI):  # within what stands around it
                site = site.app
            yield Served(address, reader, services, site.state.line)
        finally:
            server.should_exit = True
            thread.join(15)
