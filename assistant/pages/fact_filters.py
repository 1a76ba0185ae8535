"""The filters of 指标与分工: a form whose state is the page's address."""

from collections.abc import Iterable, Sequence

from assistant.indicators.chosen import KIND_NAMES, KINDS, MOST, Chosen, places_of
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from vectorstore.library import View
from vectorstore.models import DocumentSummary

LABELS = {
    "kind": ("类别", "Kind"),
    "place": ("地区", "Region"),
    "word": ("主题词", "Subject"),
    "organ": ("部门", "Department"),
    "year": ("年份", "Year"),
    "state": ("时效状态", "Status"),
    "document": ("文件", "Document"),
}


def filter_form(
    view: View,
    chosen: Chosen,
    english: bool,
    *,
    action: str = "/facts",
    names: Sequence[str] = (),
    kept: Sequence[tuple[str, str]] = (),
) -> str:
    """`names` are the fields it has, all of them by default; `kept` is sent along."""
    shown = names or ("word", "place", "organ", "year", "kind", "state")
    fields = {
        "word": lambda: _written("word", chosen.word, pick(english, "如 自来水普及率", "e.g. 自来水普及率")),
        "organ": lambda: _written("organ", chosen.organ, pick(english, "如 教育局", "e.g. 教育局")),
        "year": lambda: _written("year", chosen.year, pick(english, "2027 或 2025-2027", "2027 or 2025-2027"), short=True),
        "place": lambda: _choice("place", chosen.place, _places(view), english),
        "kind": lambda: _choice("kind", chosen.kind, _kinds(english), english),
        "state": lambda: _choice("state", chosen.state, _states(view), english),
    }  # fmt: skip
    hidden = join(
        element("input", type="hidden", name=name, value=getattr(chosen, name))
        for name in LABELS
        if name not in shown and getattr(chosen, name)
    ) + join(element("input", type="hidden", name=name, value=value) for name, value in kept)
    buttons = element("button", both("筛选", "Filter"), type="submit", class_="tool main") + (
        element("a", both("清除", "Clear"), class_="tool", href=action) if chosen else ""
    )
    inside = join(fields[name]() for name in shown) + element("div", buttons, class_="buttons")
    return element(
        "form", hidden + inside, method="get", action=action, class_="filters", role="search",
        aria_label=pick(english, "筛选", "Filters"),
    )  # fmt: skip


def _written(name: str, value: str, hint: str, *, short: bool = False) -> str:
    box = element("input", type="text", name=name, value=value, placeholder=hint, maxlength=MOST,
                  class_="short" if short else None, id=f"filter-{name}", autocomplete="off")  # fmt: skip
    return element("div", _label(name) + box)


def _choice(name: str, value: str, offered: Iterable[tuple[str, str]], english: bool) -> str:
    """A value that is not offered any more stays visible: it is in force."""
    found = list(offered)
    if value and value not in {v for v, _ in found}:
        found.append((value, value))
    options = element("option", text(pick(english, "全部", "All")), value="") + join(
        element("option", text(label), value=v, selected=v == value) for v, label in found
    )
    return element("div", _label(name) + element("select", options, name=name, id=f"filter-{name}"))


def _label(name: str) -> str:
    return element("label", both(*LABELS[name]), for_=f"filter-{name}")


def _places(view: View) -> Iterable[tuple[str, str]]:
    """Indented below the place that they belong to."""
    for path in places_of(view):
        *above, name = path.split("/")
        yield path, "\u3000" * len(above) + name


def _kinds(english: bool) -> Iterable[tuple[str, str]]:
    return ((kind, pick(english, *KIND_NAMES[kind])) for kind in KINDS)


def _states(view: View) -> Iterable[tuple[str, str]]:
    return ((state, state) for state in sorted({d.state for d in view.documents()}))


def chips(chosen: Chosen, document: DocumentSummary | None, english: bool) -> str:
    """The filters in force, each a link to the list without it."""
    found = []
    for name, (zh, en) in LABELS.items():
        if not (value := getattr(chosen, name)):
            continue
        if name == "kind" and value in KINDS:
            value = pick(english, *KIND_NAMES[value])
        if name == "document":
            value = document.metadata.title if document else value
        found.append(
            element(
                "a", text(f"{pick(english, zh, en)}：{value}") + element("span", text(" ✕"), aria_hidden="true"),
                class_="chip", href=chosen.without(name).address(),
                title=pick(english, "去掉这个筛选", "Remove this filter"),
            )
        )  # fmt: skip
    return element("p", join(found), class_="chips") if found else ""
