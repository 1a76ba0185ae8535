"""/drafts/…/style: 文字校对 of a draft, each slip with a repair of one click."""

from collections.abc import Sequence
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from assistant.cite.citation import named
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.drafting.slips import DraftSlip, mended, slips_of
from assistant.pages.draft_desks import DraftDesks, Field
from assistant.pages.markup import both, element, join, text
from assistant.pages.shell import problem
from vectorstore.errors import PolicyError

TITLE = ("文字校对", "Style check")


def add_slip_routes(site: FastAPI, at: DraftDesks) -> None:
    @site.get("/drafts/{draft_id}/style")
    def shown(request: Request, draft_id: str, done: str = "") -> Response:
        return _page(at, request, draft_id, done)

    @site.post("/drafts/{draft_id}/style")
    def mend(request: Request, draft_id: str, slip: Field = "") -> Response:
        """One slip, or 'all' that have a repair."""
        desk, draft = at.whole(request, draft_id)
        try:
            # In what they see: what is covered is not theirs to mend.
            chosen = [s for s in _slips(desk, desk.covered(draft))
                      if s.right is not None and slip in ("all", s.key)]  # fmt: skip
            if slip == "all":
                chosen = [s for s in chosen if _is_free(desk, draft, s.place.section)]
            if not chosen:
                raise PolicyError("这一处已经改动，请看下面的最新结果", "This place has changed")
            for section in dict.fromkeys(s.place.section for s in chosen):
                desk.require_free(draft, section)
            desk.keep(mended(draft, chosen), f"文字校对：改 {len(chosen)} 处")
        except PolicyError as error:
            return _page(at, request, draft_id, error=error)
        address = f"/drafts/{quote(draft_id, safe='')}/style?done={len(chosen)}"
        return RedirectResponse(address, 303)


def _is_free(desk: DraftingDesk, draft: Draft, section: str) -> bool:
    held = desk.store.holds.others(draft.id, desk.person)
    return section not in held and not desk.is_covered(draft, section)


def _slips(desk: DraftingDesk, draft: Draft) -> tuple[DraftSlip, ...]:
    documents = desk.evidence().corpus.documents
    organs = dict.fromkeys(d.metadata.issuer for d in documents if d.metadata.issuer)
    return slips_of(draft, list(organs))


def _page(
    at: DraftDesks, request: Request, draft_id: str, done: str = "",
    error: PolicyError | None = None,
) -> Response:  # fmt: skip
    desk, draft = at.opened(request, draft_id)
    slips = _slips(desk, draft)
    back = element("a", both("回到稿子", "Back"), href=f"/draft?draft={draft.id}", class_="tool")
    told = ""
    if done.isascii() and done.isdigit():
        told = element("p", both(f"改了 {done} 处。", f"{done} places mended."), role="status",
                       class_="done")  # fmt: skip
    body = (
        element("h1", both(*TITLE)) + element("p", text(f"{named(draft.title)} ") + back)
        + told + (problem(error) if error else "")
        + _listed(draft, slips, may_write=at.may_write(desk, draft))
    )  # fmt: skip
    return at.page(request, TITLE, body, 400 if error else 200)


def _listed(draft: Draft, slips: Sequence[DraftSlip], *, may_write: bool) -> str:
    if not slips:
        return element("p", both("没有发现不合公文写法的地方。", "Nothing was found."), class_="note",
                       role="status")  # fmt: skip
    mendable = sum(slip.right is not None for slip in slips)
    said = both(f"发现 {len(slips)} 处，其中 {mendable} 处可以一键改好。",
                f"{len(slips)} places, {mendable} with a repair.")  # fmt: skip
    every = _button(draft, "all", "全部改好", "Mend all") if may_write and mendable else ""
    headings = {section.id: section.name for section in draft.sections}
    items = join(
        _item(draft, slip, headings[slip.place.section], may_write=may_write) for slip in slips
    )
    return element("p", said, role="status") + every + element("ol", items, class_="points")


def _item(draft: Draft, slip: DraftSlip, heading: str, *, may_write: bool) -> str:
    place = slip.place
    wrong = element("del" if slip.right is not None else "mark", text(place.words))
    right = element("ins", text(slip.right)) if slip.right else ""
    words = element("span", text(place.before) + wrong + right + text(place.after), class_="changed-line")  # fmt: skip
    why = f"{slip.rule}：{slip.why}" + ("（在引文里，按原文保留）" if place.is_quoted else "")
    small = element("small", text(f"{heading} · {why}"))
    button = _button(draft, slip.key, "改", "Mend") if may_write and slip.right is not None else ""
    return element("li", words + small + button)


def _button(draft: Draft, key: str, zh: str, en: str) -> str:
    hidden = element("input", type="hidden", name="slip", value=key)
    button = element("button", both(zh, en), type="submit", class_="tool")
    return element("form", hidden + button, method="post", action=f"/drafts/{draft.id}/style",
                   class_="row")  # fmt: skip
