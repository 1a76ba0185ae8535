"""Where in a document stands what was looked for: passages with the words marked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.cite.citation import address as words_at
from assistant.pages.markup import element, join, text
from vectorstore.language.text import fold
from vectorstore.library import View
from vectorstore.models import Passage

_SHOWN = 2  # passages of a document
_BEFORE, _AFTER = 24, 90  # characters around the first hit
# The index says which passages may hold a term, their text decides. For terms like 5G it cannot
# tell: then more are read.
_FIRST, _READ = 4, 80


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that holds something of what was looked for; `spans` are in its text."""

    passage: Passage
    spans: tuple[tuple[int, int], ...]

    @property
    def words(self) -> int:
        """How many different ones are marked."""
        return len({fold(self.passage.text[start:end]) for start, end in self.spans})

    @property
    def address(self) -> str:
        p = self.passage
        return words_at(p.document_id, p.start, p.end)


def hits(view: View, document_ids: Sequence[str], terms: Sequence[str]) -> dict[str, list[Hit]]:
    """By document, those that hold most of the terms first, then in the order of the text."""
    held: dict[str, Counter[str]] = {}
    for term in terms:
        for document_id, passages in view.candidates(term, document_ids).items():
            held.setdefault(document_id, Counter()).update(passages)
    candidates = {d: [i for i, _ in counts.most_common()] for d, counts in held.items()}
    found = _read(view, candidates, terms, slice(0, _FIRST))
    missing = {d: ids for d, ids in candidates.items() if not found.get(d)}
    return found | _read(view, missing, terms, slice(_FIRST, _READ))


def _read(
    view: View, candidates: Mapping[str, Sequence[str]], terms: Sequence[str], part: slice
) -> dict[str, list[Hit]]:
    read = view.passages([i for ids in candidates.values() for i in ids[part]])
    found: dict[str, list[Hit]] = {}
    for document_id, ids in candidates.items():
        own = [Hit(read[i], spans_of(read[i].text, terms)) for i in ids[part] if i in read]
        told = [hit for hit in own if hit.spans]
        told.sort(key=lambda hit: (-hit.words, hit.passage.ordinal))
        found[document_id] = told[:_SHOWN]
    return found


def spans_of(said: str, terms: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where terms stand in a text, also across white space and in other widths; in order, none
    within another.

    >>> spans_of("推广节 水器具", ["节水", "器"])
    ((2, 5), (5, 6))
    """
    keys = [key for term in terms if (key := fold(term))]
    plain = said.lower()
    if len(plain) == len(said) and all(key in plain for key in keys):
        folded, at = plain, list(range(len(said)))
    else:
        pieces = [(letter, n) for n, c in enumerate(said) for letter in fold(c)]
        folded, at = "".join(letter for letter, _ in pieces), [n for _, n in pieces]
    spans = []
    for key in keys:
        start = folded.find(key)
        while start >= 0:
            end = start + len(key)
            spans.append((at[start], at[end - 1] + 1))
            start = folded.find(key, end)
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


def marked(said: str, spans: Sequence[tuple[int, int]], *, is_cut: bool = False) -> str:
    """A text with these places marked; cut to what stands around the first where it is long."""
    first, last = 0, len(said)
    if is_cut and spans:
        first = max(0, spans[0][0] - _BEFORE)
        last = min(last, spans[0][1] + _AFTER)
    pieces, at = ["…" if first else ""], first
    for start, end in spans:
        if end > last:
            break
        pieces += [text(said[at:start]), element("mark", text(said[start:end]))]
        at = end
    return join([*pieces, text(said[at:last]), "…" if last < len(said) else ""])


def hit_list(found: Sequence[Hit]) -> str:
    """Each passage as a link to its place in the document."""
    items = join(
        element(
            "li",
            element("a", marked(hit.passage.text, hit.spans, is_cut=True), href=hit.address,
                    class_="open", target="_blank")
            + (element("span", text(" > ".join(hit.passage.heading_path)), class_="aside")
               if hit.passage.heading_path else ""),
        )
        for hit in found
    )  # fmt: skip
    return element("ul", items, class_="hits") if items else ""
