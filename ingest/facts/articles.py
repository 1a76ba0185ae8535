"""What 本条第一款 and 本办法第三条 say: the paragraphs of a document by article."""

import re
from collections import defaultdict

from ingest.facts.material import Material, Piece
from vectorstore.language.numbering import enumerator
from vectorstore.language.numerals import number_of
from vectorstore.language.sanctions import ONLY_A_RULE, RULE

_LONGEST = 160  # characters


class Articles:
    """Paragraphs are lines that no number opens but that of the article."""

    def __init__(self, material: Material):
        self._paragraphs: dict[int, list[str]] = defaultdict(list)
        self._at: dict[tuple[str, int], int] = {}
        article = 0
        for line in material.lines:
            found = enumerator(line.text)
            if found and found[0] == "article":
                article = int(number_of(found[1].strip()[1:].split("条")[0]) or 0)
            self._at[line.passage.id, line.start] = article
            text = line.text[len(found[1]) if found else 0 :].strip()
            if article and text and (not found or found[0] == "article"):
                self._paragraphs[article].append(text)

    def meant(self, deed: str, line: Piece) -> str:
        """What the rule says that a deed breaks, where the deed names no more than its number."""
        if not ONLY_A_RULE.search(deed):
            return ""
        article = self._at.get((line.passage.id, line.start), 0)
        said = [text for match in RULE.finditer(deed) for text in self._rule(match, article)]
        words = "".join(dict.fromkeys(said))[:_LONGEST]
        return f"（{words}）" if words else ""

    def _rule(self, match: re.Match[str], article: int) -> list[str]:
        if match["article"]:
            article = int(number_of(match["article"]) or 0)
        found = self._paragraphs[article]
        paragraph = match["paragraph"] or match["p"] or match["q"]
        at = int(number_of(paragraph) or 0) if paragraph else 0
        return found[at - 1 : at] if at else found[:1]
