"""Programs that call: /api/v1, /v1, /mcp. They come with a key of somebody's, never with a cookie.

`viewer_of`, `person_of` and `may` then speak of the key's owner, `key_of` of the key: it opens
only part of what its owner may. Plain ASGI, like the guard; found once, for whatever answers.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.problems import MEDIA, openai_error, problem_of
from assistant.failing import ticketed
from assistant.pages.guard import with_headers
from assistant.pages.identity import one_header, while_in
from assistant.pages.refusals import deny
from assistant.people.keys import Key, within
from assistant.people.languages import prefers_english
from assistant.people.person import NOBODY, Person
from assistant.people.store import People
from assistant.people.viewer import KEY, PERSON, PROGRAM, is_call
from vectorstore.errors import PolicyError

# What says nothing of the office: how to call, and that the program runs.
OPEN = ("/api/v1/openapi.json", "/api/v1/docs", "/api/v1/health", "/api/v1/version")
_HEADERS = {"Cache-Control": "no-store", "Vary": "Authorization, Accept-Language"}
NO_KEY = (
    "请在 Authorization 请求头里带上密钥：Bearer pca_…",
    "Send a key: Authorization: Bearer pca_…",
)
BAD_KEY = ("密钥不对，或已过期、吊销。", "The key is wrong, expired or revoked.")
SHUT = (
    "这个密钥的主人要先登录修改密码，才能继续使用。",
    "The owner of this key has to log in and change their password first.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls; `refused` says in Chinese and English why nobody does."""

    person: Person | None = None
    key: Key | None = None
    refused: tuple[str, str] = NO_KEY


Finder = Callable[[Scope], Caller]


def by_key(people: People) -> Finder:
    """The owner of the key, as far as the key may. One whose account is held may nothing and sees
    what is for all, like people whose rights rest."""

    def find(scope: Scope) -> Caller:
        kind, _, secret = one_header(scope, "authorization").partition(" ")
        if kind.lower() != "bearer":
            return Caller()
        key = people.keys.find(secret.strip())
        account = people.account(key.person) if key else None
        if key is None or account is None or account.is_disabled:
            return Caller(refused=BAD_KEY)
        if account.must_change:
            return Caller(refused=SHUT)
        return Caller(within(people.as_person(account), key), key)

    return find


def by_nothing(_: Scope) -> Caller:
    """Where programs need no key: on a machine that nobody else reaches, and nobody logs in to."""
    return Caller(PROGRAM)


def by_no_key(_: Scope) -> Caller:
    """Where they need one and there is none."""
    return Caller()


class Callers:
    """Middleware for the whole site; what is no call goes on as it came."""

    def __init__(self, app: ASGIApp, finder: Finder) -> None:
        self.app, self.finder, self.rates = app, finder, Rates()
        # Of its own: answers that take long must not keep callers from being recognised.
        self._threads: anyio.CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_call(scope["path"]):
            await self.app(scope, receive, send)
            return
        send = with_headers(send, _HEADERS)
        try:
            caller = await self._found(scope)
        except PolicyError as error:  # to somebody of whom nothing is known yet
            ticket = ticketed("a key could not be looked up", error)
            said = (f"现在不能核对密钥，请稍后再试；日志编号 {ticket}。",
                    f"Keys cannot be checked now; number {ticket} in the log.")  # fmt: skip
            await refusal(scope, 503, said)(scope, receive, send)
            return
        scope[PERSON], scope[KEY] = caller.person or NOBODY, caller.key
        if caller.person is None and scope["path"] not in OPEN:
            deny(scope, "no key" if caller.refused is NO_KEY else "wrong key")
            answer = refusal(scope, 401, caller.refused, {"WWW-Authenticate": "Bearer"})
            await answer(scope, receive, send)
        elif "\n" in scope["path"]:  # no route of ours matches it, and it would go on to the pages
            await refusal(scope, 404, ("没有这个地址。", "Not found."))(scope, receive, send)
        elif caller.key and (wait := self.rates.wait(caller.key)):
            deny(scope, "too many calls")
            said = (f"调用太频繁，请 {wait} 秒后再试（这个密钥每分钟最多 {caller.key.per_minute} 次）。",
                    f"Too many calls; try again in {wait} s.")  # fmt: skip
            await refusal(scope, 429, said, {"Retry-After": str(wait)})(scope, receive, send)
        else:
            sending = while_in(send, lambda: self._is_in(scope)) if caller.key else send
            await self.app(scope, receive, sending)

    async def _is_in(self, scope: Scope) -> bool:
        return (await self._found(scope)).person is not None

    async def _found(self, scope: Scope) -> Caller:
        self._threads = self._threads or anyio.CapacityLimiter(4)
        return await anyio.to_thread.run_sync(self.finder, scope, limiter=self._threads)


class Rates:
    """How often each key may call. Counted in this process, which is the only one that serves."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def wait(self, key: Key) -> int:
        """0, or the seconds after which it may call again."""
        limit = RateLimitItemPerMinute(key.per_minute)
        if self._limiter.hit(limit, key.id):
            return 0
        at = self._limiter.get_window_stats(limit, key.id).reset_time
        return max(1, math.ceil(at - time.time()))


def refusal(
    scope: Scope, status: int, said: tuple[str, str], headers: dict[str, str] | None = None
) -> Response:
    """Why a call is not served, in the form of the interface that was called."""
    english = prefers_english(one_header(scope, "accept-language"))
    if scope["path"].strip("/").split("/", 1)[0] == "v1":
        code = {429: "rate_limit_exceeded", 401: "invalid_api_key"}.get(status)
        return JSONResponse(openai_error(said[english], status, code=code), status, headers)
    return JSONResponse(problem_of(status, said, english), status, headers, MEDIA)
