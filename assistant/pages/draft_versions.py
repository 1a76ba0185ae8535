"""/drafts/…/versions: what changed between two versions of a draft, and the way back to one."""

from collections.abc import Sequence
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from assistant.cite.citation import named
from assistant.drafting.changes import LineChange, SectionChange, changes
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft, Version
from assistant.pages.draft_desks import DraftDesks, Field
from assistant.pages.draft_times import when
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.shell import problem
from assistant.people.languages import is_english
from assistant.revision.wording import Part
from vectorstore.errors import PolicyError

TITLE = ("修改对比", "Changes")
_KINDS = {
    "added": ("新增", "Added"),
    "deleted": ("删去", "Removed"),
    "changed": ("修改", "Changed"),
}
_MARKS = {"inserted": "ins", "deleted": "del"}


def add_version_routes(site: FastAPI, at: DraftDesks) -> None:
    @site.get("/drafts/{draft_id}/versions")
    def compared(request: Request, draft_id: str) -> Response:
        return _page(at, request, draft_id)

    @site.post("/drafts/{draft_id}/versions")
    def restore(request: Request, draft_id: str, number: Field = "") -> Response:
        desk, draft = at.whole(request, draft_id)
        try:
            wanted = _number(number)
            if wanted is None:
                raise PolicyError("没有这一版", "There is no such version")
            desk.restore(draft, Version(wanted, "", ""))
        except PolicyError as error:
            return _page(at, request, draft_id, error)
        return RedirectResponse(f"/draft?draft={quote(draft_id, safe='')}", 303)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


def _page(
    at: DraftDesks, request: Request, draft_id: str, error: PolicyError | None = None
) -> Response:
    """The two versions that the address names; without any the last two."""
    desk, now = at.whole(request, draft_id)
    versions = desk.store.versions(draft_id, desk.person)
    numbers = [version.number for version in versions]
    new = _known(request.query_params.get("to", ""), numbers, numbers[0])
    older = [number for number in numbers if number < new]
    old = _known(request.query_params.get("from", ""), numbers, older[0] if older else new)
    english = is_english(request)
    found = changes(*(_version(desk, now, number) for number in (old, new)))
    shown = [change for change in found if change.kind != "same" or change.is_moved]
    back = element("a", both("回到稿子", "Back"), href=f"/draft?draft={now.id}", class_="tool")
    body = (
        element("h1", both(*TITLE)) + element("p", text(f"{named(now.title)} ") + back)
        + (problem(error) if error else "")
        + _choice(now.id, versions, old, new)
        + _summary(shown, old, new)
        + join(map(_section, shown))
        + (_restore(now.id, old, english) if at.may_write(desk, now) and old != numbers[0] else "")
    )  # fmt: skip
    return at.page(request, TITLE, body, 400 if error else 200)


def _known(typed: str, numbers: Sequence[int], usual: int) -> int:
    number = _number(typed)
    return number if number is not None and number in numbers else usual


def _version(desk: DraftingDesk, now: Draft, number: int) -> Draft:
    """A version as whoever asks may see it."""
    return desk.covered(desk.store.load(now.id, desk.person, number))


def _choice(draft_id: str, versions: Sequence[Version], old: int, new: int) -> str:
    def select(name: str, chosen: int, zh: str, en: str) -> str:
        options = join(
            element("option", text(" · ".join(filter(None, (
                f"第 {v.number} 版", when(v.at), v.what, v.name)))),
                value=v.number, selected=v.number == chosen)
            for v in versions
        )  # fmt: skip
        return element("label", both(zh, en) + element("select", options, name=name))

    button = element("button", both("对比", "Compare"), type="submit", class_="tool")
    return element(
        "form", select("from", old, "从", "From") + select("to", new, "到", "To") + button,
        method="get", action=f"/drafts/{draft_id}/versions", class_="row",
    )  # fmt: skip


def _summary(shown: Sequence[SectionChange], old: int, new: int) -> str:
    if not shown:
        said = both(
            f"第 {old} 版和第 {new} 版文字相同。", f"Versions {old} and {new} say the same."
        )
    else:
        count = sum(change.count for change in shown)
        said = both(f"从第 {old} 版到第 {new} 版：{len(shown)} 个部分、{count} 句有变化。",
                    f"{len(shown)} sections and {count} sentences differ.")  # fmt: skip
    return element("p", said, role="status", class_="note")


def _section(change: SectionChange) -> str:
    name = text(change.heading or change.was or "（开头）")
    if change.was and change.heading and change.was != change.heading:
        name = element("del", text(change.was)) + " " + element("ins", text(change.heading))
    if change.kind == "added":
        name = element("ins", name)
    elif change.kind == "deleted":
        name = element("del", name)
    chips = element("span", both(*_KINDS[change.kind]), class_="state plain") if change.kind in _KINDS else ""  # fmt: skip
    if change.is_moved:
        chips += " " + element("span", both("移动", "Moved"), class_="state plain")
    lines = join(map(_line, (line for line in change.lines if line.kind != "same")))
    return element("section", element("h2", f"{name} {chips}") + lines, class_="change")


def _line(line: LineChange) -> str:
    """A sentence once, what went and what came marked in it where both have one."""
    label = element("span", both(*_KINDS[line.kind]), class_="state plain")
    old = element("p", join(map(_part, line.old)), class_="was") if line.old else ""
    new = element("p", join(map(_part, line.new)), class_="is") if line.new else ""
    return element("div", label + old + new, class_="changed-line")


def _part(part: Part) -> str:
    name = _MARKS.get(part.mark)
    return element(name, text(part.text)) if name else text(part.text)


def _restore(draft_id: str, number: int, english: bool) -> str:
    hidden = element("input", type="hidden", name="number", value=number)
    label = pick(english, f"恢复第 {number} 版", f"Restore version {number}")
    button = element("button", text(label), type="submit", class_="tool")
    note = element(
        "small", both("作为新的一版，中间的各版都还在", "as a new version; none is lost")
    )
    return element("form", hidden + button + note, method="post",
                   action=f"/drafts/{draft_id}/versions", class_="row")  # fmt: skip
