"""Templates to begin with: the built-in forms as Word files, which an office opens and changes."""

import io

from docx.document import Document as WordDocument

from assistant.export.layout import new_document
from assistant.export.red_head import add_end, add_red_head


def sample_template(*, red_head: bool = False) -> bytes:
    """The built-in form with the places that an export fills (template.py)."""
    document = new_document("公文模板")
    if red_head:
        add_red_head(document, "{{发文机关}}", number="{{发文字号}}")
    document.add_paragraph("{{标题}}", style="公文标题")
    document.add_paragraph(style="公文正文")
    document.add_paragraph("{{正文}}", style="公文正文")
    if red_head:
        add_end(document, (("抄送：{{抄送}}。", ""), ("{{发文机关}}办公室", "{{成文日期}}印发")))
    return _saved(document)


def _saved(document: WordDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
