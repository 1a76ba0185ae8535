"""文字校对 of a draft: slips of style where they stand in its sections, and their repair. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.cite.markdown import MARK
from assistant.drafting.models import Draft
from assistant.drafting.replacing import HEADING, Place, is_quoted, replaced
from assistant.proofreading.proofread import proofread

_AROUND = 16  # characters of a line on both sides


@dataclass(frozen=True, slots=True)
class DraftSlip:
    """Something against the rules of official writing. `right` is None where only whoever wrote it
    can tell, and within a quotation, which stays as its source has it."""

    place: Place
    right: str | None
    rule: str
    why: str

    @property
    def key(self) -> str:
        return f"{self.place.key}.{self.place.words}"


@dataclass(frozen=True, slots=True)
class _Letter:
    """Where a letter of the text that is read stands in the draft."""

    section: str
    line: int
    at: int


def slips_of(draft: Draft, organs: Sequence[str] = ()) -> tuple[DraftSlip, ...]:
    """All slips in the order of reading; `organs` are names that the library knows. Marks and
    tables are not read."""
    letters: list[_Letter | None] = [None] * (len(draft.title) + 1)
    words = [draft.title, "\n"]
    for section, line, said in _lines(draft):
        kept = [i for i in range(len(said)) if not _in(i, said)]
        words += [*(said[i] for i in kept), "\n"]
        letters += [*(_Letter(section, line, i) for i in kept), None]
    lines = {(section, line): said for section, line, said in _lines(draft)}
    found = proofread("".join(words), organs)
    return tuple(
        slip
        for raw in found
        if (slip := _slip(letters[raw.start : raw.end], raw.right, raw.rule, raw.why, lines))
    )


def _lines(draft: Draft) -> Iterator[tuple[str, int, str]]:
    for section in draft.sections:
        for line, said in enumerate((section.heading, *section.text.split("\n")), HEADING):
            if not said.lstrip().startswith("|"):
                yield section.id, line, said


def _in(at: int, said: str) -> bool:
    return any(m.start() <= at < m.end() for m in MARK.finditer(said))


def _slip(
    letters: Sequence[_Letter | None], right: str | None, rule: str, why: str,
    lines: dict[tuple[str, int], str],
) -> DraftSlip | None:  # fmt: skip
    """None for a slip of the title, which is the request's, and for one over several lines."""
    first, last = (letters[0], letters[-1]) if letters else (None, None)
    if first is None or last is None or (first.section, first.line) != (last.section, last.line):
        return None
    said = lines[first.section, first.line]
    start, end = first.at, last.at + 1
    quoted = is_quoted(said, start, end)
    place = Place(first.section, first.line, start, end, said[max(0, start - _AROUND) : start],
                  said[start:end], said[end : end + _AROUND], quoted)  # fmt: skip
    is_whole = end - start == len(letters)  # no mark stands in it
    return DraftSlip(place, right if is_whole and not quoted else None, rule, why)


def mended(draft: Draft, slips: Sequence[DraftSlip]) -> Draft:
    """The draft with what is right in the place of what is wrong, where it is known."""
    for slip in sorted(slips, key=lambda s: (s.place.line, s.place.start), reverse=True):
        if slip.right is not None:
            draft = replaced(draft, (slip.place,), slip.right)
    return draft
