"""Labels of machine text in files: a line at the head, document properties, and the AIGC fields."""

from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from assistant.drafting.models import Draft, Section
from assistant.labelling import (
    BY_MODEL,
    EXTRACT,
    MODEL,
    Origin,
    aigc,
    as_value,
    producer_of,
)
from assistant.settings import DraftSettings

AI_LABEL = (
    "本稿由机器辅助起草，出处可逐条核对，使用前须经人工审核"  # of before it was noted who wrote
)
EXTRACT_LABEL = (
    f"{EXTRACT[0]}：本稿由程序摘录原文编排，没有使用语言模型；出处可逐条核对，使用前须经人工审核"
)
PROPERTY = "AIGC"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of user-defined properties (ECMA-376)


def written(draft: Draft) -> list[Section]:
    return [section for section in draft.sections if section.text.strip()]


def draft_label(draft: Draft) -> str:
    """The line at the head of a draft: what a model wrote of it, or that nothing is a model's.
    '' where a person wrote it all."""
    sections = written(draft)
    by_model = [s for s in sections if s.origin in BY_MODEL]
    if by_model:
        names = "、".join(f"“{s.heading or '开头'}”" for s in by_model)
        return MODEL[0] if len(by_model) == len(sections) else f"{MODEL[0]}；模型写的部分：{names}"
    origins = {section.origin for section in sections}
    if "" in origins:
        return AI_LABEL
    return EXTRACT_LABEL if origins - {"person"} else ""


def draft_fields(draft: Draft, settings: DraftSettings) -> dict[str, str] | None:
    """The AIGC fields of a draft as it is in this version."""
    origins: Sequence[Origin] = [section.origin for section in written(draft)]
    text = "\n".join(f"{s.heading}\n{s.text}" for s in draft.sections)
    identifier = f"{draft.id}-{draft.version}"
    return aigc(origins, producer_of(settings), identifier, text)


def set_labels(document: WordDocument, line: str, fields: dict[str, str] | None) -> None:
    """What `line` and the fields say, as properties of a Word file."""
    if line:
        document.core_properties.comments = line[:255]  # what Word has room for
        document.core_properties.category = "AI辅助生成" if fields else EXTRACT[0]
    if fields:
        _set_custom_property(document, PROPERTY, as_value(fields))


def _set_custom_property(document: WordDocument, name: str, value: str) -> None:
    """python-docx knows none: the part docProps/custom.xml with one text property."""
    root = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={None: _PROPERTIES, "vt": _VALUES})
    entry = etree.SubElement(root, f"{{{_PROPERTIES}}}property", fmtid=_FORMAT, pid="2", name=name)
    etree.SubElement(entry, f"{{{_VALUES}}}lpwstr").text = value
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.part.package
    place = PackURI("/docProps/custom.xml")
    part = Part(place, CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, xml, package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def front_matter(fields: dict[str, str] | None) -> str:
    """The fields at the head of a Markdown file; JSON is YAML too."""
    return f"---\n{PROPERTY}: {as_value(fields)}\n---\n\n" if fields else ""
