"""The office's own Word templates: opened with care, and filled at the places they name.

A template gives the page, the styles and what stands on it already (红头, 版记). Places are
written {{标题}}, {{正文}} …; without {{正文}} the text comes behind what is there.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.run import Run
from lxml import etree

from assistant.drafting.check import BLANK
from vectorstore.errors import PolicyError

MAX_FILE = 20 * 2**20
MAX_UNPACKED = 100 * 2**20
PLACES = ("标题", "主送机关", "正文", "发文机关", "发文字号", "成文日期", "抄送")
_PLACE = re.compile(r"\{\{([^{}\n]{1,20})\}\}")
_TEMPLATE_TYPE = b"wordprocessingml.template.main+xml"
_DOCUMENT_TYPE = b"wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"


class BadTemplate(PolicyError):
    """The office's template cannot be used; the sentence says why."""


def open_template(path: Path) -> WordDocument:
    """The template as an open document. Raises BadTemplate."""

    def bad(why: str) -> BadTemplate:
        return BadTemplate(
            f"Word 模板 {path.name} 不能用：{why}。请换一份，或把设置 POLICY_DRAFT_TEMPLATE"
            "（红头为 POLICY_DRAFT_RED_HEAD_TEMPLATE）留空，改用内置的版式",
            f"The Word template {path.name} cannot be used; choose another or leave the setting empty",
        )

    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_FILE else b""
    except OSError as error:
        raise bad(f"读不出来（{error.strerror or '没有这个文件'}）") from error
    if not content:
        raise bad(f"是空的，或超过 {MAX_FILE // 2**20} MB")
    try:
        content = _as_document(content)
        document = Document(io.BytesIO(content))
    except _Refused as error:
        raise bad(str(error)) from error
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:  # fmt: skip
        raise bad("不是 .docx 或 .dotx 文件，或已损坏") from error
    named = places_in(document)
    if unknown := sorted(named - set(PLACES)):
        known = "、".join(f"{{{{{name}}}}}" for name in PLACES)
        raise bad(f"里面有不认识的位置 {{{{{unknown[0]}}}}}；认识的有 {known}")
    if "正文" in named and _body_place(document) is None:
        raise bad("{{正文}} 要独占一段，不能放在表格、文本框、页眉里")
    if "正文" not in named:
        _drop_empty_end(document)
    return document


class _Refused(ValueError):
    """Something in the package that a template must not hold."""


def _as_document(content: bytes) -> bytes:
    """The package with the type of a document; a .dotx has another. Raises _Refused for what
    runs or fetches something when the file is opened."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
            raise _Refused(f"解开后超过 {MAX_UNPACKED // 2**20} MB")
        members = {name: archive.read(name) for name in archive.namelist()}
    if any("vbaProject" in name for name in members):
        raise _Refused("带有宏")
    for name, part in members.items():
        if name.endswith(".rels") and _fetches(part):
            raise _Refused("链接了外部的文件或图片（打开时会去取），请把它们嵌入文件")
    if _TEMPLATE_TYPE not in members.get(_TYPES, b""):
        return content
    members[_TYPES] = members[_TYPES].replace(_TEMPLATE_TYPE, _DOCUMENT_TYPE)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in members.items():
            target.writestr(name, part)
    return copy.getvalue()


def _fetches(relations: bytes) -> bool:
    """Whether something outside is fetched; a hyperlink is only followed by a person."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return any(
        relation.get("TargetMode") == "External"
        and not str(relation.get("Type", "")).endswith("/hyperlink")
        for relation in etree.fromstring(relations, parser)
    )


def places_in(document: WordDocument) -> set[str]:
    """The places that a template names, wherever they stand."""
    return {name for p in _paragraphs(document) for name in _PLACE.findall(_words(p))}


def fill(document: WordDocument, values: Mapping[str, str]) -> None:
    """Writes the values at their places; the place's own first letters give the look."""
    for paragraph in _paragraphs(document):
        words = _words(paragraph)
        filled = _PLACE.sub(lambda m: values.get(m[1], m[0]), words)
        if filled == words:
            continue
        texts = _texts(paragraph)
        texts[0].text = filled  # Word cuts a place into several runs as it likes
        texts[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        for other in texts[1:]:
            other.text = ""
        if BLANK.search(filled):
            Run(texts[0].getparent(), None).font.highlight_color = WD_COLOR_INDEX.YELLOW  # type: ignore[arg-type]


def move_to_place(document: WordDocument, first: int) -> None:
    """What was added to the body from its child `first` on, to where {{正文}} stands."""
    place = _body_place(document)
    if place is None:
        return
    added = [e for e in list(document.element.body)[first:] if e.tag != qn("w:sectPr")]
    for element in added:
        place.addprevious(element)
    place.getparent().remove(place)


def length_of(document: WordDocument) -> int:
    """Children of the body but for the last section's properties, which stay at the end."""
    return sum(element.tag != qn("w:sectPr") for element in document.element.body)


def _body_place(document: WordDocument) -> Any:
    return next(
        (e for e in document.element.body
         if e.tag == qn("w:p") and _words(e).strip() == "{{正文}}"), None,
    )  # fmt: skip


def _words(paragraph: Any) -> str:
    return "".join(text.text or "" for text in _texts(paragraph))


def _texts(paragraph: Any) -> list[Any]:
    """The texts of a paragraph without those of text boxes that hang on it."""
    return [
        text
        for text in paragraph.iter(qn("w:t"))
        if next(text.iterancestors(qn("w:p"))) is paragraph
    ]


def _drop_empty_end(document: WordDocument) -> None:
    """Word ends each file with a paragraph; an empty one would stand above the text."""
    for element in reversed([*document.element.body]):
        if element.tag == qn("w:sectPr"):
            continue
        held = (qn("w:t"), qn("w:drawing"), qn("w:pict"), qn("w:sectPr"), qn("w:fldChar"))
        if element.tag != qn("w:p") or any(True for _ in element.iter(*held)):
            return
        document.element.body.remove(element)


def _paragraphs(document: WordDocument) -> Iterator[Any]:
    yield from document.element.body.iter(qn("w:p"))
    for section in document.sections:
        sides = (
            section.header, section.footer, section.first_page_header, section.first_page_footer,
            section.even_page_header, section.even_page_footer,
        )  # fmt: skip
        for side in sides:
            if not side.is_linked_to_previous:
                yield from side._element.iter(qn("w:p"))
