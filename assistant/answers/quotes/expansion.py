"""What a quote goes on to: below a heading, after an announcement, beyond an echo of the question."""

import re
from collections.abc import Sequence

from assistant.answers.content import Statement
from assistant.answers.quotes.spans import trim
from assistant.find.evidence import Evidence
from vectorstore.language.numbering import COUNTED_OFF, level, unnumbered
from vectorstore.language.sentences import sentences
from vectorstore.models import DocumentSummary, Passage

_SAYS_NOTHING = set("的了和与及等要应须将把对其中在是为有此外该还也并都已着个包括")
_WORD = re.compile(r"[^\W\d]|%")
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万两]{1,20}+(?=[年月日天周个名人家项次倍元成分])"
)
_A_NUMBER = 9  # says as much as so many characters
Span = tuple[Passage, int, int]  # text[start:end] of a passage
LONGEST = 360  # characters of prose that follow a heading
LONGEST_LIST = 900  # of items


def quoted(
    evidence: Evidence, document: DocumentSummary, places: Sequence[Span]
) -> list[Statement]:
    """A statement for each place."""
    quotes = [evidence.quoter.quote(document, *place) for place in places]
    return [Statement(quote.text, (quote,)) for quote in quotes]


def what_follows(evidence: Evidence, passage: Passage, end: int) -> list[Span]:
    """What comes after a heading or an announcement that ends at `end`: the rest of its
    paragraph, the items on the next lines, or the passages after it; at most about LONGEST
    characters of prose, or LONGEST_LIST of items."""
    end = _next_word(passage.text, end)
    if end < len(passage.text):
        start, end = paragraph(passage.text, end)
        if passage.text[end:].strip() not in ("：", ":"):
            return [(passage, start, end)]
    announces = passage.text[-1] in "：:"
    own = passage.heading_path
    later = [p for p in evidence.view.passages_of(passage.document_id) if p.start >= passage.end]
    if not later or not (announces or later[0].heading_path[: len(own)] == own):
        return []
    path = later[0].heading_path
    longest = LONGEST_LIST if _end_of_items(later[0].text, 0) else LONGEST
    found: list[Span] = []
    for following in later:
        text, taken = following.text, sum(b - a for _, a, b in found)
        end = _end_of_items(text, 0) or len(text)
        if following.heading_path[: len(path)] != path or (found and taken + end > longest):
            break
        found.append((following, 0, end))
        if end < len(text):
            break
    return found


def paragraph(text: str, start: int) -> tuple[int, int]:
    """From `start` to the end of the line, or of the items that begin or are announced there;
    whole sentences, at most about LONGEST characters, or LONGEST_LIST of items."""
    start = _next_word(text, start)
    end = _line_end(text, start)
    listed = _end_of_items(text, start)
    if not listed and text[end - 1] in "：:":
        listed = _end_of_items(text, _next_word(text, end))
    end, longest = (listed, LONGEST_LIST) if listed else (end, LONGEST)
    if end - start > longest:
        whole = [b for a, b in sentences(text) if start < b <= start + longest]
        end = whole[-1] if whole else end
    return trim(text, start, end)


def _end_of_items(text: str, start: int) -> int | None:
    """Where the items end that begin with the line at `start`: at a line with a higher
    numbering, or, for 一是…, at one without; None when the line is no item."""
    own, in_line = level(text, start), COUNTED_OFF.match(text, start)
    if own is None and not in_line:
        return None
    end = _line_end(text, start)
    while end < len(text):
        following = level(text, end + 1)
        if in_line and not COUNTED_OFF.match(text, end + 1):
            return end
        if own is not None and following is not None and following < own:
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


def is_echo(passage: Passage, start: int, end: int, question: str) -> bool:
    """Whether a quote says nothing that the question did not; a heading may hold a word more."""
    text = passage.text[start:end]
    name = unnumbered(text).strip("。：: ")
    is_heading = any(unnumbered(heading) == name for heading in passage.heading_path)
    return said_beyond(text, question) <= (2 if is_heading else 1)


def said_beyond(text: str, question: str) -> int:
    """How many characters a quote says that the question does not: 五、优化检验服务。 says
    nothing to 如何优化检验服务. A number or a date always says something."""
    text = unnumbered(text)
    new = set(_WORD.findall(text)) - _SAYS_NOTHING - set(question)
    return len(new) + _A_NUMBER * bool(new_numbers(text, question))


def new_numbers(text: str, question: str) -> set[str]:
    """Numbers and dates in a text that the question does not hold."""
    return set(_NUMBER.findall(text)) - set(_NUMBER.findall(question))
