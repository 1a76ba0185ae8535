"""/documents/side: two documents side by side, each of which scrolls on its own, and a picker for
the one that is missing."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.chat import Assistant
from assistant.pages.guard import STRICT
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import hint
from assistant.pages.shell import gone, own_page
from assistant.people.viewer import viewer_of
from assistant.revision.choosing import editions, suggested
from assistant.understand.corpus import date_of
from vectorstore.library import View
from vectorstore.models import DocumentSummary

_OFFERED = 30
_LONGEST = 100  # characters of what somebody types
_GONE = "其中一份文件没有：它可能已被更新或移除，请重新选择。"
# Its frames are pages of this site.
_POLICY = STRICT.replace("form-action 'none'", "form-action 'self'") + "; frame-src 'self'"
_SIDES = (("left", "左边", "Left"), ("right", "右边", "Right"))


class Pair(NamedTuple):
    """Ids, '' where none was chosen; `change` is the side that is to be chosen anew."""

    left: str
    right: str
    change: str

    def address(self, **changed: str) -> str:
        asked = {"left": self.left, "right": self.right} | changed
        return f"/documents/side?{urlencode({k: v for k, v in asked.items() if v})}"

    @property
    def missing(self) -> str:
        """The side to be chosen now, '' for neither."""
        if self.change in ("left", "right"):
            return self.change
        return "left" if not self.left else "right" if not self.right else ""


def add_side_route(site: FastAPI, assistant: Assistant) -> None:
    """Documents are opened, and logged, by the frames; the picker lists what the viewer sees."""

    @site.get("/documents/side")
    def page(
        request: Request, left: str = "", right: str = "", change: str = "", q: str = ""
    ) -> HTMLResponse:
        view, pair = assistant.view(viewer_of(request)), Pair(left, right, change)
        chosen = {side: view.summary(of) for side, of in (("left", left), ("right", right)) if of}
        if None in chosen.values():
            return gone(_GONE)
        known = {side: found for side, found in chosen.items() if found}
        shown = join(
            _picker(view, pair, side, zh, en, q[:_LONGEST], known)
            if side == pair.missing
            else _frame(pair, side, zh, en, known.get(side))
            for side, zh, en in _SIDES
        )
        title = ("并排阅读", "Side by side")
        body = element("h1", both(*title)) + element("div", shown, class_="sides")
        answer = own_page(request, assistant, "/documents/side", title, body,
                          looks="original.css", class_="side-page")  # fmt: skip
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer


def _frame(pair: Pair, side: str, zh: str, en: str, found: DocumentSummary | None) -> str:
    if found is None:
        return ""
    title = found.metadata.title
    change = element("a", both("换一份", "Change"), class_="tool",
                     href=pair.address(change=side))  # fmt: skip
    away = element(
        "a", both("单独打开", "Open alone"), class_="tool", href=f"/documents/{found.id}"
    )
    head = element("h2", both(f"{zh}：", f"{en}: ") + text(title))
    frame = element("iframe", src=f"/documents/{found.id}", title=f"{zh}：{title}")
    return element(
        "section",
        element("div", head + element("span", change + away, class_="tools"), class_="head")
        + frame,
        aria_label=f"{zh} / {en}",
    )


def _picker(
    view: View, pair: Pair, side: str, zh: str, en: str, words: str,
    known: dict[str, DocumentSummary],
) -> str:  # fmt: skip
    """Found by words of the title or the number; before that, other editions of the one that is
    open."""
    other = next((found for at, found in known.items() if at != side), None)
    kept = join(
        element("input", type="hidden", name=name, value=value)
        for name, value in (("left", pair.left), ("right", pair.right), ("change", side))
        if value
    )
    box = element("input", type="search", name="q", value=words, maxlength=_LONGEST, autofocus=True,
                  aria_label="标题或文号 / title or number",
                  **hint("标题或文号中的几个字", "words of a title or number"))  # fmt: skip
    send = element("button", both("查找", "Find"), type="submit", class_="tool main")
    form = element("form", kept + box + send, method="get", action="/documents/side", role="search",
                   class_="pick")  # fmt: skip
    found = suggested(view, words, _OFFERED + 1)
    label = both("文件：", "Documents:")
    if not words and other and (like := editions(view, other, _OFFERED)):
        found, label = like, both("标题相近的文件：", "Documents of a like title:")
    head = element("h2", both(f"选{zh}的文件", f"Choose: {en.lower()}"))
    return element("section", head + form + _listed(found, label, pair, side), class_="picking")


def _listed(found: Sequence[DocumentSummary], label: str, pair: Pair, side: str) -> str:
    if not found:
        return element("p", both("没有找到；换几个字试试。", "Nothing found."), class_="nothing")
    items = join(
        element(
            "li",
            element("a", text(d.metadata.title), href=pair.address(**{side: d.id}))
            + element("span", text(_told(d)), class_="aside"),
        )
        for d in found[:_OFFERED]
    )
    more = ""
    if len(found) > _OFFERED:
        more = element("p", both(f"列出前 {_OFFERED} 份；多打几个字可以缩小范围。",
                                 f"The first {_OFFERED}; type more to narrow down."), class_="note")  # fmt: skip
    return element("p", label, class_="note") + element("ul", items, class_="offered-list") + more


def _told(document: DocumentSummary) -> str:
    metadata = document.metadata
    known = (metadata.document_number, metadata.issuer, date_of(document))
    return " · ".join(part for part in known if part)
