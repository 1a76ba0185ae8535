"""Passages for measuring at scale: laws, repeated with other names and figures.

The laws once give about 90,000 passages; copies after the first have other names of places and
organs and other figures, so that words are as frequent as in real text, yet no copy is the same.
"""

import io
import random
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from vectorstore.facts import Fact, Stated
from vectorstore.models import Document, Metadata, Passage

SHORTEST = 140  # characters of a passage: paragraphs are joined up to so many
_FACT_EVERY = 4  # passages
_NUMERALS = "二三四五六七八九"
_SYLLABLES = "青云河石林安平宁山川禾苍桐岭泉沙柏枫溪原陵湖江海阳丰泰和兴永"
_NAMED = ("国务院", "人民政府", "人民法院", "人民检察院", "主管部门", "公安机关", "管理机构")
_FIGURE = re.compile(r"\d+")
_HEAD = re.compile(r"^#+\s*")


@dataclass(frozen=True, slots=True)
class Made:
    document: Document
    passages: list[Passage]
    stated: Stated


def laws(archive: Path) -> list[tuple[str, list[str]]]:
    """(title, paragraphs) of each, in the order of their names."""
    found = []
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes()), mode="r:xz") as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            stream = tar.extractfile(member) if member.name.endswith(".md") else None
            if stream is None:
                continue
            lines = [line.strip() for line in stream.read().decode().splitlines()]
            kept = [_HEAD.sub("", line) for line in lines if line and "INFO END" not in line]
            if len(kept) > 1:
                found.append((kept[0], kept[1:]))
    return found


def documents(texts: list[tuple[str, list[str]]], passages: int) -> Iterator[Made]:
    """Until there are `passages`; always the same ones."""
    made = copy = 0
    while made < passages:
        for number, (title, paragraphs) in enumerate(texts):
            draw = random.Random(f"{copy} {number}")
            name = f"{copy:04x}{number:012x}"
            one = _document(name, title, paragraphs, draw, copy > 0, passages - made)
            made += len(one.passages)
            yield one
            if made >= passages:
                return
        copy += 1


def _document(
    name: str, title: str, paragraphs: list[str], draw: random.Random, changed: bool, most: int
) -> Made:
    other = _changes(draw) if changed else str
    title = other(title)
    text, passages, facts = "", [], []
    for joined in _joined(paragraphs):
        if len(passages) == most:
            break
        own, start, ordinal = other(joined), len(text), len(passages)
        text += own + "\n"
        passage = Passage(
            f"{name}-{ordinal:04d}", name, ordinal, start, start + len(own), own, (title,)
        )
        passages.append(passage)
        if ordinal % _FACT_EVERY == 0:
            facts.append(
                Fact("duty", name, start, start + len(own), own[:60], own[:20], text=own[:80])
            )
    issued = date(1990, 1, 1) + timedelta(days=draw.randrange(13_000))
    document = Document(name, name, (), "txt", text, Metadata(title, date_written=issued))
    return Made(document, passages, Stated(tuple(facts)))


def _joined(paragraphs: list[str]) -> Iterator[str]:
    held = ""
    for paragraph in paragraphs:
        held = f"{held}\n{paragraph}" if held else paragraph
        if len(held) >= SHORTEST:
            yield held[: 3 * SHORTEST]
            held = ""
    if held:
        yield held[: 3 * SHORTEST]


def _changes(draw: random.Random):  # type: ignore[no-untyped-def]
    """Another name before organs, and other figures, throughout one document."""
    place = "".join(draw.choices(_SYLLABLES, k=2)) + draw.choice(("省", "市", "县", "自治州"))
    shuffled = str.maketrans(_NUMERALS, "".join(draw.sample(_NUMERALS, len(_NUMERALS))))
    shift = draw.randrange(1, 97)
    organs = draw.sample(_NAMED, 3)

    def change(text: str) -> str:
        for organ in organs:
            text = text.replace(organ, place + organ)
        figures = _FIGURE.sub(lambda m: str(int(m[0][:9]) + shift), text)
        return figures.translate(shuffled)

    return change
