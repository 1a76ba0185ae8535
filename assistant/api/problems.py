"""Why a call could not be served: application/problem+json (RFC 9457), with a sentence."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.api.access import NotOpen
from assistant.people.audit_log import NotLogged
from assistant.people.floods import TooMuch
from assistant.people.languages import is_english
from assistant.queueing import Crowded
from vectorstore.errors import IndexLocked, PolicyError

log = logging.getLogger(__name__)

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
_WAIT = "5"  # seconds after which to try again what was too much at the moment
_NAMED = 20  # parameters named in one problem


class NotThere(PolicyError):
    """There is no such thing for whoever asks; nor would they learn whether there is one."""


class Forbidden(NotThere):
    """It is there and they see it, but not for this."""


def add_problems(api: FastAPI) -> None:
    """Every error of the interface in one form."""

    @api.exception_handler(PolicyError)
    def policy(request: Request, error: PolicyError) -> JSONResponse:
        status = status_of(error)
        headers = {"Retry-After": _WAIT} if status in (409, 429) else {}
        return problem(request, status, (str(error), error.english or str(error)), headers)

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
        ticket = secrets.token_hex(4)
        log.error("[%s] %s failed", ticket, request.scope["path"][:200], exc_info=error)
        said = (f"服务出错，日志编号 {ticket}。", f"Server error; number {ticket} in the log.")
        return problem(request, 500, said)


def status_of(error: PolicyError) -> int:
    """What a caller can do about it decides."""
    if isinstance(error, NotOpen | Forbidden):
        return 403
    if isinstance(error, NotThere):
        return 404
    if isinstance(error, Crowded | TooMuch):
        return 429
    if isinstance(error, IndexLocked):
        return 409
    return 503 if isinstance(error, NotLogged) else 422


def problem(
    request: Request, status: int, said: tuple[str, str],
    headers: Mapping[str, str] | None = None, **more: Any,
) -> JSONResponse:  # fmt: skip
    """`said` is why, in Chinese and English; the caller's Accept-Language chooses."""
    return JSONResponse(problem_of(request, status, said) | more, status, headers, MEDIA)


def problem_of(request: Request, status: int, said: tuple[str, str]) -> dict[str, Any]:
    at = int(is_english(request))
    title = TITLES.get(status, TITLES[400])[at]
    return {"type": "about:blank", "title": title, "status": status, "detail": said[at]}


def _named(error: Mapping[str, Any]) -> dict[str, str]:
    """Which parameter, and what is wrong; never what was sent."""
    where = ".".join(str(part) for part in error["loc"][1:])[:100]
    return {"name": where or str(error["loc"][0]), "problem": str(error["type"])}
