"""What came in, file by file: what became of it, what was read of it and what was not found, and
what somebody may want to do next. The same on the page of the upload and in the report kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.cite.citation import named
from assistant.pages.by_hand import name_of_field, shown
from assistant.pages.markup import both, element, join, text
from assistant.understand.corpus import date_of
from vectorstore.corrections import written
from vectorstore.models import DocumentSummary

ACTIONS = {
    "added": ("已入库", "added"),
    "updated": ("已更新", "updated"),
    "unchanged": ("未变化", "unchanged"),
    "same": ("已在库中", "already held"),
    "received": ("已收到", "received"),
    "removed": ("已移除", "removed"),
    "failed": ("失败", "failed"),
}
# What nearly every document states; that one of them was not found is worth a look.
_EXPECTED = ("document_number", "issuer", "date_written", "region", "kind")
_SHOWN = 5  # documents of one file
_LABELS = (
    ("文件", "File"),
    ("结果", "Result"),
    ("读到的信息", "What was read"),
    ("说明", "Note"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One file; `documents` are what the reader of the report sees of it now. `passages` came in
    with it; `warning` is a sentence."""

    label: str
    action: str
    documents: tuple[DocumentSummary, ...] = ()
    passages: int = 0
    same_as: DocumentSummary | None = None
    namesake: DocumentSummary | None = None
    warning: str = ""


def report_table(rows: Sequence[Row]) -> str:
    head = element("tr", join(element("th", both(*label), scope="col") for label in _LABELS))
    body = join(_row(row) for row in rows)
    table = element("table", element("thead", head) + element("tbody", body), class_="arrived")
    return element("div", table, class_="table-wrap as-cards") + _next(rows)


def _row(row: Row) -> str:
    zh, en = ACTIONS.get(row.action, (row.action, row.action))
    inside = (
        (text(row.label), "file"),
        (both(zh, en), "what"),
        (join(_read(d) for d in row.documents[:_SHOWN]) + _more(row), None),
        (join(element("p", said) for said in _notes(row)), None),
    )
    cells = (
        element("td", content, class_=class_, data_zh=label[0], data_en=label[1])
        for (content, class_), label in zip(inside, _LABELS, strict=True)
    )
    return element("tr", join(cells), class_=row.action)


def _more(row: Row) -> str:
    count = len(row.documents) - _SHOWN
    return (
        element("p", both(f"另有 {count} 份", f"{count} more"), class_="note") if count > 0 else ""
    )


def _read(document: DocumentSummary) -> str:
    """Title, fields, and those that were not found with the way to put them in."""
    m = document.metadata
    title = element("a", text(named(m.title)), href=f"/documents/{document.id}", target="_blank")
    found = [m.document_number, m.issuer, date_of(document), written(m, "region"), m.kind]
    fields = join(element("span", shown(value)) for value in found if value)
    missing = [n for n in _EXPECTED if not _is_found(document, n)]
    lacking = ""
    if missing:
        names = join_names(missing)
        link = element("a", both("补上", "put them in"), href=f"/metadata/{document.id}", target="_blank",
                       aria_label=f"补上{named(m.title)}没有读到的信息")  # fmt: skip
        lacking = element(
            "p", both("没有读到：", "Not found: ") + names + text(" ") + link, class_="lacking"
        )
    return element("div", title + element("p", fields, class_="facts") + lacking, class_="read")


def join_names(names: Iterable[str]) -> str:
    return text("、").join(name_of_field(name) for name in names)


def _is_found(document: DocumentSummary, name: str) -> bool:
    if name == "date_written":  # any day tells when it was issued
        return document.metadata.dated is not None
    return written(document.metadata, name) is not None or name in document.metadata.by_hand


def _notes(row: Row) -> Iterable[str]:
    if row.passages:
        yield both(f"{row.passages} 段", f"{row.passages} passages")
    if row.same_as:
        title = row.same_as.metadata.title
        yield both(
            f"内容与已入库的{named(title)}相同，未重复入库；两个文件名都记着。",
            f"The same content as {named(title)}, not taken in again; both names are kept. ",
        ) + _link(row.same_as)
    if row.namesake:
        title = row.namesake.metadata.title
        yield (
            both(
                f"库中另有同名文件{named(title)}（另一份内容），两份都保留；其中一份是新版时，请在时效核对里确认。",
                f"Another file of this name holds other content: {named(title)}. Both stay; if one replaces "
                "the other, say so under Check what is in force. ",
            )
            + _link(row.namesake)
            + text(" ")
            + element("a", both("时效核对", "Check"), href="/proposals")
        )
    if row.action == "updated":
        yield both("同一路径的新内容替换了旧版。", "New content in the place of the old.")
    if row.warning:
        yield text(row.warning)
    if row.action == "failed" and "请" not in row.warning:
        yield both(
            "请用原来的程序打开看看，另存或重新导出后再上传；打不开的请换一份。",
            "Open it in the program it came from, save it again and upload that; or find another copy.",
        )


def _link(document: DocumentSummary) -> str:
    return element("a", both("看那一份", "Open it"), href=f"/documents/{document.id}", target="_blank",
                   aria_label=f"打开{named(document.metadata.title)}")  # fmt: skip


def _next(rows: Sequence[Row]) -> str:
    failed = sum(row.action == "failed" for row in rows)
    if not failed:
        return ""
    said = both(
        f"{failed} 个文件没有入库，其余不受影响；按说明处理后，只需重新上传这 {failed} 个。",
        f"{failed} files were not taken in, the others were; put right what the note says and upload "
        "only these again.",
    )  # fmt: skip
    return element("p", said, class_="note")
