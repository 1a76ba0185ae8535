"""/proposals, 时效核对: pairs that look like predecessor and successor, for a person to confirm or
reject with a reason. What is confirmed counts as somebody's finding, never as a document's words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.chat import Assistant
from assistant.cite.citation import named
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.proposal_cards import Typed, card, decided_list
from assistant.pages.refusals import deny
from assistant.pages.shell import own_page, problem
from assistant.people.languages import is_english
from assistant.people.log import AuditLog, NoLog, recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, name_of, person_of
from vectorstore.decisions import LONGEST_NAME, LONGEST_REASON, VERDICTS, Decision
from vectorstore.errors import PolicyError
from vectorstore.language.text import INVISIBLE
from vectorstore.library import View

TITLE = ("时效核对", "Check what is in force")
_PAGE = 20
_SAID = {
    "decided": ("已记下；答案、引用和时效状态从现在起按它判断。", "Noted; it counts from now on."),
    "undone": ("已撤销；这一对重新列入待核对。", "Undone; the pair is to be decided again."),
}
Field = Annotated[str, Form()]


class Refused(PolicyError):
    """What was sent cannot be decided so."""


@dataclass(frozen=True, slots=True)
class Where:
    """The part of the list that one looks at."""

    document: str = ""
    page: int = 1

    @classmethod
    def of(cls, document: str, page: str) -> "Where":
        is_number = page.isascii() and page.isdigit() and len(page) < 9
        return cls(document[:80], max(1, int(page)) if is_number else 1)

    def address(self, **more: str) -> str:
        own = {"document": self.document, "page": str(self.page) if self.page > 1 else ""}
        query = urlencode({k: v for k, v in {**own, **more}.items() if v})
        return "/proposals" + (f"?{query}" if query else "")


def add_proposal_routes(
    site: FastAPI,
    assistant: Assistant,
    seen_by: Callable[[Request], View],
    log: AuditLog = NoLog(),
) -> None:
    """The page, and its two deeds. `seen_by` gives what the request's user sees."""

    def page(
        request: Request, where: Where, said: str = "", typed: Typed | None = None
    ) -> HTMLResponse:
        body = list_body(seen_by(request), where, said, typed, is_english(request))
        status = 200 if typed is None else typed.status
        return own_page(
            request, assistant, "/facts", TITLE, body, looks="proposals.css", status=status
        )

    def require(request: Request) -> None:
        """Whoever may not judge finds nothing here, and it is noted."""
        if not may(person_of(request), "judge documents"):
            deny(request.scope)
            raise HTTPException(404)

    @site.get("/proposals")
    def listed(request: Request, document: str = "", said: str = "") -> HTMLResponse:
        return page(request, Where.of(document, request.query_params.get("page", "")), said)

    @site.post("/proposals")
    def decide(
        request: Request, older: Field = "", newer: Field = "", verdict: Field = "",
        reason: Field = "", who: Field = "", document: Field = "", at: Field = "",
    ) -> Response:  # fmt: skip
        require(request)
        where = Where.of(document, at)
        typed = Typed(older, newer, verdict, reason, name_of(request) or who)
        try:
            decision = checked(seen_by(request), typed)
            about: dict[str, Any] = {"newer": newer, "verdict": verdict, "reason": decision.reason}
            with recorded(log, entry_of(request, "judge documents", older, **about)):
                assistant.library.decide(decision)
        except PolicyError as error:
            return page(request, where, typed=typed.failed(str(error), isinstance(error, Refused)))
        return RedirectResponse(where.address(said="decided"), 303)

    @site.post("/proposals/undo")
    def undo(
        request: Request, older: Field = "", newer: Field = "", document: Field = ""
    ) -> Response:
        require(request)
        where = Where.of(document, "1")
        try:
            if (older, newer) not in {d.pair for d in seen_by(request).decisions}:
                raise Refused("这一对没有核对记录，可能已被撤销。")
            about: dict[str, Any] = {"newer": newer, "verdict": "undone"}
            with recorded(log, entry_of(request, "judge documents", older, **about)):
                assistant.library.undo(older, newer)
        except PolicyError as error:
            typed = Typed(older, newer).failed(str(error), isinstance(error, Refused))
            return page(request, where, typed=typed)
        return RedirectResponse(where.address(said="undone"), 303)


def checked(view: View, typed: Typed) -> Decision:
    """What was sent, as a decision of the view's day. Raises Refused with a sentence."""
    reason, who = _line(typed.reason), _line(typed.who)[:LONGEST_NAME]
    older, newer = view.summary(typed.older), view.summary(typed.newer)
    verdict = next((v for v in VERDICTS if v == typed.verdict), None)
    if older is None or newer is None or older is newer:
        raise Refused("其中一份文件可能已被更新或移除，没有记下；请刷新后再看。")
    if verdict is None:
        raise Refused("没有记下：请用按钮选一种结论。")
    if not reason:
        raise Refused("没有记下：请先写明理由。")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"没有记下：理由请不超过 {LONGEST_REASON} 个字（现在 {len(reason)} 个）。")
    opposite = (newer.id, older.id)
    if verdict != "无关" and any(d.pair == opposite and d.is_confirmed for d in view.decisions):
        raise Refused("没有记下：这两份文件已确认过相反的结论，请先撤销那一条。")
    titles = older.metadata.title, newer.metadata.title
    return Decision(older.id, newer.id, verdict, reason, who or "未署名", view.as_of, *titles)


def _line(said: str) -> str:
    return " ".join(INVISIBLE.remove_from(said).split())


# --- the page -----------------------------------------------------------------------------------


def list_body(view: View, where: Where, said: str, typed: Typed | None, english: bool) -> str:
    """What is to be decided, then what was."""
    own = view.summary(where.document) if where.document else None
    ids = {where.document} if where.document else None
    open_ = [p for p in view.proposals if ids is None or ids & {p.older, p.newer}]
    decided = [d for d in view.decisions if ids is None or ids & {*d.pair}]
    pages = max(1, -(-len(open_) // _PAGE))
    number = min(where.page, pages)
    shown = open_[(number - 1) * _PAGE : number * _PAGE]
    kept = (("document", where.document), ("at", str(number)))
    cards = join(card(view, proposal, typed, kept, english) for proposal in shown)
    missing = typed and typed.error and typed.pair not in {(p.older, p.newer) for p in shown}
    return (
        element("h1", both(*TITLE))
        + element("p", both(
            "这些文件的标题、机关或地区相近，或被另一份文件点名而认不准是哪一份。程序不据此下结论："
            "请看过原文，确认或否定，并写明理由。确认的标为“由人确认”，不当作文件自己的话。",
            "Titles, organs or places of these documents are alike, or one names another in doubt. Nothing is "
            "concluded from that: confirm or reject each pair with a reason.",
        ), class_="note")
        + (_only(own.metadata.title) if own else "")
        + (element("p", both(*_SAID[said]), class_="done", role="status") if said in _SAID else "")
        + (problem(typed.error) if typed and missing else "")
        + element("h2", both(f"待核对（{len(open_)}）", f"To be decided ({len(open_)})"))
        + (cards or element("p", both("没有待核对的文件。", "There is nothing to decide."), class_="note"))
        + _pager(where, number, pages, english)
        + decided_list(view, decided, where.document)
    )  # fmt: skip


def _only(title: str) -> str:
    """Whoever comes from a document sees the pairs that it is in."""
    everything = element("a", both("看全部", "Show all"), class_="tool", href="/proposals")
    return element(
        "p", both("只看有这份文件的：", "Only pairs with ") + text(f"{named(title)} ") + everything
    )


def _pager(where: Where, number: int, pages: int, english: bool) -> str:
    if pages == 1:
        return ""
    steps = ((number - 1, "上一页", "Previous"), (number + 1, "下一页", "Next"))
    links = join(
        element("a", both(zh, en), class_="tool", href=Where(where.document, n).address())
        for n, zh, en in steps
        if 1 <= n <= pages
    )
    at = element("span", both(f"第 {number} / {pages} 页", f"page {number} of {pages}"))
    return element("nav", at + links, class_="pager", aria_label=pick(english, "分页", "Pages"))
