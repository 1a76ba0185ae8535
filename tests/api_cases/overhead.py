"""python -m tests.api_cases.overhead [--rounds 200]: the interface beside the call in the process."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx

from assistant.people.viewer import LOCAL
from tests.api_cases.calling import served
from tests.attack.conftest import Site

QUESTION = "蓝鹭县再生水利用量达到多少？"
LIMIT = 10.0  # milliseconds of the processor


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.api_cases.overhead", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (site, key, _):
        client = site.client(headers={"Authorization": f"Bearer {key}"})
        worst = max(measured(site, client, rounds))
        client.close()
    return 0 if worst < LIMIT else 1


def measured(site: Site, client: httpx.Client, rounds: int) -> list[float]:
    """What the processor does more for each call (server and client together), in milliseconds:
    medians of the differences, each pair taken one after the other. That is what a quiet machine
    would take; the clock also counts what else this machine does."""
    assistant = site.services.assistant
    identifier = assistant.view(LOCAL).documents()[0].id
    pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "ask": (
            lambda: assistant.ask([QUESTION]).as_json(),
            lambda: client.post("/api/v1/ask", json={"question": QUESTION}).json(),
        ),
        "document": (
            lambda: assistant.view(LOCAL).summary(identifier),
            lambda: client.get(f"/api/v1/documents/{identifier}").json(),
        ),
        "text": (
            lambda: assistant.view(LOCAL).document(identifier),
            lambda: client.get(f"/api/v1/documents/{identifier}/text").json(),
        ),
    }
    found = []
    for name, (inside, outside) in pairs.items():
        inside(), outside()
        times = [(took(inside), took(outside)) for _ in range(rounds)]
        own, over = median(a[0] for a, _ in times), median(b[0] - a[0] for a, b in times)
        cpu, inside_cpu = median(b[1] - a[1] for a, b in times), median(a[1] for a, _ in times)
        print(
            f"{name}: in process {own:.1f} ms, over HTTP {over:+.1f} ms; of the processor "
            f"{inside_cpu:.1f} ms and {cpu:+.1f} ms, {1 + cpu / max(inside_cpu, 0.1):.2f} times "
            f"(medians of {rounds})"
        )
        found.append(cpu)
    return found


def took(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    began, worked = time.perf_counter(), time.process_time()
    call()
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)


if __name__ == "__main__":
    sys.exit(main())
