"""What is said, written into a Word document: lines, tables, marks, gaps and doubts."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line, Sentence, Table
from assistant.drafting.check import BLANK
from assistant.export.layout import FIRST_FACE, SMALL, cell_paragraph, keep_rows, set_face, widths
from vectorstore.language.numbering import enumerator

_WORDS = re.compile(rf"({BLANK.pattern})")
_STYLES = {"one": "Heading 1", "bracketed": "Heading 2"}  # by ENUMERATORS


class Blocks:
    """Writes what is said into a Word document. `add_mark` sets a mark behind what is in a
    paragraph so far."""

    def __init__(
        self, document: WordDocument, add_mark: Callable[[Paragraph, int], None] | None = None
    ):
        self.document = document
        self._add_mark = add_mark or superscript

    def write(self, body: Body) -> None:
        for block in body:
            if isinstance(block, Table):
                self.table(block)
            elif block.text.strip():
                self._line(block, _style_of(block))

    def paragraph(self, text: str, style: str) -> None:
        self._line(line_of(text), style)

    def _line(self, line: Line, style: str) -> None:
        paragraph = self.document.add_paragraph(style=style)
        for sentence in _trimmed(line).sentences:
            self._sentence(paragraph, sentence)

    def _sentence(self, paragraph: Paragraph, sentence: Sentence) -> None:
        """One that failed its check is struck through, with the reason."""
        doubt = sentence.check if sentence.check and sentence.check.is_refuted else None
        for piece in sentence.pieces:
            if isinstance(piece, int):
                self._add_mark(paragraph, piece)
                continue
            for run in write_words(paragraph, piece):
                run.font.strike = True if doubt else None
        if doubt:
            paragraph.add_run(plain(f"（存疑：{doubt.reason}）"))

    def table(self, table: Table[Sentence]) -> None:
        rows = [row for row in (table.header, *table.rows) if row]
        if not rows:
            return
        columns = max(map(len, rows))
        grid = self.document.add_table(rows=len(rows), cols=columns, style="Table Grid")
        for i, row in enumerate(rows):
            for j in range(columns):
                paragraph = cell_paragraph(grid.cell(i, j))
                self._sentence(paragraph, row[j] if j < len(row) else Sentence())
                if i == 0 and table.header:
                    for run in paragraph.runs:
                        set_face(run, FIRST_FACE, SMALL)
        texts = [[cell.plain for cell in row] for row in rows]
        # A first cell left empty belongs to the one above it (类别).
        for i in range(len(texts) - 1, 1, -1):
            if not texts[i][0].strip():
                _merge_up(grid, texts, i)
        lengths = [max(len(row[j]) if j < len(row) else 0 for row in texts) for j in range(columns)]
        widths(grid, [min(12.0, max(3.0, n**0.5)) for n in lengths], Mm(156))
        keep_rows(grid)


def write_words(paragraph: Paragraph, words: str) -> list[Run]:
    """Adds words to a paragraph, the gaps among them yellow."""
    runs = []
    for part in filter(None, _WORDS.split(plain(words))):
        run = paragraph.add_run(part)
        if BLANK.fullmatch(part):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        runs.append(run)
    return runs


def _trimmed(line: Line) -> Line:
    """Without white space at its head: the style indents it."""
    first, *others = line.sentences or (Sentence(),)
    head, *rest = first.pieces or ("",)
    if isinstance(head, str):
        first = replace(first, pieces=(head.lstrip(), *rest))
    return Line((first, *others))


_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """With a sign in place of each character that no XML file may hold."""
    return _NOT_XML.sub("\ufffd", text)


def _merge_up(grid: object, rows: Sequence[Sequence[str]], i: int) -> None:
    top = i
    while top > 1 and not rows[top][0].strip():
        top -= 1
    if rows[top][0].strip():
        merged = grid.cell(top, 0).merge(grid.cell(i, 0))  # type: ignore[attr-defined]
        for extra in merged.paragraphs[1:]:
            if not extra.text.strip():
                extra._p.getparent().remove(extra._p)


def superscript(paragraph: Paragraph, mark: int) -> None:
    paragraph.add_run(f"[{mark}]").font.superscript = True


def _style_of(line: Line) -> str:
    text = "".join(sentence.plain for sentence in line.sentences).strip()
    number = enumerator(text)
    if number and len(text) <= 30 and not text.endswith("。"):
        return _STYLES.get(number[0], "公文正文")
    return "公文正文"
