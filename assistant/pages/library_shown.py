"""The list of 文件库 as markup: what narrows it, what can be done with those chosen, its rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.cite.citation import named
from assistant.pages.library_found import Hit, hit_list, marked, spans_of
from assistant.pages.library_list import (
    COLUMNS,
    LONGEST,
    SIZES,
    Found,
    Shelf,
    Wanted,
)
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.understand.corpus import date_of
from vectorstore.models import DocumentSummary

_FILTERS = {
    "region": ("地区", "Region"),
    "issuer": ("机关", "Issuer"),
    "kind": ("文种", "Kind"),
    "year": ("年份", "Year"),
    "state": ("状态", "Status"),
    "class": ("分类", "Class"),
    "collection": ("资料夹", "Collection"),
}


@dataclass(frozen=True)
class Looks:
    """How somebody is shown the list. `may_change`: they look after documents; `called` says for
    whom one is, where people log in."""

    english: bool
    may_change: bool
    called: Callable[[DocumentSummary], str]
    has_audiences: bool = False
    may_add: bool = False

    def columns(self, shelf: Shelf) -> list[str]:
        """Those that tell something here."""
        hidden = set() if self.has_audiences else {"audience"}
        return [c for c in COLUMNS if c not in hidden | (set() if shelf.classes else {"class"})]


def shelf_body(shelf: Shelf, found: Found, found_hits: dict[str, list[Hit]], looks: Looks) -> str:
    """All of it; table_body is what changes while one sorts and turns pages."""
    return (
        element("div", _up(looks), class_="over")
        + _search(shelf, found.wanted, looks)
        + element("div", table_body(shelf, found, found_hits, looks), id="shelf-list")
    )


def table_body(shelf: Shelf, found: Found, found_hits: dict[str, list[Hit]], looks: Looks) -> str:
    wanted = found.wanted
    return (
        _chips(shelf, wanted, looks.english)
        + _collection_line(shelf, wanted, looks)
        + _tools(shelf, wanted, looks)
        + _count(found, looks.english)
        + (_table(shelf, found, found_hits, looks) if found.documents else "")
        + _pager(found, looks.english)
    )


def _up(looks: Looks) -> str:
    """Uploading stands below the list, however long that is."""
    link = element("a", both("上传文件 ↓", "Upload ↓"), class_="tool", href="#uploading")
    return link if looks.may_add else ""


# --- what narrows it --------------------------------------------------------------------------


def _search(shelf: Shelf, wanted: Wanted, looks: Looks) -> str:
    english = looks.english
    q = element(
        "input", type="search", name="q", value=wanted.q, maxlength=LONGEST, id="library-q",
        autocomplete="off", placeholder=pick(english, "如 节约用水 水价（用空格隔开）", "e.g. 节约用水 水价 (apart by spaces)"),
    )  # fmt: skip
    only = element("input", type="checkbox", name="only", value="title", id="library-only",
                   checked=bool(wanted.only))  # fmt: skip
    submit = element("button", both("搜索", "Search"), type="submit", class_="tool main")
    clear = element("a", both("清除", "Clear"), class_="tool", href="/library")
    first = element(
        "div",
        element("div", _label("library-q", "搜索标题、文号和正文", "Search titles, numbers and text")
                + q, class_="grow")
        + element("div", only + _label("library-only", "只搜标题和文号", "Titles and numbers only"), class_="only")
        + element("div", submit + clear, class_="buttons"),
        class_="line",
    )  # fmt: skip
    kept = join(
        element("input", type="hidden", name=name, value=value)
        for name, value in (("sort", wanted.sort), ("down", wanted.down), ("size", wanted.size))
        if value and value != SIZES[0]
    )
    return element(
        "form", kept + first + _filters(shelf, wanted, english), method="get", action="/library",
        role="search", class_="shelf-search", id="library-search",
    )  # fmt: skip


def _filters(shelf: Shelf, wanted: Wanted, english: bool) -> str:
    _, _, kinds, years, states = shelf.register.facets
    regions, issuers = shelf.register.usual
    boxes = [
        _typed("region", wanted.region, regions),
        _typed("issuer", wanted.issuer, issuers),
        _select("kind", wanted.kind, ((k, k) for k in kinds), english),
        _select("year", wanted.year, ((y, y) for y in reversed(years)), english),
        _select("state", wanted.state, ((s, s) for s in states), english),
    ]
    if shelf.classes:
        classes = sorted(set(shelf.classes.values()))
        boxes.append(_select("class", wanted.class_, ((c, c) for c in classes), english))
    if shelf.collections:
        named = ((c.id, c.name) for c in shelf.collections)
        boxes.append(_select("collection", wanted.collection, named, english))
    return element("div", join(boxes), class_="line narrow")


def _typed(name: str, value: str, offered: Sequence[str]) -> str:
    """A box that suggests; of thousands of names nobody chooses in a list."""
    options = join(element("option", value=o) for o in offered)
    box = element("input", type="text", name=name, value=value, maxlength=LONGEST,
                  id=f"library-{name}", list=f"library-{name}s", autocomplete="off")  # fmt: skip
    suggested = element("datalist", options, id=f"library-{name}s")
    return element("div", _label(f"library-{name}", *_FILTERS[name]) + box + suggested)


def _select(name: str, value: str, offered: Iterable[tuple[str, str]], english: bool) -> str:
    options = [("", pick(english, "全部", "All")), *offered]
    if value and value not in {v for v, _ in options}:
        options.append(
            (value, pick(english, "（已不在）", "(gone)") if name == "collection" else value)
        )
    items = join(element("option", text(label), value=v, selected=v == value) for v, label in options)  # fmt: skip
    box = element("select", items, name=name, id=f"library-{name}")
    return element("div", _label(f"library-{name}", *_FILTERS[name]) + box)


def _label(for_: str, zh: str, en: str) -> str:
    return element("label", both(zh, en), for_=for_)


def _chips(shelf: Shelf, wanted: Wanted, english: bool) -> str:
    """The filters in force, each a link to the list without it."""
    found = []
    if wanted.q:
        found.append(("q", pick(english, f"搜索：{wanted.q}", f"Search: {wanted.q}")))
    for name, value in wanted.filters.items():
        if name == "collection":
            held = shelf.collection(value)
            value = held.name if held else pick(english, "（已不在）", "(gone)")
        found.append((name, f"{pick(english, *_FILTERS[name])}：{value}"))
    links = join(
        element(
            "a", text(label) + element("span", text(" ✕"), aria_hidden="true"), class_="chip",
            href=wanted.without(name).address(), title=pick(english, "去掉这个筛选", "Remove this filter"),
        )
        for name, label in found
    )  # fmt: skip
    return element("p", links, class_="chips") if links else ""


def _collection_line(shelf: Shelf, wanted: Wanted, looks: Looks) -> str:
    """Of the collection that is open: who sees it, and what one may do with it."""
    held = shelf.collection(wanted.collection)
    if held is None:
        return ""
    seen = {
        "own": ("仅自己可见", "Only you see it"),
        "department": ("本部门及下级可见", "For the department"),
        "all": ("所有人可见", "For everybody"),
    }[held.shown]
    whose = (
        ""
        if held.owner in ("", shelf.holder.id) or not held.owner_name
        else f" · {held.owner_name}"
    )
    ask = element(
        "a", both("在这个资料夹里提问", "Ask in it"), class_="tool", href=f"/?collection={held.id}"
    )
    tools = ask
    if held.is_kept_by(shelf.holder):
        tools += _deed("rename", "改名、共享…", "Rename, share…") + _deed(
            "drop", "删除资料夹…", "Delete it…"
        )
    return element(
        "div",
        element("strong", text(held.name)) + element("span", both(*seen) + text(whose), class_="aside")
        + element("span", tools, class_="tools"),
        class_="collection-line", data_collection=held.id,
    )  # fmt: skip


# --- what can be done ---------------------------------------------------------------------------


def _deed(name: str, zh: str, en: str, *, needs: bool = False) -> str:
    """A button that opens a question; with `needs`, only once documents are chosen."""
    return element("button", both(zh, en), type="button", class_="tool", data_shelf=name,
                   data_needs=needs or None, disabled=needs)  # fmt: skip


def _tools(shelf: Shelf, wanted: Wanted, looks: Looks) -> str:
    held = shelf.collection(wanted.collection)
    buttons = []
    if shelf.office is not None:
        buttons.append(_deed("collect", "放入资料夹…", "Put into collection…", needs=True))
    if held and held.is_filled_by(shelf.holder):
        buttons.append(_deed("take", "移出资料夹…", "Take out of it…", needs=True))
    if looks.may_change and looks.has_audiences:
        buttons.append(_deed("move", "可见范围…", "For whom…", needs=True))
    if looks.may_change and shelf.office is not None:
        buttons.append(_deed("class", "分类…", "Class…", needs=True))
    if looks.may_change:
        buttons.append(_deed("delete", "删除…", "Delete…", needs=True))
    if shelf.office is not None:
        buttons.append(_deed("new", "新建资料夹…", "New collection…"))
    files = join(
        element("a", both(f"导出 {label}", label), class_="tool", download=True, data_export=kind,
                href=wanted.address(f"/library/list.{kind}", page=1))
        for kind, label in (("xlsx", "Excel"), ("csv", "CSV"))
    )  # fmt: skip
    chosen = element(
        "span",
        element("span", both("没有选中", "None chosen"), id="shelf-chosen", role="status")
        + element("button", both("全不选", "Choose none"), type="button", class_="link", id="shelf-none", hidden=True),
        class_="chosen",
    )  # fmt: skip
    return element(
        "div", chosen + join(buttons) + files, class_="tools shelf-tools", role="toolbar",
        aria_label=pick(looks.english, "对选中的文件", "With those chosen"),
    )  # fmt: skip


# --- rows ---------------------------------------------------------------------------------------


def _count(found: Found, english: bool) -> str:
    total, wanted = len(found.documents), found.wanted
    zh, en = f"{total} 份文件", f"{total} documents"
    if wanted.terms and total:
        told = len(found.by_text)
        zh += f"，其中 {told} 份在正文里" if not wanted.only else "（只搜标题和文号）"
        en += f", {told} of them by their text" if not wanted.only else " (titles and numbers only)"
    if not total:
        zh = "没有符合的文件。" + (
            "几个词要同时出现；可以少写一个词，或去掉筛选。"
            if wanted.terms
            else "可以去掉筛选再看。"
        )
        en = "No such document. Try fewer words or filters."
    return element("p", both(zh, en), class_="note", role="status", id="shelf-count")


def _table(shelf: Shelf, found: Found, found_hits: dict[str, list[Hit]], looks: Looks) -> str:
    columns = looks.columns(shelf)
    choose = element("input", type="checkbox", id="shelf-all",
                     aria_label=pick(looks.english, "选中本页全部", "Choose all of this page"))  # fmt: skip
    heads = [element("th", choose, scope="col", class_="c-choose")]
    heads += [_head(found.wanted, column, looks.english) for column in columns]
    rows = join(
        _row(shelf, d, found, found_hits.get(d.id, ()), columns, looks) for d in found.shown
    )
    table = element("table", element("thead", element("tr", join(heads))) + element("tbody", rows),
                    aria_label=pick(looks.english, "文件", "Documents"))  # fmt: skip
    return element("div", table, class_="table-wrap", id="documents")


def _head(wanted: Wanted, column: str, english: bool) -> str:
    """Once upwards, then downwards, then as it was."""
    is_own = wanted.sort == column
    sort, down = (column, "") if not is_own else (column, "1") if not wanted.down else ("", "")
    arrow = (" ↓" if wanted.down else " ↑") if is_own else ""
    link = element(
        "a", both(*COLUMNS[column]) + element("span", text(arrow), aria_hidden="true"),
        href=wanted.address(sort=sort, down=down, page=1), title=pick(english, "排序", "Sort"),
    )  # fmt: skip
    order = ("descending" if wanted.down else "ascending") if is_own else None
    return element("th", link, scope="col", aria_sort=order, class_=f"c-{column}")


def _row(
    shelf: Shelf, document: DocumentSummary, found: Found, found_hits: Sequence[Hit],
    columns: Sequence[str], looks: Looks,
) -> str:  # fmt: skip
    m, english = document.metadata, looks.english
    choose = element("input", type="checkbox", value=document.id, data_choose=True,
                     aria_label=pick(english, f"选中{named(m.title)}", f"Choose {m.title}"))  # fmt: skip
    none = pick(english, "未载明", "not stated")
    values = {
        "number": m.document_number or none, "issuer": m.issuer or none,
        "date": date_of(document) or none, "region": " ".join(m.region) or none,
        "kind": m.kind or none, "class": shelf.classes.get(document.id, ""),
        "state": document.state, "audience": looks.called(document) if looks.has_audiences else "",
        "passages": document.passages, "added": document.ingested_at[:10],
    }  # fmt: skip
    cells = [element("td", choose, class_="c-choose")]
    for column in columns:
        label = pick(english, *COLUMNS[column])
        inside = (
            _title(document, found.wanted.terms, found_hits, english)
            if column == "title"
            else text(values[column])
        )
        cells.append(element("td", inside, class_=f"c-{column}", data_label=label))
    return element("tr", join(cells), data_document=document.id)


def _title(
    document: DocumentSummary, terms: Sequence[str], found_hits: Sequence[Hit], english: bool
) -> str:
    title = document.metadata.title
    link = element(
        "a", marked(title, spans_of(title, terms)), href=f"/documents/{document.id}",
        class_="open", target="_blank",
    )  # fmt: skip
    more = element(
        "button", both("详情", "More"), type="button", class_="link", data_more=document.id,
        aria_expanded="false", aria_label=pick(english, f"{named(title)}的详情", f"More of {title}"),
    )  # fmt: skip
    return link + " " + more + hit_list(found_hits)


def _pager(found: Found, english: bool) -> str:
    wanted, page, pages = found.wanted, found.page, found.pages
    steps = (
        (1, "首页", "First", page > 2),
        (page - 1, "上一页", "Previous", page > 1),
        (page + 1, "下一页", "Next", page < pages),
        (pages, "末页", "Last", page < pages - 1),
    )
    links = join(
        element("a", both(zh, en), class_="tool", href=wanted.address(page=number))
        for number, zh, en, is_offered in steps
        if is_offered
    )
    sizes = join(
        element("a", text(size), class_="tool", href=wanted.address(size=size, page=1),
                aria_current="true" if size == wanted.size else None)
        for size in SIZES
    ) if len(found.documents) > SIZES[0] else ""  # fmt: skip
    if not links and not sizes:
        return ""
    at = element("span", both(f"第 {page} / {pages} 页", f"page {page} of {pages}"))
    each = element("span", both("每页", "per page")) + sizes if sizes else ""
    return element("nav", at + links + each, class_="pager", aria_label=pick(english, "分页", "Pages"))  # fmt: skip
