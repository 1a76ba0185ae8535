"""A browser tab's share of Gradio's protocol: one page, its questions, its uploads.

The functions are found from the page's own configuration by the elements they read and write,
so a version that numbers them otherwise is talked to as well.
"""

import asyncio
import json
import re
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from gradio_client.utils import apply_diff

API = "/gradio_api"
_CONFIG = re.compile(r"window\.gradio_config\s*=\s*")
_TAG = re.compile(r"<[^>]*>")
LIBRARY = "/library"
UPDATE = {"__type__": "update"}


@dataclass(frozen=True, slots=True)
class Step:
    """One message about a call. `values` are the function's outputs as the page would show them."""

    seconds: float  # since the call
    message: str
    values: tuple[Any, ...] = ()
    ok: bool = True
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a question, and when (seconds; 0 where it did not come). `placed`: until
    its place in the line or the first stage stood on the page; `text`: what was answered and
    what the page says beside it, without white space."""

    outcome: str  # answered | sentence | cut | nothing
    first: float
    whole: float
    detail: str = ""
    placed: float = 0.0
    text: str = ""


class Refused(Exception):
    """The server did not take a call; the text is the status and what it said."""


class Tab:
    """One browser with one tab open. Each tab has its own cookies."""

    def __init__(self, address: str, timeout: float = 300):
        self.client = httpx.AsyncClient(
            base_url=address,
            timeout=httpx.Timeout(timeout, connect=30),
            headers={"Origin": address, "Sec-Fetch-Site": "same-origin"},
            limits=httpx.Limits(max_connections=8),
        )
        self.session = uuid.uuid4().hex[:12]
        self.config: dict[str, Any] = {}
        self._heart: asyncio.Task[None] | None = None

    async def open(self, page: str = "/") -> "Tab":
        """Loads a page. What it is built of stands in it, as the browser finds it."""
        loaded = (await self.client.get(page)).raise_for_status()
        found = _CONFIG.search(loaded.text)
        if not found:
            raise Refused(f"{page} is no page of Gradio")
        self.config = json.JSONDecoder().raw_decode(loaded.text, found.end())[0]
        self._heart = asyncio.create_task(self._beat())
        return self

    async def close(self) -> None:
        """As when the tab is closed: the server may forget its conversation."""
        if self._heart:
            self._heart.cancel()
            await asyncio.gather(self._heart, return_exceptions=True)
        await self.client.aclose()

    async def _beat(self) -> None:
        """The connection that a page holds open as long as it is there."""
        try:
            async with self.client.stream(
                "GET", f"{API}/heartbeat/{self.session}", timeout=None
            ) as beats:
                async for _ in beats.aiter_bytes():
                    pass
        except httpx.HTTPError:
            return

    # --- calls ----------------------------------------------------------------------------

    def function(self, reads: str, writes: str) -> dict[str, Any]:
        """The dependency that reads one element and writes another, by their elem_ids."""
        names = {c["id"]: c["props"].get("elem_id") for c in self.config["components"]}
        for dependency in self.config["dependencies"]:
            inputs = [names.get(i) for i in dependency["inputs"]]
            outputs = [names.get(i) for i in dependency["outputs"]]
            if reads in inputs and writes in outputs:
                return dict(dependency)
        raise LookupError(f"no function reads {reads} and writes {writes}")

    def _data(self, dependency: dict[str, Any], reads: str, value: Any) -> list[Any]:
        """What a fresh page sends: the value given, and what the other inputs hold at first."""
        known = {c["id"]: c for c in self.config["components"]}
        parts = [known[i] for i in dependency["inputs"]]
        return [
            value
            if reads and part["props"].get("elem_id") == reads
            else None
            if part["type"] == "state"
            else part["props"].get("value")
            for part in parts
        ]

    async def call(self, reads: str, writes: str, value: Any) -> AsyncIterator[Step]:
        """Joins the queue and follows the call to its end. Raises Refused and httpx errors."""
        dependency = self.function(reads, writes)
        async with aclosing(
            self._follow(dependency, self._data(dependency, reads, value))
        ) as steps:
            async for step in steps:
                yield step

    async def shown_first(self) -> str:
        """All that the page's own loading puts on it."""
        shown = []
        for dependency in self.config["dependencies"]:
            if any(target[1] == "load" for target in dependency["targets"]):
                last: tuple[Any, ...] = ()
                async for step in self._follow(dependency, self._data(dependency, "", None)):
                    last = step.values
                shown.append(json.dumps(last, ensure_ascii=False))
        return "\n".join(shown)

    async def _follow(self, dependency: dict[str, Any], data: list[Any]) -> AsyncIterator[Step]:
        began = time.monotonic()
        joined = await self.client.post(
            f"{API}/queue/join",
            json={
                "data": data,
                "fn_index": dependency["id"],
                "session_hash": self.session,
                "event_data": None,
                "trigger_id": next((t[0] for t in dependency["targets"]), None),
            },
        )
        if joined.status_code != 200:
            raise Refused(f"{joined.status_code} {joined.text[:200]}")
        event = joined.json()["event_id"]
        values: list[Any] = [None] * len(dependency["outputs"])
        async with self.client.stream(
            "GET", f"{API}/queue/data", params={"session_hash": self.session}
        ) as stream:
            if stream.status_code != 200:
                raise Refused(f"{stream.status_code}")
            started = False
            async for line in stream.aiter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                if message["msg"] == "close_stream":
                    return
                if message.get("event_id") not in (event, None):
                    continue
                values, started = _shown(values, message, started)
                yield Step(
                    time.monotonic() - began,
                    message["msg"],
                    tuple(values),
                    bool(message.get("success", True)),
                    str(message.get("message") or (message.get("output") or {}).get("error") or ""),
                )

    # --- what a person does ---------------------------------------------------------------

    async def ask(self, question: str) -> Asked:
        """Asks in the open conversation. `first`: seconds until words of the answer were there."""
        first, placed, view, failed = 0.0, 0.0, "", ""
        answers = 1  # only what changed is sent
        at = 0.0
        try:
            async with aclosing(self.call("question", "conversation", question)) as steps:
                async for step in steps:
                    at = step.seconds
                    if step.values and isinstance(step.values[0], str):
                        view = step.values[0]
                    if not placed and is_placed(view):
                        placed = at
                    if not first and is_answered(view, answers):
                        first = at
                    if not step.ok:
                        failed = step.detail or step.message
        except httpx.TransportError as error:  # nobody is there: the page itself says so (shell.js)
            outcome = "nothing" if isinstance(error, httpx.TimeoutException) else "cut"
            return Asked(outcome, 0.0, at, repr(error)[:200], placed)
        except Refused as error:
            outcome = "sentence" if is_sentence(str(error)) else "nothing"
            return Asked(outcome, 0.0, at, str(error)[:200], placed)
        if is_answered(view, answers):
            return Asked("answered", first, at, placed=placed, text=text_of(view))
        said = view.rpartition('class="problem"')[2][:200]
        if 'class="problem"' in view or any("\u4e00" <= c <= "\u9fff" for c in failed):
            return Asked("sentence", 0.0, at, failed or said, placed)
        return Asked("nothing", 0.0, at, failed or "没有回答也没有说明", placed)

    async def again(self) -> None:
        """A new conversation: as closing the tab and opening another one in the same browser."""
        self.session = uuid.uuid4().hex[:12]
        if self._heart:
            self._heart.cancel()
        self._heart = asyncio.create_task(self._beat())

    async def reload(self) -> None:
        """As the same browser loads the page again. Raises what `open` raises."""
        await self.again()
        heart = self._heart
        await self.open()
        if heart:
            heart.cancel()

    async def upload(self, files: Sequence[tuple[str, Path]]) -> AsyncIterator[Step]:
        """Sends files as the upload box of 文件库 does, and follows their being taken in."""
        sent = await self.client.post(
            f"{API}/upload",
            params={"upload_id": uuid.uuid4().hex[:10]},
            files=[("files", (name, path.read_bytes())) for name, path in files],
        )
        if sent.status_code != 200:
            raise Refused(f"{sent.status_code} {sent.text[:200]}")
        data = [
            {
                "path": stored,
                "orig_name": name,
                "size": path.stat().st_size,
                "meta": {"_type": "gradio.FileData"},
            }
            for stored, (name, path) in zip(sent.json(), files, strict=True)
        ]
        async with aclosing(self.call("upload", "report", data)) as steps:
            async for step in steps:
                yield step


@asynccontextmanager
async def tab(address: str, page: str = "/") -> AsyncIterator[Tab]:
    opened = Tab(address)
    try:
        yield await opened.open(page)
    finally:
        await opened.close()


def is_answered(view: str, count: int) -> bool:
    """Whether a conversation's picture holds so many answers, or the text of one being written."""
    return view.count("<article") >= count or view.count('class="text"') >= count


def is_placed(view: str) -> bool:
    """Whether it shows a question's place in the line, a stage, or words of its answer."""
    return "排队中" in view or 'class="stages"' in view or is_answered(view, 1)


def is_sentence(said: str) -> bool:
    """Whether a person is told something in words, and no traceback."""
    return any("\u4e00" <= c <= "\u9fff" for c in said) and "Traceback" not in said


def text_of(view: str) -> str:
    """The words of a picture."""
    return "".join(_TAG.sub("", view).split())


def _shown(values: list[Any], message: dict[str, Any], started: bool) -> tuple[list[Any], bool]:
    """The outputs after a message: whole the first time, then as differences, whole at the end."""
    data = (message.get("output") or {}).get("data")
    if not data or message["msg"] not in ("process_generating", "process_completed"):
        return values, started
    if message["msg"] == "process_generating" and started:
        return [apply_diff(old, change) for old, change in zip(values, data, strict=True)], True
    fresh = [old if new == UPDATE else new for old, new in zip(values, data, strict=True)]
    return fresh if message["msg"] == "process_completed" else list(data), True
