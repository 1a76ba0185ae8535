"""What the index asks of a keyword index."""

from collections.abc import Sequence
from typing import Protocol


class KeywordIndex(Protocol):
    """Words of passages and of whole documents, ranked by BM25; derived from the catalogue.

    Tokens are those of `tokens.py`. Searched are the passages that have a vector, with their
    heading path and their document's title. Every method sees what the catalogue's transaction
    of the same thread has written so far.
    """

    # --- kept up with the catalogue -----------------------------------------------------------

    def add(self, document_id: str) -> None:
        """Takes in a document, inside the transaction that wrote it, after its rows."""

    def remove(self, document_id: str) -> None:
        """Takes a document out, while its rows are still there; an unknown one is none."""

    def clear(self) -> None:
        """Takes everything out. Whoever calls it adds every document again."""

    # --- search -------------------------------------------------------------------------------

    def search(
        self, words: Sequence[str], limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, score) of at most `limit` passages that hold any of the tokens, best
        first and always in the same order; higher is better, and above 0 for a rare token.

        `document_ids` restricts the search and nothing else: scores are the same without.
        """
        ...

    def scores(self, words: Sequence[str], passage_ids: Sequence[str]) -> dict[str, float]:
        """The score that `search` gives these passages; those without a token are left out."""
        ...

    def document_scores(
        self, words: Sequence[str], document_ids: Sequence[str]
    ) -> dict[str, float]:
        """BM25 of whole documents; those without a token are left out."""
        ...

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """In how many searched passages each token occurs; absent tokens are left out."""
        ...

    def facts(
        self,
        words: Sequence[str],
        limit: int,
        kinds: Sequence[str] = (),
        document_ids: Sequence[str] | None = None,
    ) -> list[tuple[int, float]]:
        """(number of a fact, score) of at most `limit` facts that hold any of the tokens, best
        first and always in the same order; `kinds` and `document_ids` restrict."""
        ...

    # --- looking up ---------------------------------------------------------------------------

    def documents_with(
        self, text: str, document_ids: Sequence[str] | None = None
    ) -> list[str] | None:
        """Ids of the documents that hold `text` in their title, a heading or their text, but for
        its punctuation: all that do, and few that do not. In order.

        None: there is no letter, figure or character in it.
        """
        ...

    def candidates(
        self, text: str, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, str]] | None:
        """(document id, passage id) of every passage, bare headings too, whose own text or
        context can hold `text` once both are folded: all that do, and few that do not. In the
        order of document ids and, within a document, of its text.

        None: the index cannot tell, as `text` has no two neighbouring Han characters.
        """
        ...
