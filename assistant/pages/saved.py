"""/saved, 收藏: answers that somebody kept, with tags; and what their owner is told of the sources."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from assistant.export.conversation import KINDS, Exchange
from assistant.history.covering import Shown, shown
from assistant.history.database import BIN_DAYS
from assistant.history.history import History
from assistant.history.models import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, NotThere, SavedAnswer
from assistant.history.notices import Notice, notices
from assistant.pages.conversation import Turn, conversation
from assistant.pages.history import file_of, require_asking
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.shell import own_page
from assistant.pages.talk import around
from assistant.people.languages import is_english
from assistant.people.log import recorded
from assistant.people.viewer import entry_of, owner_of, viewer_of
from assistant.services import Services
from vectorstore.errors import PolicyError
from vectorstore.library import View

TITLE = ("收藏的回答", "Saved answers")
_NOTICES = 5  # shown at once on 问答
_NAMED = 200  # answers that one entry of the log names
_PARTS = re.compile(r"[\s,，;；、]+")
Field = Annotated[str, Form()]


def add_saved_routes(site: FastAPI, services: Services) -> None:
    saved = services.history.saved

    def view_of(request: Request) -> View:
        return services.assistant.view(viewer_of(request))

    @site.get("/saved")
    def listed(request: Request, q: str = "", tag: str = "", deleted: str = "") -> HTMLResponse:
        require_asking(request)
        english, owner = is_english(request), owner_of(request)
        chosen = _chosen(services.history, owner, view_of(request), q[:100], tag[:50])
        if chosen:
            ids = [saved.id for saved, _ in chosen[:_NAMED]]
            about: dict[str, Any] = {"ids": ids, "count": len(chosen), "words": q[:100]}
            services.log.record(entry_of(request, "open saved answers", **about))
        body = _body(services.history, owner, chosen, (q[:100], tag[:50]), deleted[:32], view_of(request), english)  # fmt: skip
        return own_page(request, services.assistant, "/", TITLE, body, looks="history.css")

    @site.get("/saved/export.{kind}")
    def export(request: Request, kind: str, q: str = "", tag: str = "", id: str = "") -> Response:
        """All that fit, or one."""
        require_asking(request)
        if kind not in KINDS:
            raise NotThere("没有这种导出格式", "There is no such format")
        owner = owner_of(request)
        chosen = _chosen(services.history, owner, view_of(request), q[:100], tag[:50])
        if id:
            saved.load(owner, id)
            chosen = [pair for pair in chosen if pair[0].id == id]
        services.log.record(entry_of(request, "export", id or "saved-answers", kind=kind))
        content = [Exchange(answer.question, answer.saved, found) for answer, found in chosen]
        return file_of(kind, TITLE[0], content, services.desk.settings)

    @site.post("/saved/{identifier}/{deed}")
    def change(
        request: Request, identifier: str, deed: str, tags: Field = "", note: Field = "",
        notice: Field = "",
    ) -> Response:  # fmt: skip
        require_asking(request)
        owner = owner_of(request)
        if deed == "dismiss":  # history.js, on 问答
            saved.dismiss(owner, identifier, notice)
            return PlainTextResponse("")
        deeds: dict[str, Callable[[], None]] = {
            "describe": lambda: saved.describe(owner, identifier, _PARTS.split(tags), note),
            "delete": lambda: saved.delete(owner, identifier),
            "restore": lambda: saved.restore(owner, identifier),
        }
        if deed not in deeds:
            raise NotThere("没有这个地址", "There is no such address")
        saved.require(
            owner, identifier, in_bin=deed == "restore"
        )  # nothing is recorded of another's
        with recorded(
            services.log, entry_of(request, "change saved answers", identifier, what=deed)
        ):
            deeds[deed]()
        more = f"?deleted={identifier}" if deed == "delete" else f"#saved-{identifier}"
        return RedirectResponse(f"/saved{more}", 303)


Chosen = list[tuple[SavedAnswer, Shown]]


def _chosen(history: History, owner: str, view: View, words: str, tag: str) -> Chosen:
    """What fits. Words are looked for in what is shown, so that what is covered is not found."""
    found = [
        (saved, shown(saved.question, saved.kept, view, is_owner=True))
        for saved in history.saved.of(owner, tag)
    ]
    wanted = words.lower().split()
    return [pair for pair in found if all(word in _text(*pair) for word in wanted)]


def _text(saved: SavedAnswer, found: Shown) -> str:
    return "\n".join((saved.question, found.answer.text, saved.note, *saved.tags)).lower()


# --- the page ---------------------------------------------------------------------------------------


def _body(
    history: History, owner: str, chosen: Chosen, asked: tuple[str, str], deleted: str, view: View,
    english: bool,
) -> str:  # fmt: skip
    words, tag = asked
    items = join(
        _item(number, saved, found, view, english)
        for number, (saved, found) in enumerate(chosen, 1)
    )
    nothing = ("没有符合的收藏。", "Nothing fits.") if words or tag else (
        "还没有收藏。在问答页的回答下面点“收藏”。", "Nothing saved yet. Press Save under an answer.")  # fmt: skip
    return (
        element("h1", both(*TITLE))
        + (_undo(deleted) if deleted else "")
        + _search(words, tag, english)
        + _tags(history.saved.tags(owner), tag, english)
        + (_exports(asked) if chosen else "")
        + (items or element("p", both(*nothing), class_="note"))
    )


def _undo(identifier: str) -> str:
    button = element("button", both("撤销", "Undo"), class_="tool")
    form = element("form", button, method="post", action=f"/saved/{identifier}/restore")
    return element(
        "div",
        both(f"已删除，{BIN_DAYS} 天内可以撤销。", "Deleted.") + form,
        class_="done",
        role="status",
    )


def _search(words: str, tag: str, english: bool) -> str:
    box = element("input", type="search", name="q", maxlength=100, value=words)
    label = element("label", element("span", both("搜索", "Search")) + box)
    hidden = element("input", type="hidden", name="tag", value=tag) if tag else ""
    button = element("button", both("找", "Find"), class_="tool")
    return element("form", label + hidden + button, method="get", action="/saved", class_="find",
                   role="search", aria_label=pick(english, "搜索收藏", "Search saved answers"))  # fmt: skip


def _tags(tags: Sequence[tuple[str, int]], chosen: str, english: bool) -> str:
    links = join(
        element("a", text(f"{tag}（{count}）"), class_="chip", href="/saved?" + urlencode({"tag": tag}),
                aria_current="true" if tag == chosen else None)
        for tag, count in tags
    )  # fmt: skip
    if chosen:
        links += element("a", both("看全部", "Show all"), class_="tool", href="/saved")
    label = pick(english, "标签", "Tags")
    return element("nav", links, class_="tags", aria_label=label) if links else ""


def _exports(asked: tuple[str, str], identifier: str = "") -> str:
    given = {"q": asked[0], "tag": asked[1], "id": identifier}
    query = urlencode({name: value for name, value in given.items() if value})
    links = join(
        element("a", both(f"导出 {name}", f"Export {name}"), class_="tool",
                href=f"/saved/export.{kind}" + (f"?{query}" if query else ""))
        for kind, name in (("docx", "Word"), ("md", "Markdown"), ("json", "JSON"))
    )  # fmt: skip
    return element("p", links, class_="tools")


def _item(number: int, saved: SavedAnswer, found: Shown, view: View, english: bool) -> str:
    turn = Turn(
        number, saved.question, answer=found.answer, told=found.told, hidden=found.hidden,
        is_fixed=True,
    )  # fmt: skip
    body = conversation([turn], around(view, number, found.answer))
    labels = element("input", type="text", name="tags", maxlength=LONGEST_TAG * MOST_TAGS,
                     value="，".join(saved.tags))  # fmt: skip
    words = element("input", type="text", name="note", maxlength=LONGEST_NOTE, value=saved.note)
    tags = element("label", element("span", both("标签", "Tags")) + labels)
    note = element("label", element("span", both("备注", "Note")) + words, class_="wide")
    keep = element("button", both("保存", "Save"), class_="tool")
    describe = element(
        "form", tags + note + keep, method="post", action=f"/saved/{saved.id}/describe"
    )
    remove = element(
        "form", element("button", both("删除收藏", "Delete"), class_="tool"),
        method="post", action=f"/saved/{saved.id}/delete",
    )  # fmt: skip
    back = element("a", both("打开对话", "Open conversation"), class_="tool",
                   href=f"/?c={saved.conversation}") if saved.conversation else ""  # fmt: skip
    day = element(
        "p", both(f"收藏于 {saved.saved[:10]}", f"Saved {saved.saved[:10]}"), class_="note"
    )
    own = element("div", describe + remove + back, class_="own")
    return element("section", body + own + _exports(("", ""), saved.id) + day, class_="saved",
                   id=f"saved-{saved.id}", aria_label=pick(english, "收藏", "Saved answer"))  # fmt: skip


# --- on 问答 ------------------------------------------------------------------------------------------


def notice_list(history: History, owner: str, view: View) -> str:
    """What has become of the sources of somebody's saved answers; '' when nothing."""
    try:
        found = notices(history.saved.resting(owner), view)
    except PolicyError:  # said where the list of conversations stands
        return ""
    if not found:
        return ""
    more = len(found) - _NOTICES
    items = join(map(_notice, found[:_NOTICES]))
    if more > 0:
        items += element("li", both(f"还有 {more} 条。", f"{more} more."))
    label = both("收藏的回答，出处有变化：", "Sources of your saved answers have changed:")
    return element(
        "div", element("p", label) + element("ul", items), class_="notices", role="status"
    )


def _notice(notice: Notice) -> str:
    saved = element("a", text(f"“{notice.question[:30]}”"), href=f"/saved#saved-{notice.saved}")
    opened = ""
    if notice.document_id:
        opened = element("a", both("打开", "Open"), class_="tool open", target="_blank",
                         href=f"/documents/{notice.document_id}")  # fmt: skip
    away = element("button", both("知道了", "Dismiss"), type="button", class_="tool",
                   data_dismiss=notice.saved, data_notice=notice.key)  # fmt: skip
    return element("li", saved + text("：" + notice.text + " ") + opened + away)
