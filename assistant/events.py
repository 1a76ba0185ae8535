"""What happens while a question is answered, as the page and other callers see it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done now: 检索, 阅读, 生成 or 核对."""

    name: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of text that a model has just written, not yet checked."""

    text: str


Event = Stage | Delta


class Stopped(Exception):
    """The user does not want the answer any more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where events go. Every report is also the moment to stop when the user has asked to."""

    send: Callable[[Event], None] = lambda _: None
    stopped: threading.Event = field(default_factory=threading.Event)

    def stage(self, name: str) -> None:
        self.report(Stage(name))

    def report(self, event: Event) -> None:
        if self.stopped.is_set():
            raise Stopped
        self.send(event)
