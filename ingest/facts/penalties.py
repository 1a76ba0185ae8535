"""Fines: the deed, the class of it, and how much."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.facts.lists import listings
from ingest.facts.material import Material, Piece
from ingest.facts.parts import parts, unnumbered
from ingest.facts.rows import row, trimmed
from ingest.facts.sums import Sum, sums
from vectorstore.facts import Fact
from vectorstore.language.sums import AGAINST, AGGRAVATED, CONDITIONAL, DEED_ENDS, FINE, TO_WHOM

_SUBJECT = 300  # characters
_UNITS = ("元", "倍", "%", "‰", "月工资")


@dataclass(slots=True)
class _Deed:
    """What a sentence has said so far: the deed, and the classes of the clause at hand."""

    text: str = ""
    classes: tuple[str, ...] = ()
    acted: bool = False  # what follows from the deed has begun


def read_penalties(material: Material) -> Iterator[Fact]:
    deeds = {(x.lead.passage.id, x.lead.start): x.items for x in listings(material)}
    for line in material.lines:
        for sentence in line.sentences():
            if FINE.search(sentence.text):
                body = unnumbered(sentence)
                listed = deeds.get((body.passage.id, body.start)) or ()
                yield from _in_sentence(material, body, listed)


def _in_sentence(material: Material, sentence: Piece, listed: tuple[Piece, ...]) -> Iterator[Fact]:
    deed = _Deed()
    for clause in sentence.clauses():
        deed.classes = ()
        for part in parts(clause):
            text = part.text
            if FINE.search(text):
                deed.acted = True
                for found in _fines(text):
                    yield _row(material, clause, found, text, deed, listed)
            elif DEED_ENDS.search(text) and not _opens(deed, text):
                deed.acted = True
            else:
                _take(deed, text)


def _opens(deed: _Deed, text: str) -> bool:
    """Whether a part is the deed whatever it begins with: nothing was said before it."""
    return not deed.acted and (not deed.text or text.rstrip("，,").endswith("的"))


def _take(deed: _Deed, text: str) -> None:
    """A part in front of the fine: of the deed, a class of it, or the next deed."""
    text = text.strip("，,；;。 ")
    if not deed.acted and not (deed.text.endswith("的") and AGGRAVATED.search(text)):
        deed.text = f"{deed.text}，{text}".strip("，")
    elif AGGRAVATED.search(text):
        deed.classes = (*deed.classes, text)
    elif text.endswith("的") and not text.endswith("目的"):
        deed.text, deed.classes, deed.acted = text, (), False


def _fines(text: str) -> Iterator[Sum]:
    for found in sums(text):
        after = text[found.end :]
        is_fine = FINE.search(after) or FINE.search(text[: found.start])
        if found.unit.split("/")[0] in _UNITS and is_fine and not CONDITIONAL.search(after):
            yield found


def _row(
    material: Material, clause: Piece, found: Sum, part: str, deed: _Deed, listed: tuple[Piece, ...]
) -> Fact:  # fmt: skip
    whom = TO_WHOM.search(part[: found.start + 1])
    inside = [part[: found.start]] if CONDITIONAL.search(part[found.end :]) else []
    classes = [*deed.classes, *inside, *([f"对{whom['who']}"] if whom else [])]
    return row(
        material, trimmed(clause), "amount",
        subject=_subject(deed.text, listed), group="，".join(classes),
        value=found.value, high=found.high, unit=found.unit, comparator=found.comparator,
        text=part[found.start : found.end],
    )  # fmt: skip


def _subject(deed: str, listed: tuple[Piece, ...]) -> str:
    """罚款： and the deed; deeds that stand below as items take the place of 有下列行为之一."""
    said = AGAINST.remove_from(deed) if not listed else deed
    said = deed if said.startswith(("或者", "以及", "并")) else said
    items = "；".join(item.text.strip("。；; ") for item in listed)
    return f"罚款：{'：'.join(filter(None, (said or deed, items)))}"[:_SUBJECT]
