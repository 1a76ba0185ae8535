"""/drafts: lists, sharing, the bin, files, and who is typing where. Every route asks who it is."""

from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from assistant.drafting.access import Share
from assistant.pages.draft_desks import DraftDesks, Field, NotHere, require_owner
from assistant.pages.draft_export import add_export_routes
from assistant.pages.draft_find import add_find_routes
from assistant.pages.draft_inline import add_inline_routes
from assistant.pages.draft_insert import add_insert_routes
from assistant.pages.draft_lists import RIGHTS, TITLE, Directory, list_body
from assistant.pages.draft_own import Reader, add_own_routes
from assistant.pages.draft_slips import add_slip_routes
from assistant.pages.draft_versions import add_version_routes
from assistant.pages.shell import gone
from assistant.services import Services
from vectorstore.errors import PolicyError


def add_draft_routes(
    site: FastAPI, services: Services, directory: Directory, reader: Reader | None = None
) -> None:
    """The pages, their deeds, and the files. What somebody may not see is not there (404)."""

    @site.exception_handler(NotHere)
    def not_here(_: Request, error: NotHere) -> Response:
        return gone(error)

    at = DraftDesks(services, directory)
    _add_pages(site, at)
    _add_sharing(site, at)
    _add_bin(site, at)
    _add_live(site, at)
    add_own_routes(site, at, reader)
    add_inline_routes(site, at)
    add_version_routes(site, at)
    add_find_routes(site, at)
    add_slip_routes(site, at)
    add_insert_routes(site, at)
    add_export_routes(site, at)  # last: it takes any name of a file


def _to(draft_id: str, said: str) -> Response:
    return RedirectResponse(f"/drafts/{quote(draft_id, safe='')}?said={said}", 303)


def _add_pages(site: FastAPI, at: DraftDesks) -> None:
    @site.get("/drafts")
    def listed(request: Request, said: str = "", undo: str = "") -> Response:
        desk = at.of(request)
        drafts = desk.store.listed(desk.person)
        known = undo if any(d.id == undo and d.shelf == "bin" for d in drafts) else ""
        names = at.directory.names()
        body = list_body(desk.person, drafts, names, desk.store.bin_days, said, known)
        return at.page(request, TITLE, body)

    @site.get("/drafts/{draft_id}")
    def sharing(request: Request, draft_id: str, said: str = "") -> Response:
        return at.share_page(request, draft_id, said)


def _add_sharing(site: FastAPI, at: DraftDesks) -> None:
    @site.post("/drafts/{draft_id}/share")
    def share(request: Request, draft_id: str, who: Field = "", right: Field = "read") -> Response:
        desk = at.of(request)
        require_owner(desk, draft_id)
        found = at.directory.find(who.strip())
        if found is None:
            error = f"没有找到“{who[:60]}”，或有几位同名：请从列表里选。"
            return at.share_page(request, draft_id, error=error)
        kind, to, name = found
        if to == desk.person.id:
            return at.share_page(request, draft_id, error="稿子本来就是您的。")
        power = next((r for r, *_ in RIGHTS if r == right), "read")
        given = Share("department" if kind == "department" else "person", to,
                      "write" if power == "write" else "read", name)  # fmt: skip
        with at.deed(request, "share draft", draft_id, kind=kind, to=to, right=power):
            desk.store.share(draft_id, desk.person, given)
        return _to(draft_id, "shared")

    @site.post("/drafts/{draft_id}/unshare")
    def unshare(request: Request, draft_id: str, kind: Field = "", to: Field = "") -> Response:
        desk = at.of(request)
        require_owner(desk, draft_id)
        with at.deed(request, "share draft", draft_id, kind=kind, to=to, right="none"):
            desk.store.unshare(draft_id, desk.person, kind, to)
        return _to(draft_id, "unshared")

    @site.post("/drafts/{draft_id}/move")
    def move(
        request: Request, draft_id: str, owner: Field = "", department: Field = ""
    ) -> Response:
        desk = at.of(request)
        require_owner(desk, draft_id)
        if owner:
            found = at.directory.find(owner.strip())
            if found is None or found[0] != "person":
                error = f"没有找到“{owner[:60]}”，或有几位同名：请从列表里选。"
                return at.share_page(request, draft_id, error=error)
            with at.deed(request, "share draft", draft_id, owner=found[1]):
                desk.store.move(draft_id, desk.person, owner=found[1])
            return RedirectResponse("/drafts?said=moved", 303)
        if department and department not in {d.id for d in at.directory.list_departments()}:
            return at.share_page(request, draft_id, error="没有这个部门。")
        with at.deed(request, "share draft", draft_id, department=department):
            desk.store.move(draft_id, desk.person, department=department)
        return _to(draft_id, "placed")


def _add_bin(site: FastAPI, at: DraftDesks) -> None:
    @site.post("/drafts/{draft_id}/delete")
    def delete(request: Request, draft_id: str) -> Response:
        desk = at.of(request)
        require_owner(desk, draft_id)
        with at.deed(request, "delete draft", draft_id):
            desk.store.delete(draft_id, desk.person)
        return RedirectResponse(f"/drafts?said=deleted&undo={quote(draft_id, safe='')}", 303)

    @site.post("/drafts/{draft_id}/restore")
    def restore(request: Request, draft_id: str) -> Response:
        desk = at.of(request)
        own = (d.id for d in desk.store.listed(desk.person) if d.permission == "owner")
        if draft_id not in own:  # nothing is recorded of another's
            raise NotHere("没有这份稿子，可能已删除")
        with at.deed(request, "write draft", draft_id, what="restored from the bin"):
            desk.store.restore(draft_id, desk.person)
        return RedirectResponse("/drafts?said=restored", 303)


def _add_live(site: FastAPI, at: DraftDesks) -> None:
    """Asked by page.js while a draft is open that others may have open too."""

    @site.post("/drafts/{draft_id}/hold")
    def hold(request: Request, draft_id: str, section: Field = "") -> Response:
        """Somebody types in a section: it is theirs for two minutes."""
        desk = at.of(request)
        try:
            other = desk.store.hold(draft_id, section[:40], desk.person)
        except PolicyError as error:
            raise NotHere(str(error)) from error
        return JSONResponse({"said": other.sentence if other else ""}, 409 if other else 200)

    @site.get("/drafts/{draft_id}/now")
    def now(request: Request, draft_id: str) -> Response:
        """The present version, and who is typing where."""
        desk = at.of(request)
        try:
            version, name = desk.store.latest(draft_id, desk.person)
        except PolicyError as error:
            raise NotHere(str(error)) from error
        holds = desk.store.holds.others(draft_id, desk.person)
        held = {section: hold.sentence for section, hold in holds.items()}
        said = f"{name or '有人'}保存了第 {version} 版，可以“载入最新”"
        return JSONResponse({"version": version, "held": held, "said": said})
