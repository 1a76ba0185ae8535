"""Question–passage pairs as the reader sees them, the same in training and in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_QUESTION = 96  # tokens
MAX_HEADER = 56
MAX_LENGTH = 384

BOS, PAD, EOS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Token ids of one pair, and for each the character span of the passage text it stands
    for, or None outside the text."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int] | None, ...]

    def inside(self, start: int, end: int) -> list[int]:
        """The tokens that text[start:end] touches; none where it was cut off."""
        return [i for i, s in enumerate(self.spans) if s and s[0] < end and s[1] > start]


def header(title: str, path: Sequence[str]) -> str:
    """What stands before the text: the document and the place in it."""
    return " > ".join(filter(None, (title, *path)))


def encode_pairs(
    tokenizer: "Tokenizer",
    question: str,
    passages: Sequence[tuple[str, str]],
    max_length: int = MAX_LENGTH,
) -> list[Pair]:
    """`passages` are (header, text). Text beyond `max_length` tokens is cut off."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION]
    encoded = tokenizer.encode_batch(
        [part for passage in passages for part in passage], add_special_tokens=False
    )
    pairs = []
    for i in range(len(passages)):
        head, text = encoded[2 * i], encoded[2 * i + 1]
        ids = [BOS, *asked, EOS, EOS, *head.ids[:MAX_HEADER], EOS]
        room = max_length - len(ids) - 1
        spans = [None] * len(ids) + list(text.offsets[:room]) + [None]
        pairs.append(Pair((*ids, *text.ids[:room], EOS), tuple(spans)))
    return pairs
