"""Find and replace in a draft: words of its headings and text, quotations of sources told apart."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from assistant.cite.markdown import MARK, parse
from assistant.drafting.models import Draft, Section
from assistant.labelling import after_editing
from vectorstore.errors import PolicyError

MAX_WORDS = 100
HEADING = -1
_AROUND = 20
_QUOTED = re.compile(r"“[^”\n]{0,400}”")


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: the section, the line of its text (HEADING for its heading), [start,
    end) of that line. `is_quoted` between “ ”, where a change makes a quotation untrue."""

    section: str
    line: int
    start: int
    end: int
    before: str
    words: str
    after: str
    is_quoted: bool

    @property
    def key(self) -> str:
        return f"{self.section}.{self.line}.{self.start}"


def find(draft: Draft, words: str) -> tuple[Place, ...]:
    """All places in the order of reading. Marks are no words. Raises PolicyError for too many
    letters, and for none."""
    if not words.strip() or len(words) > MAX_WORDS or "\n" in words:
        raise PolicyError(
            f"请写要找的文字，一行以内，最多 {MAX_WORDS} 字",
            f"Write what to find: one line, at most {MAX_WORDS} characters",
        )
    wanted = re.compile(re.escape(words))
    return tuple(
        _place(section, line, said, match)
        for section in draft.sections
        for line, said in enumerate((section.heading, *section.text.split("\n")), HEADING)
        for match in wanted.finditer(said)
        if not _in_mark(said, match)
    )


def _place(section: Section, line: int, said: str, match: re.Match[str]) -> Place:
    start, end = match.span()
    quoted = is_quoted(said, start, end)
    return Place(section.id, line, start, end, said[max(0, start - _AROUND) : start], match[0],
                 said[end : end + _AROUND], quoted)  # fmt: skip


def is_quoted(said: str, start: int, end: int) -> bool:
    """Whether [start, end) of a line stands between “ ”."""
    return any(q.start() < start and end < q.end() for q in _QUOTED.finditer(said))


def _in_mark(said: str, match: re.Match[str]) -> bool:
    return any(m.start() < match.end() and match.start() < m.end() for m in MARK.finditer(said))


def replaced(draft: Draft, places: Collection[Place], words: str) -> Draft:
    """The draft with other words at these places. What is changed is to be checked anew."""
    if len(words) > MAX_WORDS or "\n" in words:
        raise PolicyError(
            f"替换成的文字最多 {MAX_WORDS} 字，一行以内",
            f"The new words: one line, at most {MAX_WORDS} characters",
        )
    for section in draft.sections:
        own = [place for place in places if place.section == section.id]
        if own:
            draft = draft.with_section(_in_section(section, own, words))
    return draft


def _in_section(section: Section, places: Collection[Place], words: str) -> Section:
    lines = [section.heading, *section.text.split("\n")]
    for place in sorted(places, key=lambda p: (p.line, p.start), reverse=True):
        said = lines[place.line + 1]
        lines[place.line + 1] = said[: place.start] + words + said[place.end :]
    heading, body = lines[0], "\n".join(lines[1:])
    section = replace(section, heading=heading)
    if body == section.text:
        return section
    origin = after_editing(section.origin, was_empty=False)
    return replace(section, body=parse(body), state="已写", origin=origin)
