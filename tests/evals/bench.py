"""Start-up, answers and memory: python -m tests.evals.bench (make bench)"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.evals.common import CACHE, EVAL, ROOT, quantile, rows
from tests.evals.render import table

LIMITS = {"启动（秒）": 20.0, "回答 p95（毫秒）": 1500.0, "内存峰值（MB）": 2048.0}


def folder() -> tuple[Path, list[str]]:
    """Documents to hold, and questions over them; the samples where the evaluation data is not."""
    if EVAL.is_dir():
        asked = [row["turns"][-1] for row in rows(EVAL / "seeds_dev.jsonl")]
        return EVAL.parent / "corpus", asked
    return ROOT / "corpus", ["青禾市到2025年底要建成多少个老年助餐点？", "每餐补贴多少钱？"] * 10


def environment(data: Path) -> dict[str, str]:
    return {
        **os.environ, "POLICY_DATA_DIR": str(data), "POLICY_MODEL_DIR": str(CACHE / "models"),
        "POLICY_WEB_PORT": "0",
    }  # fmt: skip


def start_up(data: Path) -> float:
    """Seconds from starting app.py to its address; the app is stopped again."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment(data),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        while "http://" not in process.stdout.readline():
            if process.poll() is not None:
                raise RuntimeError("app.py did not start")
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def answers(data: Path, questions: list[str]) -> dict[str, float]:
    """Asks in a process of its own: latencies and its peak of memory."""
    script = [sys.executable, "-m", "tests.evals.bench", "--child"]
    result = subprocess.run(
        script, cwd=ROOT, env=environment(data), input=json.dumps(questions), text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    return dict(json.loads(result.stdout.splitlines()[-1]))


def peak_memory() -> float:
    """MB of this process alone; ru_maxrss would count what its parent held when it forked."""
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def child() -> None:
    from assistant.services import build_services

    services = build_services()
    questions = json.load(sys.stdin)
    began = time.perf_counter()
    services.assistant.ask([questions[0]])
    first = time.perf_counter() - began
    times, retrieval = [], []
    for question in questions:
        timings = services.assistant.ask([question]).timings_ms
        times.append(timings["total"])
        retrieval.append(timings["retrieve"])
    print(json.dumps({
        "first": 1000 * first, "median": quantile(times, 0.5), "p95": quantile(times, 0.95),
        "retrieve": quantile(retrieval, 0.95), "memory": peak_memory(),
    }))  # fmt: skip


def measure() -> dict[str, float]:
    """Ingests into a fresh folder, starts the app, asks in a process of its own."""
    documents, questions = folder()
    with tempfile.TemporaryDirectory() as data:
        ingest = [sys.executable, "-m", "ingest", str(documents)]
        subprocess.run(
            ingest, cwd=ROOT, env=environment(Path(data)), check=True, capture_output=True
        )
        seconds = start_up(Path(data))
        found = answers(Path(data), questions)
    return {
        "启动（秒）": round(seconds, 1), "第一问，含载入模型（毫秒）": round(found["first"]),
        "回答中位（毫秒）": round(found["median"]), "回答 p95（毫秒）": round(found["p95"]),
        "检索 p95（毫秒）": round(found["retrieve"]), "内存峰值（MB）": round(found["memory"]),
    }  # fmt: skip


def main() -> int:
    if "--child" in sys.argv:
        child()
        return 0
    found = measure()
    print(table(("项目", "值"), list(found.items())))
    over = [name for name, value in found.items() if name in LIMITS and value > LIMITS[name]]
    if over:
        print(f"超过上限：{'、'.join(over)}", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
