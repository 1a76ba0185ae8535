"""Builds the text of a document whose format has no text of its own, with its offsets."""

from collections.abc import Iterable, Mapping, Sequence

from ingest.parse.document import ParsedDocument, Table, TableRow
from ingest.parse.limits import MAX_CELLS, require_length
from vectorstore.errors import FileRejected
from vectorstore.language.text import squeeze


class TextBuilder:
    """Collects paragraphs, headings, tables and page starts in reading order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._cells = 0
        self._pages: list[int] = []
        self._tables: list[Table] = []
        self._headings: dict[int, int] = {}

    def page(self) -> None:
        """What follows stands on the next page."""
        self._pages.append(self._length)

    def paragraph(self, text: str, level: int | None = None) -> None:
        """One line; `level` makes it a heading."""
        text = " ".join(text.split("\n")).strip()
        if not text:
            return
        if level:
            self._headings[self._length] = level
        self._write(text + "\n")

    def go_on(self, text: str) -> None:
        """More text of the last paragraph, from the next printed line."""
        text = text.strip()
        if not self._parts or not self._parts[-1].endswith("\n"):
            self.paragraph(text)
            return
        last = self._parts.pop()[:-1]
        self._length -= 1
        word = (
            last[-1:].isascii()
            and last[-1:].isalnum()
            and text[:1].isascii()
            and text[:1].isalnum()
        )
        if self._pages and self._pages[-1] == self._length + 1:
            self._pages[-1] = self._length  # the new page begins inside this paragraph
        self._parts.append(last)
        self._write((" " if word else "") + text + "\n")

    def table(self, rows: Iterable[Sequence[str]], header_rows: int = 1) -> None:
        """Rows of cells. A cell that continues the one above is repeated by the caller.

        A row stands on one line, its cells parted by tabs.
        """
        headers: tuple[str, ...] = ()
        written: list[TableRow] = []
        for row in rows:  # one at a time: rows that are made as they are asked for stay few
            if any(cell.strip() for cell in row):
                if not written and header_rows:
                    headers = tuple(squeeze(cell) for cell in row)
                written.append(self._row(row))
        if written:
            self._tables.append(Table(tuple(written), headers, header_rows))

    def _row(self, row: Sequence[str]) -> TableRow:
        self._cells += len(row)
        if self._cells > MAX_CELLS:
            raise FileRejected(f"表格超过 {MAX_CELLS // 10_000} 万格；请拆分后再导入")
        start = self._length
        cells = []
        for i, cell in enumerate(row):
            text = " ".join(cell.split())
            if i:
                self._write("\t")
            cells.append((self._length, self._length + len(text)))
            self._write(text)
        end = self._length
        self._write("\n")
        return TableRow(start, end, tuple(cells))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        require_length(self._length)

    def build(
        self, kind: str, hints: Mapping[str, str] | None = None, *, paged: bool = False
    ) -> ParsedDocument:
        return ParsedDocument(
            text="".join(self._parts),
            format=kind,
            page_starts=tuple(self._pages) if paged else (),
            tables=tuple(self._tables),
            heading_lines=self._headings,
            hints=hints or {},
            paragraphs=True,
        )
