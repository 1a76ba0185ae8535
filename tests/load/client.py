"""An async load client: browsers that ask on 问答 through Gradio's own queue protocol.

POST /gradio_api/queue/join starts an event of a tab, GET /gradio_api/queue/data streams what
becomes of it: a first picture, then differences to it, then the end.

    report = asyncio.run(closed_loop("http://127.0.0.1:7860", users=50, seconds=240,
                                     questions=QUESTIONS))
    print(report.table())
"""

import asyncio
import contextlib
import html
import json
import math
import re
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import httpx

_CONFIG = re.compile(r"window\.gradio_config\s*+=\s*+")

API = "/gradio_api"
QUESTIONS = (
    "青禾市到2025年底要建成多少个老年助餐点？",
    "青禾市发展老年助餐由谁牵头？",
    "什么是路长制？",
    "松湖县非居民用水户超计划用水怎样加价收费？",
    "望江区课后服务收费标准是多少？",
    "火星探测器的发射窗口是什么时候？",
)
_AHEAD = re.compile(r"前面还有 (\d+) 个|(?P<next>下一个就是)")
_FULL = ("排队的人太多", "在排队，请等")
Outcome = Literal["answered", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as its user saw it; times in seconds from asking."""

    question: str
    outcome: Outcome
    seconds: float
    first_words: float | None = None  # when the first text of the answer stood in the page
    places: tuple[int, ...] = ()  # how many were said to be before it, as that changed
    said: str = ""  # the end of what the page shows
    began: float = 0.0  # time.monotonic()


@dataclass(frozen=True, slots=True)
class Event:
    """A function of the page and what its inputs hold when nobody has touched them."""

    index: int
    inputs: tuple[tuple[str, Any], ...]  # (elem_id, value)
    outputs: tuple[str, ...]

    def data(self, **values: Any) -> list[Any]:
        return [values.get(name, value) for name, value in self.inputs]


@dataclass
class Browser:
    """One browser with a cookie of its own. Use as an async context manager."""

    address: str
    timeout: float = 120
    http: httpx.AsyncClient = field(init=False, repr=False)
    config: dict[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        unlimited = httpx.Limits(
            max_connections=None, max_keepalive_connections=20, keepalive_expiry=2
        )
        self.http = httpx.AsyncClient(
            base_url=self.address,
            timeout=self.timeout,
            limits=unlimited,
            trust_env=False,
            headers={"Origin": self.address},
        )

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def open(self, path: str = "/") -> str:
        """Loads a page as a browser does: its HTML, the config that stands in it and its load
        events. Gives the new tab; raises httpx.HTTPError or RuntimeError when something was
        refused."""
        loaded = (await self.http.get(path)).raise_for_status()
        found = _CONFIG.search(loaded.text)
        if not found:
            raise RuntimeError(f"{path} is no page of Gradio")
        self.config = json.JSONDecoder().raw_decode(loaded.text, found.end())[0]
        return await self.arrive(path)

    async def arrive(self, path: str = "/") -> str:
        """The load events of the page that was opened last, in a new tab."""
        tab = secrets.token_hex(6)
        shown = self.config["page"][path.strip("/")]["dependencies"]
        for dependency in self.config["dependencies"]:
            loads = any(kind == "load" for _, kind in dependency["targets"])
            if loads and dependency["id"] in shown:
                await self.call(self._event(dependency), tab)
        return tab

    def event(self, elem_id: str, kind: str) -> Event:
        """What happens on `kind` (click, submit) of the component with this elem_id."""
        for dependency in self.config["dependencies"]:
            if any(self._name(i) == elem_id and k == kind for i, k in dependency["targets"]):
                return self._event(dependency)
        raise LookupError(f"nothing happens on {kind} of #{elem_id}")

    async def call(self, event: Event, tab: str, **values: Any) -> None:
        """One event of a page that gives its values at once."""
        queued = next(d for d in self.config["dependencies"] if d["id"] == event.index)["queue"]
        if queued is False:
            body = self._body(event, tab, values)
            (await self.http.post(f"{API}/run/predict", json=body)).raise_for_status()
            return
        async for _ in self.stream(event, tab, **values):
            pass

    async def stream(self, event: Event, tab: str, **values: Any) -> AsyncIterator[list[Any]]:
        """The event's outputs, each time they change.

        Raises RuntimeError when the server refuses the event or ends it with an error.
        """
        mine, shown = await self.join(event, tab, **values), None
        url = f"{API}/queue/data"
        async with self.http.stream("GET", url, params={"session_hash": tab}) as messages:
            async for line in messages.aiter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                if message.get("msg") == "close_stream":
                    return
                if message.get("event_id") != mine:
                    continue
                if message["msg"] == "process_generating" and message["success"]:
                    shown = _next(shown, message["output"]["data"])
                    yield shown
                elif message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(str(message["output"].get("error")))
                    if shown is None and message["output"].get("data"):
                        yield message["output"]["data"]
                    return

    async def then(self, event: Event, tab: str) -> None:
        """What a page does when an event has ended."""
        for dependency in self.config["dependencies"]:
            if dependency.get("trigger_after") == event.index:
                await self.call(self._event(dependency), tab)

    async def join(self, event: Event, tab: str, **values: Any) -> str:
        """Starts an event and gives its id. Raises RuntimeError when the server refuses it."""
        answer = await self.http.post(f"{API}/queue/join", json=self._body(event, tab, values))
        if answer.status_code != 200:
            raise RuntimeError(f"HTTP {answer.status_code}: {answer.text[:200]}")
        return str(answer.json()["event_id"])

    async def ask(self, question: str, tab: str | None = None) -> Asked:
        """Asks on 问答; never raises for what the server does."""
        began, first, places, shown = time.monotonic(), None, list[int](), ""
        event = self.event("question", "submit")
        at = event.outputs.index("conversation")
        tab = tab or secrets.token_hex(6)
        try:
            async for values in self.stream(event, tab, question=question):
                shown = values[at] if isinstance(values[at], str) else shown
                if found := _AHEAD.search(shown):
                    ahead = 0 if found["next"] else int(found[1])
                    places += [ahead] if places[-1:] != [ahead] else []
                elif first is None and 'class="text"' in shown:
                    first = time.monotonic() - began
            await self.then(event, tab)
        except (RuntimeError, httpx.HTTPError) as error:
            shown += f"{type(error).__name__}: {error}"
        seconds, said = time.monotonic() - began, _plain(shown)[-200:]
        return Asked(question, _outcome(shown), seconds, first, tuple(places), said, began)

    def _body(self, event: Event, tab: str, values: dict[str, Any]) -> dict[str, Any]:
        return {"fn_index": event.index, "session_hash": tab, "data": event.data(**values)}

    def _event(self, dependency: dict[str, Any]) -> Event:
        inputs = tuple((self._name(i), self._value(i)) for i in dependency["inputs"])
        return Event(dependency["id"], inputs, tuple(self._name(i) for i in dependency["outputs"]))

    def _component(self, identifier: Any) -> dict[str, Any]:
        found = (c for c in self.config["components"] if c["id"] == identifier)
        return next(found, {"props": {}})

    def _name(self, identifier: Any) -> str:
        return self._component(identifier)["props"].get("elem_id") or str(identifier)

    def _value(self, identifier: Any) -> Any:
        component = self._component(identifier)
        nothing = "" if component.get("type") == "textbox" else None
        return component["props"].get("value", nothing)


def _next(shown: list[Any] | None, data: list[Any]) -> list[Any]:
    """The outputs after a message: the first brings them whole, the others as differences."""
    if shown is None:
        return data
    return [_changed(old, changes) for old, changes in zip(shown, data, strict=True)]


def _changed(value: Any, changes: Sequence[Sequence[Any]]) -> Any:
    for action, path, new in changes:
        value = _applied(value, action, path, new)
    return value


def _applied(value: Any, action: str, path: Sequence[Any], new: Any) -> Any:
    if not path:
        return value + new if action == "append" else new
    first, rest = path[0], path[1:]
    copy = dict(value) if isinstance(value, dict) else list(value)
    if rest or action == "append":
        copy[first] = _applied(copy[first], action, rest, new)
    elif action == "delete":
        del copy[first]
    elif action == "add" and isinstance(copy, list):
        copy.insert(int(first), new)
    else:
        copy[first] = new
    return copy


def _plain(shown: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", " ", shown)).strip()


def _outcome(shown: str) -> Outcome:
    last = shown[shown.rfind("<section") :]
    if "<article" in last:
        return "answered"
    return "refused" if any(words in last for words in _FULL) else "failed"


# --- many users -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """What came of a number of questions."""

    asked: tuple[Asked, ...]
    seconds: float

    def count(self, outcome: Outcome) -> int:
        return Counter(a.outcome for a in self.asked)[outcome]

    def quantile(self, share: float, *, first_words: bool = False) -> float:
        """Of the answered questions, in seconds; nan when there is none."""
        answered = [a for a in self.asked if a.outcome == "answered"]
        times = sorted((a.first_words or a.seconds) if first_words else a.seconds for a in answered)
        return times[min(len(times) - 1, int(share * len(times)))] if times else math.nan

    def row(self) -> dict[str, float]:
        """The figures of one run, for a table."""
        return {
            "asked": len(self.asked),
            "answered": self.count("answered"),
            "refused": self.count("refused"),
            "failed": self.count("failed"),
            "place shown": sum(bool(a.places) for a in self.asked),
            "answers per second": round(self.count("answered") / max(self.seconds, 1e-9), 2),
            "first words p50": round(self.quantile(0.5, first_words=True), 2),
            "first words p95": round(self.quantile(0.95, first_words=True), 2),
            "whole answer p50": round(self.quantile(0.5), 2),
            "whole answer p95": round(self.quantile(0.95), 2),
        }

    def table(self) -> str:
        return "\n".join(f"{name:20} {value:g}" for name, value in self.row().items())


async def closed_loop(
    address: str, users: int, seconds: float, questions: Sequence[str] = QUESTIONS
) -> Report:
    """Each user, in a browser of their own, asks one question after the other in one tab."""
    began = time.monotonic()
    until = began + seconds

    async def user(number: int) -> list[Asked]:
        done = []
        async with Browser(address) as browser:
            tab = await browser.arrive()
            while time.monotonic() < until:
                question = questions[(number + len(done)) % len(questions)]
                done.append(await browser.ask(question, tab))
        return done

    found = await asyncio.gather(*(user(n) for n in range(users)))
    return Report(tuple(a for done in found for a in done), time.monotonic() - began)


async def burst(
    address: str, browsers: int, each: int, questions: Sequence[str] = QUESTIONS
) -> Report:
    """All questions at once, each in a tab of its own that was opened before."""
    async with contextlib.AsyncExitStack() as opened:
        tabs = []
        for _ in range(browsers):
            browser = await opened.enter_async_context(Browser(address))
            tabs += [(browser, await browser.arrive()) for _ in range(each)]
        began = time.monotonic()
        asked = await asyncio.gather(
            *(b.ask(questions[n % len(questions)], tab) for n, (b, tab) in enumerate(tabs))
        )
        return Report(tuple(asked), time.monotonic() - began)
