"""Rows of what documents state, as a table; each opens its passage."""

import itertools
from collections.abc import Sequence

from assistant.cite.citation import named
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
from vectorstore.facts import Fact
from vectorstore.language.text import squeeze

_COLUMNS = {
    "kind": ("类别", "Kind"),
    "what": ("内容", "What"),
    "whose": ("地区或对象", "Whose"),
    "value": ("数值或要求", "Value"),
    "year": ("年份", "Year"),
    "organs": ("部门", "Department"),
    "section": ("章节与原文", "Section and passage"),
}
_ALWAYS = ("kind", "what", "section")
_TONES = {
    "现行有效": "good", "已修订": "caution", "部分失效": "caution", "规划期已届满": "caution",
    "已届满": "caution", "未生效": "caution", "已废止": "bad",
}  # fmt: skip
_LONG = 90  # characters of a text before it is cut; the passage has the rest


def fact_table(rows: Sequence[Row], english: bool = False) -> str:
    """Rows of one document stand together under its title; columns without content are left
    out."""
    cells = [_cells(row, english) for row in rows]
    shown = [c for c in _COLUMNS if c in _ALWAYS or any(row[c] for row in cells)]
    head = element(
        "tr", join(element("th", both(*_COLUMNS[c]), scope="col", class_=f"c-{c}") for c in shown)
    )
    bodies = join(
        element("tbody", _document(found[0][0], len(shown)) + _lines(found, shown))
        for _, group in itertools.groupby(
            zip(rows, cells, strict=True), key=lambda pair: pair[0].document.id
        )
        for found in (list(group),)
    )
    table = element("table", element("thead", head) + bodies, class_="facts-table")
    return element("div", table, class_="table-wrap")


def _document(row: Row, columns: int) -> str:
    metadata = row.document.metadata
    link = element("a", text(named(metadata.title)), href=f"/documents/{row.document.id}")
    about = " · ".join(filter(None, (metadata.document_number, date_of(row.document))))
    number = element("span", text(about), class_="number") if about else ""
    content = link + number + state_chip(row.document.state)
    title = element("th", content, colspan=columns, scope="rowgroup")
    return element("tr", title, class_="document-row")


def _lines(found: Sequence[tuple[Row, dict[str, str]]], shown: Sequence[str]) -> str:
    """A task that several organs share is named once."""
    lines = []
    for _, group in itertools.groupby(found, key=lambda pair: _task(pair[0].fact)):
        same = list(group)
        for number, (_, cells) in enumerate(same):
            rows = len(same) if len(same) > 1 else None
            lines.append(
                element(
                    "tr",
                    join(
                        _cell(c, cells[c], rows if c in ("kind", "what") else None)
                        for c in shown
                        if not (number and c in ("kind", "what"))
                    ),
                )
            )
    return join(lines)


def _task(fact: Fact) -> object:
    """What neighbouring rows have in common that are one task's."""
    is_task = fact.kind == "duty" and fact.subject
    return (fact.subject, fact.heading_path) if is_task else id(fact)


def _cell(column: str, content: str, rows: int | None) -> str:
    empty = "" if content else " empty"
    return element("td", content, class_=f"c-{column}{empty}", rowspan=rows)


def _cells(row: Row, english: bool) -> dict[str, str]:
    fact = row.fact
    subject = text(_cut(what(fact)) or "—")
    if fact.kind in ("target", "figure") and what(fact):
        subject = element("a", subject, href=indicator_url(what(fact)))
    condition = fact.condition if fact.kind != "validity" else ""
    year = (f"{fact.year}" if english else f"{fact.year}年") if fact.year else ""
    place = " › ".join(h for h in fact.heading_path[-2:] if any(c.isalnum() for c in h))
    title = f"{section(fact)}：{squeeze(fact.quote)[:300]}"
    link = text(_cut(place)) if place else both("看原文", "Open passage")
    return {
        "kind": element("span", both(*KIND_NAMES[fact.kind]), class_=f"kind {fact.kind}"),
        "what": subject + (element("span", text(_cut(condition)), class_="aside") if condition else ""),
        "whose": text(whose(fact)),
        "value": text(_cut(value(fact))),
        "year": text(year),
        "organs": text(organs(fact)),
        "section": element("a", link, href=row.url, title=title),
    }  # fmt: skip


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
