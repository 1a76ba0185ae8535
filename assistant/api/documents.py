"""/documents and /facts: what there is, as far as the caller sees it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from assistant.api.calls import Calls
from assistant.api.paging import USUAL, Limit, Offset, cut, link_next, unchanged
from assistant.api.problems import Forbidden, NotThere
from assistant.api.requests import FactsIn
from assistant.api.rows import passage_row
from assistant.api.schemas import (
    DeletedOut,
    DocumentOut,
    DocumentsOut,
    FactsOut,
    PassagesOut,
    TextOut,
)
from assistant.indicators.chosen import Chosen
from assistant.indicators.listing import as_json as fact_row
from assistant.indicators.listing import rows_of
from assistant.people.log import recorded
from assistant.people.permissions import may
from assistant.people.person import Person
from assistant.people.viewer import entry_of
from assistant.revision.choosing import suggested
from assistant.sending import as_download
from vectorstore.errors import PolicyError
from vectorstore.files.originals import as_read
from vectorstore.library import View
from vectorstore.models import DocumentSummary, SearchFilter
from vectorstore.records import document_record

_ALL = 10**9
LONGEST = 2_000_000  # characters of text in one answer
Words = Annotated[str, Query(max_length=200)]
Year = Annotated[int | None, Query(ge=1, le=9999)]


def gone() -> NotThere:
    return NotThere("没有这份文件，或您看不到它。", "There is no such document.")


def document_row(view: View, document: DocumentSummary) -> dict[str, Any]:
    more = {"state": document.state, "ingested_at": document.ingested_at}
    return document_record(document, view.as_of) | more


def add_documents(router: APIRouter, calls: Calls) -> None:
    reads = calls.access.needs("read")
    _add_list(router, calls, reads)
    _add_one(router, calls, reads)
    _add_content(router, calls, reads)
    _add_original(router, calls, reads)
    _add_deleting(router, calls)


def _add_list(router: APIRouter, calls: Calls, reads: Any) -> None:
    @router.get(
        "/documents", name="documents.list", summary="文件列表", response_model=DocumentsOut,
        tags=["文件"], dependencies=[Depends(reads)],
    )  # fmt: skip
    def listed(
        request: Request, q: Words = "", region: Words = "", issuer: Words = "",
        kind: Words = "", year: Year = None, state: Words = "",
        limit: Limit = USUAL, offset: Offset = 0,
    ) -> Response:  # fmt: skip
        """按标题排列；q 在标题和文号里查找，region 含其下级。"""
        where = SearchFilter(
            regions=(region,) if region else (), issuers=(issuer,) if issuer else (),
            years=((year, year),) if year is not None else (), kinds=(kind,) if kind else (),
        )  # fmt: skip
        view = calls.view(request)
        headers, same = unchanged(request, view)
        if same:
            return same
        found = [d for d in view.documents(where) if not state or d.state == state]
        if q:
            named = {d.id for d in suggested(view, q, _ALL)}
            found = [d for d in found if d.id in named]
        rows = [document_row(view, d) for d in cut(found, offset, limit)]
        page = {"total": len(found), "offset": offset, "limit": limit}
        response = JSONResponse(page | {"documents": rows}, headers=headers)
        link_next(request, response, offset, limit, len(found))
        return response


def _known(view: View, document_id: str) -> DocumentSummary:
    document = view.summary(document_id)
    if document is None:
        raise gone()
    return document


def _quotable(view: View, document_id: str) -> DocumentSummary:
    """What may only be read is read on its page: what a program takes is copied further."""
    document = _known(view, document_id)
    if not document.audience.may_quote:
        raise Forbidden("这份文件不可引用，只能在网页上阅读。", "It may be read on its page only.")
    return document


def _add_one(router: APIRouter, calls: Calls, reads: Any) -> None:
    @router.get(
        "/documents/{document_id}", name="documents.get", summary="一份文件的元数据",
        response_model=DocumentOut, tags=["文件"], dependencies=[Depends(reads)],
    )  # fmt: skip
    def one(request: Request, document_id: str) -> Response:
        view = calls.view(request)
        headers, same = unchanged(request, view)
        row = document_row(view, _known(view, document_id))
        return same or JSONResponse(row, headers=headers)


def _add_content(router: APIRouter, calls: Calls, reads: Any) -> None:
    @router.get(
        "/documents/{document_id}/text", name="documents.text", summary="全文",
        response_model=TextOut, tags=["文件"], dependencies=[Depends(reads)],
    )  # fmt: skip
    def text(
        request: Request, document_id: str,
        start: Annotated[int, Query(ge=0, le=_ALL)] = 0,
        end: Annotated[int | None, Query(ge=0, le=_ALL)] = None,
    ) -> Response:  # fmt: skip
        """[start, end) 这一段；一次最多 200 万字。出处的 start、end 指的就是这里的位置。"""
        view = calls.view(request)
        summary = _quotable(view, document_id)
        headers, same = unchanged(request, view)
        if same:
            return same
        _opened(calls, request, summary, start=start)
        document = view.document(document_id)
        if document is None:
            raise gone()
        last = min(len(document.text), start + LONGEST, _ALL if end is None else end)
        said = {
            "document_id": document.id, "sha256": document.sha256,
            "text": document.text[start:last], "start": start, "end": max(start, last),
            "length": len(document.text), "outline": [asdict(h) for h in document.outline],
        }  # fmt: skip
        return JSONResponse(said, headers=headers)

    @router.get(
        "/documents/{document_id}/passages", name="documents.passages", summary="段落",
        response_model=PassagesOut, tags=["文件"], dependencies=[Depends(reads)],
    )  # fmt: skip
    def passages(
        request: Request, document_id: str, limit: Limit = USUAL, offset: Offset = 0
    ) -> Response:
        view = calls.view(request)
        summary = _quotable(view, document_id)
        headers, same = unchanged(request, view)
        if same:
            return same
        _opened(calls, request, summary)
        found = view.passages_of(document_id)
        rows = [passage_row(p) for p in cut(found, offset, limit)]
        page = {"total": len(found), "offset": offset, "limit": limit}
        response = JSONResponse(page | {"document_id": document_id, "passages": rows}, headers=headers)  # fmt: skip
        link_next(request, response, offset, limit, len(found))
        return response


def _opened(calls: Calls, request: Request, document: DocumentSummary, **more: Any) -> None:
    entry = entry_of(request, "open document", document.id, sha256=document.sha256, **more)
    calls.services.log.record(entry)


def _add_original(router: APIRouter, calls: Calls, reads: Any) -> None:
    @router.get(
        "/documents/{document_id}/original", name="documents.original", summary="原文件",
        response_class=Response, tags=["文件"], dependencies=[Depends(reads)],
        responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
    )  # fmt: skip
    def original(request: Request, document_id: str) -> Response:
        """读入时的那个文件；不可下载的文件没有。"""
        document = _quotable(calls.view(request), document_id)
        if not document.audience.may_download:
            raise Forbidden("这份文件不可下载。", "This document may not be downloaded.")
        most = calls.services.library.settings.max_file_mb * 2**20
        found = as_read(document, most)
        if found is None:
            raise NotThere("原文件已不在原来的位置，或入库后改动过；全文仍可取。",
                           "The file is not where it was, or was changed since.")  # fmt: skip
        name, content = found
        calls.services.log.record(entry_of(request, "download", document.id, file=name))
        return as_download(content, name)


def _add_deleting(router: APIRouter, calls: Calls) -> None:
    deletes = calls.access.needs("delete")

    @router.delete(
        "/documents/{document_id}", name="documents.delete", summary="删除一份文件",
        response_model=DeletedOut, tags=["文件"],
    )  # fmt: skip
    def delete(
        request: Request, document_id: str, person: Annotated[Person, Depends(deletes)]
    ) -> Response:
        """和文件库网页一样：从库中移除，删去上传时存下的文件。"""
        document = _known(calls.view(request), document_id)
        if not may(person, "change documents", document.audience):
            raise Forbidden("您没有权限改这份文件。", "You may not change this document.")
        title = document.metadata.title
        with recorded(calls.services.log, entry_of(request, "delete document", document.id, title=title)):  # fmt: skip
            left = calls.ingest.delete(document.id)
        return JSONResponse({"document_id": document.id, "files_left": [Path(p).name for p in left]})  # fmt: skip


def add_facts(router: APIRouter, calls: Calls) -> None:
    reads = calls.access.needs("read")

    @router.get(
        "/facts", name="facts", summary="文件里写明的指标、分工、金额等", response_model=FactsOut,
        tags=["文件"], dependencies=[Depends(reads)],
    )  # fmt: skip
    def facts(request: Request, chosen: Annotated[FactsIn, Query()]) -> Response:
        """与 `python -m assistant facts --json` 相同，分页。"""
        limit, offset = chosen.limit, chosen.offset
        filters = Chosen.of(chosen.model_dump(exclude={"limit", "offset"}))
        view = calls.view(request)
        headers, same = unchanged(request, view)
        where = filters.where(view)
        if where is None:
            raise PolicyError("kind 或 year 写得不对：year 应是 2027 或 2025-2027 这样的年份")
        if same:
            return same
        calls.services.log.record(entry_of(request, "search", "facts", filters=filters))
        count = view.count_facts(where)
        found = view.facts(where, limit=limit, offset=offset)
        rows = [fact_row(row) for row in rows_of(view, found)]
        page = {"count": count, "offset": offset, "limit": limit, "facts": rows}
        response = JSONResponse(page, headers=headers)
        link_next(request, response, offset, limit, count)
        return response
