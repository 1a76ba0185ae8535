"""What the index costs at scale: python -m tests.scale

  make --passages N              the catalogue of N passages, once; goes on where it was ended
  measure --passages N PART…     words, tantivy; build-folders, folders, and so for chroma and
                                 milvus; retrieval: each into a file
  table                          what was measured, a column for each size

All of it lies below --folder. Beside the time by the clock stands that of the processor, which a
busy machine does not change. The laws and the
questions are evaluation data beside the checkout (tests/evals/common.py).
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from tests.evals.common import CACHE, EVAL, data_missing
from tests.evals.render import table
from tests.scale import keyword_costs, vector_costs
from tests.scale.asking import questions, timed, together
from tests.scale.geometry import Geometry
from tests.scale.making import make
from tests.scale.vector_costs import Clock, Worked, size_of, with_server
from vectorstore import stores
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.index import PolicyIndex
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.settings import IndexSettings
from vectorstore.vectors.choosing import vectors_of
from vectorstore.vectors.port import VectorStore

QUESTIONS = EVAL / "written" / "questions.jsonl"
Row = dict[str, float]


def words(folder: Path, count: int) -> Row:
    with closing(SqlCatalog(folder / stores.CATALOG)) as catalog:
        asked = questions(QUESTIONS, count)
        found = keyword_costs.measure(catalog, Fts5Index(catalog.database), asked)
        size = (folder / stores.CATALOG).stat().st_size
        return found | keyword_costs.touched(catalog, asked) | {"catalogue_bytes": float(size)}


def tantivy(folder: Path, count: int) -> Row:
    from vectorstore.keywords.quick import QuickIndex

    with closing(SqlCatalog(folder / stores.CATALOG)) as catalog:
        asked = questions(QUESTIONS, count)
        index = QuickIndex(catalog.database, folder / "words")
        clock = Clock()
        if not index.bring_up():
            raise RuntimeError("another process writes the index of words")
        found = clock.row("build") | {"bytes": float(size_of(folder / "words"))}
        found |= keyword_costs.measure(catalog, index, asked)
        found |= keyword_costs.alike(Fts5Index(catalog.database), index, asked)
        index.stop()
        return found


Opened = Callable[[SqlCatalog], VectorStore]


@contextmanager
def _folders(folder: Path) -> Iterator[tuple[Opened, Path, Worked]]:
    kept = folder / "vectors"
    yield lambda catalog: vectors_of(catalog, kept), kept, time.process_time


@contextmanager
def _chroma(folder: Path) -> Iterator[tuple[Opened, Path, Worked]]:
    from tests.vectorstore.vectors.engines import ChromaProcess

    kept = folder / "chroma"
    process = ChromaProcess(kept)
    process.start()
    try:
        yield lambda c: vectors_of(c, kept, process.url, seconds=60), kept, with_server(process.pid)
    finally:
        process.kill()


@contextmanager
def _milvus(folder: Path) -> Iterator[tuple[Opened, Path, Worked]]:
    kept = folder / "milvus.db"
    url = f"milvus://{kept}"
    yield lambda c: vectors_of(c, folder, url, seconds=60), kept, time.process_time


ENGINES = {"folders": _folders, "chroma": _chroma, "milvus": _milvus}


def built(engine: str, folder: Path, _count: int) -> Row:
    """All vectors anew, from the catalogue."""
    with (
        ENGINES[engine](folder) as (opened, kept, worked),
        closing(SqlCatalog(folder / stores.CATALOG)) as catalog,
        closing(opened(catalog)) as store,
    ):
        clock, before = Clock(worked), vector_costs.written()
        store.publish(fresh=True)
        return clock.row("build") | {
            "bytes": float(size_of(kept)),
            "build_bytes_written": float(vector_costs.written() - before),
        }


def searched(engine: str, folder: Path, count: int) -> Row:
    """What `build-ENGINE` made; a document more goes in and out again."""
    geometry = Geometry(np.load(folder.parent / "real.npy"))
    with (
        ENGINES[engine](folder) as (opened, _, worked),
        closing(SqlCatalog(folder / stores.CATALOG)) as catalog,
    ):
        catalog.followers.append(Fts5Index(catalog.database))
        with closing(opened(catalog)) as store:
            if not (store.is_current() and store.is_healthy()):
                raise RuntimeError(f"build-{engine} comes first")
            clock = Clock(worked)
            store.query(geometry.document(1), vector_costs.LIMIT)
            found = clock.row("first_search")
            found |= vector_costs.searching(store, catalog, geometry, count, worked)
            found |= vector_costs.one_more(catalog, store, geometry, "f" * 16)
            catalog.delete_document("f" * 16)
            store.publish()
        return found


def retrieval(folder: Path, count: int) -> Row:
    """PolicyIndex.search as a question uses it, without the encoder; `folders` and `tantivy`
    come first, and serve."""
    geometry = Geometry(np.load(folder.parent / "real.npy"))

    class Near:
        name = "scale"

        def embed_query(self, text: str) -> np.ndarray:
            return geometry.document(1)

    settings = IndexSettings(data_dir=folder, words="tantivy")
    clock = Clock()
    index = PolicyIndex(settings, Near())  # type: ignore[arg-type]
    index.publish()
    index.search("第一问")
    found = clock.row("start")
    asked = questions(QUESTIONS, count)
    found |= timed(index.search, asked).row("all") | together(index.search, asked, 20)
    index.close()
    return found


PARTS: dict[str, Callable[[Path, int], Row]] = {
    "words": words,
    "tantivy": tantivy,
    **{f"build-{engine}": partial(built, engine) for engine in ENGINES},
    **{engine: partial(searched, engine) for engine in ENGINES},
    "retrieval": retrieval,
}


def _table(folder: Path) -> str:
    sizes = sorted((p.parent for p in folder.glob("*/results.json")), key=lambda p: int(p.name))
    measured = [json.loads((size / "results.json").read_text()) for size in sizes]
    names = dict.fromkeys((p, n) for one in measured for p, row in one.items() for n in row)
    rows = [
        (f"{part} {name}", *(f"{one.get(part, {}).get(name, ''):,}" if one.get(part, {}).get(name) is not None else "" for one in measured))
        for part, name in names
    ]  # fmt: skip
    return table(("", *(f"{int(size.name):,}" for size in sizes)), rows)


def main() -> int:
    options = _parser().parse_args()
    if options.command == "table":
        print(_table(options.folder))
        return 0
    if data_missing():
        return 0
    folder = options.folder / str(options.passages)
    kept = folder / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    if options.command == "make":
        models = CACHE / "models"
        results["make"] = make(folder, options.passages, EVAL / "laws.tar.xz", models)
        kept.write_text(json.dumps(results, indent=1))
        return 0
    for part in options.parts:
        print(f"{part} …", file=sys.stderr, flush=True)
        results[part] = PARTS[part](folder, options.questions)
        kept.write_text(json.dumps(results, indent=1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description="大规模下的检索")
    parser.add_argument("--folder", type=Path, default=CACHE / "scale", help="放在哪里")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "measure"):
        one = commands.add_parser(name)
        one.add_argument("--passages", type=int, required=True, help="多少个段落")
    one.add_argument("--questions", type=int, default=60, help="问多少个问题")
    one.add_argument("parts", nargs="+", choices=[*PARTS], help="测哪几项")
    commands.add_parser("table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
