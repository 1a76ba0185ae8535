"""Paragraphs of a page whose line ends were turned into spaces."""

import re
from collections.abc import Iterator

from ingest.mapped import MappedText
from ingest.patterns import FURNITURE
from vectorstore.language.dates import DATE
from vectorstore.language.names import DOCUMENT_NUMBER, EXPLAINS, KIND_AT_END
from vectorstore.language.numbering import ENUMERATOR
from vectorstore.language.organs import NEWS_LINE, organs_in
from vectorstore.language.sentences import SENTENCE_MARK, TERMINAL
from vectorstore.language.text import says

DUMP_LENGTH = 300  # characters of a line that may be a whole page


def split_dump(line: MappedText) -> Iterator[MappedText]:
    """Paragraphs of a page whose line ends were turned into spaces."""
    start = 0
    for gap in re.finditer(r"\s+", line.text):
        piece = line.text[start : gap.start()]
        ends = piece and piece[-1] in TERMINAL
        opens = ENUMERATOR.match(line.text, gap.end()) and not _is_bare_label(piece)
        heading = ENUMERATOR.match(piece) and not _is_bare_label(piece) and len(piece) <= 40
        heading = heading and not SENTENCE_MARK.search(piece)
        first = start == 0 and 4 <= len(piece) <= 80
        rest = line.text[gap.end() : gap.end() + _FOOT + 1]
        site = len(rest) <= _FOOT and bool(FURNITURE.match(rest))
        titled = gap.start() <= DUMP_LENGTH and (_is_title(piece) or _is_title(rest.split()[0]))
        if (first or titled) and not ends and _goes_on(piece, rest):
            continue
        if ends or opens or heading or first or site or titled:
            yield line[start : gap.start()].strip()
            start = gap.end()
    yield line[start:].strip()


_FOOT = 60  # characters of what a site prints behind the last line
_HEADLINE = 30


def _is_title(piece: str) -> bool:
    """Whether a piece of the opening is a title, whatever a site prints in front of it."""
    if not 8 <= len(piece) <= 80:
        return False
    return bool(EXPLAINS.match(piece) or ("关于" in piece and KIND_AT_END.search(piece)))


def _goes_on(piece: str, rest: str) -> bool:
    """Whether a title or a headline has a second half behind a gap: 关于加强管理 保障供应的通知."""
    second, *more = rest.split(maxsplit=1)
    if not more or KIND_AT_END.search(piece) or organs_in(piece) or len(piece) > 2 * _HEADLINE:
        return False
    if not 4 <= len(second) <= _HEADLINE or second[0] in "（(《【":
        return False
    if SENTENCE_MARK.search(second) or says(second, "，、：:；") or DATE.search(second):
        return False
    plain = not organs_in(second) and not _is_title(second) and not ENUMERATOR.match(second)
    return plain and not DOCUMENT_NUMBER.search(second) and not NEWS_LINE.match(second)


def _is_bare_label(piece: str) -> bool:
    """第三条 or 第一章 alone: what follows the space belongs to it."""
    match = ENUMERATOR.match(piece)
    return bool(match and match.end() == len(piece))
