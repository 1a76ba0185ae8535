"""/imports: what came in before, file by file, to be read later. Of documents it says what a view
shows now: what the reader may not see is in no row and no count."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.chat import Assistant
from assistant.pages.markup import both, element, join, text
from assistant.pages.report_rows import ACTIONS, Row, report_table
from assistant.pages.shell import gone, own_page
from assistant.people.audiences import Names
from assistant.people.permissions import may
from assistant.people.person import Person
from assistant.people.viewer import person_of
from vectorstore.arrivals.arrivals import Arrivals, Arrived, Report
from vectorstore.library import View
from vectorstore.models import Audience

TITLE = ("入库报告", "What came in")
_GONE = "没有这份报告。"
_LISTED = 50
_WAYS = {
    "upload": ("网页上传", "uploaded"),
    "command": ("命令行导入", "by command"),
    "watch": ("文件夹跟踪", "followed folder"),
}


def add_report_routes(
    site: FastAPI,
    assistant: Assistant,
    seen_by: Callable[[Request], View],
    arrivals: Arrivals,
    names: Names,
) -> None:
    """The list, and one report."""

    @site.get("/imports")
    def listed(request: Request, before: str = "") -> HTMLResponse:
        person = person_of(request)
        last = arrivals.report(before) if before else None
        found = _seen(arrivals, seen_by(request), person, last.number if last else 0)
        shown = list(islice(found, _LISTED))
        older = shown[-1][0].id if next(found, None) else ""
        body = _list(shown, person, names, older)
        return own_page(request, assistant, "/library", TITLE, body, looks="metadata.css")

    @site.get("/imports/{identifier}")
    def one(request: Request, identifier: str) -> HTMLResponse:
        person = person_of(request)
        report = arrivals.report(identifier) if identifier.isascii() else None
        if report is None or not (report.by == person.id or may(person, "change documents")):
            return gone(_GONE)
        rows = rows_of(report, arrivals, seen_by(request), person)
        if not rows:
            return gone(_GONE)
        body = (
            element("h1", both(*TITLE))
            + element("p", _told(report, person, names), class_="note")
            + element("p", _counts(rows))
            + report_table(rows)
            + element("p", element("a", both("全部报告", "All reports"), href="/imports"))
        )
        return own_page(request, assistant, "/library", TITLE, body, looks="metadata.css")


def _seen(
    arrivals: Arrivals, view: View, person: Person, before: int
) -> Iterator[tuple[Report, list[Row]]]:
    """Those of which somebody may know, the latest first; `before` a number, 0 for all. Others
    take no place on a page."""
    everybody = may(person, "change documents") or person.is_alone
    while found := arrivals.reports(None if everybody else person.id, _LISTED, before):
        for report in found:
            if rows := rows_of(report, arrivals, view, person):
                yield report, rows
        before = found[-1].number


def rows_of(report: Report, arrivals: Arrivals, view: View, person: Person) -> list[Row]:
    """The files of which somebody may know. Whoever sent them knows of all; others know of those
    whose documents they see, and of such as hold none where the upload was for them."""
    own = report.by == person.id or person.is_alone
    admitted = person.viewer.admitted_by(report.audience)
    rows = (_row(file, view) for file in arrivals.files(report.number))
    return [row for row, held in rows if own or (row.documents if held else admitted)]


def _row(file: Arrived, view: View) -> tuple[Row, bool]:
    """And whether it held documents then."""
    found = tuple(d for i in file.documents if (d := view.summary(i)))
    warning = file.reason
    if file.documents and not found and file.action not in ("removed", "received"):
        warning = "；".join(filter(None, (warning, "这份文件现在不在库中")))
    row = Row(
        file.label,
        file.action,
        found,
        file.passages,
        view.summary(file.same_as),
        view.summary(file.namesake),
        warning,
    )
    return row, bool(file.documents)


def _told(report: Report, person: Person, names: Names) -> str:
    zh, en = _WAYS[report.way]
    at = report.at[:16].replace("T", " ")
    took = f"，用时 {report.seconds:.0f} 秒" if report.seconds >= 1 else ""
    who = ""
    if report.by and not person.is_alone:
        named = names.of(Audience("个人", (report.by,))).removeprefix("个人：")
        who = "，本人" if report.by == person.id else f"，{named}"
    return both(f"{at}（UTC），{zh}{who}{took}", f"{at} UTC, {en}")


def _counts(rows: list[Row]) -> str:
    counts = Counter(row.action for row in rows)
    zh = "，".join(f"{label[0]} {counts[a]}" for a, label in ACTIONS.items() if counts[a])
    en = ", ".join(f"{counts[a]} {label[1]}" for a, label in ACTIONS.items() if counts[a])
    return both(zh, en)


def _list(shown: list[tuple[Report, list[Row]]], person: Person, names: Names, before: str) -> str:
    items = join(
        element(
            "li",
            element("a", _told(report, person, names), href=f"/imports/{report.id}")
            + text("　")
            + _counts(rows),
        )
        for report, rows in shown
    )
    nothing = element("p", both("还没有入库报告。", "Nothing has come in yet."), class_="note")
    older = element("a", both("更早的", "Older"), class_="tool", href=f"/imports?before={before}")
    return (
        element("h1", both(*TITLE))
        + (element("ul", items, class_="changes") if items else nothing)
        + (element("p", older) if before else "")
    )
