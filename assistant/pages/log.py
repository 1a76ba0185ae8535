"""/log, 审计日志: who did what, for whoever may read it. Looking is itself an entry."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from assistant.chat import Assistant
from assistant.pages.log_entries import DEEDS, RESULTS, entry_list
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.refusals import deny
from assistant.pages.shell import own_page, problem
from assistant.people.audit_log import KeptLog
from assistant.people.languages import is_english
from assistant.people.log import NoLog, Result
from assistant.people.log_reading import FIELDS, chosen_of, csv_lines, json_lines, verdict_line
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, person_of
from vectorstore.chain.chain import Chosen
from vectorstore.chain.verifying import Verdict, verify
from vectorstore.errors import PolicyError

TITLE = ("审计日志", "Audit log")
PAGE = 100  # entries
_FILES = {"csv": (csv_lines, "text/csv"), "jsonl": (json_lines, "application/x-ndjson")}
_NAMES = {
    "from": ("从", "From"),
    "to": ("到", "To"),
    "who": ("人员（编号或姓名）", "Person (id or name)"),
    "deed": ("做了什么", "Deed"),
    "document": ("文件（编号）", "Document (id)"),
    "result": ("结果", "Result"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is asked for: the filters as typed, and which page of it."""

    given: tuple[tuple[str, str], ...]
    page: int
    chosen: Chosen
    error: str = ""

    @classmethod
    def of(cls, request: Request) -> "Asked":
        query = request.query_params
        given = tuple((name, query.get(name, "")[:200]) for name in FIELDS if query.get(name))
        written = query.get("page", "")
        is_number = written.isascii() and written.isdigit() and len(written) < 9
        page = max(1, int(written)) if is_number else 1
        try:
            return cls(given, page, chosen_of(dict(given)))
        except PolicyError as error:
            return cls(given, page, Chosen(), str(error))

    def address(self, path: str = "/log", page: int = 1) -> str:
        query = urlencode([*self.given, *([("page", str(page))] if page > 1 else [])])
        return path + (f"?{query}" if query else "")


def add_log_routes(site: FastAPI, assistant: Assistant, log: KeptLog | NoLog) -> None:
    """The page, its files and its check. Who may not read the log is told what is told of an
    address that there is not."""

    def log_for(request: Request) -> KeptLog | None:
        if not may(person_of(request), "read the log"):
            deny(request.scope)
            return None
        return log if isinstance(log, KeptLog) else None

    def page(request: Request, kept: KeptLog, verdict: Verdict | None = None) -> HTMLResponse:
        english, asked = is_english(request), Asked.of(request)
        body = log_body(kept, asked, english, verdict)
        return own_page(
            request, assistant, "/log", TITLE, body,
            looks="log.css", status=400 if asked.error else 200,
        )  # fmt: skip

    @site.get("/log")
    def read(request: Request) -> Response:
        if (kept := log_for(request)) is None:
            return _nothing_here()
        asked = Asked.of(request)
        kept.record(entry_of(request, "read log", filters=dict(asked.given), page=asked.page))
        return page(request, kept)

    @site.post("/log/verify")
    def check(request: Request, head: Annotated[str, Form()] = "") -> Response:
        if (kept := log_for(request)) is None:
            return _nothing_here()
        verdict = verify(kept.chain, head[:100])
        result: Result = "failed" if verdict.fault else "done"
        kept.record(entry_of(request, "read log", "verify", result, head=str(verdict.head)))
        return page(request, kept, verdict)

    @site.get("/log.{kind}")
    def export(request: Request, kind: str) -> Response:
        kept = log_for(request)
        if kept is None or kind not in _FILES:
            return _nothing_here()
        asked, (lines, media) = Asked.of(request), _FILES[kind]
        if asked.error:
            return page(request, kept)
        chosen = replace(asked.chosen, up_to=kept.chain.head().number)
        count = kept.chain.count(chosen)
        kept.record(entry_of(request, "export log", kind, filters=dict(asked.given), count=count))
        found: Iterable[str] = lines(kept.chain.all(chosen))
        name = {"Content-Disposition": f'attachment; filename="audit-log.{kind}"'}
        return StreamingResponse(found, media_type=f"{media}; charset=utf-8", headers=name)


def _nothing_here() -> Response:
    return JSONResponse({"detail": "没有这个地址。"}, 404)


# --- the page -----------------------------------------------------------------------------------


def log_body(log: KeptLog, asked: Asked, english: bool, verdict: Verdict | None = None) -> str:
    """What is found of what is asked, the newest first."""
    top = element("h1", both(*TITLE)) + element(
        "p",
        both(
            f"谁在什么时候从哪里做了什么。条目只增不改，前后相连；保留 {log.settings.days} 天。"
            "查看和导出日志也会记下。",
            "Who did what, when and from where. Entries are only added, each bound to the one before; "
            f"they are kept for {log.settings.days} days. Looking is noted too.",
        ),
        class_="note",
    )
    top += _check_form(verdict) + _filter_form(asked, english)
    if asked.error:
        return top + problem(asked.error)
    count = log.chain.count(asked.chosen)
    pages = max(1, -(-count // PAGE))
    number = min(asked.page, pages)
    if not count:
        return top + element("p", both("没有符合条件的条目。", "No entry fits."), class_="note")
    entries = log.chain.page(asked.chosen, (number - 1) * PAGE, PAGE)
    return (
        top
        + _totals(log, asked, count)
        + _pager(asked, number, pages, english)
        + entry_list(entries)
        + (_pager(asked, number, pages, english) if pages > 1 else "")
    )


def _check_form(verdict: Verdict | None) -> str:
    box = element("input", type="text", name="head", id="head", maxlength="100", autocomplete="off")
    label = element(
        "label",
        both("另存的末条校验值（可不填）", "A head hash kept elsewhere (optional)") + box, for_="head",
    )  # fmt: skip
    button = element("button", both("校验日志", "Verify"), type="submit", class_="tool")
    form = element("form", label + button, method="post", action="/log/verify", class_="log-check")
    if verdict is None:
        return form
    said = element("p", element("strong", both(*verdict_line(verdict))))
    head = both("末条校验值：", "Head: ") + element("code", text(str(verdict.head)))
    looks = "problem" if verdict.fault else "done"
    return form + element("div", said + element("p", head), class_=looks, role="status")


def _filter_form(asked: Asked, english: bool) -> str:
    given = dict(asked.given)
    choices = {
        "deed": {name: pick(english, *label) for name, label in DEEDS.items()},
        "result": {name: pick(english, *label[:2]) for name, label in RESULTS.items()},
    }
    fields = []
    for name in FIELDS:
        value = given.get(name, "")
        if name in choices:
            options = {"": pick(english, "全部", "All"), **choices[name]}
            control = element("select", join(
                element("option", text(said), value=key, selected=key == value)
                for key, said in options.items()
            ), name=name)  # fmt: skip
        else:
            kind = "date" if name in ("from", "to") else "text"
            control = element("input", type=kind, name=name, value=value, maxlength="200")
        fields.append(element("label", both(*_NAMES[name]) + control, class_=f"by-{name}"))
    buttons = element("button", both("筛选", "Filter"), type="submit", class_="tool")
    buttons += element("a", both("全部", "All"), class_="tool", href="/log")
    return element("form", join(fields) + element("div", buttons, class_="buttons"),
                   method="get", action="/log", class_="log-filter", role="search")  # fmt: skip


def _totals(log: KeptLog, asked: Asked, count: int) -> str:
    """How many of what; and the same entries as files."""
    by_deed: dict[str, int] = {}
    for deed, _, times in log.chain.totals(asked.chosen):
        by_deed[deed] = by_deed.get(deed, 0) + times
    most = sorted(by_deed.items(), key=lambda item: -item[1])
    parts = [(DEEDS.get(deed, (deed, deed)), times) for deed, times in most]
    zh = " · ".join(f"{label[0]} {times}" for label, times in parts)
    en = " · ".join(f"{label[1]} {times}" for label, times in parts)
    links = join(
        element("a", both(f"导出 {kind.upper()}", f"Export {kind.upper()}"), class_="tool",
                href=asked.address(f"/log.{kind}"))
        for kind in _FILES
    )  # fmt: skip
    line = element("p", both(f"共 {count} 条：{zh}", f"{count} entries: {en}"), role="status")
    return element("div", line + element("div", links, class_="tools"), class_="log-totals")


def _pager(asked: Asked, number: int, pages: int, english: bool) -> str:
    if pages == 1:
        return ""
    steps = ((number - 1, "上一页", "Previous"), (number + 1, "下一页", "Next"))
    links = join(
        element("a", both(zh, en), class_="tool", href=asked.address(page=n))
        for n, zh, en in steps
        if 1 <= n <= pages
    )
    at = element("span", both(f"第 {number} / {pages} 页", f"page {number} of {pages}"))
    return element("nav", at + links, class_="pager", aria_label=pick(english, "分页", "Pages"))
