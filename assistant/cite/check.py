"""The check of each sentence against its own citations. Pure functions.

Whoever wrote a sentence, what it states must stand in what it cites: figures with their units,
percentages, years and dates, document numbers, names of organs, quoted strings; and so must
most of its words, its links, and orders to the reader (support.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.cite.splitting import says_something
from assistant.cite.structure import NOT_STATED, Body, Check, Sentence, Spot, changed
from assistant.cite.support import unsupported_words
from vectorstore.language.figures import Figure, figures, same_figure, same_unit
from vectorstore.language.names import (
    DOCUMENT_NUMBER,
    SURE_ORGAN,
    TITLE,
    likely_number,
    number_endings,
)
from vectorstore.language.text import fold, search_copy, squeeze


@dataclass(frozen=True, slots=True)
class Cited:
    """What the check knows of one citation: the whole passage, and its document's card."""

    mark: int
    text: str
    card: str = ""


def checked(body: Body, cited: Sequence[Cited]) -> Body:
    """`body`, each sentence that states something with its check."""

    def check(sentence: Sentence, spot: Spot) -> Sentence:
        if not _is_stated(sentence, spot):
            return replace(sentence, check=None)
        return replace(sentence, check=check_sentence(sentence.plain, sentence.marks, cited))

    return changed(body, check)


def _is_stated(sentence: Sentence, spot: Spot) -> bool:
    """Of a table only what states something: not the name of a column or of a row, unless it
    cites, and not 未载明."""
    if spot.row is not None and (
        sentence.plain == NOT_STATED or (spot.is_name and not sentence.marks)
    ):
        return False
    return says_something(sentence)


def check_sentence(words: str, marks: Sequence[int], cited: Sequence[Cited]) -> Check:
    """Compares one sentence, without its marks, with the passages that its own marks name."""
    plain, own_marks = words.strip(), tuple(marks)
    own = [c for c in cited if c.mark in own_marks]
    if not own:
        return Check(plain, own_marks, "uncited", ("这句话没有出处",))
    text = "\n".join(c.text for c in own)
    card = "\n".join(c.card for c in own)
    problems = (
        *_wrong_figures(plain, f"{text}\n{card}", len(own)),
        *_wrong_numbers(plain, f"{text}\n{card}"),
        *_wrong_quotes(plain, f"{text}\n{card}"),
        *_wrong_organs(plain, f"{text}\n{card}"),
        *unsupported_words(TITLE.remove_from(plain), [c.text for c in own], card),
    )
    return Check(plain, own_marks, "unsupported" if problems else "supported", problems)


# 两项举措, 三个部门: how a summary counts what it has just named; no text need say it.
_ROUND_UP = re.compile(r"(?<![〇零一二三四五六七八九十百千第])[两二三](?=[个项件种类条部方]|大类)")
_DIFFERENCE = re.compile(
    r"相差|差距|高出?|低于?|多出?|少于?|合计|共计|总计|是.{0,12}倍|提高|增加|减少"
)


def _wrong_figures(sentence: str, source: str, documents: int) -> list[str]:
    stated = figures(_ROUND_UP.sub("", DOCUMENT_NUMBER.remove_from(search_copy(sentence))))
    held = figures(search_copy(source))
    computed = _computed(held) if _DIFFERENCE.search(sentence) else []
    computed.append(Figure(documents, "份", "", 0))  # 共有 4 份文件…[1][2][3][4]
    problems = []
    for figure in stated:
        if not any(same_figure(figure, other) for other in [*held, *computed]):
            if not _written(figure, sentence, source):
                problems.append(f"所引原文里没有“{figure.text}”")
    return problems


def _written(figure: Figure, sentence: str, source: str) -> bool:
    """The figure with its neighbours stands literally in the source (2022-04-24, 4.0版)."""
    around = squeeze(search_copy(sentence))
    at = around.find(figure.text)
    return (
        bool(figure.text)
        and at >= 0
        and fold(around[max(0, at - 3) : at + len(figure.text) + 3]) in fold(source)
    )


def _computed(held: Sequence[Figure]) -> list[Figure]:
    """Differences, sums and ratios of two figures of one unit."""
    few = held[:40]
    found = []
    for i, a in enumerate(few):
        for b in few[i + 1 :]:
            if same_unit(a, b):
                values = [abs(a.value - b.value), a.value + b.value]
                if min(abs(a.value), abs(b.value)) > 0:
                    values.append(max(a.value, b.value) / min(a.value, b.value))
                found += [Figure(round(v, 6), "", "", 0) for v in values]
    return found


def _wrong_numbers(sentence: str, source: str) -> list[str]:
    held = fold(search_copy(source))
    return [
        f"所引原文里没有文号“{likely_number(match)}”"
        for match in DOCUMENT_NUMBER.finditer(search_copy(sentence))
        if not any(fold(n) in held for n in number_endings(match) if n.index("〔") >= 2)
    ]


_QUOTED = re.compile(rf"[“「](?P<quoted>[^”」]{{2,200}}+)[”」]|{TITLE}")


def _wrong_quotes(sentence: str, source: str) -> list[str]:
    held = fold(search_copy(source))
    problems = []
    for match in _QUOTED.finditer(sentence):
        quoted = match["quoted"] or match[0][1:-1]
        if fold(search_copy(quoted)) not in held:
            problems.append(f"所引原文里没有“{quoted[:30]}”这样的文字")
    return problems


def _wrong_organs(sentence: str, source: str) -> list[str]:
    held = fold(source)
    problems = []
    for match in SURE_ORGAN.finditer(sentence):
        name = fold(match[0])
        # The words before an organ's name are caught with it: any ending of three or more
        # characters that stands in the source will do.
        if not any(name[i:] in held for i in range(0, max(1, len(name) - 2))):
            problems.append(f"所引原文里没有“{match[0]}”")
    return problems
