"""指标与分工: what the documents state, as rows that are filtered and paged. The address is the
whole state of the page, so that it can be passed on."""

import threading
from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from assistant.chat import Assistant
from assistant.export.sheets import EXCEL, MOST_ROWS, fact_sheet
from assistant.indicators.chosen import Chosen
from assistant.indicators.grid import grid, names_of, picked
from assistant.indicators.listing import Listing, first_rows, listing
from assistant.pages.fact_filters import LABELS, chips, filter_form
from assistant.pages.fact_table import fact_table, pager
from assistant.pages.markup import both, element, text
from assistant.pages.one_indicator import indicator_body
from assistant.pages.plain import pick
from assistant.pages.shell import own_page
from assistant.people.languages import is_english
from assistant.people.log import AuditLog, NoLog, recorded
from assistant.people.viewer import entry_of
from assistant.sending import as_download
from vectorstore.library import View

TITLE = ("指标与分工", "Figures and duties")
_PATIENCE = 20  # seconds that one waits for the workbooks of others
_BUSY = "正在为别人导出表格，请稍后再试。"
_LONGEST = 200  # characters of a name
_NAMES = 20  # indicators that one table takes together


def add_fact_routes(
    site: FastAPI,
    assistant: Assistant,
    seen_by: Callable[[Request], View],
    log: AuditLog = NoLog(),
) -> None:
    """/facts, /facts/indicator and /facts.xlsx. `seen_by` gives what the request's user sees."""
    writing = threading.Lock()  # one workbook at a time: each takes seconds of a core

    def page(request: Request, title: str, body: str) -> HTMLResponse:
        return own_page(request, assistant, "/facts", (title, title), body)

    @site.get("/facts")
    def facts(request: Request) -> HTMLResponse:
        chosen, english = Chosen.of(request.query_params), is_english(request)
        body = list_body(seen_by(request), chosen, _number(request), english)
        return page(request, pick(english, *TITLE), body)

    @site.get("/facts/indicator")
    def indicator(request: Request) -> HTMLResponse:
        chosen, english = Chosen.of(request.query_params), is_english(request)
        view = seen_by(request)
        names = names_of(view, chosen)
        asked = picked(names, chosen, _asked(request, chosen))
        body = indicator_body(view, chosen, names, asked, grid(view, chosen, asked), english)
        return page(
            request, asked[0] if asked else pick(english, "一项指标", "One indicator"), body
        )

    @site.get("/facts.xlsx")
    def sheet(request: Request) -> Response:
        chosen, view = Chosen.of(request.query_params), seen_by(request)
        asked = _asked(request, chosen)
        entry = entry_of(request, "export", "facts", filters=chosen, names=asked)
        if not writing.acquire(timeout=_PATIENCE):
            return HTMLResponse(element("p", text(_BUSY)), status_code=503)
        try:
            with recorded(log, entry):
                if asked:
                    rows = tuple(grid(view, chosen, asked).rows)
                    content = fact_sheet(Listing(rows, len(rows)))
                else:
                    content = fact_sheet(first_rows(view, chosen, MOST_ROWS))
        finally:
            writing.release()
        return as_download(content, f"{TITLE[0]}.xlsx", EXCEL)


def _asked(request: Request, chosen: Chosen) -> list[str]:
    """Names that one table takes together; they go when another word is looked for."""
    is_old = request.query_params.get("of", chosen.word) != chosen.word
    return [] if is_old else [n[:_LONGEST] for n in request.query_params.getlist("name")[:_NAMES]]


def _number(request: Request) -> int:
    written = request.query_params.get("page", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 1


def list_body(view: View, chosen: Chosen, page: int, english: bool) -> str:
    """Filters, and the page of rows that they leave."""
    found = listing(view, chosen, page)
    named = view.summary(chosen.document) if chosen.document else None
    top = element("h1", both(*TITLE)) + element(
        "p",
        both(
            "文件里写明的目标、数据、分工、金额、时限等，逐条列出，点出处即看原文。",
            "What the documents state, row by row; a source opens its passage.",
        ),
        class_="note",
    )
    form = filter_form(view, chosen, english)
    if not found.count:
        return top + form + chips(chosen, named, english) + _nothing(view, chosen)
    tools = element(
        "div",
        pager(found, chosen, english) + element("div", _links(chosen), class_="tools"),
        class_="over-table",
    )
    below = pager(found, chosen, english) if found.pages > 1 else ""
    return (
        top + form + chips(chosen, named, english) + tools + fact_table(found.rows, english) + below
    )


def _links(chosen: Chosen) -> str:
    sheet = element("a", both("下载 Excel", "Download Excel"), class_="tool", href=chosen.address("/facts.xlsx"))  # fmt: skip
    one = element(
        "a", both("看一项指标", "One indicator"), class_="tool",
        href=Chosen(word=chosen.word, place=chosen.place, state=chosen.state).address("/facts/indicator"),
    )  # fmt: skip
    check = element("a", both("时效核对", "What is in force"), class_="tool", href="/proposals")
    return check + one + sheet


def _nothing(view: View, chosen: Chosen) -> str:
    """What was looked for, where, and what to do."""
    count = len(view.documents())
    if not count:
        zh, en = "没有您可以查看的文件。", "There is no document that you may see."
    elif not chosen:
        zh = f"{count} 份文件里还没有读出指标或分工。"
        en = f"Nothing has been read from the {count} documents yet."
    elif chosen.document and chosen == Chosen(document=chosen.document):
        zh = "没有这份文件，或没有从它读出指标与分工。"
        en = "There is no such document, or nothing has been read from it."
    else:
        said = "、".join(f"{LABELS[name][0]}“{value}”" for name, value in chosen.in_words())
        zh = f"在 {count} 份文件中没有读到符合筛选条件的内容（{said}）；请去掉一项筛选再看。"
        en = f"Nothing in {count} documents fits these filters; remove one of them."
    return element("p", both(zh, en), class_="note nothing", role="status")
