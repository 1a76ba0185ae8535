"""Pages of lists, and answers that have not changed since the caller last asked."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from assistant.people.viewer import viewer_of
from vectorstore import VERSION
from vectorstore.library import View

T = TypeVar("T")
MOST, USUAL = 200, 50
FURTHEST = 10_000_000

Limit = Annotated[int, Query(ge=1, le=MOST, description="一页多少条")]
Offset = Annotated[int, Query(ge=0, le=FURTHEST, description="从第几条起，第一条是 0")]


def cut(items: Sequence[T], offset: int, limit: int) -> Sequence[T]:
    return items[offset : offset + limit]


def link_next(request: Request, response: Response, offset: int, limit: int, total: int) -> None:
    """`Link: <…>; rel="next"` where there is more (RFC 8288)."""
    if offset + limit >= total:
        return
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in ("offset", "limit")]
    query = urlencode([*kept, ("limit", limit), ("offset", offset + limit)])
    response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'


def unchanged(request: Request, view: View) -> tuple[dict[str, str], Response | None]:
    """The headers of an answer that follows from the view and the address alone, and the answer
    304 to whoever has that already.

    The tag is made of what the caller sees, the day and the program.
    """
    viewer = viewer_of(request)
    seen = [sorted(part) if part is not None else None for part in
            (viewer.may_see, viewer.departments, viewer.groups)]  # fmt: skip
    said = repr((VERSION, view.edition, view.as_of, viewer.sight.id, seen))
    tag = f'W/"{hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = [part.strip() for part in request.headers.get("if-none-match", "")[:2000].split(",")]
    return headers, Response(status_code=304, headers=headers) if tag in known else None
