"""What 本条第一款 and 本办法第三条第二项 say: the paragraphs of a document by article, with their
items."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.facts.material import Material, Piece
from vectorstore.language.numbering import enumerator
from vectorstore.language.numerals import NUMERALS, number_of
from vectorstore.language.sanctions import ONLY_A_RULE, RULE

_LONGEST = 160  # characters
_WITH_ITEMS = 400
_MOST = 200  # items of one article
_SPAN = re.compile(rf"(?P<upto>至)?第?[（(]?(?P<n>[{NUMERALS}\d]{{1,5}})")


@dataclass
class _Paragraph:
    text: str
    items: dict[int, str] = field(default_factory=dict)


class Articles:
    """Paragraphs are lines that no number opens but that of the article."""

    def __init__(self, material: Material):
        self._paragraphs: dict[int, list[_Paragraph]] = defaultdict(list)
        self._at: dict[tuple[str, int], int] = {}
        article = 0
        for line in material.lines:
            found = enumerator(line.text)
            if found and found[0] == "article":
                article = int(number_of(found[1].strip()[1:].split("条")[0]) or 0)
            self._at[line.passage.id, line.start] = article
            text = line.text[len(found[1]) if found else 0 :].strip()
            paragraphs = self._paragraphs[article]
            if article and text and (not found or found[0] == "article"):
                paragraphs.append(_Paragraph(text))
            elif paragraphs and text and found and found[0] == "bracketed":
                number = number_of(found[1].strip("（()） "))
                paragraphs[-1].items[int(number or 0)] = text.rstrip("。；; ")

    def meant(self, deed: str, line: Piece) -> str:
        """What the rule says that a deed breaks, where the deed names no more than its number,
        or its items by theirs."""
        rules = list(RULE.finditer(deed))
        has_items = any(match["items"] or match["i"] for match in rules)
        if not (has_items or ONLY_A_RULE.search(deed)):
            return ""
        article = self._article_of(deed, line)
        said = [text for match in rules for text in self._rule(match, article)]
        words = "；".join(dict.fromkeys(said))[: _WITH_ITEMS if has_items else _LONGEST]
        return f"（{words}）" if words else ""

    def _article_of(self, deed: str, line: Piece) -> int:
        """The article that a deed means by 本条, or by 第七项 after 第十一条第一项."""
        before = line.text[: max(0, line.text.find(deed))]
        named = [match["article"] for match in RULE.finditer(before) if match["article"]]
        if named and "本条" not in deed:
            return int(number_of(named[-1]) or 0)
        return self._at.get((line.passage.id, line.start), 0)

    def _rule(self, match: re.Match[str], article: int) -> list[str]:
        if match["article"]:
            article = int(number_of(match["article"]) or 0)
        found = self._paragraphs[article]
        paragraph = match["paragraph"] or match["p"] or match["q"]
        at = int(number_of(paragraph) or 0) if paragraph else 0
        if items := match["items"] or match["i"]:
            wanted = set(_numbers(items))
            parts = found[at - 1 : at] if at else found
            return [text for part in parts for n, text in part.items.items() if n in wanted]
        return [part.text for part in (found[at - 1 : at] if at else found[:1])]


def _numbers(items: str) -> Iterator[int]:
    """第一项、第三项至第五项 → 1, 3, 4, 5."""
    last = 0
    for match in _SPAN.finditer(items):
        number = int(number_of(match["n"]) or 0)
        yield from range(last + 1, min(number, _MOST)) if match["upto"] else ()
        yield number
        last = number
