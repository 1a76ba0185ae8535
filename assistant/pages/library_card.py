"""A document's card on 文件库: files, copies, who cites it, and what can be done with it."""

from collections.abc import Sequence

from assistant.pages.audiences import Audiences
from assistant.pages.markup import both, element, join, text
from vectorstore.files.labels import shown_name
from vectorstore.language.text import fold
from vectorstore.library import View
from vectorstore.models import DocumentSummary

_LISTED = 20


def describe(
    view: View,
    identifier: str,
    audiences: Audiences | None = None,
    deeds: Sequence[tuple[str, str, str]] = (),
) -> str:
    """Links to its text and to the original file, and for whom it is where `audiences` can say it.
    `deeds` are buttons: name, Chinese, English. '' for a document that is not there."""
    summary = view.summary(identifier)
    if summary is None:
        return ""
    copies = [d for d in view.reprints(identifier) if d.id != identifier]
    links = _links(summary, is_theirs=any(name == "delete" for name, *_ in deeds))
    parts = [element("div", links + _buttons(summary, deeds), class_="tools")]
    if audiences:
        badge = audiences.badge(summary.audience)
        parts.append(element("p", both("可见范围：", "For: ") + badge, class_="note"))
    files = text("；".join(map(shown_name, summary.source_paths)))
    parts.append(element("p", both("文件：", "Files: ") + files, class_="note"))
    if copies:
        parts.append(_related("同一文号的其他版本：", "Reprints: ", copies))
    if cited := _citing(view, summary):
        parts.append(_related("引用它的文件：", "Cited by: ", cited))
    return element("div", join(parts), class_="card")


def _links(summary: DocumentSummary, *, is_theirs: bool) -> str:
    """Correcting is offered to whom the document is theirs to change."""
    links = element(
        "a",
        both("打开全文（元数据与出处）", "Open text and metadata"),
        class_="tool open",
        href=f"/documents/{summary.id}",
        target="_blank",
    )
    if summary.audience.may_download:
        links += element("a", both("下载原文件", "Download file"), class_="tool", href=f"/originals/{summary.id}")  # fmt: skip
    if is_theirs:
        links += element(
            "a", both("改正信息", "Correct"), class_="tool", href=f"/metadata/{summary.id}"
        )
    return links


def _buttons(summary: DocumentSummary, deeds: Sequence[tuple[str, str, str]]) -> str:
    return join(
        element("button", both(zh, en), type="button", class_="tool", data_shelf=name,
                data_one=summary.id)
        for name, zh, en in deeds
    )  # fmt: skip


def _citing(view: View, other: DocumentSummary) -> list[DocumentSummary]:
    number, title = other.metadata.document_number, other.metadata.title
    key = fold(title)

    def names(cited: tuple[str | None, str | None]) -> bool:
        named, numbered = cited
        if number and numbered == number:
            return True
        if not named:
            return False
        # Folding is slow; of two names that end otherwise it is not needed.
        return named == title or (named[-2:] == title[-2:] and fold(named) == key)

    return [
        d
        for d in view.documents()
        if d.id != other.id and any(map(names, d.metadata.cites))
    ]  # fmt: skip


def _related(zh: str, en: str, documents: Sequence[DocumentSummary]) -> str:
    links = join(
        element(
            "li",
            element(
                "a",
                text(d.metadata.title),
                href=f"/documents/{d.id}",
                class_="open",
                target="_blank",
            ),
        )
        for d in documents[:_LISTED]
    )
    count = len(documents)
    more = (
        both(f"共 {count} 份，列出前 {_LISTED} 份", f"the first {_LISTED} of {count}")
        if count > _LISTED
        else ""
    )
    return element("p", both(zh, en) + more) + element("ul", links)
