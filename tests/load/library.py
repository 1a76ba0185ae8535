"""How quick 文件库 is with many documents: `python -m tests.load.library --documents 10000`.

Makes a catalogue of so many documents (keyword index and all, no vectors) and asks for the list as
the page does: seconds on the server and bytes sent, for the first rows, a page, each column, each
filter and searches of rare and of common words. With --folder it is kept, for the app to be
started over it.
"""

import argparse
import random
import sys
import tempfile
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.office.collecting import Holder
from assistant.office.office import Office
from assistant.pages.audiences import Audiences
from assistant.pages.library_list import COLUMNS
from assistant.pages.library_routes import add_library_routes
from assistant.people.audiences import Names
from assistant.people.log import NoLog
from assistant.people.viewer import LOCAL
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.conftest import HashEmbedder
from vectorstore.catalog.port import Source
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Document, Metadata, Passage
from vectorstore.settings import IndexSettings

PASSAGES = 6  # of a document
_MATTERS = (
    "节约用水",
    "农村公路",
    "社区养老",
    "课后服务",
    "安全生产",
    "数字政府",
    "湿地保护",
    "招商引资",
)
_DEEDS = (
    "管理",
    "监督检查",
    "资金保障",
    "考核评价",
    "宣传引导",
    "信息公开",
    "应急处置",
    "人员培训",
)
_KINDS = ("通知", "办法", "意见", "方案", "规划", "决定")


def fill(index: PolicyIndex, count: int, seed: int = 7) -> None:
    """Documents of invented counties; each speaks of 管理 in every passage, one of 10,000 of 青铜纹样."""
    draw = random.Random(seed)
    catalog = index.catalog
    with catalog.transaction():
        for number in range(count):
            county = f"第{number % 700 + 1}县"
            matter, kind = draw.choice(_MATTERS), draw.choice(_KINDS)
            texts = [
                f"第{n + 1}条 {county}人民政府应当加强{matter}{draw.choice(_DEEDS)}，落实管理责任，"
                f"到{draw.randrange(2020, 2030)}年{matter}覆盖率达到{draw.randrange(40, 99)}%，"
                f"由{draw.choice(_MATTERS)}主管部门会同有关单位{draw.choice(_DEEDS)}，并于每年{n + 1}月底前报告。"
                for n in range(PASSAGES)
            ]
            if number % 10_000 == 5:
                texts[3] += "青铜纹样另行规定。"
            _put(catalog, f"{number:016x}", texts, Metadata(
                f"{county}人民政府关于{matter}工作的{kind}", issuer=f"{county}人民政府",
                document_number=f"{number % 700 + 1}政发〔{2015 + number % 12}〕{number % 97 + 1}号",
                date_written=date(2015, 1, 1) + timedelta(days=number * 37 % 4300),
                region=(f"第{number % 31 + 1}省", county), kind=kind,
            ))  # fmt: skip


def _put(catalog: Any, name: str, texts: list[str], metadata: Metadata) -> None:
    source, passages = "", []
    for ordinal, said in enumerate(texts):
        passages.append(Passage(f"{name}-{ordinal:04d}", name, ordinal, len(source),
                                len(source) + len(said), said))  # fmt: skip
        source += said + "\n"
    document = Document(name, name, (), "txt", source, metadata)
    vectors = np.zeros((len(passages), 8), np.float32)
    catalog.replace_document(
        document, passages, vectors, [Source(f"/made/{name}.txt", name, len(source), 1)]
    )


def measure(index: PolicyIndex, office: Office, folder: Path) -> None:
    assistant = Assistant(
        Library(index), LexicalReader(index.token_weights), 0.3, AnswerSettings(), office=office
    )
    store = DraftStore(folder / "drafts.sqlite3")
    services = Services(
        assistant.library, HashEmbedder(), assistant,  # type: ignore[arg-type]
        DraftingDesk(assistant, store, DraftSettings()), NoLog(), None, office,
    )  # fmt: skip
    app = FastAPI()
    ingest: Any = None  # nothing is deleted
    add_library_routes(app, services, ingest, Audiences(Names(None), NoLog()))
    holder = Holder("load", "load", (), keeps=True)
    made = office.collections.make("一千份", "all", holder)
    seen = list(assistant.view(LOCAL).documents())
    office.collections.put(made.id, seen[:1000], holder)
    asked: list[tuple[str, dict[str, str]]] = [
        ("first rows", {}),
        ("again", {}),
        ("page 2", {"part": "list", "page": "2"}),
        ("last page", {"part": "list", "page": "9999"}),
        ("200 rows", {"part": "list", "size": "200"}),
        *((f"sorted by {c}", {"part": "list", "sort": c}) for c in COLUMNS),
        ("one county", {"part": "list", "region": "第7县"}),
        ("one kind", {"part": "list", "kind": "办法"}),
        ("one year", {"part": "list", "year": "2020"}),
        ("one collection", {"part": "list", "collection": made.id}),
        ("a title", {"part": "list", "q": "第17县 节约用水", "only": "title"}),
        ("a rare text", {"part": "list", "q": "青铜纹样"}),
        ("a common text", {"part": "list", "q": "管理"}),
        ("three common texts", {"part": "list", "q": "管理 应急处置 覆盖率"}),
        ("a figure", {"part": "list", "q": "88%"}),
    ]
    with TestClient(app) as client, closing(store):
        for name, query in asked:
            begun, worked = time.perf_counter(), time.process_time()
            answer = client.get("/library/rows", params=query)
            took, worked = time.perf_counter() - begun, time.process_time() - worked
            assert answer.status_code == 200
            assert "documents" in answer.text
            print(
                f"{name:22} {took * 1000:7.0f} ms {worked * 1000:7.0f} ms of a core "
                f"{len(answer.content) / 1024:7.0f} KB",
                flush=True,
            )
        for kind in ("csv", "xlsx"):
            begun = time.perf_counter()
            answer = client.get(f"/library/list.{kind}")
            took = time.perf_counter() - begun
            print(
                f"{'all of it as ' + kind:22} {took * 1000:7.0f} ms {len(answer.content) / 1024:7.0f} KB"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        index = PolicyIndex(
            IndexSettings(data_dir=folder, model_dir=folder / "models"), HashEmbedder()
        )
        office = Office(folder / "office.sqlite3", HashEmbedder().embed_passages)
        begun = time.perf_counter()
        if not index.catalog.count_documents():
            fill(index, arguments.documents)
            print(f"filled in {time.perf_counter() - begun:.0f} s", flush=True)
        measure(index, office, folder)
        office.close()
        index.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
