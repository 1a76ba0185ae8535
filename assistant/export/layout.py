"""党政机关公文格式 (GB/T 9704—2012) as a Word document: page, styles, page numbers, fonts."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from vectorstore.language.words import cut

# 3号 = 16 pt, 2号 = 22 pt, 4号 = 14 pt. 22 lines on 225 mm make 28.95 pt a line.
BODY, TITLE, NOTE, SMALL = Pt(16), Pt(22), Pt(14), Pt(10.5)
LINE, TITLE_LINE = Pt(28.95), Pt(34)
GRID_TWIPS = 579
LATIN = "Times New Roman"
# The face that the standard asks for, and what stands in where it is not installed.
FACES = {
    "方正小标宋简体": "华文中宋;宋体;Noto Serif CJK SC",
    "仿宋_GB2312": "仿宋;FangSong;华文仿宋;Noto Serif CJK SC",
    "楷体_GB2312": "楷体;KaiTi;华文楷体;Noto Serif CJK SC",
    "黑体": "SimHei;华文黑体;Noto Sans CJK SC",
    "宋体": "SimSun;Noto Serif CJK SC",
}
TITLE_FACE, BODY_FACE, SECOND_FACE, FIRST_FACE, PAGE_FACE = (
    "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体",
)  # fmt: skip
_HEADING_FACES = (FIRST_FACE, SECOND_FACE, BODY_FACE, BODY_FACE)
_LINE_CHARACTERS = 19  # of a title, on 156 mm


def new_document(
    title: str, *, bold_second_level: bool = False, template: WordDocument | None = None
) -> WordDocument:
    """An empty document with the page, the styles and the page numbers of the standard; or the
    office's own `template`, to which only the styles are added that it lacks."""
    document = template or Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    if template is None:
        _page(document.sections[0])
        _page_numbers(document)
    own = {style.name for style in document.styles} if template else set()
    _styles(document, bold_second_level, {name for name in own if name})
    _name_faces(document)
    return document


def add_title(document: WordDocument, title: str) -> None:
    paragraph = document.add_paragraph(style="公文标题")
    for number, line in enumerate(title_lines(title)):
        run = paragraph.add_run(line)
        if number < len(title_lines(title)) - 1:
            run.add_break()
    document.add_paragraph(style="公文正文")


def title_lines(title: str) -> list[str]:
    """A long title in lines of like length, cut between words and never within a 《》."""
    rows = -(-len(title) // _LINE_CHARACTERS)
    lines: list[str] = []
    line = ""
    for word in _words(title):
        left = len(title) - sum(map(len, lines))
        wanted = left / max(1, rows - len(lines))
        if line and len(lines) < rows - 1 and len(line) + len(word) / 2 > wanted:
            lines.append(line)
            line = ""
        line += word
    return [*lines, line]


def _words(title: str) -> Iterator[str]:
    for part in re.split(r"(《[^》]{1,16}》)", title):
        if part.startswith("《"):
            yield part
        else:
            yield from cut(part)


def landscape(document: WordDocument) -> Section:
    """A new section on A4 turned sideways, for wide tables."""
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    return section


# --- page -----------------------------------------------------------------------------------------


def _page(section: Section) -> None:
    """A4; 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; 22 lines of 28 characters."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)  # the page number stands 7 mm below the text
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(GRID_TWIPS))
    properties.append(grid)


def _page_numbers(document: WordDocument) -> None:
    """— 1 — in 4号宋体: odd pages at the right, even ones at the left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    sides = (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right_indent"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left_indent"),
    )
    for footer, side, indent in sides:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        setattr(paragraph.paragraph_format, indent, NOTE)
        for piece in ("— ", None, " —"):
            run = paragraph.add_run(piece or "")
            set_face(run, PAGE_FACE, NOTE, latin=PAGE_FACE)
            if piece is None:
                _field(run, "PAGE")


def _field(run: Run, code: str) -> None:
    for kind, text in (("begin", ""), (None, code), ("separate", ""), ("text", "1"), ("end", "")):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {text} "
        elif kind == "text":
            element = OxmlElement("w:t")
            element.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


# --- styles ---------------------------------------------------------------------------------------


def _styles(document: WordDocument, bold_second_level: bool, own: Collection[str]) -> None:
    """Those of the standard; what is among the template's `own` keeps its look."""
    normal = cast("ParagraphStyle", document.styles["Normal"])
    if not own:
        _style(normal, BODY_FACE, BODY)
    if body := _new_style(document, "公文正文", BODY_FACE, BODY, own):
        body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _indent_two(body)
    if title := _new_style(document, "公文标题", TITLE_FACE, TITLE, own):
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.line_spacing = TITLE_LINE
        _off_grid(title)  # on the page's grid its lines would stand two apart
    _new_style(document, "主送机关", BODY_FACE, BODY, own)
    _new_style(document, "表格文字", BODY_FACE, SMALL, own, exact=False)
    if signature := _new_style(document, "落款", BODY_FACE, BODY, own):
        signature.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signature.paragraph_format.right_indent = 2 * BODY
    for level, face in enumerate(_HEADING_FACES, 1):
        if f"Heading {level}" not in own:
            _heading(document, level, face, level == 2 and bold_second_level)
    if "Table Grid" not in own and own:
        document.styles.add_style("Table Grid", WD_STYLE_TYPE.TABLE)
    _footnote_styles(document, own)


def _heading(document: WordDocument, level: int, face: str, bold: bool) -> None:
    name = f"Heading {level}"
    if name not in document.styles:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    heading = cast("ParagraphStyle", document.styles[name])
    _style(heading, face, BODY, bold=bold)
    heading.font.italic = False
    heading.paragraph_format.keep_with_next = True
    _indent_two(heading)


def _new_style(
    document: WordDocument, name: str, face: str, size: Pt, own: Collection[str], *,
    exact: bool = True,
) -> ParagraphStyle | None:  # fmt: skip
    """None where the template has it."""
    if name in own:
        return None
    style = cast("ParagraphStyle", document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    style.base_style = document.styles["Normal"]
    _style(style, face, size, exact=exact)
    return style


def _style(
    style: ParagraphStyle, face: str, size: Pt, *, bold: bool = False, exact: bool = True
) -> None:
    style.font.size = size
    style.font.bold = bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    _faces(properties, face, LATIN)
    language = OxmlElement("w:lang")  # else marks are set as in Japanese or Taiwan
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    if exact:
        spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        spacing.line_spacing = LINE
    else:
        spacing.line_spacing = 1.0
        _off_grid(style)  # lines of small type need not keep to the page's grid


def _off_grid(style: ParagraphStyle) -> None:
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    style.element.get_or_add_pPr().insert_element_before(
        snap, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl"
    )


def _indent_two(style: ParagraphStyle) -> None:
    """左空二字: in characters, so that it follows the size of the type."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(int(2 * BODY.pt * 20)))


def _footnote_styles(document: WordDocument, own: Collection[str]) -> None:
    """The default template has none, and numbers would print in full size without them. Notes
    name them by these ids; Word's own templates have them under other ids."""
    ids = {style.style_id for style in document.styles} if own else set()
    if "FootnoteText" not in ids:
        text = document.styles.add_style("FootnoteText", WD_STYLE_TYPE.PARAGRAPH)
        _style(cast("ParagraphStyle", text), BODY_FACE, SMALL, exact=False)
    if "FootnoteReference" not in ids:
        mark = document.styles.add_style("FootnoteReference", WD_STYLE_TYPE.CHARACTER)
        mark.font.superscript = True  # type: ignore[attr-defined]


def set_face(run: Run, face: str, size: Pt, *, latin: str = LATIN) -> None:
    run.font.size = size
    _faces(run._r.get_or_add_rPr(), face, latin)


def _faces(properties: Any, face: str, latin: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        if "Theme" in name or "theme" in name:
            del fonts.attrib[name]
    for slot, name in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", face)):
        fonts.set(qn(f"w:{slot}"), name)


def _name_faces(document: WordDocument) -> None:
    """Names the substitutes of each face in the font table, where Word looks for them."""
    parts = document.part.package.iter_parts()
    part = next((p for p in parts if str(p.partname).endswith("fontTable.xml")), None)
    if part is None:  # a template may have none
        return
    table = parse_xml(part.blob)
    known = {font.get(qn("w:name")) for font in table}
    for face, others in FACES.items():
        if face in known:
            continue
        table.append(
            parse_xml(
                f'<w:font {nsdecls("w")} w:name="{face}"><w:altName w:val="{others}"/>'
                '<w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
            )
        )
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


# --- tables ---------------------------------------------------------------------------------------


def widths(table: Any, shares: Sequence[float], total: Mm) -> None:
    """Column widths as shares of the text width; also in each cell, as Word wants it."""
    whole = sum(shares)
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        width = int(total * share / whole)
        column.width = width
        for cell in column.cells:
            cell.width = width


def keep_rows(table: Any) -> None:
    """The header stands on each page that the table runs over, and no row is cut by a page."""
    for number, row in enumerate(table.rows):
        names = ["w:cantSplit", "w:tblHeader"] if number == 0 else ["w:cantSplit"]
        for name in names:
            row._tr.get_or_add_trPr().append(OxmlElement(name))


def cell_paragraph(cell: Any) -> Paragraph:
    """The empty first paragraph of a table cell, in small type."""
    paragraph = cast("Paragraph", cell.paragraphs[0])
    paragraph.style = "表格文字"
    return paragraph
