"""How every page runs heavy work: its place in the line, its progress, stop, and what to say
when it fails."""

import importlib.util
import os
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, TypeVar

import gradio as gr
from fastapi import Request

from assistant.events import Event, Progress
from assistant.failing import ticketed as ticketed  # what each page says of a failure
from assistant.pages.markup import both, element
from assistant.people.viewer import owner_of
from assistant.queueing import Asker, Done, Place, WaitingLine
from vectorstore.errors import PolicyError

T = TypeVar("T")

# The line bounds what runs and what waits: Gradio must neither refuse nor hold back what it
# decides about.
HEAVY: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_limit": None,
}
# Never behind anything: page loads, filters, stop.
AT_ONCE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}


def asker_of(request: gr.Request) -> Asker:
    return Asker(owner_of(request), str(request.session_hash))


async def in_line(line: WaitingLine, request: Request, what: str, work: Callable[[], T]) -> T:
    """Heavy work of a page without Gradio, behind what others asked for. `what` keeps a second
    piece of the same person's work from taking the place of the first. Raises what it raises, and
    Crowded."""
    async with aclosing(line.run(Asker(owner_of(request), what), lambda _: work())) as events:
        async for event in events:
            if isinstance(event, Done):
                return event.value
    raise PolicyError("没有完成，请再试一次")


def limits_off(pages: gr.Blocks, line: WaitingLine, concurrency: int) -> None:
    """Gradio's own queue holds whatever the line may hold, and small changes beside it.

    It keeps a slot, no thread, for each event that runs or waits in the line; their number is
    read from `max_threads`, which afterwards bounds the threads for everything small again.
    """
    # Gradio looks for it twice in each event; where it is missing, the search through the whole
    # path was a third of what the event loop did under load.
    if importlib.util.find_spec("matplotlib") is None:
        sys.modules["matplotlib"] = None  # type: ignore[assignment]
    # A table of the last 10,000 events that is built anew after each one, and that nobody reads.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(2**31))
    threads, pages.max_threads = pages.max_threads, line.at_once + line.longest + 64
    pages.queue(default_concurrency_limit=concurrency, max_size=None)
    pages.max_threads = threads


def stops(line: WaitingLine) -> Callable[[gr.Request], Any]:
    """What 停止 does, and leaving the page."""

    async def stop(request: gr.Request) -> None:
        line.stop(asker_of(request))

    return stop


async def run(
    line: WaitingLine, request: gr.Request, work: Callable[[Progress], T], **options: bool
) -> AsyncGenerator[Place | Event | Done[T], None]:
    """WaitingLine.run for the page that a request came from."""
    async with aclosing(line.run(asker_of(request), work, **options)) as events:
        async for event in events:
            yield event


def place_line(place: Place) -> str:
    """Where one stands in the line."""
    if place.behind_own:
        words = both("排队中：等上一个做完", "Waiting for the one before")
    elif place.ahead:
        words = both(
            f"排队中：前面还有 {place.ahead} 个问题", f"In the queue: {place.ahead} before yours"
        )
    else:
        words = both("排队中：下一个就是", "In the queue: next")
    return element("p", words, class_="note", role="status")
