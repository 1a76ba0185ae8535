"""Rows of what documents state, as a table; each opens its passage."""

import itertools
from collections.abc import Sequence

from assistant.indicators.chosen import KIND_NAMES, MOST, Chosen
from assistant.indicators.listing import (
    Listing,
    Row,
    organs,
    section,
    value,
    what,
    whose,
)
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.understand.corpus import date_of
from vectorstore.language.text import squeeze

_HEAD = (
    ("类别", "Kind"),
    ("内容", "What"),
    ("地区或对象", "Whose"),
    ("数值或要求", "Value"),
    ("年份", "Year"),
    ("部门", "Department"),
    ("章节与原文", "Section and passage"),
)
_TONES = {
    "现行有效": "good", "已修订": "caution", "部分失效": "caution", "规划期已届满": "caution",
    "已届满": "caution", "未生效": "caution", "已废止": "bad",
}  # fmt: skip
_LONG = 90  # characters of a text before it is cut; the passage has the rest


def fact_table(rows: Sequence[Row], english: bool = False) -> str:
    """Rows of one document stand together under its title."""
    head = element("tr", join(element("th", both(*label), scope="col") for label in _HEAD))
    bodies = join(
        element("tbody", _document(found[0]) + join(_row(row, english) for row in found))
        for _, group in itertools.groupby(rows, key=lambda row: row.document.id)
        for found in (list(group),)
    )
    table = element("table", element("thead", head) + bodies, class_="facts-table")
    return element("div", table, class_="table-wrap")


def _document(row: Row) -> str:
    metadata = row.document.metadata
    link = element("a", text(f"《{metadata.title}》"), href=f"/documents/{row.document.id}")
    about = " · ".join(filter(None, (metadata.document_number, date_of(row.document))))
    number = element("span", text(about), class_="number") if about else ""
    title = element("th", link + number + state_chip(row.document.state), colspan=len(_HEAD), scope="rowgroup")  # fmt: skip
    return element("tr", title, class_="document-row")


def _row(row: Row, english: bool) -> str:
    fact = row.fact
    subject = text(_cut(what(fact)) or "—")
    if fact.kind in ("target", "figure") and what(fact):
        subject = element("a", subject, href=indicator_url(what(fact)))
    condition = fact.condition if fact.kind != "validity" else ""
    cells = (
        element("span", both(*KIND_NAMES[fact.kind]), class_=f"kind {fact.kind}"),
        subject + (element("span", text(_cut(condition)), class_="aside") if condition else ""),
        text(whose(fact)),
        text(_cut(value(fact))),
        (text(fact.year) if english else text(f"{fact.year}年")) if fact.year else "",
        text(organs(fact)),
        element("a", text(section(fact)) if fact.heading_path else both("看原文", "Open passage"),
                href=row.url, title=squeeze(fact.quote)[:300]),
    )  # fmt: skip
    return element(
        "tr", join(element("td", cell, class_=None if cell else "empty") for cell in cells)
    )


def indicator_url(name: str) -> str:
    """The page of one indicator."""
    return Chosen(word=name[:MOST]).address("/facts/indicator", name=name)


def state_chip(state: str) -> str:
    return element("span", text(state), class_=f"state {_TONES.get(state, 'plain')}")


def _cut(said: str) -> str:
    return said if len(said) <= _LONG else said[: _LONG - 1] + "…"


def pager(found: Listing, chosen: Chosen, english: bool) -> str:
    """共 N 条, and where one is among the pages."""
    total = element("span", both(f"共 {found.count} 条", f"{found.count} in all"))
    if found.pages == 1:
        return element("p", total, class_="pager", role="status")
    at = element("span", both(f"第 {found.page} / {found.pages} 页", f"page {found.page} of {found.pages}"))  # fmt: skip
    steps = (
        (1, "首页", "First", found.page > 2),
        (found.page - 1, "上一页", "Previous", found.page > 1),
        (found.page + 1, "下一页", "Next", found.page < found.pages),
        (found.pages, "末页", "Last", found.page < found.pages - 1),
    )
    links = join(
        element("a", both(zh, en), class_="tool", href=chosen.address(page=str(number)))
        for number, zh, en, is_offered in steps
        if is_offered
    )
    return element(
        "nav", total + at + links, class_="pager", aria_label=pick(english, "分页", "Pages")
    )
