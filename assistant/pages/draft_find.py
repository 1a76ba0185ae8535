"""/drafts/…/find: find and replace in a draft, each place chosen."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse

from assistant.cite.citation import named
from assistant.drafting.models import Draft
from assistant.drafting.replacing import MAX_WORDS, Place, find, replaced
from assistant.pages.draft_desks import DraftDesks, Field
from assistant.pages.markup import both, element, join, text
from assistant.pages.shell import problem
from vectorstore.errors import PolicyError

TITLE = ("查找替换", "Find and replace")
MAX_PLACES = 2000


def add_find_routes(site: FastAPI, at: DraftDesks) -> None:
    @site.get("/drafts/{draft_id}/find")
    def found(request: Request, draft_id: str, what: str = "", to: str = "", done: str = "") -> Response:  # fmt: skip
        return _page(at, request, draft_id, what, to, done)

    @site.post("/drafts/{draft_id}/find")
    def replace_(
        request: Request, draft_id: str, what: Field = "", to: Field = "",
        place: Annotated[list[str] | None, Form()] = None,
    ) -> Response:  # fmt: skip
        desk, draft = at.whole(request, draft_id)
        try:
            chosen = set((place or [])[:MAX_PLACES])
            # In what they see: nobody learns by asking what is covered. The rest is the same.
            places = [one for one in find(desk.covered(draft), what) if one.key in chosen]
            if not places:
                raise PolicyError("没有选中要替换的地方", "No place was chosen")
            for section in dict.fromkeys(one.section for one in places):
                desk.require_free(draft, section)
            desk.keep(replaced(draft, places, to), f"替换 {len(places)} 处")
        except PolicyError as error:
            return _page(at, request, draft_id, what, to, error=error)
        query = urlencode({"what": to or what, "done": len(places)})
        return RedirectResponse(f"/drafts/{draft.id}/find?{query}", 303)


def _page(
    at: DraftDesks, request: Request, draft_id: str, what: str, to: str, done: str = "",
    error: PolicyError | None = None,
) -> Response:  # fmt: skip
    desk, draft = at.opened(request, draft_id)
    places: tuple[Place, ...] = ()
    if what and error is None:
        try:
            places = find(draft, what)
        except PolicyError as bad:
            error = bad
    elif what:
        places = _again(draft, what)
    back = element("a", both("回到稿子", "Back"), href=f"/draft?draft={draft.id}", class_="tool")
    told = ""
    if done.isascii() and done.isdigit():
        told = element("p", both(f"替换了 {done} 处。改过的句子请再核对。", f"{done} places replaced."),
                       role="status", class_="done")  # fmt: skip
    body = (
        element("h1", both(*TITLE)) + element("p", text(f"{named(draft.title)} ") + back)
        + told + (problem(error) if error else "")
        + _search_form(draft, what)
        + (_places(draft, places, what, to, may_write=at.may_write(desk, draft)) if what else "")
    )  # fmt: skip
    return at.page(request, TITLE, body, 400 if error else 200)


def _again(draft: Draft, what: str) -> tuple[Place, ...]:
    try:
        return find(draft, what)
    except PolicyError:  # the page says it already
        return ()


def _search_form(draft: Draft, what: str) -> str:
    box = element("input", type="text", name="what", value=what, maxlength=MAX_WORDS, required=True,
                  autofocus=not what)  # fmt: skip
    button = element("button", both("查找", "Find"), type="submit", class_="tool")
    return element("form", element("label", both("找什么", "Find") + box) + button, method="get",
                   action=f"/drafts/{draft.id}/find", class_="row")  # fmt: skip


def _places(
    draft: Draft, places: Sequence[Place], what: str, to: str, *, may_write: bool
) -> str:  # fmt: skip
    headings = {section.id: section.name for section in draft.sections}
    shown = places[:MAX_PLACES]
    items = join(_place(place, headings[place.section], may_write=may_write) for place in shown)
    listed = element("ol", items, class_="points")
    count = both(f"找到 {len(places)} 处", f"{len(places)} places")
    if not places or not may_write:
        return element("p", count, role="status") + listed
    hidden = element("input", type="hidden", name="what", value=what)
    box = element("input", type="text", name="to", value=to, maxlength=MAX_WORDS, autofocus=True)
    button = element(
        "button", both("替换选中的", "Replace the chosen"), type="submit", class_="tool"
    )
    row = element("div", element("label", both("替换成（空为删去）", "Replace by (empty deletes)") + box)
                  + button, class_="row-of-form")  # fmt: skip
    return element("p", count, role="status") + element(
        "form", hidden + row + listed, method="post", action=f"/drafts/{draft.id}/find"
    )


def _place(place: Place, heading: str, *, may_write: bool) -> str:
    """Words within a quotation are not chosen: other words would make it untrue."""
    words = text(place.before) + element("mark", text(place.words)) + text(place.after)
    note = ""
    if place.is_quoted:
        note = element("small", both("在引文里，改了就和原文不一致", "within a quotation"))
    where = element("small", text(heading))
    if not may_write:
        return element("li", words + note + where)
    box = element("input", type="checkbox", name="place", value=place.key,
                  checked=not place.is_quoted)  # fmt: skip
    return element("li", element("label", box + " " + words, class_="inline") + note + where)
