"""Looks at a data folder with the checkout's own code; prints one JSON value.

python -m soak.look state|drafts|finish|heal|kept, run as a process of the checkout under test.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .samples import QUESTIONS
from .standin import PairEmbedder, install


def same(text: str) -> str:
    """Without white space and what cannot be seen."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())


def state() -> dict[str, Any]:
    """Documents, and what is inconsistent within the catalogue or between it and the vectors."""
    from vectorstore.embedding import embedder as embedding
    from vectorstore.index import PolicyIndex
    from vectorstore.settings import IndexSettings, load_settings

    if "SOAK_REAL" not in os.environ:
        install()
    settings = load_settings(IndexSettings)
    index = PolicyIndex(settings, embedding.build_embedder(settings))
    try:
        index.repair()
        faults: list[str] = []
        documents = {}
        for summary in index.documents():
            documents[summary.sha256] = {
                "title": summary.metadata.title,
                "paths": list(summary.source_paths),
                "passages": _document(index, summary, faults),
            }
        _vectors(index, faults)
        return {"documents": documents, "faults": faults, "top": _top(index)}
    finally:
        index.close()


def _document(index: Any, summary: Any, faults: list[str]) -> list[str]:
    """The passages of a document, each compared with the text and with what is stored of it."""
    text = index.document(summary.id).text
    passages = index.passages_of(summary.id)
    if len(passages) != summary.passages or not passages:
        faults.append(f"{summary.id}: {len(passages)} 段，应有 {summary.passages} 段")
    for passage in passages:
        if same(text[passage.start : passage.end]) != same(passage.text):
            faults.append(f"{passage.id}: 段落与原文不同")
    searched = {p.id for p in passages if p.is_searched}
    if set(index.catalog.embeddings(sorted(searched))) != searched:
        faults.append(f"{summary.id}: 缺向量")
    if not summary.source_paths:
        faults.append(f"{summary.id}: 没有来源")
    return [f"{p.start}-{p.end}" for p in passages]


def _vectors(index: Any, faults: list[str]) -> None:
    wanted = set(index.catalog.embedded_ids())
    if not wanted:
        return
    found = {i for i, _ in index.vectors.query(index.embedder.embed_query("要求"), len(wanted))}
    if found != wanted:
        faults.append(f"向量库与目录库不同：多 {len(found - wanted)}，少 {len(wanted - found)}")
    stored = index.catalog.embeddings(sorted(wanted))
    for question in QUESTIONS:
        vector = index.embedder.embed_query(question)
        scores = {i: float(value @ vector[0]) for i, value in stored.items()}
        least = sorted(scores.values(), reverse=True)[:10][-1] - 1e-3  # float16 against float32
        near = [i for i, _ in index.vectors.query(vector, 10) if scores.get(i, -1) >= least]
        if len(near) < min(9, len(scores)):  # the graph is approximate: one may be missed
            faults.append(f"向量检索与逐个比较不同：{question}")


def _top(index: Any) -> list[list[str]]:
    """For each question the ten best passages."""
    return [[hit.passage.id for hit in index.search(question)] for question in QUESTIONS]


def drafts() -> list[dict[str, Any]]:
    """Saved drafts: how many sections are written, and their texts."""
    return [
        {
            "id": d.id,
            "version": d.version,
            "sections": [[s.id, s.state, s.text] for s in d.sections],
        }
        for d in _drafts(_store())
    ]


def finish() -> list[dict[str, Any]]:
    """Writes what is still missing in every draft, as the page does when it is reopened."""
    install()
    from assistant.services import build_services

    services = build_services()
    try:
        done = []
        for draft in _drafts(services.desk.store):
            for written in services.desk.write(draft):
                draft = written.draft
            done.append(draft)
        return [{"id": d.id, "sections": [[s.heading, s.text] for s in d.sections]} for d in done]
    finally:
        services.close()


def kept() -> dict[str, Any]:
    """What the stores hold, wherever they are: each question with whether its answer is kept, and
    the library's generation."""
    from assistant.history.database import HistoryFile
    from vectorstore import stores
    from vectorstore.opening import open_stores
    from vectorstore.settings import IndexSettings, load_settings

    settings = load_settings(IndexSettings)
    opened = open_stores(settings)
    history = HistoryFile(stores.place(settings.home, stores.HISTORY))
    try:
        turns = history.database.rows("SELECT question, answered FROM turns")
        return {
            "turns": [[question, bool(answered)] for question, answered in turns],
            "generation": int(opened.catalog.get("generation") or 0),
        }
    finally:
        history.close()
        opened.vectors.close()
        opened.catalog.close()


def _store() -> Any:
    from assistant.drafting.store import DraftStore
    from vectorstore.settings import IndexSettings, load_settings

    return DraftStore(load_settings(IndexSettings).data_dir / "drafts.sqlite3")


def _drafts(store: Any) -> list[Any]:
    from assistant.people.viewer import HOME

    return [store.load(row.id, HOME) for row in store.listed(HOME)]


def heal() -> dict[str, Any]:
    """Chroma's own file is damaged while the index is open: what search says then, and after."""
    from vectorstore.errors import PolicyError
    from vectorstore.index import PolicyIndex
    from vectorstore.settings import IndexSettings, load_settings

    settings = load_settings(IndexSettings)
    index = PolicyIndex(settings, PairEmbedder())
    index.repair()
    before = _top(index)
    kind = sys.argv[2]
    for file in settings.data_dir.glob("vectors/*/chroma.sqlite3"):
        damage_open_file(file, kind)
    said, after, deadline = "", None, time.monotonic() + 30
    while after != before and time.monotonic() < deadline:
        try:
            after = _top(index)
        except PolicyError as error:
            said = str(error)
        except Exception as error:  # counted: it stands in place of a sentence
            return {"equal": False, "said": said, "trace": repr(error)[:200]}
        time.sleep(0.5)
    index.close()
    return {"equal": after == before, "said": said, "trace": ""}


def damage_open_file(file: Path, kind: str) -> None:
    size = file.stat().st_size
    with file.open("r+b") as stream:
        if kind == "truncate":
            stream.truncate(size // 2)
        else:
            stream.write(b"\x00" * size)


COMMANDS: dict[str, Callable[[], Any]] = {
    "state": state,
    "drafts": drafts,
    "finish": finish,
    "heal": heal,
    "kept": kept,
}


def main() -> int:
    from vectorstore.errors import PolicyError

    try:
        print(json.dumps(COMMANDS[sys.argv[1]](), ensure_ascii=False))
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
