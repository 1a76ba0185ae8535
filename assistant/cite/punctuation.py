"""Punctuation of what the program itself says around its quotes; of a quote nothing is changed.

Each sign is put in the place of one: stretches of a sentence keep their offsets."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.cite.citation import Citation
from assistant.cite.structure import Body, Sentence, Spot, changed
from vectorstore.language.names import CHINESE

_SINGLE = {"《": "〈", "》": "〉"}
_BESIDE = "《》“”（）〈〉"  # signs of Chinese text


def put_right(body: Body, sources: Sequence[Citation]) -> Body:
    """`body` with full-width commas in Chinese and no 《 within 《, but for what it quotes."""
    quotes = tuple("".join(source.quote.split()) for source in sources)

    def change(sentence: Sentence, _: Spot) -> Sentence:
        return _sentence(sentence, quotes)

    return changed(body, change)


def _sentence(sentence: Sentence, quotes: Sequence[str]) -> Sentence:
    right = framed(sentence.plain, quotes)
    if right == sentence.plain:
        return sentence
    pieces: list[str | int] = []
    at = 0
    for piece in sentence.pieces:
        if isinstance(piece, str):
            pieces.append(right[at : at + len(piece)])
            at += len(piece)
        else:
            pieces.append(piece)
    check = sentence.check
    if check:
        check = replace(check, sentence=framed(check.sentence, quotes))
    return replace(sentence, pieces=tuple(pieces), check=check)


def framed(words: str, quotes: Sequence[str] = ()) -> str:
    """Words of the program's own; what stands in one of `quotes` or in “” stays.

    >>> framed("青禾市,松湖县"), framed("写明“一,二”,共两处"), framed("A,B"), framed("《《规定》》")
    ('青禾市，松湖县', '写明“一,二”，共两处', 'A,B', '《〈规定〉》')
    """
    signs = list(words)
    depth = 0  # of quotation marks
    for i, sign in enumerate(words):
        depth += (sign == "“") - (sign == "”" and depth > 0)
        if sign == "," and not depth and _is_chinese(words, i) and not _is_quoted(words, i, quotes):
            signs[i] = "，"
    for start, end in _nested(words):
        if "".join(words[start : end + 1].split()) not in "\n".join(quotes):
            for i in range(start + 1, end):
                signs[i] = _SINGLE.get(signs[i], signs[i])
    return "".join(signs)


def _is_chinese(words: str, at: int) -> bool:
    beside = words[:at].rstrip()[-1:], words[at + 1 :].lstrip()[:1]
    return all(sign in _BESIDE or CHINESE.match(sign) for sign in beside if sign) and any(beside)


def _is_quoted(words: str, at: int, quotes: Sequence[str]) -> bool:
    """With what stands beside it: where a quote ends, the comma behind it is not its own."""
    window = "".join(words[max(0, at - 1) : at + 2].split())
    return any(window in quote for quote in quotes)


def _nested(words: str) -> list[tuple[int, int]]:
    """Stretches from 《 to the 》 that closes it that hold another."""
    found, start, depth, deepest = [], 0, 0, 0
    for i, sign in enumerate(words):
        if sign == "《":
            start = i if not depth else start
            depth += 1
            deepest = max(deepest, depth)
        elif sign == "》" and depth:
            depth -= 1
            if not depth:
                found += [(start, i)] if deepest > 1 else []
                deepest = 0
    return found
