"""/changes and /feed.atom: documents that came in, and those that others repealed or amended.

Nothing is kept for this: what happened follows from the documents that the caller sees, each time
anew. So whoever comes to see a document later finds it under the time at which it came in.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from assistant.api.calls import Calls
from assistant.api.documents import document_row
from assistant.api.paging import USUAL, Limit, unchanged
from assistant.api.schemas import ChangesOut
from assistant.cite.citation import address
from vectorstore.errors import PolicyError
from vectorstore.library import View
from vectorstore.models import DocumentSummary, SearchFilter, StateName
from vectorstore.validity import Proof

What = Literal["new", "amended", "repealed", "expired"]
ATOM = "application/atom+xml"
_SHOWN = 100  # entries of a feed
_SETTLED = timedelta(seconds=5)  # what is newer may still get a neighbour that sorts before it
_ENDS: dict[StateName, What] = {
    "已废止": "repealed", "已修订": "amended", "部分失效": "amended", "已届满": "expired",
}  # fmt: skip
_NAMES: dict[What, str] = {"new": "入库", "amended": "修订", "repealed": "废止", "expired": "届满"}
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_CURSOR = 400
Words = Annotated[str, Query(max_length=200)]
Year = Annotated[int | None, Query(ge=1, le=9999)]


@dataclass(frozen=True, slots=True)
class Change:
    """`at` is when it came to be known here, in UTC."""

    what: What
    at: str
    document: DocumentSummary
    by: str = ""
    quote: str = ""

    @property
    def id(self) -> str:
        return ":".join(filter(None, (self.what, self.document.id, self.by)))

    @property
    def place(self) -> tuple[str, str]:
        return (self.at, self.id)


def changes(view: View) -> list[Change]:
    """All that happened to the documents of a view, the oldest first."""
    found = (change for d in view.documents() for change in _of(view, d))
    return sorted(found, key=lambda change: change.place)


def _of(view: View, document: DocumentSummary) -> Iterator[Change]:
    yield Change("new", _moment(document.ingested_at), document)
    what, state = _ENDS.get(document.state), view.state(document.id)
    if what and state:
        proof = state.proofs[0] if state.proofs else None
        by = view.known(proof.document_id) if proof and proof.document_id != document.id else None
        quote = proof.quote if proof and (by or document).audience.may_quote else ""
        yield Change(what, _known(view, document, proof), document, by.id if by else "", quote)


def _known(view: View, document: DocumentSummary, proof: Proof | None) -> str:
    """When both the documents that it follows from were here, and the day had come."""
    days = [document.ingested_at]
    if period := document.metadata.period_end:
        days.append(f"{period + 1:04}-01-01" if document.state == "已届满" else "")
    if proof:
        by = view.known(proof.document_id)
        days.append(by.ingested_at if by else "")
        days.append(proof.by.day.isoformat() if proof.by else "")
        acts = view.validity.acts_on(document.id)
        days += [
            a.since.isoformat() for a in acts if a.since and a.document_id == proof.document_id
        ]
    return _moment(max(day for day in days if day <= f"{view.as_of.isoformat()}T99"))


def _moment(said: str) -> str:
    """A day begins at midnight; whatever bears no zone is UTC."""
    at = datetime.fromisoformat(said)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")  # fmt: skip


def add_feeds(router: APIRouter, calls: Calls) -> None:
    reads = calls.access.needs("read")

    def scoped(region: Words = "", issuer: Words = "", kind: Words = "", year: Year = None) -> SearchFilter:  # fmt: skip
        return SearchFilter(
            regions=(region,) if region else (), issuers=(issuer,) if issuer else (),
            years=((year, year),) if year is not None else (), kinds=(kind,) if kind else (),
        )  # fmt: skip

    @router.get(
        "/changes", name="changes", summary="新增、修订、废止的文件", response_model=ChangesOut,
        tags=["订阅"], dependencies=[Depends(reads)],
    )  # fmt: skip
    def poll(
        request: Request, where: Annotated[SearchFilter, Depends(scoped)],
        cursor: Annotated[str, Query(max_length=_LONGEST_CURSOR)] = "", limit: Limit = USUAL,
    ) -> Response:  # fmt: skip
        """从 cursor 之后的变化，从旧到新；不带 cursor 从头取。最近几秒的下次才给。"""
        view, after = calls.view(request, where), read_cursor(cursor)
        settled = (calls.now() - _SETTLED).isoformat(timespec="seconds")
        found = [c for c in changes(view) if after < c.place and c.at <= settled]
        shown = found[:limit]
        rows = [
            {"id": c.id, "what": c.what, "at": c.at, "document": document_row(view, c.document),
             "by": c.by or None, "quote": c.quote}
            for c in shown
        ]  # fmt: skip
        last = write_cursor(shown[-1].place) if shown else cursor
        return JSONResponse({"changes": rows, "cursor": last, "more": len(found) > limit})

    @router.get(
        "/feed.atom", name="feed", summary="Atom 订阅", response_class=Response, tags=["订阅"],
        dependencies=[Depends(reads)], responses={200: {"content": {ATOM: {"schema": {"type": "string"}}}}},
    )  # fmt: skip
    def feed(request: Request, where: Annotated[SearchFilter, Depends(scoped)]) -> Response:
        """最近 100 项变化，新的在前；区域、机关、文种、年份可以限定。"""
        view = calls.view(request, where)
        headers, same = unchanged(request, view)
        if same:
            return same
        content = atom(list(reversed(changes(view)))[:_SHOWN], str(request.base_url), _named(where))
        return Response(content, media_type=ATOM, headers=headers)


def _named(where: SearchFilter) -> str:
    years = [str(first) for first, _ in where.years]
    return " ".join([*where.regions, *where.issuers, *where.kinds, *years])


def atom(found: list[Change], base: str, scope: str) -> bytes:
    """An Atom feed (RFC 4287) of changes, the newest first; links lead to the pages."""
    from feedgen.feed import FeedGenerator

    root = base.partition("/api/")[0].rstrip("/")
    feed = FeedGenerator()
    feed.id(f"{root}/api/v1/feed.atom")
    feed.title(clean(" ".join(filter(None, ("政策文件", scope)))))
    feed.link(href=f"{root}/api/v1/feed.atom", rel="self")
    feed.updated(found[0].at if found else "1970-01-01T00:00:00+00:00")
    for change in found:
        entry, metadata = feed.add_entry(order="append"), change.document.metadata
        entry.id(f"urn:policy:{clean(change.id)}")
        entry.title(clean(f"{_NAMES[change.what]}：{metadata.title}"))
        entry.updated(change.at)
        entry.author(name=clean(metadata.issuer or "未载明"))
        entry.link(href=root + address(change.document.id))
        number = metadata.document_number or ""
        entry.summary(clean(" ".join(filter(None, (number, change.quote)))) or "—")
    content: bytes = feed.atom_str(pretty=False)
    return content


def clean(said: str) -> str:
    """Without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", said)


def write_cursor(place: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode("|".join(place).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, str]:
    """Raises PolicyError for what is none of ours."""
    if not cursor:
        return ("", "")
    try:
        said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, identifier = said.split("|", 1)
        datetime.fromisoformat(at)
    except ValueError:
        raise PolicyError("cursor 不对：要用上一次返回的 cursor") from None
    return (at, identifier)
