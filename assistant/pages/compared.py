"""修订对照 as HTML: counts, the figures that changed, the clauses side by side."""

from collections.abc import Sequence

from assistant.cite.citation import address as words_at
from assistant.pages.markup import both, element, join, text
from assistant.revision.alignment import KINDS, Comparison, Kind, Row
from assistant.revision.clauses import Clause
from assistant.revision.rendering import where
from assistant.revision.wording import Part

ROWS = 2_000  # shown on the page; the Word file has more
FIGURES = 200
_EN: dict[Kind, str] = {
    "same": "same", "changed": "changed", "moved": "moved", "moved_changed": "moved, changed",
    "added": "added", "deleted": "deleted", "split": "split", "merged": "merged",
}  # fmt: skip
_TONES: dict[Kind, str] = {"added": "good", "deleted": "bad", "same": "plain"}
_TAGS = {"deleted": "del", "inserted": "ins"}


def comparison_html(comparison: Comparison) -> str:
    head = element("div", _counts(comparison) + _downloads(comparison), class_="found")
    parts = (head, _figures(comparison), _tools(comparison), _table(comparison))
    return element("section", join(parts), class_="comparison", aria_label="对照结果")


def _counts(comparison: Comparison) -> str:
    chips = []
    for kind, count in comparison.counts.items():
        if count:
            chips.append(_chip(KINDS[kind], _EN[kind], count, _TONES.get(kind, "caution")))
        if kind == "same" and comparison.renumbered:
            chips.append(
                _chip("其中编号改变", "of these renumbered", comparison.renumbered, "caution")
            )
    return element("ul", join(chips), class_="counts", aria_label="各类条款数")


def _chip(zh: str, en: str, count: int, tone: str) -> str:
    return element("li", both(zh, en) + text(f" {count}"), class_=f"state {tone}")


def _downloads(comparison: Comparison) -> str:
    ids = f"old_id={comparison.old.id}&new_id={comparison.new.id}"
    kinds = (
        ("", "下载 Word（变化）", "Word (changes)"),
        ("&every=1", "下载 Word（全部）", "Word (all)"),
    )
    links = [
        element("a", both(zh, en), class_="tool", href=f"/compare/table.docx?{ids}{every}", download=True)
        for every, zh, en in kinds
    ]  # fmt: skip
    return element("div", join(links), class_="downloads")


def _figures(comparison: Comparison) -> str:
    found = comparison.figures
    if not found:
        return ""
    rows = [
        element(
            "tr",
            element("th", element("a", text(where(comparison, f.row)), href=f"#row-{f.row}")
                    if f.row < ROWS else text(where(comparison, f.row)), scope="row")
            + element("td", element("del", text(f.old)) if f.old else text("—"))
            + element("td", element("ins", text(f.new)) if f.new else text("—")),
        )
        for f in found[:FIGURES]
    ]  # fmt: skip
    names = (("条款", "Clause"), ("原为", "Was"), ("改为", "Is now"))
    head = element("tr", join(element("th", both(*name), scope="col") for name in names))
    table = element("table", element("thead", head) + element("tbody", join(rows)))
    label = both(f"数字变化（{len(found)}）", f"Figures that changed ({len(found)})")
    left = _left_out(len(found), FIGURES, "处", "figures")
    inner = element("div", table, class_="table-wrap", tabindex="0", lang="zh-CN")
    return element("details", element("summary", label) + inner + left, class_="figures",
                   open=True)  # fmt: skip


def _tools(comparison: Comparison) -> str:
    changes = sum(row.is_change for row in comparison.rows[:ROWS])
    only = element("label", element("input", type="checkbox", id="only-changes")
                   + both("只看变化", "Changes only"))  # fmt: skip
    jumps = (
        element("button", both("上一处", "Previous"), type="button", class_="tool", data_jump="-1")
        + element("button", both("下一处", "Next"), type="button", class_="tool", data_jump="1")
        + element(
            "span", both(f"共 {changes} 处变化", f"{changes} changes"), id="at", role="status"
        )
    )
    return element("div", only + jumps, class_="compare-tools")


def _table(comparison: Comparison) -> str:
    ids = comparison.old.id, comparison.new.id
    rows = [_row(number, row, *ids) for number, row in enumerate(comparison.rows[:ROWS])]
    if not any(row.is_change for row in comparison.rows):
        same = both("两份文件的条款没有变化。", "No clause differs.")
        rows.insert(0, element("tr", element("td", same, colspan="3"), class_="notice"))
    names = (("原条款", "Old"), ("新条款", "New"), ("说明", "What changed"))
    head = element("tr", join(element("th", both(*n), scope="col", role="columnheader") for n in names), role="row")  # fmt: skip
    table = element(
        "table",
        element("thead", head, role="rowgroup") + element("tbody", join(rows), role="rowgroup"),
        class_="clauses",
        role="table",
        aria_label="逐条对照",
        lang="zh-CN",
    )
    return table + _left_out(len(comparison.rows), ROWS, "行", "rows")


def _row(number: int, row: Row, old_id: str, new_id: str) -> str:
    kind = element("span", both(KINDS[row.kind], _EN[row.kind]),
                   class_=f"state {_TONES.get(row.kind, 'caution')}")  # fmt: skip
    note = kind + " " + text("" if row.note == KINDS[row.kind] else row.note)
    cells = (
        element("td", _side(row.old, row.old_parts, old_id), class_="old", role="cell")
        + element("td", _side(row.new, row.new_parts, new_id), class_="new", role="cell")
        + element("td", note, class_="note", role="cell")
    )
    return element(
        "tr",
        cells,
        id=f"row-{number}",
        class_="change" if row.is_change else "same",
        tabindex="-1",
        role="row",
    )


def _side(clause: Clause | None, parts: Sequence[Part], document_id: str) -> str:
    if clause is None:
        return element("span", text("—"), class_="none")
    link = element(
        "a",
        text(clause.number or "¶"),
        class_="number",
        href=words_at(document_id, clause.start, clause.end),
        title="在原文中打开 / open in the document",
        aria_label=f"在原文中打开{clause.number or '这一段'}",
    )
    said = join(
        element(_TAGS[part.mark], text(part.text)) if part.mark else text(part.text)
        for part in parts
    )
    path = element("span", text(" › ".join(clause.path)), class_="path") if clause.path else ""
    return path + element("p", link + " " + said)


def _left_out(count: int, shown: int, zh: str, en: str) -> str:
    if count <= shown:
        return ""
    said = both(
        f"共 {count} {zh}，只显示前 {shown} {zh}；其余见 Word 文件。",
        f"The first {shown} of {count} {en} are shown; see the Word file.",
    )
    return element("p", said, class_="note")
