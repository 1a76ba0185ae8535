"""Counts and times since the program started, as a monitor reads them (Prometheus).

No label holds what somebody typed, who asked, or the name of a document.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.process_collector import ProcessCollector

from assistant.answers.answer import Answer
from assistant.events import Stopped

CONTENT_TYPE = CONTENT_TYPE_LATEST
# Seconds: an extractive answer on two cores takes about one, a model's may take a minute.
_BUCKETS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0)


class Meters:
    """One registry for one program; nothing is kept in the library's own global one."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._gauges: dict[str, Gauge] = {}
        self._answers = Counter(
            "policy_answers", "Questions, by what came of them",
            ["outcome", "mode"], registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "policy_answer_seconds", "Work on one answer, without the waiting line",
            ["mode"], buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._requests = Counter(
            "policy_http_requests", "Requests, by the first part of the address and the status",
            ["part", "status"], registry=self.registry,
        )  # fmt: skip

    @contextmanager
    def answering(self) -> Iterator[Callable[[Answer], None]]:
        """Around the work on one question: give it the answer when it is there."""
        began, outcome, mode = time.monotonic(), "failed", "none"

        def answered(answer: Answer) -> None:
            nonlocal outcome, mode
            outcome, mode = ("refused" if answer.refused else "answered"), answer.mode

        try:
            yield answered
        except Stopped:
            outcome = "stopped"
            raise
        finally:
            self._answers.labels(outcome, mode).inc()
            if outcome in ("answered", "refused"):
                self._seconds.labels(mode).observe(time.monotonic() - began)

    def requested(self, part: str, status: int) -> None:
        self._requests.labels(part, f"{status // 100}xx").inc()

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """A gauge that is asked when somebody reads it; of two of one name the latest counts."""
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, what, registry=self.registry)
        self._gauges[name].set_function(value)

    def text(self) -> bytes:
        return generate_latest(self.registry)
