"""An old answer as far as it may be shown now: to its owner, to a colleague, in a file.

What rests on a source that the viewer does not see is covered. As soon as anything is, or anything
that the asker saw is out of sight, and for everybody but the owner, only sentences that rest on
sources in view are left: what cites nothing may tell of hidden documents too (their number, their
titles, a note on them, that they state nothing). A draft is covered by paragraphs instead
(drafting/covering.py): its own words are somebody's, not the program's, and a quotation in it ends
with the only mark.
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
from vectorstore.sight import Sight

COVER = "（这一句的出处您现在看不到）"
GONE = "（回答的出处您现在看不到）"
COVERS = (COVER, GONE)
_NOTHING = "没有找到可以回答的内容。"
LESS = "您现在看得到的文件比提问时少：没有出处的句子和说明不再显示。"
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
    if hidden or not (is_owner or kept.sources) or sees_less(kept.sight, view):
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
    hidden += sum(view.quotable.known(near.document_id) is None for near in answer.near)
    current = replace(
        answer,
        citations=tuple(found.citation for found in seen.values()),
        spans=tuple(span for span in answer.spans if span.mark in seen),
        said=_with_near_in_view(answer.said, view),
    )
    is_less = bool(hidden) or sees_less(answer.sight, view)
    if is_owner and not is_less:
        return Shown(current, told)
    left = _stripped(current, seen, is_strict=is_less)
    if is_owner and not hidden:  # else its count is told
        left = replace(left, notes=(LESS,))
    return Shown(left, told, hidden)


def sees_less(sight: Sight | None, view: View) -> bool:
    """Whether something that the asker saw is out of sight now, or may be."""
    return not view.sees_all and (sight is None or not sight.is_within(view.sight))


def _with_near_in_view(said: Body | Refusal | Reply, view: View) -> Body | Refusal | Reply:
    if not isinstance(said, Refusal):
        return said
    return replace(said, near=tuple(c for c in said.near if view.quotable.known(c.document_id)))


def _stripped(answer: Answer, seen: Mapping[int, Now], *, is_strict: bool) -> Answer:
    """Only what rests on `seen`; the question stays, as its owner's own words."""
    said = answer.said
    if isinstance(said, Refusal):
        said = Refusal(_NOTHING, said.near)
    elif not isinstance(said, Reply):
        said = _Cover(frozenset(seen), is_strict, answer.mode == "model").body(said)
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
    """`is_strict`: what a model wrote must also be in what it cites, since it had read hidden
    documents too; the names of its rows and columns are its own words."""

    seen: frozenset[int]
    is_strict: bool
    is_by_model: bool

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
            yield Table(self._header(block.header), tuple(map(self._row, rows)))

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

    def _header(self, header: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        return tuple(self._cell(cell, is_name=True) for cell in header)

    def _cell(self, cell: Sentence, is_name: bool) -> Sentence:
        is_name = is_name and not (self.is_strict and self.is_by_model)
        says_nothing = not cell.all_marks and (is_name or cell.plain in ("", NOT_STATED))
        return cell if says_nothing or self._rests_on_seen(cell) else Sentence((COVER,))

    def _rests_on_seen(self, sentence: Sentence) -> bool:
        check = sentence.check
        if self.is_strict and self.is_by_model and check and check.verdict != "supported":
            return False
        return bool(sentence.all_marks) and sentence.all_marks <= self.seen
