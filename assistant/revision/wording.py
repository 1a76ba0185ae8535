"""Where two wordings of one clause differ, word by word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.revision.clauses import plain
from assistant.revision.figures import figure_spans
from assistant.revision.sequences import common
from vectorstore.language.sentences import clauses
from vectorstore.language.words import cut

Mark = Literal["", "deleted", "inserted"]

_LONG = 20_000  # characters above which sentences are compared before words are
_AGAIN = 4_000  # characters of changed sentences whose words are compared
_ISLAND = 1  # visible characters between two changes that are read as one change


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clause's text as it is shown."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands in one wording and what in its place in the other; equal but for white space
    and width where `is_change` is False."""

    old: str
    new: str
    is_change: bool


def edits(old: str, new: str) -> list[Edit]:
    """The two texts in stretches; joined they are the texts again.

    >>> [e for e in edits("处二千元罚款。", "处五千元罚款。") if e.is_change]
    [Edit(old='二千元', new='五千元', is_change=True)]
    """
    if max(len(old), len(new)) <= _LONG:
        return _by(_words(old), _words(new))
    found: list[Edit] = []
    for edit in _by(_stretches(old), _stretches(new)):
        if edit.is_change and edit.old and edit.new and len(edit.old + edit.new) <= _AGAIN:
            found += _by(_words(edit.old), _words(edit.new))
        else:
            found.append(edit)
    return found


def old_parts(found: Sequence[Edit]) -> tuple[Part, ...]:
    return tuple(Part(e.old, "deleted" if e.is_change else "") for e in found if e.old)


def new_parts(found: Sequence[Edit]) -> tuple[Part, ...]:
    return tuple(Part(e.new, "inserted" if e.is_change else "") for e in found if e.new)


def _words(text: str) -> list[str]:
    """The words of a text, a figure with its unit and a date as one; white space goes with the
    word before it."""
    words: list[str] = []
    done = 0
    for start, end in [*figure_spans(text), (len(text), len(text))]:
        for word in [*cut(text[done:start]), text[start:end]]:
            if words and not word.strip():
                words[-1] += word
            elif word:
                words.append(word)
        done = end
    return words


def _stretches(text: str) -> list[str]:
    """Sentences and their parts at semicolons, white space behind them included."""
    starts = [start for start, _ in clauses(text)] or [0]
    starts[0] = 0
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _by(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """Pieces of two texts compared, neighbours of one kind put together."""
    found: list[Edit] = []
    i = j = 0
    pairs = common([plain(piece) for piece in old], [plain(piece) for piece in new])
    for a, b in [*pairs, (len(old), len(new))]:
        if a > i or b > j:
            _add(found, Edit("".join(old[i:a]), "".join(new[j:b]), True))
        if a < len(old):
            _add(found, Edit(old[a], new[b], False))
        i, j = a + 1, b + 1
    return _without_islands(found)


def _add(found: list[Edit], edit: Edit) -> None:
    if found and found[-1].is_change == edit.is_change:
        last = found.pop()
        edit = Edit(last.old + edit.old, last.new + edit.new, edit.is_change)
    found.append(edit)


def _without_islands(found: Sequence[Edit]) -> list[Edit]:
    """A comma or a 的 that two changes happen to share tells nothing: it is part of them. So
    diff-match-patch does (semantic cleanup), and here only for what is that short."""
    cleaned: list[Edit] = []
    for number, edit in enumerate(found):
        inner = 0 < number < len(found) - 1 and not edit.is_change
        size = len(plain(edit.new))
        if inner and size <= _ISLAND and size <= min(map(_size, (cleaned[-1], found[number + 1]))):
            edit = Edit(edit.old, edit.new, True)
        _add(cleaned, edit)
    return cleaned


def _size(edit: Edit) -> int:
    return max(len(edit.old), len(edit.new))
