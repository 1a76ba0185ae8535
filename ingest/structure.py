"""From lines to blocks that know where they stand: 编 章 节 条, 一、 (一) 1. (1), 任务: 措施:, 附件, 版记.

The nesting follows the conventions of official documents rather than the order in which
numbers happen to appear, so a numbering that restarts under a new group stays apart.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ingest.clean import Cleaned, Line
from ingest.mapped import MappedText
from ingest.parse.document import Table
from vectorstore.language.dates import DATE, PRINTED
from vectorstore.language.names import DOCUMENT_NUMBER, KIND_AT_END, ORGAN_LINE
from vectorstore.language.numbering import ANNEX, ENUMERATORS, FIRST, enumerator
from vectorstore.language.roles import LABELLED_TAIL
from vectorstore.language.sentences import SENTENCE_MARK, TERMINAL
from vectorstore.language.text import fold, says

Kind = Literal["front", "body", "row", "imprint"]

# Ranks of headings; a heading closes all open ones of its own and of higher rank.
_RANKS = {name: float(rank) for rank, name in enumerate(ENUMERATORS)}
_ARTICLE = _RANKS["article"]
_TOP = -1.0  # 附件, and the plan's own title below its notice
_UNNUMBERED = _RANKS["arabic"] + 0.5
_RUN_IN = _RANKS["dash"] + 1

MAX_HEADING = 50
_MAX_STYLED = 200  # characters; a whole page in the style of a heading is none
_RUN_IN_HEAD = re.compile(r"[^。；;！？!?：:\n]{2,40}[。：:]")


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A heading and all that stands below it. The root has no heading."""

    rank: float
    heading: str
    start: int
    number: str = ""
    parent: "Section | None" = None

    @property
    def path(self) -> tuple[str, ...]:
        above = self.parent.path if self.parent else ()
        return (*above, self.heading) if self.heading else above

    @property
    def level(self) -> int:
        return len(self.path)

    def inside_article(self) -> "Section | None":
        """The 条 that this section is or belongs to."""
        section: Section | None = self
        while section and section.rank != _ARTICLE:
            section = section.parent
        return section


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading line or table row, with the section it belongs to.

    `is_heading` marks a line that is nothing but a heading; `is_tail` a responsibility line
    (责任单位：…) that belongs to the block before it.
    """

    section: Section
    text: MappedText
    kind: Kind = "body"
    is_heading: bool = False
    is_tail: bool = False
    is_item: bool = False  # a list item without a heading of its own
    table: Table | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class _Opening:
    """What opens at the start of a line."""

    rank: float
    heading: str
    pure: bool  # the line is nothing but the heading
    number: str = ""
    item: bool = False


def outline(cleaned: Cleaned) -> list[Block]:
    """The blocks of a document in reading order; together they hold every line."""
    return _Outliner(cleaned).blocks()


@dataclass
class _Outliner:
    cleaned: Cleaned
    stack: list[Section] = field(default_factory=lambda: [Section(-2.0, "", 0)])

    def blocks(self) -> list[Block]:
        lines = self.cleaned.lines
        title = self.cleaned.title or (0, 0)
        body = _inner_title(lines, title)
        imprint = _imprint_start(lines)
        self.labels = _labels(lines)
        self.heads = _first_clause_heads(lines)
        self.style_ranks = _style_ranks(lines)
        result = []
        for index, line in enumerate(lines):
            kind: Kind = "front" if body and index < body[0] else "body"
            if index >= imprint:
                kind = "imprint"
            if body and body[0] <= index < body[1]:
                del self.stack[1:]
                result.append(Block(self.stack[0], line.text, "body", is_heading=True))
            elif title[0] <= index < title[1] or kind != "body":
                in_title = title[0] <= index < title[1]
                result.append(Block(self.stack[0], line.text, kind, is_heading=in_title))
            else:
                result.append(self._block(index))
        return result

    def _block(self, index: int) -> Block:
        line = self.cleaned.lines[index]
        if line.table:
            return Block(self.stack[-1], line.text, "row", table=line.table, row=line.row)
        if LABELLED_TAIL.match(line.text.text):
            return Block(self.stack[-1], line.text, is_tail=True)
        opening = self._opening(index)
        if opening is None:
            return Block(self.stack[-1], line.text)
        self._open(opening, line.text.start)
        return Block(self.stack[-1], line.text, is_heading=opening.pure, is_item=opening.item)

    def _open(self, opening: _Opening, start: int) -> None:
        while self.stack[-1].rank >= opening.rank:
            self.stack.pop()
        self.stack.append(
            Section(opening.rank, opening.heading, start, opening.number, self.stack[-1])
        )

    # --- what opens here ------------------------------------------------------------------

    def _opening(self, index: int) -> _Opening | None:
        lines = self.cleaned.lines
        line = lines[index]
        text = line.text.text
        following = lines[index + 1].text.text if index + 1 < len(lines) else ""
        if ANNEX.match(text) and len(text) <= 60 and text[-1] not in "。；;":
            return _Opening(_TOP, text, True)
        if not line.level and _asks_for(text, following):
            return _Opening(_UNNUMBERED, text.strip(_EMPHASIS), True)
        if numbered := _numbered(text):
            if numbered.item and _heads_paragraph(lines, index):
                return replace(numbered, heading=text[:-1], pure=True, item=False)
            return numbered
        if line.level and len(text) <= _MAX_STYLED:
            rank = self.style_ranks.get(line.level, _RANKS["one"] + (line.level - 1) * 0.9)
            return _Opening(rank, text, True)
        if group := self._group(text, following):
            return group
        if label := self._label(text):
            return label
        if index + 1 < len(lines) and lines[index + 1].table and _is_caption(text):
            return _Opening(
                _TOP if KIND_AT_END.search(text) or len(text) > 8 else _UNNUMBERED, text, True
            )
        if index in self.heads:
            head = _RUN_IN_HEAD.match(text)
            if head:
                return _Opening(_RUN_IN, head[0][:-1], False)
        if _stands_alone(lines, index):
            return _Opening(_UNNUMBERED, text, True)
        return None

    def _group(self, text: str, following: str) -> _Opening | None:
        """五大提升行动： above (一), or a bare line above a numbering that starts anew."""
        name = text.rstrip("：: ")
        if not 2 <= len(name) <= 24 or SENTENCE_MARK.search(text) or "，" in text:
            return None
        below = enumerator(following)
        if below is None or not (text[-1] in "：:" or FIRST.search(below[1])):
            return None
        if DATE.search(text) or ORGAN_LINE.fullmatch(text) or DOCUMENT_NUMBER.search(text):
            return None
        kind = "label" if text[-1] in "：:" else ""
        return _Opening(_RANKS[below[0]] - 0.5, name, True, kind)

    def _label(self, text: str) -> _Opening | None:
        """指导思想：… and 任务:…, a level between the numbered headings around it."""
        match = _LABEL.match(text)
        if not match or not (match["label"] in self.labels or _LABEL_WORD.search(match["label"])):
            return None
        rank = next((s.rank for s in reversed(self.stack) if s.number == "label"), None)
        if rank is None:
            rank = min(self.stack[-1].rank + 0.5, _RUN_IN)
        pure = not text[match.end() :].strip()
        return _Opening(rank, match["label"], pure, "label")


_LABEL = re.compile(r"(?P<label>[\u4e00-\u9fff“”0-9]{2,12})[:：]")
_LABEL_WORD = re.compile(
    r"(?:目标|任务|措施|思想|原则|要求|分工|内容|范围|对象|步骤|安排|标准|方式|条件|程序|依据|背景|意义|"
    r"重点|保障|期限|成效|路径|指标|政策)$"
)


def _numbered(text: str) -> _Opening | None:
    found = enumerator(text)
    if found is None:
        return None
    name, number = found
    rest = text[len(number) :].strip()
    if name in ("part", "chapter", "section"):
        return _Opening(_RANKS[name], text, len(text) <= MAX_HEADING, number)
    if name == "article":
        return _Opening(_ARTICLE, number, not rest, number)
    head = _RUN_IN_HEAD.match(text)
    pure = len(text) <= MAX_HEADING and not SENTENCE_MARK.search(text.rstrip("：:"))
    if pure and text[-1] not in "；;":
        return _Opening(_RANKS[name], text.rstrip("：: "), True, number)
    if head and len(head[0]) < len(text) and "，" not in head[0][:-1][26:]:
        return _Opening(_RANKS[name], head[0][:-1], False, number)
    return _Opening(_RANKS[name], number, False, number, item=True)


def _heads_paragraph(lines: Sequence[Line], index: int) -> bool:
    """7.加强医疗费用保障。 whose body begins on the next line; not the last of several items."""
    text = lines[index].text.text
    before, after = (
        lines[i].text.text if 0 <= i < len(lines) else "" for i in (index - 1, index + 1)
    )
    found, other = enumerator(text), enumerator(before)
    if not found or (other and other[0] == found[0]):
        return False
    head = _RUN_IN_HEAD.fullmatch(text)
    is_paragraph = len(after) > 30 and "。" in after and not enumerator(after)
    return bool(head) and text[-1] == "。" and is_paragraph


def _is_caption(text: str) -> bool:
    return 4 <= len(text) <= 60 and text[-1] not in TERMINAL and "，" not in text


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    """A short line between paragraphs, without a number: 工作目标, or a question as a heading."""
    text = lines[index].text.text
    if not 3 <= len(text) <= 24 or index + 1 >= len(lines):
        return False
    asks = text[-1] in "？?"
    if not asks and (text[-1] in TERMINAL or says(text, "，,。；、0123456789")):
        return False
    if ORGAN_LINE.fullmatch(text) or DATE.search(text):
        return False
    following = lines[index + 1]
    return following.table is None and "。" in following.text.text and len(following.text) > 30


def _asks_for(text: str, answer: str) -> bool:
    """Whether a line is a question of a 问答, whose answer begins on the next line."""
    asks = text.rstrip(_EMPHASIS).endswith(("？", "?")) and len(text) <= _MAX_STYLED
    return asks and bool(_ANSWER.match(answer.lstrip(_EMPHASIS)))


_EMPHASIS = "* "  # as Markdown marks it
_ANSWER = re.compile(r"答\s?[:：]|答复[:：]")


def _first_clause_heads(lines: Sequence[Line]) -> set[int]:
    """Paragraphs of a run in which each begins with a short clause of its own (小标题).

    One such paragraph proves nothing; two neighbours that both do are a pattern.
    """
    found = []
    for index, line in enumerate(lines):
        text = line.text.text
        head = re.match(r"[^，,。；;：:！？、（(]{4,26}。", text)
        if head and len(text) > len(head[0]) + 20 and not enumerator(text):
            found.append(index)
    if len(found) >= 4:
        return set(found)
    return {i for i in found if i - 1 in found or i + 1 in found}


def _labels(lines: Sequence[Line]) -> set[str]:
    """Labels that open more than one line of the document."""
    counts = Counter(match["label"] for line in lines if (match := _LABEL.match(line.text.text)))
    return {label for label, count in counts.items() if count > 1 and len(label) <= 8}


def _style_ranks(lines: Sequence[Line]) -> dict[int, float]:
    """Heading levels of a style → rank of the numbered headings that have this style."""
    votes: dict[int, Counter[float]] = {}
    for line in lines:
        if line.level and (found := enumerator(line.text.text)):
            votes.setdefault(line.level, Counter())[_RANKS[found[0]]] += 1
    return {level: counts.most_common(1)[0][0] for level, counts in votes.items()}


def _inner_title(lines: Sequence[Line], title: tuple[int, int]) -> tuple[int, int] | None:
    """The plan's own title below the notice that issues it, as an index range."""
    own = fold("".join(line.text.text for line in lines[slice(*title)]))
    for index in range(title[1], min(len(lines), title[1] + 30)):
        text = lines[index].text.text
        if not 6 <= len(text) <= 60 or not KIND_AT_END.search(text) or text[-1] in "。；":
            continue
        name = fold(re.sub(r"[（(].*", "", text))
        if len(name) >= 6 and name in own:
            end = index + 1
            below = lines[end].text.text if end < len(lines) else ""
            if len(below) <= 20 and re.search(r"(?:19|20)\d\d|试行|草案", below):
                end += 1
            return index, end
    return None


def _imprint_start(lines: Sequence[Line]) -> int:
    """版记: 抄送 or the printing office and date, in the last lines."""
    for index in range(max(0, len(lines) - 8), len(lines)):
        text = lines[index].text.text
        printed = PRINTED.search(text)
        if re.match(r"抄\s*[送报]|分送[:：]|主题词[:：]", text) or printed:
            if printed and index and ORGAN_LINE.fullmatch(lines[index - 1].text.text):
                return index - 1
            return index
    return len(lines)
