"""/drafts: the owner's, as on the page 起草; what they may not see in them is covered."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from assistant.api.calls import Calls
from assistant.api.paging import USUAL, Limit, Offset, cut, link_next
from assistant.api.problems import NotThere
from assistant.api.requests import DraftIn
from assistant.api.rows import draft_row
from assistant.api.schemas import DraftOut, DraftsOut
from assistant.drafting.check import findings_of
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.events import Progress
from assistant.export.word import WORD, to_docx, to_markdown
from assistant.export.word import Form as Shape
from assistant.people.log import recorded
from assistant.people.person import Person
from assistant.people.viewer import entry_of, who_of
from assistant.sending import as_download
from vectorstore.errors import PolicyError
from vectorstore.files.surrogates import whole

File = Literal["review.docx", "final.docx", "review.md"]
_MARKDOWN = "text/markdown; charset=utf-8"
_FILES: dict[str, tuple[Shape, str]] = {
    "review.docx": ("送审版", WORD),
    "final.docx": ("定稿版", WORD),
    "review.md": ("送审版", _MARKDOWN),
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def add_drafts(router: APIRouter, calls: Calls) -> None:
    drafts = calls.access.needs("draft")
    _add_reading(router, calls, drafts)
    _add_making(router, calls, drafts)
    _add_files(router, calls, drafts)


def _desk(calls: Calls, person: Person) -> DraftingDesk:
    return calls.services.desk.seen_by(person)


def _opened(desk: DraftingDesk, draft_id: str) -> Draft:
    """As the owner of the key may see it. What they may not open is not there."""
    try:
        return desk.covered(desk.open(draft_id))
    except PolicyError as error:
        raise NotThere("没有这份稿子，可能已删除。", "There is no such draft.") from error


def _add_reading(router: APIRouter, calls: Calls, drafts: Any) -> None:
    @router.get(
        "/drafts", name="drafts.list", summary="稿子列表", response_model=DraftsOut, tags=["起草"]
    )
    def listed(
        request: Request, person: Annotated[Person, Depends(drafts)],
        limit: Limit = USUAL, offset: Offset = 0,
    ) -> Response:  # fmt: skip
        """本人的、本部门的、共享给本人的；回收站里的 shelf 是 bin。"""
        found = _desk(calls, person).store.listed(person)
        rows = [
            {"id": d.id, "title": d.title, "updated": d.updated, "permission": d.permission, "shelf": d.shelf}
            for d in cut(found, offset, limit)
        ]  # fmt: skip
        page = {"total": len(found), "offset": offset, "limit": limit, "drafts": rows}
        response = JSONResponse(page)
        link_next(request, response, offset, limit, len(found))
        return response

    @router.get(
        "/drafts/{draft_id}", name="drafts.get", summary="一份稿子", response_model=DraftOut,
        tags=["起草"],
    )  # fmt: skip
    def one(
        request: Request, draft_id: str, person: Annotated[Person, Depends(drafts)]
    ) -> Response:
        draft = _opened(_desk(calls, person), draft_id)
        calls.services.log.record(entry_of(request, "open draft", draft.id))
        return JSONResponse(draft_row(draft, findings_of(draft)))


def _add_making(router: APIRouter, calls: Calls, drafts: Any) -> None:
    @router.post(
        "/drafts", name="drafts.make", summary="起草", response_model=DraftOut, status_code=201,
        tags=["起草"],
    )  # fmt: skip
    async def make(
        request: Request, wanted: DraftIn, person: Annotated[Person, Depends(drafts)]
    ) -> Response:
        """列提纲，逐部分写，核对。每写一部分就存一次：中途断开，写好的都在。"""
        who = who_of(request)

        def work(progress: Progress) -> dict[str, Any]:
            desk, log, text = _desk(calls, person), calls.services.log, whole(wanted.request)
            with recorded(log, who.did("write draft", request=text, mode=wanted.mode)):
                draft = desk.begin(text, unit=whole(wanted.unit), region=whole(wanted.region))
                if not wanted.write:
                    return draft_row(draft, findings_of(draft))
                for written in desk.write(draft, wanted.mode, progress):
                    draft = written.draft
                draft, findings = desk.check(draft)
            return draft_row(draft, findings)

        made = await calls.in_line(request, work)
        return JSONResponse(made, 201, {"Location": f"/api/v1/drafts/{made['id']}"})


def _add_files(router: APIRouter, calls: Calls, drafts: Any) -> None:
    @router.get(
        "/drafts/{draft_id}/{name}", name="drafts.export", summary="导出 Word 或 Markdown",
        response_class=Response, tags=["起草"],
        responses={200: {"content": {WORD: _BINARY, "text/markdown": {"schema": {"type": "string"}}}}},
    )  # fmt: skip
    def export(
        request: Request, draft_id: str, name: File, person: Annotated[Person, Depends(drafts)]
    ) -> Response:
        desk = _desk(calls, person)
        draft = _opened(desk, draft_id)
        form, kind = _FILES[name]
        entry = entry_of(request, "export", draft.id, file=name, version=str(draft.version))
        with recorded(calls.services.log, entry):
            if kind == WORD:
                content = to_docx(draft, form, desk.settings)
            else:
                content = to_markdown(draft, form, desk.settings).encode()
        saved = f"{draft.title[:60]}（{form}）.{name.rpartition('.')[2]}"
        return as_download(content, saved, kind)
