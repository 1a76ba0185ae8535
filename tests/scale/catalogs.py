"""SQLite beside PostgreSQL: what the same work costs. `python -m tests.scale.catalogs [URL]`.

Without an address a cluster of its own is started on this machine. Both hold the same documents
(made of a few words, so that many passages share some); what is measured is the database, not
the embedder.
"""

import argparse
import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.postgres import cluster
from tests.vectorstore.made import put_random
from vectorstore import stores
from vectorstore.catalog.served import ServedCatalog
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.chain.chain import Chain
from vectorstore.chain.record import Record
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.keywords.port import KeywordIndex
from vectorstore.moving.forward import move_in
from vectorstore.replica.following import FollowingKeywords
from vectorstore.replica.replica import Replica
from vectorstore.stores import Home, Remote, place

ROUNDS = 50


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return 1000 * statistics.median(took)


def measured(catalog: SqlCatalog, words: KeywordIndex, log: Chain) -> dict[str, float]:
    ids = [passage for _, passage in catalog.passage_ids()][:100]
    documents = catalog.document_ids()[:50]
    return {
        "代次": median_ms(lambda: catalog.generation),
        "全部文件的摘要": median_ms(catalog.documents, 5),
        "100 个段落": median_ms(lambda: catalog.passages_by_id(ids)),
        "100 个向量": median_ms(lambda: catalog.embeddings(ids)),
        "按词检索": median_ms(lambda: words.search(["农村", "道路", "养老"], 100)),
        "限 50 份文件检索": median_ms(lambda: words.search(["农村", "道路"], 100, documents)),
        "写一份文件": median_ms(lambda: put_random(catalog, 1, seed=7), 10),
        "写后第一次检索": _after_writing(catalog, words),
        "写一条日志": median_ms(lambda: log.append(Record("user:1", "read log"))),
    }


def _after_writing(catalog: SqlCatalog, words: KeywordIndex) -> float:
    took = []
    for seed in range(10):
        put_random(catalog, 1, seed=seed)
        took.append(median_ms(lambda: words.search(["农村"], 10), 1))
    return statistics.median(took)


@contextlib.contextmanager
def address(given: str) -> Iterator[str]:
    if given:
        yield given
        return
    with cluster() as made:
        yield made.url


def main() -> None:
    parser = argparse.ArgumentParser(description="SQLite 和 PostgreSQL 各项操作的时间")
    parser.add_argument("url", nargs="?", default="", help="空的数据库；不写就自己启动一个")
    parser.add_argument("--documents", type=int, default=3000)
    arguments = parser.parse_args()
    with address(arguments.url) as url, tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder, "data"), url)
        with contextlib.closing(SqlCatalog(home.folder / stores.CATALOG)) as catalog:
            words = Fts5Index(catalog.database)
            catalog.followers.append(words)
            begun = time.perf_counter()
            put_random(catalog, arguments.documents, seed=1)
            print(f"写入 {catalog.count_passages():,} 段：{time.perf_counter() - begun:.1f} 秒")
            with contextlib.closing(Chain(home.folder / stores.LOG)) as log:
                local = measured(catalog, words, log)
        begun = time.perf_counter()
        moved, _ = move_in(home)
        rows = sum(m.rows for m in moved)
        print(f"搬进 PostgreSQL 并核对 {rows:,} 行：{time.perf_counter() - begun:.1f} 秒")
        remote = place(home, stores.CATALOG)
        assert isinstance(remote, Remote)
        with contextlib.closing(ServedCatalog(remote)) as served:
            replica = Replica(home.folder, served)
            begun = time.perf_counter()
            replica.follow()
            print(f"第一次建立本机的检索副本：{time.perf_counter() - begun:.1f} 秒")
            with contextlib.closing(Chain(place(home, stores.LOG))) as log:
                there = measured(served, FollowingKeywords(replica), log)
            replica.close()
    print("\n| 毫秒，中位数 | SQLite | PostgreSQL |\n| --- | ---: | ---: |")
    for name, value in local.items():
        print(f"| {name} | {value:.2f} | {there[name]:.2f} |")


if __name__ == "__main__":
    main()
