"""An old answer as far as it may be shown now: to its owner, to a colleague, in a file.

What rests on a source that the viewer does not see is covered. As soon as anything is, and for
everybody but the owner, only sentences that rest on sources in view are left: what cites nothing
may tell of hidden documents too (their number, their titles, a note on them). A draft is covered
by paragraphs instead (drafting/covering.py): its own words are somebody's, not the program's, and
a quotation in it ends with the only mark.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal, Reply
from assistant.cite.splitting import line_of
from assistant.cite.structure import NOT_STATED, Block, Body, Line, Sentence, Table
from assistant.history.models import Kept
from assistant.history.sources import Now, citation_now
from vectorstore.library import View

COVER = "（这一句的出处您现在看不到）"
GONE = "（回答的出处您现在看不到）"
COVERS = (COVER, GONE)
_NOTHING = "没有找到可以回答的内容。"
OLD_FORM = "这条回答由旧版程序保存，只能显示文字。"


@dataclass(frozen=True, slots=True)
class Shown:
    """`told` says by mark what has become of a source; `hidden` counts those not in view."""

    answer: Answer
    told: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    hidden: int = 0


def shown(question: str, kept: Kept, view: View, *, is_owner: bool) -> Shown:
    """A stored answer for whoever `view` belongs to."""
    if kept.answer is None:
        return _plain(question, kept, view, is_owner)
    return covered(kept.answer, view, is_owner=is_owner)


def _plain(question: str, kept: Kept, view: View, is_owner: bool) -> Shown:
    """What this program cannot read as an answer any more: all its text or nothing."""
    hidden = sum(view.quotable.known(source.id) is None for source in kept.sources)
    if hidden or not (is_owner or kept.sources):
        return Shown(_bare(question, GONE), hidden=hidden)
    return Shown(_bare(question, kept.text, OLD_FORM))


def _bare(question: str, text: str, *notes: str) -> Answer:
    lines = tuple(line_of(line) for line in text.splitlines())
    return Answer(question, question, lines, "extractive", "", notes=notes)


def covered(answer: Answer, view: View, *, is_owner: bool) -> Shown:
    """The answer with the states that its sources have now."""
    now = {c.mark: citation_now(c, view) for c in answer.citations}
    seen = {mark: found for mark, found in now.items() if found}
    told = {mark: found.told for mark, found in seen.items() if found.told}
    hidden = len(now) - len(seen)
    current = replace(
        answer,
        citations=tuple(found.citation for found in seen.values()),
        spans=tuple(span for span in answer.spans if span.mark in seen),
        said=_with_near_in_view(answer.said, view),
    )
    if is_owner and not hidden:
        return Shown(current, told)
    return Shown(_stripped(current, seen), told, hidden)


def _with_near_in_view(said: Body | Refusal | Reply, view: View) -> Body | Refusal | Reply:
    if not isinstance(said, Refusal):
        return said
    return replace(said, near=tuple(c for c in said.near if view.quotable.known(c.document_id)))


def _stripped(answer: Answer, seen: Mapping[int, Now]) -> Answer:
    """Only what rests on `seen`; the question stays, as its owner's own words."""
    said = answer.said
    if isinstance(said, Refusal):
        said = Refusal(_NOTHING, said.near)
    elif not isinstance(said, Reply):
        said = _Cover(frozenset(seen)).body(said)
    return replace(
        answer,
        standalone_question=answer.question,
        said=said,
        notes=(),
        scope=(),
        slips=(),
        added=(),
    )


@dataclass(frozen=True, slots=True)
class _Cover:
    seen: frozenset[int]

    def body(self, body: Body) -> Body:
        """Covered lines beside each other are one, too, whatever empty ones lie between."""
        kept: list[Block] = []
        was_covered = False
        for block in (block for part in body for block in self._block(part)):
            is_covered = isinstance(block, Line) and block.text == COVER
            is_empty = isinstance(block, Line) and not block.text.strip()
            if not (was_covered and (is_covered or is_empty)):
                kept.append(block)
            was_covered = is_covered or (was_covered and is_empty)
        return tuple(kept)

    def _block(self, block: Block) -> Iterator[Block]:
        if isinstance(block, Line):
            yield Line(tuple(self._sentences(block.sentences)))
            return
        rows = [row for row in block.rows if any(map(self._rests_on_seen, row))]
        if len(rows) < len(block.rows):
            yield Line((Sentence((COVER,)),))
        if rows:
            yield Table(block.header, tuple(map(self._row, rows)))

    def _sentences(self, sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
        """Covered ones beside each other are one."""
        was_covered = False
        for sentence in sentences:
            is_open = self._rests_on_seen(sentence) or not sentence.plain.strip()
            if is_open:
                yield sentence
            elif not was_covered:
                yield Sentence((COVER,))
            was_covered = not is_open

    def _row(self, row: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        """The name of a row and 未载明 stay beside what is in view."""
        return tuple(self._cell(cell, is_name=i == 0) for i, cell in enumerate(row))

    def _cell(self, cell: Sentence, is_name: bool) -> Sentence:
        says_nothing = not cell.all_marks and (is_name or cell.plain in ("", NOT_STATED))
        return cell if says_nothing or self._rests_on_seen(cell) else Sentence((COVER,))

    def _rests_on_seen(self, sentence: Sentence) -> bool:
        return bool(sentence.all_marks) and sentence.all_marks <= self.seen
