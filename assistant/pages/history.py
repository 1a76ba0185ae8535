"""The list of conversations at the left of 问答: found, renamed, shared, exported, deleted."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from assistant.cite.structure import Table
from assistant.export.conversation import KINDS, Exchange, as_file
from assistant.export.sheets import EXCEL, answer_sheet
from assistant.history.covering import shown
from assistant.history.database import BIN_DAYS
from assistant.history.history import History
from assistant.history.models import Listed, NotThere, StoredConversation
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import hint
from assistant.pages.refusals import deny
from assistant.pages.shell import gone, problem
from assistant.pages.talk import UNFINISHED
from assistant.people.log import Deed, recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, owner_of, person_of, viewer_of
from assistant.sending import as_download
from assistant.services import Services
from assistant.settings import DraftSettings
from vectorstore.errors import PolicyError
from vectorstore.library import View

Field = Annotated[str, Form()]

_NO_STORE = {"Cache-Control": "no-store"}
_EXPORTS = (("docx", "导出 Word", "Word"), ("md", "导出 Markdown", "Markdown"), ("json", "导出 JSON", "JSON"))  # fmt: skip
_RECALLED = 50
_FOUND = 200  # conversations in the list


def panel() -> str:
    """The frame; history.js fills it. Under 1100 px it is a drawer behind a button."""
    opener = element("button", both("对话列表", "Conversations"), type="button", class_="tool",
                     id="open-history", aria_expanded="false", aria_controls="history-panel")  # fmt: skip
    search = element(
        "label",
        element("span", both("搜索对话", "Search conversations"), class_="unseen-label")
        + element(
            "input",
            type="search",
            id="history-search",
            maxlength=100,
            autocomplete="off",
            **hint("搜索", "search"),
        ),
    )
    new = element(
        "button", both("新对话", "New chat"), type="button", class_="tool", id="history-new"
    )
    close = element(
        "button", both("收起", "Close"), type="button", class_="tool", id="close-history"
    )
    head = element("div", new + close, class_="head")
    listed = element("div", "", id="history-list")
    said = element("div", "", id="history-said", role="status")
    return said + opener + element("aside", head + search + listed, id="history-panel",
                                   aria_label="历史对话 / conversations")  # fmt: skip


def add_history_routes(site: FastAPI, services: Services) -> None:
    """The list, its deeds, and a conversation as a file. Whose it is decides the history: another
    person's is like one that never was."""
    history = services.history

    @site.exception_handler(NotThere)
    def not_there(_: Request, error: NotThere) -> Response:
        return gone(error)

    @site.get("/conversations")
    def listed(request: Request, q: str = "", bin: str = "") -> Response:
        require_asking(request)
        try:
            fragment = list_of(
                history, owner_of(request), q[:100], bool(bin), date_of(services, request)
            )
        except PolicyError as error:  # in its place in the page
            fragment = problem(error)
        return HTMLResponse(fragment, headers=_NO_STORE)

    @site.post("/conversations/{conversation}/turns/{turn}/keep")
    def keep(request: Request, conversation: str, turn: int) -> Response:
        require_asking(request)
        if not 0 < turn < 2**63:
            raise NotThere(
                "没有这条回答，可能已删除", "There is no such answer; it may have been deleted"
            )
        history.conversations.require(owner_of(request), conversation)
        entry = entry_of(request, "change saved answers", conversation, what="keep", turn=turn)
        with recorded(services.log, entry):
            return PlainTextResponse(history.saved.keep(owner_of(request), conversation, turn))

    @site.get("/conversations/{conversation}/turns/{turn}/table-{nth}.xlsx")
    def sheet(request: Request, conversation: str, turn: int, nth: int) -> Response:
        """A table of an answer, as far as it may be shown now."""
        require_asking(request)
        stored = history.conversations.load(owner_of(request), conversation)
        found = next((t for t in stored.turns if t.id == turn and t.kept), None)
        if found is None or found.kept is None:
            raise NotThere("没有这条回答，可能已删除")
        view = services.assistant.view(viewer_of(request))
        answer = shown(found.question, found.kept, view, is_owner=True).answer
        tables = [block for block in answer.body if isinstance(block, Table)]
        if not 0 < nth <= len(tables):
            raise NotThere("没有这个表")
        entry = entry_of(request, "export conversation", conversation, kind="xlsx", turn=turn)
        with recorded(services.log, entry):
            content = answer_sheet(tables[nth - 1], answer.citations)
        return as_download(content, f"{found.question[:40].strip('？? ')}.xlsx", EXCEL)

    @site.post("/conversations/{conversation}/{deed}")
    def change(request: Request, conversation: str, deed: str, title: Field = "") -> Response:
        require_asking(request)
        done = _deeds(services, request, conversation, title).get(deed)
        if done is None:
            raise NotThere("没有这个地址", "There is no such address")
        try:
            return PlainTextResponse(done() or "")
        except ValueError as error:
            return PlainTextResponse(str(error), 400)

    @site.get("/conversations/{conversation}/export.{kind}")
    def export(request: Request, conversation: str, kind: str) -> Response:
        require_asking(request)
        if kind not in KINDS:
            raise NotThere("没有这种导出格式", "There is no such format")
        stored = history.conversations.load(owner_of(request), conversation)
        view = services.assistant.view(viewer_of(request))
        entry = entry_of(request, "export conversation", conversation, kind=kind)
        with recorded(services.log, entry):
            content = exchanges(stored, view)
            return file_of(kind, stored.about.title, content, services.desk.settings)


def require_asking(request: Request) -> None:
    """Raises NotThere for whoever may not ask: no history is theirs."""
    if not may(person_of(request), "ask"):
        deny(request.scope)
        raise NotThere(
            "没有这个地址，或您的角色没有问答",
            "There is no such address, or asking is not among your roles",
        )


def date_of(services: Services, request: Request) -> date:
    return services.assistant.view(viewer_of(request)).as_of


def _deeds(
    services: Services, request: Request, conversation: str, title: str
) -> dict[str, Callable[[], str | None]]:
    """What can be done to a conversation; each says what the page needs of it."""
    kept, owner = services.history.conversations, owner_of(request)

    def noted(
        deed: Deed, do: Callable[[], str | None], *, in_bin: bool = False, **details: Any
    ) -> str | None:
        kept.require(owner, conversation, in_bin=in_bin)  # nothing is recorded of another's
        with recorded(services.log, entry_of(request, deed, conversation, **details)):
            return do()

    return {
        "rename": lambda: noted(
            "change conversation", lambda: kept.rename(owner, conversation, title), what="rename"
        ),
        "share": lambda: noted("share conversation", lambda: kept.share(owner, conversation)),
        "withdraw": lambda: noted(
            "share conversation", lambda: kept.withdraw(owner, conversation), what="withdraw"
        ),
        "delete": lambda: noted("delete conversation", lambda: kept.delete(owner, conversation)),
        "restore": lambda: noted(
            "change conversation",
            lambda: kept.restore(owner, conversation),
            in_bin=True,
            what="restore",
        ),
        "destroy": lambda: noted(
            "delete conversation", lambda: kept.destroy(owner, conversation), in_bin=True
        ),
    }


def exchanges(stored: StoredConversation, view: View) -> list[Exchange]:
    """A conversation of one's own as far as it may be shown now."""
    return [
        Exchange(t.question, t.asked, shown(t.question, t.kept, view, is_owner=True))
        if t.kept
        else Exchange(t.question, t.asked, said=t.error or UNFINISHED)
        for t in stored.standing
    ]


def file_of(
    kind: str, title: str, content: Sequence[Exchange], labelling: DraftSettings
) -> Response:
    name = f"{title[:60].strip() or '问答记录'}.{kind}"
    return as_download(as_file(kind, title, content, labelling), name, KINDS[kind])


# --- the list ---------------------------------------------------------------------------------------


def list_of(history: History, owner: str, words: str, in_bin: bool, today: date) -> str:
    """What history.js puts into the frame. `data-recalled` are questions for the ↑ key."""
    found, count = history.conversations.titles(owner, words, in_bin=in_bin, limit=_FOUND)
    body = join(_group(name, items) for name, items in _by_age(found, in_bin, today))
    if not found:
        body = element("p", both(*_nothing(words, in_bin)), class_="note")
    elif count > len(found):
        cut = both(f"列出最近 {len(found)} 个，共 {count} 个；请用搜索找更早的。",
                   f"The latest {len(found)} of {count}; search for earlier ones.")  # fmt: skip
        body += element("p", cut, class_="note")
    recalled = json.dumps(history.conversations.questions(owner, _RECALLED), ensure_ascii=False)
    return element("nav", body + _ways(in_bin), aria_label="对话列表", data_recalled=recalled)


def _nothing(words: str, in_bin: bool) -> tuple[str, str]:
    if words:
        return "没有找到。", "Nothing found."
    if in_bin:
        return "回收站是空的。", "The bin is empty."
    return "还没有对话。问过的问题会留在这里。", "No conversations yet."


def _ways(in_bin: bool) -> str:
    saved = element("a", both("收藏的回答", "Saved answers"), href="/saved", class_="tool")
    zh, en = ("回到对话", "Back") if in_bin else ("回收站", "Bin")
    other = element(
        "button", both(zh, en), type="button", class_="tool", data_bin="" if in_bin else "1"
    )
    return element("p", saved + other, class_="ways")


_BIN = (f"回收站（保留 {BIN_DAYS} 天）", f"Bin (kept for {BIN_DAYS} days)")


def _by_age(
    found: Sequence[Listed], in_bin: bool, today: date
) -> list[tuple[tuple[str, str], list[Listed]]]:
    if in_bin:
        return [(_BIN, list(found))] if found else []
    week = today - timedelta(days=6)
    groups: dict[tuple[str, str], list[Listed]] = {
        ("今天", "Today"): [], ("最近 7 天", "Last 7 days"): [], ("更早", "Earlier"): [],
    }  # fmt: skip
    names = list(groups)
    for listed in found:
        day = datetime.fromisoformat(listed.updated).astimezone().date()
        groups[names[0 if day >= today else 1 if day >= week else 2]].append(listed)
    return [(name, items) for name, items in groups.items() if items]


def _group(name: tuple[str, str], items: Sequence[Listed]) -> str:
    return element("h3", both(*name)) + element("ul", join(map(_item, items)))


def _item(listed: Listed) -> str:
    if listed.deleted:
        deeds = _button("restore", "恢复", "Restore") + _button(
            "destroy", "彻底删除", "Delete for good"
        )
        name = element("span", text(listed.title), class_="title")
        return element("li", name + element("div", deeds, class_="deeds"), data_id=listed.id)
    mark = element("span", both("已分享", "shared"), class_="state plain") if listed.shared else ""
    link = element(
        "a", text(listed.title), href=f"/?c={listed.id}", class_="title", data_open=listed.id
    )
    summary = element("summary", element("span", "⋯", aria_hidden="true"),
                      aria_label=f"“{listed.title}”的操作 / actions")  # fmt: skip
    deeds = _button("rename", "改名", "Rename") + _sharing(listed)
    deeds += join(
        element("a", both(zh, en), class_="tool", href=f"/conversations/{listed.id}/export.{kind}")
        for kind, zh, en in _EXPORTS
    )
    deeds += _button("delete", "删除", "Delete")
    menu = element("details", summary + element("div", deeds, class_="deeds"), class_="menu")
    return element("li", link + mark + menu, data_id=listed.id, data_title=listed.title)


def _sharing(listed: Listed) -> str:
    if not listed.shared:
        return _button("share", "分享给同事", "Share")
    box = element("input", type="text", readonly=True, value=f"/shared/{listed.shared}",
                  class_="link", aria_label="分享链接 / link")  # fmt: skip
    return box + _button("withdraw", "取消分享", "Stop sharing")


def _button(deed: str, zh: str, en: str) -> str:
    return element("button", both(zh, en), type="button", class_="tool", data_deed=deed)
