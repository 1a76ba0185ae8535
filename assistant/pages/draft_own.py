"""/drafts/…/own: the author's own material, and the gaps of a draft filled one after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, File, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from assistant.cite.citation import named
from assistant.drafting.blanks import Blank, blanks_of
from assistant.drafting.material import add_note, drop_note, fill_gap, fill_gaps
from assistant.drafting.models import PASTED, Draft, OwnNote
from assistant.drafting.own import contradictions
from assistant.pages.draft_desks import DraftDesks, Field
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.shell import problem
from assistant.people.languages import is_english
from vectorstore.errors import PolicyError

TITLE = ("本单位材料与填空", "Own material and gaps")
KINDS = (".txt", ".docx", ".xlsx")
_FOLDED = 300  # characters of a note that are shown at once
_SAID = {
    "filled": ("已填上，标为本单位提供。", "Filled in."),
    "added": ("材料已加入。", "Added."),
    "dropped": ("材料已删除。由它填的地方请再核对。", "Removed. Check what was filled from it."),
    "none": ("材料里没有能对上的数字，没有填。", "No figure fits; nothing was filled in."),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """How a file that is sent becomes text: `read` gives it, `folder` a place for the file."""

    read: Callable[[Path], str]
    folder: Callable[[], Path]


def add_own_routes(site: FastAPI, at: DraftDesks, reader: Reader | None) -> None:
    @site.get("/drafts/{draft_id}/own")
    def own(request: Request, draft_id: str, said: str = "") -> Response:
        number = request.query_params.get("at", "")
        return _page(at, request, draft_id, int(number) if number.isascii() and number.isdigit()
                     and len(number) < 6 else 1, said)  # fmt: skip

    @site.post("/drafts/{draft_id}/own/fill")
    def one(
        request: Request, draft_id: str, place: Field = "", clause: Field = "", value: Field = "",
        number: Field = "1",
    ) -> Response:  # fmt: skip
        desk, draft = at.whole(request, draft_id)
        now = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
        try:
            wanted = next((b for b in blanks_of(desk.covered(draft))
                           if (place_of(b), b.clause) == (place, clause)), None)  # fmt: skip
            if wanted is None:
                raise PolicyError("这处空白已经改动，请看下一处", "This gap has changed")
            fill_gap(desk, draft, wanted, value)
        except PolicyError as error:
            return _page(at, request, draft_id, now, error=error, typed=value)
        return _to(draft_id, "filled", now)  # the next gap has taken its number

    @site.post("/drafts/{draft_id}/own/fill-all")
    def several(request: Request, draft_id: str) -> Response:
        desk, draft = at.whole(request, draft_id)
        try:
            _, count = fill_gaps(desk, draft)
        except PolicyError as error:
            return _page(at, request, draft_id, 1, error=error)
        return _to(draft_id, f"{count}" if count else "none")

    @site.post("/drafts/{draft_id}/own/notes")
    def add(
        request: Request, draft_id: str, note: Field = "",
        file: Annotated[UploadFile | None, File()] = None,
    ) -> Response:  # fmt: skip
        desk, draft = at.whole(request, draft_id)
        try:
            desk.store.require_write(draft_id, desk.person)
            origin, words = PASTED, note
            if file is not None and file.filename:
                origin, words = _read(reader, file)
            add_note(desk, draft, words, origin)
        except PolicyError as error:
            return _page(at, request, draft_id, 1, error=error, note=note)
        return _to(draft_id, "added")

    @site.post("/drafts/{draft_id}/own/drop")
    def drop(request: Request, draft_id: str, note: Field = "") -> Response:
        desk, draft = at.whole(request, draft_id)
        try:
            drop_note(desk, draft, note)
        except PolicyError as error:
            return _page(at, request, draft_id, 1, error=error)
        return _to(draft_id, "dropped")


def _to(draft_id: str, said: str, number: int = 1) -> Response:
    at = f"&at={number}" if number > 1 else ""
    return RedirectResponse(f"/drafts/{quote(draft_id, safe='')}/own?said={said}{at}", 303)


def _read(reader: Reader | None, file: UploadFile) -> tuple[str, str]:
    """The name and the text of a file that was sent, as the library's parsers read it. Raises
    PolicyError."""
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name[:120]
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in KINDS or reader is None:
        raise PolicyError(
            f"“{name}”不能读；可以用 {'、'.join(KINDS)} 文件，或直接粘贴文字",
            f"This kind of file is not read; use {', '.join(KINDS)}, or paste the text",
        )
    path = reader.folder() / f"own{suffix}"
    try:
        path.write_bytes(file.file.read())
        return name, reader.read(path)
    finally:
        path.unlink(missing_ok=True)
        path.parent.rmdir()


def place_of(blank: Blank) -> str:
    return f"{blank.section}.{blank.line}.{blank.start}.{blank.end}"


# --- the page -----------------------------------------------------------------------------------


def _page(
    at: DraftDesks, request: Request, draft_id: str, number: int, said: str = "", *,
    error: PolicyError | None = None, typed: str = "", note: str = "",
) -> Response:  # fmt: skip
    desk, draft = at.opened(request, draft_id)
    english = is_english(request)
    base = f"/drafts/{draft.id}/own"
    blanks = blanks_of(draft)
    number = max(1, min(number, len(blanks)))
    may_write = at.may_write(desk, draft)
    back = element("a", both("回到稿子", "Back"), href=f"/draft?draft={draft.id}", class_="tool")
    body = (
        element("h1", both(*TITLE)) + element("p", text(f"{named(draft.title)} ") + back)
        + _done(said) + (problem(error) if error else "")
        + element("h2", both(f"要填的空（{len(blanks)}）", f"Gaps ({len(blanks)})"), id="gaps")
        + _gaps(draft, blanks, number, base, typed, may_write=may_write, english=english)
        + element("h2", both(f"本单位材料（{len(draft.own)}）", f"Own material ({len(draft.own)})"), id="own")
        + _against(draft)
        + join(_note(n, base, may_write=may_write) for n in draft.own)
        + (_add_form(base, note, english) if may_write else "")
    )  # fmt: skip
    return at.page(request, TITLE, body, 400 if error else 200)


def _done(said: str) -> str:
    if said.isascii() and said.isdigit():
        told = (f"按材料填了 {said} 处，标为本单位提供；请看一遍。", f"{said} gaps filled.")
    elif said in _SAID:
        told = _SAID[said]
    else:
        return ""
    return element("p", both(*told), role="status", class_="done")


def _gaps(
    draft: Draft, blanks: tuple[Blank, ...], number: int, base: str, typed: str, *,
    may_write: bool, english: bool,
) -> str:  # fmt: skip
    if not blanks:
        return element("p", both("没有要填的空了。", "Nothing is left to fill in."), class_="note")
    items = join(
        element("li", element("a", text(b.missing), href=f"{base}?at={i}",
                              aria_current="step" if i == number else None)
                + element("small", text(draft.sections[b.section].name)))
        for i, b in enumerate(blanks, 1)
    )  # fmt: skip
    listed = element("details", element("summary", both("全部空处", "All gaps"))
                     + element("ol", items, class_="points"))  # fmt: skip
    form = _gap_form(draft, blanks, number, base, typed, english=english) if may_write else ""
    every = ""
    if may_write and draft.own:
        every = _button_form(f"{base}/fill-all", "按下面的材料自动填", "Fill from the material")
    return form + every + listed


def _gap_form(
    draft: Draft, blanks: tuple[Blank, ...], number: int, base: str, typed: str, *, english: bool
) -> str:  # fmt: skip
    """One gap, with the words around it; Enter fills it and goes on to the next."""
    blank = blanks[number - 1]
    heading = draft.sections[blank.section].name
    where = both(
        f"第 {number} / {len(blanks)} 处 · {heading}", f"{number} of {len(blanks)} · {heading}"
    )
    before, _, after = blank.clause.partition(blank.words)
    around = text(before) + element("mark", text(blank.words), class_="blank") + text(after)
    box = element("input", type="text", name="value", maxlength=200, value=typed, required=True,
                  autofocus=True, autocomplete="off", id="gap")  # fmt: skip
    kept = {"place": place_of(blank), "clause": blank.clause, "number": str(number)}
    hidden = join(element("input", type="hidden", name=k, value=v) for k, v in kept.items())
    label = element("label", text(blank.missing), for_="gap")
    fill = element("button", both("填上，看下一处", "Fill in, go on"), type="submit", class_="tool")
    form = element("form", label + box + hidden + fill, method="post", action=f"{base}/fill", class_="row")  # fmt: skip
    return element(
        "section", element("p", where, class_="note") + element("blockquote", around) + form
        + _steps(number, len(blanks), base, english), class_="gap-now",
    )  # fmt: skip


def _steps(number: int, count: int, base: str, english: bool) -> str:
    """Without filling in, to the one before and behind; also by Alt+↑ and Alt+↓ (draft-pages.js)."""
    links = [
        element("a", both(zh, en), class_="tool", href=f"{base}?at={to}", data_step=step,
                aria_keyshortcuts=keys, title=keys)
        for to, step, zh, en, keys in (
            (number - 1, "back", "上一处", "Previous", "Alt+ArrowUp"),
            (number + 1, "on", "下一处", "Next", "Alt+ArrowDown"),
        ) if 1 <= to <= count
    ]  # fmt: skip
    hint = element(
        "small", both("Alt+↑ / Alt+↓ 换一处，回车填上", "Alt+↑ / Alt+↓ moves, Enter fills")
    )
    return element(
        "nav", join(links) + hint, class_="tools", aria_label=pick(english, "空处", "Gaps")
    )


def _against(draft: Draft) -> str:
    found = contradictions(draft.own)
    if not found:
        return ""
    items = join(element("li", text(c.sentence)) for c in found)
    said = both(
        f"材料前后有 {len(found)} 处不一致，这些数字没有自动填：",
        f"The material contradicts itself in {len(found)} places; these figures fill nothing:",
    )
    return element("div", element("p", said) + element("ul", items), class_="problem", role="alert")


def _note(note: OwnNote, base: str, *, may_write: bool) -> str:
    origin = both("粘贴", "pasted") if note.origin == PASTED else text(note.origin)
    words = element("p", text(note.text), class_="own-text")
    if len(note.text) > _FOLDED:
        head = element("summary", text(note.text[:_FOLDED].rstrip() + "…"))
        words = element("details", head + words)
    drop = ""
    if may_write:
        hidden = element("input", type="hidden", name="note", value=note.id)
        drop = _button_form(f"{base}/drop", "删除", "Remove", hidden)
    size = both(f" · {len(note.text)} 字", f" · {len(note.text)} characters")
    return element(
        "div", element("p", origin + size, class_="note") + words + drop, class_="own-note"
    )


def _button_form(action: str, zh: str, en: str, hidden: str = "") -> str:
    button = element("button", both(zh, en), type="submit", class_="tool")
    return element("form", hidden + button, method="post", action=action, class_="row")


def _add_form(base: str, note: str, english: bool) -> str:
    hint = pick(english, "例如：全县现有助餐点35个，2026年新增床位120张。联系人：县民政局养老科",
                "Figures, names, remarks")  # fmt: skip
    words = element("label", both("粘贴本单位的数字、名称、情况", "Paste figures, names, remarks")
                    + element("textarea", text(note), name="note", rows=5, placeholder=hint))  # fmt: skip
    file = element("label", both("或选一个文件（.txt、.docx、.xlsx）", "or a file (.txt, .docx, .xlsx)")
                   + element("input", type="file", name="file", accept=",".join(KINDS)))  # fmt: skip
    button = element("button", both("加入材料", "Add"), type="submit", class_="tool")
    return element("form", words + file + button, method="post", action=f"{base}/notes",
                   enctype="multipart/form-data", class_="own-add")  # fmt: skip
