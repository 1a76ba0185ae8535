"""一项指标: regions down, years across, with bars, and where documents do not agree."""

from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.cite.citation import named
from assistant.indicators.chosen import Chosen
from assistant.indicators.grid import MOST, Grid, Path
from assistant.indicators.listing import Row, value, what
from assistant.pages.chart import Bar, Group, bar_chart, number_shown
from assistant.pages.fact_filters import filter_form
from assistant.pages.fact_table import state_chip
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from vectorstore.facts import FactName
from vectorstore.language.text import squeeze
from vectorstore.library import View

_DRAWN = 40  # bars; the table has all
_LISTED = 30  # conflicts
_LABEL = 16  # characters of a name beside a bar
_SHORT = {"target": ("目标", "Target"), "figure": ("现状", "Figure")}
# Of a place above: what holds for each of the places of this level in it.
_BELOW = {
    "县": ("县", "区", "旗", "市"),
    "乡": ("镇", "乡", "街道", "苏木"),
    "市": ("市", "州", "盟", "地区"),
}
_FIELDS = ("word", "place", "year", "state")


def indicator_body(
    view: View,
    chosen: Chosen,
    names: Sequence[FactName],
    asked: Sequence[str],
    found: Grid,
    english: bool,
) -> str:
    """`names` are what the word finds, `asked` those of them that the table takes together."""
    title = "、".join(asked[:3]) + ("等" if len(asked) > 3 else "")
    head = element("h1", text(title) if title else both("一项指标", "One indicator"))
    kept = [("of", chosen.word), *(("name", name) for name in asked)]
    form = filter_form(view, chosen, english, action="/facts/indicator", names=_FIELDS, kept=kept)
    top = head + form + _offered(chosen, names, asked, english)
    if not found.places:
        return top + _nothing(view, chosen)
    return (
        top
        + _summary(found, chosen, asked)
        + _disagreements(found)
        + _table(found)
        + _chart(title, found)
    )


def _offered(chosen: Chosen, names: Sequence[FactName], asked: Sequence[str], english: bool) -> str:
    """Names that the word finds; those that mean the same are ticked and compared together."""
    if len(names) < 2 and set(asked) <= {n.name for n in names}:
        return ""
    known = {n.name for n in names}
    listed = [*(FactName(name, 0, 0) for name in asked if name not in known), *names]
    boxes = join(_box(name, name.name in asked) for name in listed)
    hidden = join(
        element("input", type="hidden", name=name, value=v)
        for name in (*_FIELDS, "document")
        if (v := getattr(chosen, name))
    )
    button = element("button", both("一并对照", "Compare"), type="submit", class_="tool main")
    summary = element("summary", both(f"相关指标 {len(listed)} 项", f"{len(listed)} indicators"))
    form = element("form", hidden + element("div", boxes, class_="names") + button, method="get",
                   action="/facts/indicator")  # fmt: skip
    label = pick(english, "相关指标", "Related indicators")
    return element("details", summary + form, class_="offered", aria_label=label,
                   open=not chosen.word or len(listed) <= 6)  # fmt: skip


def _box(name: FactName, is_on: bool) -> str:
    count = f"（{name.documents} 份文件）" if name.documents else ""
    box = element("input", type="checkbox", name="name", value=name.name, checked=is_on)
    return element("label", box + " " + text(f"{name.name}{count}"))


def _summary(found: Grid, chosen: Chosen, asked: Sequence[str]) -> str:
    documents = len({row.document.id for row in found.rows})
    cut = f"，表中是前 {MOST} 条" if found.count > MOST else ""
    line = both(
        f"{documents} 份文件，{len(found.places)} 个地区，共 {found.count} 条{cut}。",
        f"{found.count} statements of {documents} documents on {len(found.places)} places"
        f"{f', the first {MOST} shown' if cut else ''}.",
    )
    query = chosen.address("/facts.xlsx")
    sheet = query + ("&" if "?" in query else "?") + urlencode([("name", name) for name in asked])
    tools = element("a", both("逐条查看", "As rows"), class_="tool",
                    href=chosen.without("word").address(word=asked[0])) + element(
        "a", both("下载 Excel", "Download Excel"), class_="tool", href=sheet)  # fmt: skip
    return element(
        "div",
        element("p", line, role="status") + element("div", tools, class_="tools"),
        class_="over-table",
    )


def _disagreements(found: Grid) -> str:
    if not found.conflicts:
        return ""
    items = join(
        element(
            "li",
            text(c.sentence)
            + " "
            + join(_open(row, f"看原文{n}") for n, row in ((1, c.one), (2, c.other))),
        )
        for c in found.conflicts[:_LISTED]
    )
    count = len(found.conflicts)
    more = f"，列出前 {_LISTED} 处" if count > _LISTED else ""
    head = element("h2", both(f"不一致 {count} 处{more}", f"{count} disagreements"))
    return element("section", head + element("ul", items), class_="disagree")


def _open(row: Row, label: str) -> str:
    return element("a", text(label), href=row.url, title=squeeze(row.fact.quote)[:300])


# --- the table ----------------------------------------------------------------------------------


def _table(found: Grid) -> str:
    years = join(element("th", _year(year), scope="col") for year in found.years)
    head = element("tr", element("th", both("地区", "Region"), scope="col") + years)
    body = join(
        element(
            "tr",
            element("th", _place(place), scope="row", class_=f"depth-{min(len(place), 4)}")
            + join(
                element(
                    "td",
                    join(_entry(row, found) for row in found.cells.get((place, year), ())),
                    data_zh=f"{year}年" if year else "未载明年份",
                    data_en=year or "No year",
                )
                for year in found.years
            ),
        )
        for place in found.places
    )
    table = element("table", element("thead", head) + element("tbody", body), class_="grid-table")
    return element(
        "div",
        table,
        class_="table-wrap as-cards",
        tabindex="0",
        role="region",
        aria_label="地区与年份",
    )


def _year(year: int | None) -> str:
    return text(f"{year}年") if year else both("未载明年份", "No year")


def _place(place: Path) -> str:
    above = " ".join(place[:-1])
    shown = text(place[-1])
    return shown + (element("span", text(above), class_="aside") if above else "")


def _entry(row: Row, found: Grid) -> str:
    """A value that opens its passage; the sign says in words that somebody else says otherwise."""
    fact, title = row.fact, row.document.metadata.title
    link = element("a", text(value(fact)), href=row.url, class_="figure",
                   title=f"{named(title)}：{squeeze(fact.quote)[:200]}")  # fmt: skip
    name = element("span", text(f"{what(fact)} "), class_="what") if len(found.names) > 1 else ""
    notes = [element("span", both(*_SHORT[fact.kind]), class_=f"kind {fact.kind}")]
    if fact.level in _BELOW and not fact.place.endswith(_BELOW[fact.level]):
        notes.append(element("span", text(f"每个{fact.level}"), class_="aside"))
    if fact.condition:
        notes.append(element("span", text(fact.condition), class_="aside"))
    if row.document.state not in ("现行有效", "未标注"):
        notes.append(state_chip(row.document.state))
    if found.is_disputed(row):
        notes.append(element("span", both("不一致", "Disagrees"), class_="state bad"))
    return element("div", name + link + " " + join(notes), class_="entry")


# --- the chart ----------------------------------------------------------------------------------


def _chart(title: str, found: Grid) -> str:
    """Bars of the values in the table's commonest unit."""
    groups, left, drawn = [], _DRAWN, 0
    total = sum(row.fact.unit == found.unit and row.fact.value is not None for row in found.rows)
    for place in found.places:
        bars = [
            _bar(row, year, found)
            for year in found.years
            for row in found.cells.get((place, year), ())
            if row.fact.unit == found.unit and row.fact.value is not None
        ][:left]
        if bars:
            groups.append(Group(place[-1], tuple(bars)))
        left -= len(bars)
        drawn += len(bars)
    if drawn < 2:
        return ""
    other = sum(1 for _ in found.rows) - total
    notes = [f"图中是前 {drawn} 个数值，共 {total} 个。"] if drawn < total else []
    notes += [f"另有 {other} 个数值单位不同或不是数字，只列在表中。"] if other else []
    below = element("p", text("".join(notes)), class_="note") if notes else ""
    return bar_chart(title, groups, found.unit) + below


def _bar(row: Row, year: int | None, found: Grid) -> Bar:
    name = f"{what(row.fact)[:_LABEL]} " if len(found.names) > 1 else ""
    label = f"{name}{year or '年份不详'} {_SHORT[row.fact.kind][0]}"
    height = row.fact.value or 0.0
    return Bar(label, height, number_shown(height, found.unit), row.fact.kind)


def _nothing(view: View, chosen: Chosen) -> str:
    count = len(view.documents())
    if not count:
        zh, en = "没有您可以查看的文件。", "There is no document that you may see."
    elif chosen.word:
        zh = f"在 {count} 份文件中没有读到名称含“{chosen.word}”的指标；请换一个主题词，或去掉其他筛选。"
        en = f"No indicator named “{chosen.word}” in {count} documents."
    else:
        zh = f"在 {count} 份文件中没有读到符合筛选条件的指标。"
        en = f"No indicator fits in {count} documents."
    return element("p", both(zh, en), class_="note nothing", role="status")
