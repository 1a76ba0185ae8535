"""Rows of what documents state, as a table; each opens its passage."""

from collections.abc import Sequence

from assistant.indicators.chosen import KIND_NAMES, Chosen
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
from vectorstore.language.text import squeeze

_HEAD = (
    ("类别", "Kind"),
    ("内容", "What"),
    ("地区或对象", "Whose"),
    ("数值或要求", "Value"),
    ("年份", "Year"),
    ("部门", "Department"),
    ("出处", "Source"),
)
_TONES = {
    "现行有效": "good", "已修订": "caution", "部分失效": "caution", "规划期已届满": "caution",
    "已届满": "caution", "未生效": "caution", "已废止": "bad",
}  # fmt: skip
_LONG = 90  # characters of a text before it is cut; the passage has the rest


def fact_table(rows: Sequence[Row]) -> str:
    head = element("tr", join(element("th", both(*label), scope="col") for label in _HEAD))
    body = join(map(_row, rows))
    table = element("table", element("thead", head) + element("tbody", body), class_="facts-table")
    return element("div", table, class_="table-wrap")


def _row(row: Row) -> str:
    fact = row.fact
    measured = fact.kind in ("target", "figure")
    subject = text(_cut(what(fact)) or "—")
    if measured and what(fact):
        link = Chosen(word=what(fact)).address("/facts/indicator", name=what(fact))
        subject = element("a", subject, href=link)
    condition = fact.condition if fact.kind != "validity" else ""
    cells = (
        element("span", both(*KIND_NAMES[fact.kind]), class_=f"kind {fact.kind}"),
        subject + (element("span", text(_cut(condition)), class_="aside") if condition else ""),
        text(whose(fact)),
        text(_cut(value(fact))),
        text(fact.year or ""),
        text(organs(fact)),
        _source(row),
    )
    return element("tr", join(_cell(n, cell) for n, cell in enumerate(cells)))


def _cell(number: int, content: str) -> str:
    """Narrow screens show a row as a card, each cell with its own label."""
    caption = element("span", both(*_HEAD[number]), class_="cap", aria_hidden="true")
    return element("td", caption + element("div", content), class_=None if content else "empty")


def _source(row: Row) -> str:
    metadata = row.document.metadata
    number = element("span", text(metadata.document_number), class_="aside") if metadata.document_number else ""  # fmt: skip
    place = element("span", text(section(row.fact)), class_="aside") if row.fact.heading_path else ""  # fmt: skip
    quote = squeeze(row.fact.quote)
    link = element("a", text(f"《{metadata.title}》"), href=row.url, title=quote[:300])
    return link + " " + state_chip(row.state) + number + place


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
