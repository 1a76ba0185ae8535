"""Lists of what became of documents: 继续有效、废止、失效、修改的文件目录, in tables or lines.

A flow over the lines of the source and the rows of its tables: a heading tells the result, the
entries below it are the documents, until the next heading.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from ingest.facts.material import Material
from ingest.facts.named import documents_in, number_in
from vectorstore.facts import Relation, RelationType
from vectorstore.language.dates import parse_date
from vectorstore.language.names import DOCUMENT_NUMBER, KIND_AT_END, ORDER_NUMBER
from vectorstore.language.numerals import whole_number
from vectorstore.language.periods import FROM_DAY, RESTARTS, later
from vectorstore.language.relations import (
    ARTICLE,
    LIST_HEADING,
    LIST_ITEM,
    RESULT,
    STANDARD_NUMBER,
)
from vectorstore.language.text import says
from vectorstore.models import Passage

_MEANS: dict[str, RelationType] = {
    "废止": "清理_废止", "失效": "清理_失效", "有效": "清理_继续有效", "保留": "清理_继续有效",
    "修": "清理_修改",
}  # fmt: skip
_COLUMNS = {
    "title": ("名称", "标题", "题名", "文件名"),
    "number": ("文号", "字号", "编号", "令号"),
    "issuer": ("制定机关", "发文机关", "发布机关", "制定单位", "发文单位", "制定部门", "发布单位", "颁布机关"),
    "result": ("清理结果", "清理意见", "处理意见", "处理结果", "处理决定", "清理决定", "效力", "有效性"),
}  # fmt: skip
_DEEDS: dict[RelationType, RelationType] = {"清理_废止": "废止", "清理_修改": "修订"}
_PLAIN = ("修改", "修订", "拟修改", "拟修订")  # as a cell says it
_EDITS = ("将第", "第", "删去", "删除", "在第", "增加")  # open a line that amends
_MOST_CELLS = 8  # of a row that lost its grid
_MAX_HEADING = 120
_MAX_LINE = 1000  # of an entry


@dataclass(frozen=True, slots=True)
class _Entry:
    start: int
    end: int
    cells: tuple[str, ...]
    headers: tuple[str, ...] = ()
    passage_id: str = ""


@dataclass
class _State:
    """What the flow knows: the result that the last heading told, and the columns."""

    result: RelationType | None = None
    headers: tuple[str, ...] = ()
    found: list[Relation] = field(default_factory=list)


def read_lists(material: Material) -> Iterator[Relation]:
    opening = material.metadata.title + "".join(line.text for line in material.lines[:12])
    if not RESULT.search(opening):
        return
    # A catalogue of a clean-up tells what was found; a decision with a list is itself the deed.
    is_cleanup = says(opening, ("清理", "目录", "继续有效"))
    state, days = _State(), _days(material)
    for entry in _entries(material):
        _step(material, state, entry)
    for row in state.found:
        since, until = days.get(row.type, (None, None))
        kind = row.type if is_cleanup else _DEEDS.get(row.type, row.type)
        yield replace(row, type=kind, effective=since, until=until)


def _entries(material: Material) -> list[_Entry]:
    """Rows of tables and lines of the source outside them, in order."""
    rows = sorted(material.rows, key=lambda row: row.start)
    starts = [row.start for row in rows]
    title = material.metadata.fields.get("title")
    lines: list[_Entry] = []
    at = 0
    for line in material.document.text.split("\n"):
        start, end = at, at + len(line)
        at = end + 1
        before = bisect_left(starts, end) - 1
        inside = before >= 0 and rows[before].end > start
        own = title is not None and start < title.end and title.start < end
        if line.strip() and not inside and not own and len(line) <= _MAX_LINE:
            cut = len(line) - len(line.lstrip())
            cells = tuple(line.strip().split("\t"))
            lines.append(_Entry(start + cut, start + len(line.rstrip()), cells))
    found = [*_gathered(lines), *(_row(material, row) for row in rows)]
    return sorted(found, key=lambda entry: entry.start)


def _gathered(lines: Sequence[_Entry]) -> Iterator[_Entry]:
    """A table that lost its grid, one cell a line: 序号 or a bare number begins a row."""
    row: list[_Entry] = []
    for line in lines:
        text = line.cells[0] if len(line.cells) == 1 else ""
        begins = text == "序号" or (text.isdigit() and len(text) <= 3)
        if row and (begins or not text or len(row) >= _MOST_CELLS or text.startswith("附件")):
            yield _joined(row)
            row = []
        if begins or (row and not text.endswith("。")):
            row.append(line)
        else:
            yield from [*([_joined(row)] if row else []), line]
            row = []
    if row:
        yield _joined(row)


def _joined(row: Sequence[_Entry]) -> _Entry:
    return _Entry(row[0].start, row[-1].end, tuple(line.cells[0] for line in row))


def _row(material: Material, row: Passage) -> _Entry:
    return _Entry(
        row.start,
        row.end,
        tuple(material.cell(cell) for cell in row.cells),
        tuple(cell.header for cell in row.cells),
        row.id,
    )


def _step(material: Material, state: _State, entry: _Entry) -> None:
    text = " ".join(entry.cells)
    if not entry.headers and _is_header(entry.cells):
        state.headers = entry.cells
        return
    if not entry.headers and (result := _heading(entry.cells)) is not None:
        state.result, state.headers = result or None, ()
        return
    if says(text[:12], _EDITS) and state.found and state.found[-1].type == "清理_修改":
        _edit(state, text)
        return
    target = _target(entry, entry.headers or state.headers)
    own = (target and _meaning(target.get("result", ""))) or state.result
    if target is None and text.endswith("。") and state.result != "清理_修改":
        state.result = None  # running text again
    if target is None or own is None or (len(entry.cells) == 1 and not LIST_ITEM.match(text)):
        return
    quoted = material.span(entry.start, entry.end)
    state.found.append(
        Relation(
            own, material.document.id, quoted.start, quoted.end, quoted.text,
            title=target.get("title"), number=target.get("number"), issuer=target.get("issuer"),
            passage_id=entry.passage_id,
        )
    )  # fmt: skip


def _edit(state: _State, text: str) -> None:
    """1．将第五条修改为…, below the document that it amends."""
    row = state.found[-1]
    named = ARTICLE.findall(text.partition("“")[0])
    state.found[-1] = replace(row, articles=tuple(dict.fromkeys((*row.articles, *named))))


def _is_header(cells: Sequence[str]) -> bool:
    text = " ".join(cells)
    return (
        len(text) < 80
        and says(text, ("序号", *_COLUMNS["title"]))
        and not number_in(text)
        and (
            sum(says(text, words) for words in _COLUMNS.values()) >= 2
            or (len(cells) > 1 and says(text, _COLUMNS["title"]))
        )
    )


def _heading(cells: Sequence[str]) -> RelationType | Literal[""] | None:
    """The result that a heading tells; "" for one that tells several or none; None for a line
    that is no heading."""
    text = "".join(cells).strip()
    if len(cells) > 1 or len(text) > _MAX_HEADING or number_in(text) or "《" in text:
        return None
    if not LIST_HEADING.search(text):
        return "" if text.startswith("附件") and not RESULT.search(text) else None
    return _meaning(text) or ("" if text.startswith("附") else None)


def _meaning(text: str) -> RelationType | None:
    """What a heading or a cell says of documents; of 废止 and 失效 together the former."""
    found = _meanings(text)
    if found == {"清理_废止", "清理_失效"}:
        return "清理_废止"
    return next(iter(found)) if len(found) == 1 else None


def _meanings(text: str) -> set[RelationType]:
    if text.strip() in _PLAIN:
        return {"清理_修改"}
    return {
        meant
        for match in RESULT.finditer(text)
        for word, meant in _MEANS.items()
        if word in match[0]
    }


def _target(entry: _Entry, headers: Sequence[str]) -> dict[str, str] | None:
    """Title, number, issuer and result of an entry; None where it names no document."""
    many = len(entry.cells) > 1
    found = _by_columns(entry.cells, headers) if many else _in_line(entry.cells[0])
    return found if found.get("title") or found.get("number") else None


def _by_columns(cells: Sequence[str], headers: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for cell, header in zip(cells, headers, strict=False):
        for name, words in _COLUMNS.items():
            if cell.strip() and says(header.replace(" ", ""), words) and name not in found:
                found[name] = cell.strip()
    if "number" in found:
        found["number"] = number_in(found["number"]) or found["number"]
    for cell in cells:
        if "number" not in found and _is_number(cell):
            found["number"] = number_in(cell) or cell
    if "title" not in found:
        titles = [c for c in cells if len(c) > 5 and not _is_number(c) and KIND_AT_END.search(c)]
        if titles:
            found["title"] = max(titles, key=len)
    if "title" in found:
        found = _in_line(found["title"]) | found | {"title": _bare(found["title"])}
    return found


def _is_number(cell: str) -> bool:
    return any(
        pattern.fullmatch(cell.strip(" （）()"))
        for pattern in (DOCUMENT_NUMBER, STANDARD_NUMBER, ORDER_NUMBER)
    )


def _in_line(text: str) -> dict[str, str]:
    """1．《砚湖管理办法》（砚政发〔2020〕3号）; 1 砚湖管理办法 砚政发〔2020〕3号 备注."""
    mark = LIST_ITEM.match(text)
    text = text[mark.end() :] if mark else text
    documents = documents_in(text)
    first = documents[0] if documents else None
    if first and first.title and text.find("《") <= 30 and "关于" not in text[: text.find("《")]:
        found = {"title": first.title, "number": first.number, "issuer": first.issuer}
        return {name: value for name, value in found.items() if value}
    number = DOCUMENT_NUMBER.search(text) or STANDARD_NUMBER.search(text)
    title = text[: number.start()] if number else text
    found = {"title": _bare(title) if KIND_AT_END.search(_bare(title)) else None}
    if number:
        found["number"] = number_in(text[number.start() :])
    return {name: value for name, value in found.items() if value}


def _bare(title: str) -> str:
    title = title.strip(" \t\u3000（(，,；;。")
    whole = title.startswith("《") and title.endswith("》") and title.count("《") == 1
    return title[1:-1] if whole else title


def _days(material: Material) -> dict[RelationType, tuple[date | None, date | None]]:
    """For each result the day from which it holds, and the last day of a life counted anew."""
    found: dict[RelationType, tuple[date | None, date | None]] = {}
    for line in material.lines:
        for clause in line.clauses():
            start = FROM_DAY.search(clause.text)
            if start is None or number_in(clause.text):
                continue
            since, until = parse_date(start["day"]), None
            if (anew := RESTARTS.search(clause.text)) and since:
                end = later(since, whole_number(anew["count"]), "年")
                until = end - timedelta(days=1) if end else None
            for result in _meanings(clause.text):
                found.setdefault(result, (since, until))
    return found
