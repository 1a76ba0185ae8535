"""How fast documents go in, beside the plain loop, on 200 laws: python -m tests.evals.ingest

With --all, all 3,423 laws go in as well (more than an hour on two cores), and search is timed on them.
"""

import os
import random
import resource
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from langchain_text_splitters import RecursiveCharacterTextSplitter
from sentence_transformers import SentenceTransformer

from ingest.pipeline import ingest
from tests.evals.bench import peak_memory
from tests.evals.common import CACHE, EVAL, data_missing, quantile, rows
from tests.evals.own import QUESTIONS
from tests.evals.render import table
from tests.evals.results import Measured
from vectorstore.embedding.embedder import build_embedder
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings

SAMPLE, SEED = 200, 5


def unpack(folder: Path) -> list[Path]:
    with tarfile.open(EVAL / "laws.tar.xz") as tar:
        tar.extractall(folder, filter="data")
    return sorted(folder.rglob("*.md"))


def open_index(data: Path) -> PolicyIndex:
    settings = IndexSettings(data_dir=data, model_dir=CACHE / "models")
    embedder = build_embedder(settings)
    embedder.embed_passages(["预热"])
    return PolicyIndex(settings, embedder)


def ours(files: list[Path], data: Path) -> tuple[int, float]:
    """(passages, seconds), everything included: parsing, embedding, writing, publishing."""
    index = open_index(data)
    began = time.perf_counter()
    ingest(index, files)
    seconds = time.perf_counter() - began
    count = index.catalog.count_passages()
    index.close()
    return count, seconds


def plain_loop(files: list[Path]) -> tuple[int, float]:
    """(chunks, seconds): read, split and encode one file at a time in float32, as tutorials do.

    Nothing is stored; the chunks are about as long as the project's longest passages.
    """
    folder = build_embedder(IndexSettings(model_dir=CACHE / "models")).folder
    model = SentenceTransformer(folder, device="cpu")
    model.encode(["预热"])
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=400, chunk_overlap=50, separators=["\n\n", "\n", "。", "；", "，", " ", ""]
    )
    began, count = time.perf_counter(), 0
    for file in files:
        chunks = splitter.split_text(file.read_text(encoding="utf-8"))
        model.encode([f"passage: {chunk}" for chunk in chunks])
        count += len(chunks)
    return count, time.perf_counter() - began


def compare() -> dict[str, Measured]:
    with tempfile.TemporaryDirectory() as folder:
        files = random.Random(SEED).sample(unpack(Path(folder) / "laws"), SAMPLE)
        characters = sum(len(file.read_text(encoding="utf-8")) for file in files)
        found = {"intake_plain": plain_loop(files), "intake": ours(files, Path(folder) / "data")}
    return {
        name: Measured(SAMPLE, {
            "passages": count, "seconds": round(seconds),
            "passages_per_second": count / seconds, "characters_per_second": characters / seconds,
        })
        for name, (count, seconds) in found.items()
    }  # fmt: skip


def everything() -> str:
    """All laws: time, memory, a second run, and how long a search takes."""
    with tempfile.TemporaryDirectory() as folder:
        unpack(Path(folder) / "laws")
        index = open_index(Path(folder) / "data")
        times = []
        for _ in range(2):
            began = time.perf_counter()
            results = ingest(index, [Path(folder) / "laws"])
            times.append(time.perf_counter() - began)
        questions = [row["turns"][-1] for row in rows(QUESTIONS)]
        index.search(questions[0])
        searches = []
        for question in questions:
            began = time.perf_counter()
            index.search(question, 32)
            searches.append(1000 * (time.perf_counter() - began))
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        workers = len(os.sched_getaffinity(0))
        lines = [
            ("文件", len(results)), ("段落", index.catalog.count_passages()),
            ("失败", sum(r.action == "failed" for r in results)),
            ("导入（秒）", round(times[0])), ("再次运行（秒）", f"{times[1]:.1f}"),
            ("内存峰值（MB）", round(peak_memory() + workers * children)),
            ("检索中位、p95（毫秒）",
             f"{quantile(searches, 0.5):.0f}、{quantile(searches, 0.95):.0f}"),
        ]  # fmt: skip
        index.close()
    return table(("全部法规", "值"), lines)


def main() -> int:
    if data_missing():
        return 0
    for name, found in compare().items():
        print(name, found.figures)
    if "--all" in sys.argv:
        print(f"\n{everything()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
