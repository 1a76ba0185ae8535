"""Why a call could not be served: application/problem+json (RFC 9457), with a sentence; and the
same in OpenAI's form."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assistant.api.access import Access, NotOpen
from assistant.events import Stopped
from assistant.failing import ticketed
from assistant.people.audit_log import NotLogged
from assistant.people.floods import TooMuch
from assistant.people.languages import is_english
from assistant.queueing import Crowded
from vectorstore.errors import (
    CatalogDamaged,
    DiskFull,
    IndexIncompatible,
    IndexLocked,
    PolicyError,
    ReadOnlyData,
    VectorsDamaged,
)

MEDIA = "application/problem+json"
# What each status means here: Chinese and English.
TITLES = {
    400: ("请求不对", "Bad request"),
    401: ("没有密钥", "No key"),
    403: ("没有权限", "Not allowed"),
    404: ("没有这个内容", "Not found"),
    405: ("这个地址不支持这种请求", "Method not allowed"),
    409: ("现在不能做", "Conflict"),
    413: ("内容太大", "Too large"),
    422: ("参数不对", "Wrong parameters"),
    429: ("请求太多", "Too many requests"),
    499: ("调用方已断开", "Client closed the connection"),
    500: ("服务出错", "Server error"),
    503: ("现在不能服务", "Unavailable"),
}
GONE = 499  # nobody hears it: the caller has hung up
_WAIT = "5"  # seconds after which to try again what was too much at the moment
_NAMED = 20  # parameters named in one problem


class NotThere(PolicyError):
    """There is no such thing for whoever asks; nor would they learn whether there is one."""


class Forbidden(NotThere):
    """It is there and they see it, but not for this."""


# What a caller can do about it decides; the first that fits.
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotOpen, 403),
    (Forbidden, 403),
    (NotThere, 404),
    (Crowded, 429),
    (TooMuch, 429),
    (IndexLocked, 409),
    (Stopped, GONE),
    (ClientDisconnect, GONE),
    *((kind, 503) for kind in (NotLogged, DiskFull, ReadOnlyData)),
    *((kind, 503) for kind in (CatalogDamaged, VectorsDamaged, IndexIncompatible)),
    (PolicyError, 422),
)


def status_of(error: Exception) -> int:
    """The HTTP status of an error, in whatever form it is told."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def waiting(status: int) -> dict[str, str]:
    """The header that says when to try again."""
    return {"Retry-After": _WAIT} if status in (409, 429) else {}


def add_problems(api: FastAPI, access: Access) -> None:
    """Every error of the interface in one form."""

    @api.exception_handler(PolicyError)
    def policy(request: Request, error: PolicyError) -> JSONResponse:
        status = status_of(error)
        return problem(request, status, access.said(error), waiting(status))

    @api.exception_handler(Stopped)
    @api.exception_handler(ClientDisconnect)
    def gone(request: Request, _: Exception) -> JSONResponse:
        return problem(request, GONE, TITLES[GONE])

    @api.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        found = [_named(each) for each in error.errors()[:_NAMED]]
        zh = f"参数不对：{'、'.join(dict.fromkeys(each['name'] for each in found))}；见 /api/v1/docs。"
        return problem(request, 422, (zh, "Some parameters are wrong; see `errors`."), errors=found)

    @api.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        zh, en = TITLES.get(error.status_code, TITLES[400])
        return problem(request, error.status_code, (f"{zh}。", f"{en}."), error.headers)

    @api.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> JSONResponse:
        ticket = ticketed(f"{request.scope['path'][:200]} failed", error)
        said = (f"服务出错，日志编号 {ticket}。", f"Server error; number {ticket} in the log.")
        return problem(request, 500, said)


def problem(
    request: Request, status: int, said: tuple[str, str],
    headers: Mapping[str, str] | None = None, **more: Any,
) -> JSONResponse:  # fmt: skip
    """`said` is why, in Chinese and English; the caller's Accept-Language chooses."""
    content = problem_of(status, said, is_english(request)) | more
    return JSONResponse(content, status, headers, MEDIA)


def problem_of(status: int, said: tuple[str, str], english: bool) -> dict[str, Any]:
    at = int(english)
    title = TITLES.get(status, TITLES[400])[at]
    return {"type": "about:blank", "title": title, "status": status, "detail": said[at]}


def openai_error(
    message: str, status: int, *, code: str | None = None, param: str | None = None
) -> dict[str, Any]:
    """The same as OpenAI's interface has it."""
    kind = {429: "rate_limit_error"}.get(status, "invalid_request_error")
    if status >= 500:
        kind = "api_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _named(error: Mapping[str, Any]) -> dict[str, str]:
    """Which parameter, and what is wrong; never what was sent."""
    parts = () if error["type"] == "json_invalid" else error["loc"][1:]  # else a place in the body
    where = ".".join(map(str, parts))[:100]
    return {"name": where or str(error["loc"][0]), "problem": str(error["type"])}
