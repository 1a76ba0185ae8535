"""From the raw lines of a file to the lines of the document, with the way back.

Portal furniture is dropped, information blocks (文号, 发布日期 …) are set apart as notes,
lines that a PDF or a page broke in mid-sentence are joined. Nothing is rewritten: cleaned
text is the source minus white space and minus whole dropped pieces.
"""

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.dump import DUMP_LENGTH, split_dump
from ingest.mapped import MappedText, join
from ingest.parse.document import ParsedDocument, Table
from ingest.patterns import (
    END_MARK,
    FURNITURE,
    LABEL_LINE,
    LABEL_PAIR,
    LABELS,
    PAIR_LENGTH,
    SITE_WORDS,
    VAGUE,
)
from ingest.tables import barred_tables, flattened_tables
from ingest.titles import find_title
from vectorstore.language.dates import DATE
from vectorstore.language.names import (
    DOCUMENT_NUMBER,
    ORDER_HEAD,
    ORDER_SERIAL,
    ORGAN_LINE,
    PLACE_OF_STANDARD,
    RED_HEAD,
    SIGNED,
    STANDARD_NUMBER,
)
from vectorstore.language.numbering import ANNEX, ENUMERATOR
from vectorstore.language.organs import MEDIA
from vectorstore.language.sentences import SENTENCE_MARK, TERMINAL
from vectorstore.language.text import INVISIBLE, says, squeeze


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document: a paragraph, a heading, or one row of a table."""

    text: MappedText
    indent: int = 0
    level: int | None = None  # heading level that a style or markup gave it
    table: Table | None = None  # the table this line is a row of
    row: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A label and its value from an information block; `value` may be empty."""

    label: str
    value: MappedText


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`title` is the index range of the title among `lines`, or None."""

    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    title: tuple[int, int] | None


def clean(parsed: ParsedDocument) -> Cleaned:
    """The lines that belong to the document, in reading order."""
    lines = list(_physical_lines(parsed))
    lines, notes = _harvest(lines)
    lines = _drop_tail(lines)  # before single lines go: one of them may mark the end
    lines = [line for line in lines if line.table or not _is_furniture(line.text.text)]
    lines = _drop_head(lines)
    if not parsed.paragraphs:
        lines = _join_broken(lines)
    lines = [replace(line, text=_close_up(line.text)) for line in lines]
    title = find_title([line.text.text for line in lines], [line.level for line in lines])
    return Cleaned(tuple(lines), tuple(notes), title)


# --- lines --------------------------------------------------------------------------------

_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+")


def _physical_lines(parsed: ParsedDocument) -> Iterator[Line]:
    tables = (*parsed.tables, *flattened_tables(parsed.text), *barred_tables(parsed.text))
    rows = {row.start: (table, i) for table in tables for i, row in enumerate(table.rows)}
    inside = sorted((row.start, row.end) for table in tables for row in table.rows)
    at = 0
    for start, end in _line_spans(parsed.text):
        while at < len(inside) and inside[at][1] <= start:
            at += 1
        if start in rows:
            table, i = rows[start]
            row = table.rows[i]
            own = [cell for cell in row.cells if row.start <= cell[0] and cell[1] <= row.end]
            yield Line(_row_text(parsed.text, own), table=table, row=i)
        elif at < len(inside) and inside[at][0] <= start < inside[at][1]:
            continue  # the rest of a row that spans several lines
        else:
            yield from _text_lines(parsed, start, end)


def _is_markdown(parsed: ParsedDocument) -> bool:
    """By its name, or a plain text that begins with a heading in its marks: # 某某市公园条例."""
    return parsed.format == "md" or bool(
        parsed.format == "txt" and _MARKDOWN_HEADING.match(parsed.text.lstrip("\ufeff \r\n"))
    )


def _row_text(source: str, cells: Iterable[tuple[int, int]]) -> MappedText:
    distinct = dict.fromkeys(cells)
    parts = (MappedText.of(source, a, b).strip() for a, b in distinct)
    return join((part for part in parts if part), "\n")


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\r\n\f\v\x85\u2028\u2029]+", text):
        yield match.span()


def _text_lines(parsed: ParsedDocument, start: int, end: int) -> Iterator[Line]:
    raw = MappedText.of(parsed.text, start, end)
    line = raw.drop(INVISIBLE.compiled).strip()
    if not line:
        return
    indent = line.start - start
    level = parsed.heading_lines.get(start) or parsed.heading_lines.get(line.start)
    if _is_markdown(parsed) and (marks := _MARKDOWN_HEADING.match(line.text)):
        level = len(marks[1])
        line = line[marks.end() :].strip()
    if len(line) > DUMP_LENGTH and not parsed.paragraphs:
        for piece in split_dump(line):
            yield Line(piece)
    elif line:
        yield Line(line, indent, level)


# --- information blocks -------------------------------------------------------------------

_HEADER_LINES = 80


def _harvest(lines: list[Line]) -> tuple[list[Line], list[Note]]:
    """Sets label/value pairs apart. They stand before the body, or after its last sentence."""
    first = next((i for i, line in enumerate(lines) if _is_body(line)), len(lines))
    last = next((i for i in range(len(lines), 0, -1) if _is_body(lines[i - 1])), len(lines))
    head, head_notes = _pairs(lines[: min(first, _HEADER_LINES)])
    middle = lines[min(first, _HEADER_LINES) : max(first, last)]
    tail, tail_notes = _pairs(lines[max(first, last) :])
    return head + middle + tail, head_notes + tail_notes


def _is_body(line: Line) -> bool:
    text = line.text.text
    return line.table is None and "。" in text and len(text) > 30


def _pairs(lines: Sequence[Line]) -> tuple[list[Line], list[Note]]:
    kept: list[Line] = []
    notes: list[Note] = []
    waiting: str | None = None  # a label whose value should stand on the next line
    for line in lines:
        text = line.text.text
        label = LABEL_LINE.match(text)
        if label and label["label"] not in VAGUE:
            if waiting:
                notes.append(Note(waiting, line.text[:0]))
            waiting = squeeze(label["label"])
            continue
        if pairs := _inline_pairs(line.text):
            waiting = None
            notes.extend(pairs)
            continue
        if waiting:
            value = line.text.drop(_BULLET)
            name, waiting = waiting, None
            if _fits(name, value.text):
                notes.append(Note(name, value))
                continue
        kept.append(line)
    return kept, notes


_BULLET = re.compile(r"^[•·●■◆▪\-*]\s*")


def _fits(label: str, value: str) -> bool:
    """Whether a line can be the value of the label above it, and is not the title already."""
    field = LABELS[label]
    if _is_furniture(value) or (find_title([value]) and field != "title"):
        return False
    if field is None:
        return len(value) <= 40
    if field.startswith("date"):
        return bool(DATE.search(value)) and len(value) <= 30
    return len(value) <= 80


def _inline_pairs(line: MappedText) -> list[Note]:
    """Pairs of a line such as 来源：某网 发布日期：2021-05-06 浏览量：12; [] for any other line."""
    text = line.text
    found = list(LABEL_PAIR.finditer(text))
    if not found or "。" in text or len(text) > PAIR_LENGTH:
        return []
    outside = text[: found[0].start()].strip(" \t\u00a0\u3000【[（(|·•")
    stamp = DATE.match(outside)
    site = MEDIA.search(outside.split()[-1]) if len(outside.split()) == 1 else None
    if outside and not site and not (stamp and len(outside) <= 24):
        return []
    if len(found) == 1 and squeeze(found[0]["label"]) in VAGUE:
        return []
    notes = [Note("发布日期", line[stamp.start() : stamp.end()].strip())] if stamp else []
    for pair in found:
        value = line[pair.start("value") : pair.end("value")].strip()
        if len(value) > 80:
            return []
        notes.append(Note(squeeze(pair["label"]), value))
    return notes


# --- furniture ----------------------------------------------------------------------------


def _is_furniture(text: str) -> bool:
    if len(text) > 80:
        return False
    steps = re.split(r"[>＞»›]+", text)  # 首页 > 政务公开 > 政策文件
    crumbs = len(steps) >= 3 and all(len(step.strip()) <= 14 for step in steps)
    return (crumbs and not SENTENCE_MARK.search(text)) or bool(FURNITURE.match(text))


def _drop_head(lines: list[Line]) -> list[Line]:
    """Lines above the title stay only when they belong to the document: red head, number."""
    title = find_title([line.text.text for line in lines], [line.level for line in lines])
    if title is None:
        return lines
    head: list[Line] = []
    above_organ = True  # an organ's name stands directly above the title or another organ
    for line in reversed(lines[: title[0]]):
        close = squeeze(line.text.text)
        above_organ = above_organ and bool(ORGAN_LINE.fullmatch(close))
        if above_organ or _belongs_above_title(close):
            head.append(line)
    return head[::-1] + lines[title[0] :]


def _belongs_above_title(close: str) -> bool:
    if SITE_WORDS.search(close):
        return False
    red_head = RED_HEAD.fullmatch(close) and len(close) >= 6
    return bool(
        red_head
        or DOCUMENT_NUMBER.search(close)
        or ORDER_HEAD.match(close)
        or ORDER_SERIAL.match(close)
        or STANDARD_NUMBER.match(close)
        or PLACE_OF_STANDARD.match(close)
        or ANNEX.match(close)
        or DATE.search(close)
        or SENTENCE_MARK.search(close)
    )


def _drop_tail(lines: list[Line]) -> list[Line]:
    """Drops what a site prints below the document."""
    last = max((i for i, line in enumerate(lines) if _is_body(line)), default=-1)
    for i in range(last + 1, len(lines)):
        if lines[i].table is None and END_MARK.match(lines[i].text.text):
            lines = lines[:i]
            break
    end = len(lines)
    while end > last + 2 and _is_site_line(lines[end - 1]):
        end -= 1
    return lines[:end]


def _is_site_line(line: Line) -> bool:
    text = line.text.text
    if line.table is not None or SIGNED.search(text):
        return False
    return text[-1] not in "。：:；" and bool(SITE_WORDS.search(text))


# --- broken lines -------------------------------------------------------------------------

_MAX_CHAIN = 60
_NEVER_FIRST = "，。、；：！？,;:!?）)》”’」】%％"
_UNFINISHED = "，、,（(《“‘「—-~～"


def _join_broken(lines: list[Line]) -> list[Line]:
    """Joins lines that were broken in mid-sentence, without a space."""
    width = _wrap_width(lines)
    title = find_title([line.text.text for line in lines], [line.level for line in lines])
    result: list[Line] = []
    at = 0
    while at < len(lines):
        in_title = title is not None and title[0] <= at < title[1]
        end = at + 1 if in_title else _chain_end(lines, at, width)
        parts = [line.text for line in lines[at:end]]
        result.append(replace(lines[at], text=_glue(parts)))
        at = end
    return result


def _glue(parts: list[MappedText]) -> MappedText:
    glued = parts[0]
    for part in parts[1:]:
        latin = glued.text[-1].isascii() and part.text[0].isascii()
        word = latin and glued.text[-1].isalpha() and part.text[0].isalpha()
        glued = join([glued, part], " " if word else "")
    return glued


def _wrap_width(lines: Sequence[Line]) -> int:
    """The width at which a text export wrapped its lines; 0 when lines are paragraphs."""
    lengths = sorted(len(line.text) for line in lines if line.table is None)
    if len(lengths) < 8 or not 14 <= lengths[-1] <= 90:
        return 0
    full = statistics.quantiles(lengths, n=10)[8]
    unfinished = sum(
        line.text.text[-1] not in TERMINAL for line in lines if len(line.text) >= full * 0.8
    )
    wide = sum(length >= full * 0.8 for length in lengths)
    return int(full) if wide >= 4 and unfinished >= wide * 0.6 else 0


def _chain_end(lines: Sequence[Line], at: int, width: int) -> int:
    """One past the last line of the sentence that begins in line `at`.

    A chain counts only when it ends with a sentence mark: a flattened table or a list of
    names never does, and stays as it is.
    """
    end = at + 1
    while end < len(lines) and end - at < _MAX_CHAIN and _continues(lines, end, width):
        end += 1
    if end == at + 1 or lines[end - 1].text.text[-1] in TERMINAL:
        return end
    return end if width else at + 1


def _continues(lines: Sequence[Line], index: int, width: int) -> bool:
    """Whether line `index` goes on with the sentence of the line before it."""
    before, here = lines[index - 1], lines[index]
    above, text = before.text.text, here.text.text
    if before.table or here.table or before.level or here.level:
        return False
    if text[0] in _NEVER_FIRST and above[-1] not in "。！？":
        return True
    if above[-1] in TERMINAL or ENUMERATOR.match(text) or ANNEX.match(text):
        return False
    if DOCUMENT_NUMBER.fullmatch(above) or LABEL_LINE.match(above):
        return False
    if above[-1] in _UNFINISHED:
        return True
    if width:
        return len(above) >= width * 0.85 and here.indent <= before.indent + 1
    if ENUMERATOR.match(above) and len(above) <= 45 and not SENTENCE_MARK.search(above):
        # A heading with a comma in it, unless only the end of a word is on the next line.
        return False
    return says(above, "，,。；、") or len(above) > 40


# --- white space --------------------------------------------------------------------------

_HAN = "\u4e00-\u9fff"
_LETTER_SPACED = re.compile(rf"(?<![^\s])(?:[{_HAN}]\s+){{1,}}[{_HAN}](?![^\s，。：:、（(])")
_INNER_SPACE = re.compile(r"\s+")


def _close_up(line: MappedText) -> MappedText:
    """`通  知` → `通知`; any other white space inside a line becomes one space."""
    if "\n" in line.text:  # cells of a row
        cells = [line[a:b] for a, b in _cell_spans(line.text)]
        return join([_close_up(cell) for cell in cells], "\n")
    drops: list[tuple[int, int]] = []
    for match in _LETTER_SPACED.finditer(line.text):
        drops += [gap.span() for gap in _INNER_SPACE.finditer(line.text, *match.span())]
    at, parts = 0, []
    for start, end in drops:
        parts.append(line[at:start])
        at = end
    parts.append(line[at:])
    return join(parts).drop(_INNER_SPACE, keep=" ")


def _cell_spans(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text):
        yield match.span()
