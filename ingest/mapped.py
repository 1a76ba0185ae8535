"""Text that knows where each of its characters came from."""

import re
from array import array
from collections.abc import Iterable


class MappedText:
    """A string and, for each of its characters, the offset it had in the source.

    Cleaning only ever drops or joins pieces of the source, so every cleaned text has a way
    back: `source[start:end]` holds it, with nothing but what was dropped in between.
    """

    __slots__ = ("offsets", "text")

    def __init__(self, text: str, offsets: Iterable[int]):
        self.text = text
        self.offsets = offsets if isinstance(offsets, array) else array("L", offsets)

    @classmethod
    def of(cls, source: str, start: int = 0, end: int | None = None) -> "MappedText":
        end = len(source) if end is None else end
        return cls(source[start:end], array("L", range(start, end)))

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __repr__(self) -> str:
        return f"MappedText({self.text!r})"

    def __getitem__(self, part: slice) -> "MappedText":
        return MappedText(self.text[part], self.offsets[part])

    def __add__(self, other: "MappedText") -> "MappedText":
        return MappedText(self.text + other.text, self.offsets + other.offsets)

    @property
    def start(self) -> int:
        return self.offsets[0]

    @property
    def end(self) -> int:
        """One past the last character's offset."""
        return self.offsets[-1] + 1

    def strip(self) -> "MappedText":
        left = len(self.text) - len(self.text.lstrip())
        return self[left : len(self.text.rstrip())]

    def drop(self, pattern: re.Pattern[str], keep: str = "") -> "MappedText":
        """Without the matches of `pattern`; each leaves its first character when it is `keep`."""
        text, offsets, at = [], array("L"), 0
        for match in pattern.finditer(self.text):
            text.append(self.text[at : match.start()])
            offsets += self.offsets[at : match.start()]
            if keep:
                text.append(keep)
                offsets.append(self.offsets[match.start()])
            at = match.end()
        text.append(self.text[at:])
        offsets += self.offsets[at:]
        return MappedText("".join(text), offsets)


def join(parts: Iterable[MappedText], separator: str = "") -> MappedText:
    """The parts in order. A separator takes the offset after the part before it."""
    texts: list[str] = []
    offsets = array("L")
    for part in parts:
        if texts and separator:
            texts.append(separator)
            offsets.extend([offsets[-1] + 1 if offsets else 0] * len(separator))
        texts.append(part.text)
        offsets += part.offsets
    return MappedText("".join(texts), offsets)
