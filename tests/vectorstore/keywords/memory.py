"""A keyword index that forgets: BM25 over lists, for tests."""

import math
from collections import Counter
from collections.abc import Sequence

from vectorstore.catalog.port import Catalog
from vectorstore.keywords.tokens import tokens
from vectorstore.language.text import fold
from vectorstore.models import Passage


class MemoryKeywords:
    """KeywordIndex; titles and headings count as the body does."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._passages: dict[str, tuple[Passage, Counter[str]]] = {}

    def add(self, document_id: str) -> None:
        summary = self._catalog.summary(document_id)
        title = summary.metadata.title if summary else ""
        for p in self._catalog.passages_of(document_id):
            held = tokens(f"{title}\n{' '.join(p.heading_path)}\n{p.text}\n{p.context}")
            self._passages[p.id] = (p, Counter(held))

    def remove(self, document_id: str) -> None:
        self._passages = {
            i: held for i, held in self._passages.items() if held[0].document_id != document_id
        }

    def clear(self) -> None:
        self._passages.clear()

    def search(
        self, words: Sequence[str], limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        found = self.scores(words, [i for i, p, _ in self._searched(document_ids)])
        return sorted(found.items(), key=lambda hit: (-hit[1], hit[0]))[:limit]

    def scores(self, words: Sequence[str], passage_ids: Sequence[str]) -> dict[str, float]:
        held = {i: counts for i, _, counts in self._searched(None)}
        return _bm25(words, held, [i for i in passage_ids if i in held])

    def document_scores(
        self, words: Sequence[str], document_ids: Sequence[str]
    ) -> dict[str, float]:
        held: dict[str, Counter[str]] = {}
        for _, passage, counts in self._searched(None):
            held.setdefault(passage.document_id, Counter()).update(counts)
        return _bm25(words, held, [i for i in document_ids if i in held])

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        found = {w: sum(w in counts for _, _, counts in self._searched(None)) for w in words}
        return {word: count for word, count in found.items() if count}

    def facts(
        self,
        words: Sequence[str],
        limit: int,
        kinds: Sequence[str] = (),
        document_ids: Sequence[str] | None = None,
    ) -> list[tuple[int, float]]:
        found = []
        for number, f in self._catalog.facts_by_number(range(1, 10_000)).items():
            if (kinds and f.kind not in kinds) or f.document_id not in (
                document_ids if document_ids is not None else (f.document_id,)
            ):
                continue
            rest = (f.text, f.condition, *f.organs, *f.heading_path)
            held = tokens(" ".join((f.group, f.subject, *rest)))
            if score := sum(word in held for word in words):
                found.append((number, float(score)))
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def documents_with(
        self, text: str, document_ids: Sequence[str] | None = None
    ) -> list[str] | None:
        key = _letters(text)
        if not key:
            return None
        held = {p.document_id for p, _ in self._passages.values()}
        return sorted(
            i for i in held
            if (document_ids is None or i in document_ids)
            and any(key in _letters(said) for said in self._said(i))
        )  # fmt: skip

    def _said(self, document_id: str) -> list[str]:
        """The title, each heading, and the text as a whole."""
        own = [p for p, _ in self._passages.values() if p.document_id == document_id]
        summary = self._catalog.summary(document_id)
        headings = [p.text for p in own if not p.is_searched]
        body = "".join(p.text + p.context for p in own if p.is_searched)
        return [summary.metadata.title if summary else "", *headings, body]

    def candidates(
        self, text: str, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, str]] | None:
        key = fold(text)
        held = (p for p, _ in self._passages.values())
        return sorted(
            (p.document_id, p.id)
            for p in held
            if (document_ids is None or p.document_id in document_ids)
            and key in fold(f"{p.text}\n{p.context}")
        )

    def _searched(
        self, document_ids: Sequence[str] | None
    ) -> list[tuple[str, Passage, Counter[str]]]:
        return [
            (i, p, counts)
            for i, (p, counts) in self._passages.items()
            if p.is_searched and (document_ids is None or p.document_id in document_ids)
        ]


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _bm25(
    words: Sequence[str], held: dict[str, Counter[str]], wanted: Sequence[str]
) -> dict[str, float]:
    mean = sum(counts.total() for counts in held.values()) / max(1, len(held))
    found: dict[str, float] = {}
    for name in wanted:
        for word in words:
            if count := held[name][word]:
                n = sum(word in counts for counts in held.values())
                weight = max(1e-6, math.log((len(held) - n + 0.5) / (n + 0.5)))
                length = 1.2 * (0.25 + 0.75 * held[name].total() / mean)
                found[name] = found.get(name, 0.0) + weight * 2.2 * count / (count + length)
    return found
