"""Questions written for training: over public laws and over invented policy passages.

A folder holds passages.jsonl ({id, title, path, text}) and questions.jsonl ({passage,
question, style, kind, answer}); `answer` lists exact substrings, none for a near miss: a question
on the same matter that its own passage does not answer.
"""

import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.find.neural.encoding import header

_DATA = Path(__file__).parent / "data"
# Written for this project beside the shared ones: over single passages, and over whole documents,
# whose other passages stand beside the one that answers.
OWN = (_DATA, _DATA / "documents")
HELD_OUT = _DATA / "held_out"  # over documents that no training sees
NEAR_MISS = "near_miss"
_EVERY = 10  # every tenth document is kept for measuring
_LOOSE = 1.6  # pieces of a list may stand so far apart and still be one run


@dataclass(frozen=True)
class WrittenPassage:
    """A passage with its document's title and its place in it."""

    id: str
    title: str
    path: tuple[str, ...]
    text: str

    @cached_property
    def header(self) -> str:
        return header(self.title, self.path)

    @property
    def embedding_text(self) -> str:
        """As the index embeds a passage (Passage.embedding_text)."""
        return "\n".join(filter(None, (self.title, " > ".join(self.path), self.text)))

    @cached_property
    def is_held_out(self) -> bool:
        digest = hashlib.sha256(self.title.encode()).digest()
        return int.from_bytes(digest[:4], "big") % _EVERY == 0


@dataclass(frozen=True)
class WrittenQuestion:
    """A question on a passage; `answer` is a span of its text, None for a near miss."""

    question: str
    style: str
    passage: WrittenPassage
    answer: tuple[int, int] | None


def read_written(folders: Iterable[Path]) -> list[WrittenQuestion]:
    """All questions of the folders, in their order; those whose answer is several pieces far
    apart stand for the longest piece."""
    found = []
    places = list(folders)
    passages = {passage.id: passage for passage in read_passages(places)}
    for row in (row for folder in places for row in _rows(folder / "questions.jsonl")):
        passage = passages[row["passage"]]
        answer = _span(passage.text, row["answer"])
        if answer or row["style"] == NEAR_MISS:
            found.append(WrittenQuestion(row["question"], row["style"], passage, answer))
    return found


def read_passages(folders: Iterable[Path]) -> list[WrittenPassage]:
    """All passages of the folders, those too that no question was written on."""
    return [_passage(row) for folder in folders for row in _rows(folder / "passages.jsonl")]


def _rows(file: Path) -> list[dict[str, Any]]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines if line]


def _passage(row: dict[str, Any]) -> WrittenPassage:
    return WrittenPassage(row["id"], row["title"], tuple(row["path"]), row["text"])


def _span(text: str, pieces: Sequence[str]) -> tuple[int, int] | None:
    spans = [(at, at + len(piece)) for piece in pieces if (at := text.find(piece)) >= 0]
    if not spans:
        return None
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    if last - first <= _LOOSE * sum(b - a for a, b in spans):
        return first, last
    return max(spans, key=lambda span: span[1] - span[0])


def to_learn(folders: Iterable[Path], share: float, rng: random.Random) -> list[WrittenQuestion]:
    """Questions to train on: all over whole documents, a share of those over single passages."""
    passages, documents = OWN
    single, _ = split(read_written((*folders, passages)))
    whole, _ = split(read_written((documents,)))
    return [*rng.sample(single, round(share * len(single))), *whole]


def split(
    questions: Sequence[WrittenQuestion],
) -> tuple[list[WrittenQuestion], list[WrittenQuestion]]:
    """(to train on, held out), by document: no title is on both sides."""
    train = [q for q in questions if not q.passage.is_held_out]
    return train, [q for q in questions if q.passage.is_held_out]
