"""The language model behind an OpenAI-compatible endpoint, or none.

All that can go wrong with one becomes a ModelFailure with a sentence for the user; a dead
server is remembered for a minute, so that not every user waits for it.
"""

import asyncio
import json
import logging
import queue
import re
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import httpx
import openai
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable
from langchain_openai import ChatOpenAI

from assistant.settings import LlmSettings

log = logging.getLogger(__name__)

REMEMBERED = 60.0  # seconds that a dead server is left alone
_RETRY_AFTER = 3.0  # seconds: a longer wait is not worth it for a person in front of a page


class ModelFailure(Exception):
    """The model gave no usable answer. The text says why, for the user."""

    def __init__(self, reason: str, *, lasting: bool = False):
        super().__init__(reason)
        self.lasting = lasting  # the next user would run into the same


class LanguageModel:
    """Streams answers under time limits. Safe to use from many threads at once."""

    def __init__(self, settings: LlmSettings):
        self.settings = settings
        self._loop = asyncio.new_event_loop()
        self._down_until = 0.0
        self._down_reason = ""
        threading.Thread(target=self._loop.run_forever, daemon=True, name="model").start()
        self.chat = self._build()

    def _build(self) -> ChatOpenAI:
        s = self.settings
        return ChatOpenAI(
            model=s.model,
            base_url=s.base_url,  # always explicit: a gateway variable must not redirect questions
            api_key=s.api_key,
            temperature=s.temperature,
            max_retries=0,
            timeout=httpx.Timeout(s.total_seconds, connect=s.connect_seconds),
            extra_body=s.extra_body or None,
            max_completion_tokens=None,
            model_kwargs={},
            stream_usage=False,
        ).bind(max_tokens=s.answer_tokens)  # type: ignore[return-value]

    # --- health ---------------------------------------------------------------------------

    @property
    def is_down(self) -> str:
        """Why the model is being left alone at present, or ''."""
        return self._down_reason if time.monotonic() < self._down_until else ""

    def _note(self, failure: ModelFailure | None) -> None:
        if failure is None:
            self._down_until = 0.0
        elif failure.lasting:
            self._down_until = time.monotonic() + REMEMBERED
            self._down_reason = str(failure)

    # --- streaming ------------------------------------------------------------------------

    def stream(
        self, messages: Sequence[BaseMessage], stopped: threading.Event | None = None
    ) -> Iterator[str]:
        """The answer piece by piece. Setting `stopped`, or closing the iterator, ends the
        request on the server.

        Raises ModelFailure; nothing hangs longer than the limits of the settings.
        """
        if reason := self.is_down:
            raise ModelFailure(f"{reason}（一分钟内不再尝试）")
        pieces: queue.Queue[str | ModelFailure | None] = queue.Queue()
        future = asyncio.run_coroutine_threadsafe(self._pump(messages, pieces), self._loop)
        try:
            while True:
                try:
                    piece = pieces.get(timeout=0.1)
                except queue.Empty:
                    if stopped is not None and stopped.is_set():
                        return
                    continue
                if piece is None:
                    break
                if isinstance(piece, ModelFailure):
                    self._note(piece)
                    raise piece
                yield piece
            self._note(None)
        finally:
            future.cancel()  # closes the connection when the reader went away

    def complete(self, messages: Sequence[BaseMessage]) -> str:
        """The whole answer at once."""
        return "".join(self.stream(messages))

    async def _pump(
        self, messages: Sequence[BaseMessage], pieces: "queue.Queue[str | ModelFailure | None]"
    ) -> None:
        """Puts visible text into the queue, then None or the failure."""
        try:
            async with asyncio.timeout(self.settings.total_seconds):
                said = False
                async for text in _without_thinking(self._pieces(messages)):
                    if text:
                        said = said or bool(text.strip())
                        pieces.put(text)
            pieces.put(None if said else ModelFailure("模型返回了空的回答"))
        except asyncio.CancelledError:
            pieces.put(None)
            raise
        except Exception as error:  # the edge: everything becomes one sentence
            pieces.put(_failure(error))

    async def _pieces(self, messages: Sequence[BaseMessage]) -> AsyncIterator[str]:
        """Text as the server sends it, each piece within its time limit; one short retry when
        the server asks to wait."""
        try:
            async for text in self._once(messages):
                yield text
        except openai.RateLimitError as error:
            wait = _retry_after(error)
            if wait is None or wait > _RETRY_AFTER:
                raise
            await asyncio.sleep(wait)
            async for text in self._once(messages):
                yield text

    async def _once(self, messages: Sequence[BaseMessage]) -> AsyncIterator[str]:
        stream = self.chat.astream(list(messages))
        limit = self.settings.first_token_seconds
        try:
            while True:
                try:
                    async with asyncio.timeout(limit):
                        chunk = await anext(stream)
                except StopAsyncIteration:
                    return
                limit = self.settings.token_seconds
                yield str(chunk.text) if not isinstance(chunk.content, str) else chunk.content
        finally:
            close = getattr(stream, "aclose", None)
            if close is not None:
                await close()

    def as_runnable(self) -> Runnable[Any, Any]:
        """The chat model itself, for chains."""
        return self.chat


_THINK = re.compile(r"<think>.*?</think>", re.DOTALL)


async def _without_thinking(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """Leaves out <think>…</think>, also when its tags are cut by the stream."""
    buffer = ""
    inside = False
    async for piece in pieces:
        buffer += piece
        while True:
            tag = "</think>" if inside else "<think>"
            at = buffer.find(tag)
            if at >= 0:
                if not inside:
                    yield buffer[:at]
                buffer = buffer[at + len(tag) :]
                inside = not inside
                continue
            keep = _partial(buffer, tag)
            if not inside:
                yield buffer[: len(buffer) - keep]
            buffer = buffer[len(buffer) - keep :]
            break
    if buffer and not inside:
        yield buffer


def _partial(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    return next(
        (n for n in range(min(len(tag) - 1, len(text)), 0, -1) if text.endswith(tag[:n])), 0
    )


def _retry_after(error: openai.RateLimitError) -> float | None:
    value = error.response.headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        return None


_OVERFLOW = re.compile(r"context|maximum.{0,20}token|too long|长度|超长", re.IGNORECASE)


def _failure(error: Exception) -> ModelFailure:
    """One sentence for the user; the log has the detail, without the key."""
    log.warning("model failed: %s: %s", type(error).__name__, _safe(str(error)))
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return ModelFailure("模型服务拒绝了密钥，请检查 POLICY_LLM_API_KEY", lasting=True)
    if isinstance(error, openai.NotFoundError):
        return ModelFailure(
            "模型服务没有这个模型或地址，请检查 POLICY_LLM_MODEL 和 POLICY_LLM_BASE_URL",
            lasting=True,
        )
    if isinstance(error, openai.RateLimitError):
        return ModelFailure("模型服务正忙（请求过多）")
    if isinstance(error, openai.BadRequestError) and _OVERFLOW.search(str(error)):
        return ModelFailure("内容超过了模型的上下文长度，请检查 POLICY_LLM_CONTEXT_TOKENS")
    if isinstance(error, openai.APITimeoutError | TimeoutError | httpx.ReadTimeout):
        return ModelFailure("模型服务在时限内没有响应", lasting=True)
    if isinstance(error, openai.APIConnectionError | httpx.TransportError):
        return ModelFailure("连不上模型服务", lasting=True)
    if isinstance(error, openai.APIStatusError):
        return ModelFailure(
            f"模型服务出错（{error.status_code}）", lasting=error.status_code >= 500
        )
    if isinstance(
        error, json.JSONDecodeError | openai.APIError | ValueError | KeyError | TypeError
    ):
        return ModelFailure("模型服务的返回内容读不懂")
    return ModelFailure("模型服务出错")


def _safe(text: str) -> str:
    """Without anything that looks like a key."""
    return re.sub(r"(?:sk-|Bearer\s++)[\w\-]{6,}|(?<!\*)\*{3,}+[\w\-]+", "[密钥]", text)[:500]


def build_model(settings: LlmSettings) -> LanguageModel | None:
    """The configured model, or None."""
    return LanguageModel(settings) if settings.is_configured else None
