"""Marks, quotes, and the check of each sentence against its own citations. Pure functions.

Whoever wrote a sentence, what it states must stand in what it cites: figures with their units,
percentages, years and dates, document numbers, names of organs, quoted strings; and so must
most of its words, its links, and orders to the reader (support.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from assistant.cite.support import unsupported_words
from vectorstore.language.figures import Figure, figures, same_figure, same_unit
from vectorstore.language.names import (
    DOCUMENT_NUMBER,
    SURE_ORGAN,
    TITLE,
    likely_number,
    number_endings,
)
from vectorstore.language.roles import RESPONSIBILITY_TAIL
from vectorstore.language.sentences import CLOSERS, STOPS
from vectorstore.language.text import fold, search_copy, squeeze

Verdict = Literal["supported", "unsupported", "uncited"]

MARK = re.compile(r"\[(\d{1,3})\]")
_MARKS_RUN = re.compile(r"(?<!\s)\s*+((?:\[\d{1,3}\])+)")


@dataclass(frozen=True, slots=True)
class Cited:
    """What the check knows of one citation: the whole passage, and its document's card."""

    mark: int
    text: str
    card: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one sentence; `problems` are sentences for the user."""

    sentence: str
    marks: tuple[int, ...]
    verdict: Verdict
    problems: tuple[str, ...] = ()


def marks_in(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(m) for m in MARK.findall(text)))


def strip_marks(text: str) -> str:
    return MARK.sub("", text)


def drop_unknown_marks(text: str, known: Sequence[int]) -> str:
    """Removes marks that no citation bears."""
    return MARK.sub(lambda m: m[0] if int(m[1]) in known else "", text)


_TABLE_RULE = re.compile(r"\s*+\|?(?:\s*+:?-{3,}+:?\s*+\|)+\s*+")
_TABLE_HEADER = re.compile(r"^(\|.*)\n\|(?:\s*+-{3,}+\s*+\|)+", re.MULTILINE)
_QUOTATION = re.compile(r"“[^“”]{1,400}”|「[^「」]{1,400}」")
_END = re.compile(
    rf"[{STOPS}；;][{CLOSERS}]*(?:\s*{RESPONSIBILITY_TAIL})?(?:\s*(?:\[\d{{1,3}}\])+)?|\n+"
)


def split_sentences(answer: str) -> list[str]:
    """The sentences of an answer, marks included: a mark behind the full stop belongs to it.

    Of a table only the cells that state something count: not the header, not the name of a
    row, not 未载明.
    """
    found = []
    above_rule = _TABLE_HEADER.findall(answer)
    for line in answer.split("\n"):
        if line.strip().startswith("|"):
            if line not in above_rule and not _TABLE_RULE.fullmatch(line):
                name, *cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
                found += [c for c in ([name] if MARK.search(name) else []) + cells if c != "未载明"]
        else:
            found += split_line(line)
    return [text.strip() for text in found if _says_something(text)]


def split_line(line: str) -> list[str]:
    """The sentences of one line that is no row of a table, each with the marks behind it.

    A quotation of several sentences stays whole.
    """
    quoted = [match.span() for match in _QUOTATION.finditer(line)]
    ends = [
        match.end()
        for match in _END.finditer(line)
        if not any(start < match.start() < end - 1 for start, end in quoted)
    ]
    ends = [0, *ends, len(line)]
    parts = [line[a:b].strip() for a, b in pairwise(ends)]
    return [part for part in parts if _says_something(part)]


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, strip_marks(text)))


def check_sentence(sentence: str, cited: Sequence[Cited]) -> Check:
    """Compares one sentence with the passages that its own marks name."""
    marks = marks_in(sentence)
    plain = strip_marks(sentence).strip()
    own = [c for c in cited if c.mark in marks]
    if not own:
        return Check(plain, marks, "uncited", ("这句话没有出处",))
    text = "\n".join(c.text for c in own)
    card = "\n".join(c.card for c in own)
    problems = (
        *_wrong_figures(plain, f"{text}\n{card}", len(own)),
        *_wrong_numbers(plain, f"{text}\n{card}"),
        *_wrong_quotes(plain, f"{text}\n{card}"),
        *_wrong_organs(plain, f"{text}\n{card}"),
        *unsupported_words(TITLE.remove_from(plain), [c.text for c in own], card),
    )
    return Check(plain, marks, "unsupported" if problems else "supported", problems)


# 两项举措, 三个部门: how a summary counts what it has just named; no text need say it.
_ROUND_UP = re.compile(r"[两二三](?=[个项件种类条部方]|大类)")
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


def check_answer(answer: str, cited: Sequence[Cited]) -> list[Check]:
    """One check for each sentence of an answer."""
    return [check_sentence(sentence, cited) for sentence in split_sentences(answer)]
