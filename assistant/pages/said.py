"""The text of an answer as HTML: sentences with marks, long lists and tables folded with their
count."""

from collections.abc import Sequence

from assistant.cite.citation import Citation, named
from assistant.cite.structure import Body, Line, Sentence, Table
from assistant.history.covering import COVERS
from assistant.pages.blocks import Show, line_block, table_block
from assistant.pages.markup import both, element, join, text
from vectorstore.language.text import squeeze

LONGEST_LIST = 10  # lines and rows that are shown; of more than that a few less, and the count
_SHOWN = 7


def said(body: Body, number: int, tips: dict[int, str], tables: str = "") -> str:
    """The text of an answer: what comes first stands out, a sentence that failed its check is
    struck through with the reason. `tables` is the address that its tables are fetched from as
    Excel, with the number of a table behind it."""

    def show(sentence: Sentence) -> str:
        return _sentence(sentence, number, tips)

    groups: list[list[Line] | Table[Sentence]] = []
    for block in body:
        if isinstance(block, Table):
            groups.append(block)
        elif block.text.strip():
            if not groups or isinstance(groups[-1], Table):
                groups.append([])
            lines = groups[-1]
            assert isinstance(lines, list)
            lines.append(block)
    shown: list[str] = []
    nth = 0
    for group in groups:
        if isinstance(group, list):
            shown.append(_lines(group, show, is_first=not shown))
        else:
            nth += 1
            address = f"{tables}{nth}.xlsx" if tables else ""
            shown.append(_table(group, show, address))
    return join(shown)


def _lines(lines: Sequence[Line], show: Show, is_first: bool) -> str:
    """The first is the answering one; what is long behind it is a list, and folded."""
    head = line_block(lines[0], show, "lead") if is_first else ""
    rest = lines[1:] if is_first else lines
    if len(rest) <= LONGEST_LIST:
        return head + join(line_block(line, show) for line in rest)
    shown = join(line_block(line, show) for line in rest[:_SHOWN])
    more = join(line_block(line, show) for line in rest[_SHOWN:])
    return head + shown + _folded(len(rest), len(rest) - _SHOWN, more)


def _folded(count: int, left: int, inside: str) -> str:
    label = both(f"共 {count} 项，展开其余 {left} 项", f"{count} items, show the other {left}")
    return element("details", element("summary", label) + inside, class_="rest")


def _table(table: Table[Sentence], show: Show, address: str) -> str:
    """Its head stays in sight; the tools below it copy it and fetch it."""
    copy = element("button", both("复制表格", "Copy table"), type="button", class_="tool",
                   data_copy_table=True, title="可以直接粘贴到 Word、WPS 和 Excel")  # fmt: skip
    sheet = element("a", both("导出 Excel", "Excel"), class_="tool", href=address, download=True) if address else ""  # fmt: skip
    count = len(table.rows)
    told = ""
    if count > LONGEST_LIST:
        told = element("span", both(f"共 {count} 行", f"{count} rows"), class_="count")
    tall = "tall" if count > LONGEST_LIST else None
    tools = element("div", told + copy + sheet, class_="tools")
    return element("div", table_block(table, show) + tools, class_=f"tabled {tall or ''}".strip())


# --- sentences and marks ------------------------------------------------------------------------


def _sentence(sentence: Sentence, number: int, tips: dict[int, str]) -> str:
    if sentence.plain in COVERS:
        return element("span", text(sentence.plain), class_="covered")
    shown = ""
    at = 0
    for piece in sentence.pieces:
        if isinstance(piece, str):
            shown += _emphasized(piece, [(a - at, b - at) for a, b in sentence.answers])
            at += len(piece)
        elif piece in tips:
            shown += mark_link(number, piece, tips[piece])
    if sentence.check and sentence.check.is_refuted:
        why = element("span", text(f"（存疑：{sentence.check.reason}）"), class_="doubt")
        return element("del", shown) + why
    return shown


def _emphasized(words: str, answers: Sequence[tuple[int, int]]) -> str:
    """Words, of which the stretches that answer are marked."""
    shown, at = "", 0
    for start, end in answers:
        start, end = max(start, at), min(end, len(words))
        if start < end:
            shown += text(words[at:start]) + element("mark", text(words[start:end]))
            at = end
    return shown + text(words[at:])


def mark_link(turn: int, mark: int, tip: str) -> str:
    """A mark that opens its card."""
    return element("a", text(mark), class_="mark", href=f"#card-{turn}-{mark}",
                   aria_label=f"来源 {mark}：{tip}", data_tip=tip)  # fmt: skip


def tip_of(citation: Citation) -> str:
    number = f"（{citation.document_number}）" if citation.document_number else ""
    place = f" · {citation.heading_path[-1]}" if citation.heading_path else ""
    return f"{named(citation.title)}{number}{place}：{squeeze(citation.quote)[:40]}…"
