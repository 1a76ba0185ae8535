"""From a place in a passage to the clause, sentence or list that a person would quote."""

import re
from collections.abc import Iterator

from assistant.evidence import Evidence
from assistant.kinds import Kind
from vectorstore.models import Passage
from vectorstore.text import sentences

_BREAK = re.compile(r"[，,。；;！!？?\n]|[：:](?!\d)")
_OPEN, _CLOSE = "（(《“‘", "）)》”’"
SHORT = 6
LONG = 60
NEAR = 3  # characters: a clause's end this near is taken along

NUMERALS = re.compile(
    r"^(?:——|[（(]?[\d一二三四五六七八九十]+[)）.．、]|第[一二三四五六七八九十]+[章节条])\s*"
)
_SAYS_NOTHING = set("的了和与及等要应须将把对其中在是为有此外该还也并都已着个包括")
_WORD, _NUMBER = re.compile(r"[^\W\d]|%"), re.compile(r"\d+(?:\.\d+)?")
_A_NUMBER = 9  # says as much as so many characters
Place = tuple[Passage, int, int]  # text[start:end] of a passage
LONGEST = 360  # characters that follow a heading

_ITEM = re.compile(
    r"(?:^|\n)\s*(?:[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]+、|[①-⑳])"
)
_ORDINAL = re.compile(
    r"[一二三四五六七八九十]是|第[一二三四五六七八九十][，,、]|[一二三四五六七八九十]要|其[一二三四五六七八九十][，,]|[①-⑳]|[（(]\d[)）]|(?<!\d)\d[.、](?!\d)"
)


def widen(text: str, start: int, end: int, kind: Kind) -> tuple[int, int]:
    """The clause, sentence or list around [start, end) that the kind of question asks for."""
    if kind is Kind.LIST:
        listed = enumeration(text, start, end)
        if listed:
            return listed
        start, end = _whole_series(text, start, end)
    if kind in (Kind.FACT, Kind.LIST):
        return snap(text, start, end) if end - start >= SHORT else clause(text, start, end)
    if kind is Kind.DEFINITION and end - start < LONG:
        return clause(text, start, end)
    return whole(text, start, end)


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """To the nearest commas outside brackets; a tiny clause takes the one before it along."""
    first = _left(text, start)
    last = _right(text, end)
    if last - first < SHORT and first > 0 and text[first - 1] in "，,：:":
        first = _left(text, first - 1)
    return _trim(text, first, last)


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """To the ends of the clauses that it begins and ends in, where these are near."""
    first, last = _left(text, start), _right(text, end)
    return _trim(
        text,
        first if start - first <= NEAR else start,
        last if last - end <= NEAR else end,
    )


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that [start, end) stands in."""
    touched = [(a, b) for a, b in sentences(text) if a < end and b > start]
    return (touched[0][0], touched[-1][1]) if touched else (start, end)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Snaps to sentence ends where these are near, so that nothing is cut in half."""
    for a, b in sentences(text):
        if a <= start < b and start - a <= max(24, (b - a) // 3):
            start = a
        if a < end <= b and b - end <= max(24, (b - a) // 3):
            end = b
    return clause(text, start, end) if end - start < LONG else _trim(text, start, end)


def enumeration(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The list that [start, end) is part of: items on lines of their own, or 一是…二是… in
    running text."""
    items = [m.start() + (text[m.start()] == "\n") for m in _ITEM.finditer(text)]
    if len(items) >= 2:
        first = max((i for i in items if i <= start), default=items[0])
        if start >= items[0] - 2 or end >= items[0]:
            return _trim(text, items[0] if first >= items[0] else first, len(text))
    for a, b in _paragraphs(text):
        marks = [m.start() for m in _ORDINAL.finditer(text, a, b)]
        if len(marks) >= 2 and a <= start < b and end > marks[0] - 40:
            ends = [y for x, y in sentences(text) if x <= marks[-1] < y]
            return _trim(text, marks[0], ends[0] if ends else b)
    return None


def what_follows(evidence: Evidence, passage: Passage, end: int) -> list[Place]:
    """What comes after a heading or an announcement that ends at `end`: the rest of its
    paragraph, the items on the next lines, or the passages after it; about LONGEST characters."""
    end = _next_word(passage.text, end)
    if end < len(passage.text):
        start, end = paragraph(passage.text, end)
        if end < len(passage.text.rstrip("：:")) or passage.text[-1] not in "：:":
            return [(passage, start, end)]
    announces = passage.text[-1] in "：:"
    own = passage.heading_path
    later = [p for p in evidence.index.passages_of(passage.document_id) if p.start >= passage.end]
    if not later or not (announces or later[0].heading_path[: len(own)] == own):
        return []
    path = later[0].heading_path
    found: list[Place] = []
    for following in later:
        text, taken = following.text, sum(b - a for _, a, b in found)
        end = _end_of_items(text, 0) or len(text)
        if following.heading_path[: len(path)] != path or (found and taken + end > LONGEST):
            break
        found.append((following, 0, end))
        if end < len(text):
            break
    return found


def paragraph(text: str, start: int) -> tuple[int, int]:
    """From `start` to the end of the line, or of the items that begin or are announced there;
    whole sentences, at most about LONGEST characters."""
    start = _next_word(text, start)
    end = _line_end(text, start)
    listed = _end_of_items(text, start)
    if not listed and text[end - 1] in "：:":
        listed = _end_of_items(text, _next_word(text, end))
    end = listed or end
    if end - start > LONGEST:
        whole = [b for a, b in sentences(text) if start < b <= start + LONGEST]
        end = whole[-1] if whole else end
    return _trim(text, start, end)


_LEVELS = tuple(
    re.compile(pattern)
    for pattern in (
        r"第[一二三四五六七八九十百]+[章节条]",
        r"[一二三四五六七八九十]+、",
        r"[（(][一二三四五六七八九十]+[)）]",
        r"\d{1,2}[.．、](?!\d)",
        r"[（(]\d+[)）]|[①-⑳]",
        r"[一二三四五六七八九十]是|第[一二三四五六七八九十][，,、]",
    )
)


def _level(text: str, position: int) -> int | None:
    """Which numbering a line begins with, 一、 before （一） before 1."""
    return next((i for i, p in enumerate(_LEVELS) if p.match(text, position)), None)


def _end_of_items(text: str, start: int) -> int | None:
    """Where the items end that begin with the line at `start`: at a line with a higher
    numbering, or, for 一是…, at one without; None when the line is no item."""
    level = _level(text, start)
    if level is None:
        return None
    end = _line_end(text, start)
    while end < len(text):
        following = _level(text, end + 1)
        in_line = level == len(_LEVELS) - 1
        if following is None if in_line else following is not None and following < level:
            return end
        end = _line_end(text, end + 1)
    return end


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _next_word(text: str, position: int) -> int:
    while position < len(text) and text[position] in " 　\n。；;，,：:":
        position += 1
    return position


def said_beyond(text: str, question: str) -> int:
    """How many characters a quote says that the question does not: 五、优化检验服务。 says
    nothing to 如何优化检验服务. A number or a date always says something."""
    text = NUMERALS.sub("", text)
    new = set(_WORD.findall(text)) - _SAYS_NOTHING - set(question)
    return len(new) + _A_NUMBER * bool(new_numbers(text, question))


def new_numbers(text: str, question: str) -> set[str]:
    """Numbers and dates in a text that the question does not hold."""
    return set(_NUMBER.findall(text)) - set(_NUMBER.findall(question))


def _whole_series(text: str, start: int, end: int) -> tuple[int, int]:
    """A、B、C of which a part was found: to the ends of the clause that it stands in."""
    if text[:start].rstrip().endswith("、"):
        start = _left(text, start)
    if text[end:].lstrip().startswith("、"):
        end = _right(text, end)
    return start, end


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text):
        yield match.span()


def _left(text: str, position: int) -> int:
    depth = 0
    for i in range(position - 1, -1, -1):
        if text[i] in _CLOSE:
            depth += 1
        elif text[i] in _OPEN:
            depth = max(0, depth - 1)
        elif depth == 0 and _BREAK.match(text, i):
            return i + 1
    return 0


def _right(text: str, position: int) -> int:
    depth = 0
    if position and _BREAK.match(text, position - 1):
        return position
    for i in range(position, len(text)):
        if text[i] in _OPEN:
            depth += 1
        elif text[i] in _CLOSE:
            if depth == 0:
                continue
            depth -= 1
        elif depth == 0 and _BREAK.match(text, i):
            return i + (text[i] in "。！？!?；;")
    return len(text)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in f" 　\n，,、；;。{_CLOSE}":
        start += 1
    while end > start and text[end - 1] in f" 　\n，,、；;：:{_OPEN}":
        end -= 1
    return start, end
