"""Which version of a rule answers for a day: the one that is in force then, as it was changed by
then. Only what documents say of each other counts (废止, 替代, 修改, 更正, 停止执行, 转发)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answers.content import Statement
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.understand.days import day_asked
from assistant.understand.question import Question
from vectorstore.facts import Relation, RelationType
from vectorstore.language.relations import ARTICLE, GOES_BEFORE
from vectorstore.language.text import fold
from vectorstore.models import OVER, DocumentSummary, StateName
from vectorstore.validity import REPEALS, Act

_HOLDS: tuple[StateName, ...] = ("现行有效", "部分失效", "已修订", "未标注")
CHANGES: tuple[RelationType, ...] = ("修订", "清理_修改", "更正", "部分废止")
_AS_GOOD = 0.8  # of the relevance of the best, that of another that rules the same
_MOST = 20  # documents of one line of versions
_REACH = 1200  # characters behind the words that name a document, in which its changes stand


def act_of(document: DocumentSummary) -> str:
    m = document.metadata
    return f"《{m.title}》" + (f"（{m.document_number}）" if m.document_number else "")


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of the documents of a view, as a question about `day` has to take them."""

    evidence: Evidence
    day: date
    is_asked: bool  # whether the question names the day

    @classmethod
    def of(cls, question: Question, evidence: Evidence) -> "Versions":
        asked = day_asked(question)
        return cls(evidence, asked or evidence.view.as_of, asked is not None)

    # --- which document ---------------------------------------------------------------------

    def chosen(self, readings: Sequence[Reading]) -> list[Reading]:
        """Readings with the first that holds on the day in front, where the best is of a
        version that does not; as they are where no other version answers."""
        if not readings:
            return []
        best = readings[0]
        if self._answers(best):
            return list(readings)
        line = {i for own in self._ruled(best) for i in self.line(own)}
        holding = [r for r in readings[1:] if self._answers(r)]
        near = [r for r in holding if line & set(self._ruled(r))]
        if not near and self._was_ended(best):
            near = [r for r in holding if _of_one_place(r, best)]
        return [*near[:1], *(r for r in readings if r not in near[:1])]

    def _was_ended(self, reading: Reading) -> bool:
        """Whether another document ended it, not its own period: figures of a plan that is over
        are asked for as such."""
        own = reading.hit.passage.document_id
        state = self.evidence.view.validity.in_force(own, self.day)
        return state.name in OVER and state.proofs[0].document_id != own

    def together(self, readings: Sequence[Reading]) -> list[Reading]:
        """The first, and one that must be told with it: a document says of itself that it goes
        before what differs from it (与本通知不一致的，以本通知为准), an older one rules the same."""
        first = readings[0]
        for other in readings[1:]:
            if other.relevance < _AS_GOOD * first.relevance:
                continue
            younger, older = sorted((first, other), key=_dated, reverse=True)
            if (
                _dated(older) < _dated(younger)
                and _of_one_place(younger, older)
                and self._answers(other)
                and GOES_BEFORE.search(self.evidence.quoter.source(younger.hit.document.id))
            ):
                return [younger, older]
        return [first]

    def _ruled(self, reading: Reading) -> list[str]:
        """Whose rules a passage gives: those of a document that it changes, or else its own."""
        passage = reading.hit.passage
        found = [
            target
            for relation, targets in _stretches(passage.document_id, self.evidence)
            if relation.type in CHANGES and relation.start < passage.end
            for target in targets
        ]
        return found or [passage.document_id]

    def _answers(self, reading: Reading) -> bool:
        own = reading.hit.passage.document_id
        return all(self.holds(i) for i in {own, *self._ruled(reading)})

    def holds(self, document_id: str) -> bool:
        return self.evidence.view.validity.in_force(document_id, self.day).name in _HOLDS

    def line(self, document_id: str) -> list[str]:
        """A document with those that it took the place of, and that took its place."""
        validity, found = self.evidence.view.validity, [document_id]
        for known in found:
            before = (
                i
                for t in validity.rests_on(known)
                if t.relation.type in REPEALS
                for i in t.document_ids
            )
            after = (
                a.document_id
                for a in validity.acts_on(known)
                if a.relation.type in ("废止", "替代")
            )
            people = (c.decision.newer for c in validity.confirmed_on(known))
            found += [i for i in (*before, *after, *people) if i not in found][: _MOST - len(found)]
        return found  # fmt: skip

    # --- what was changed in it -----------------------------------------------------------------

    def told(
        self, reading: Reading, statements: Sequence[Statement], *, named: bool = False
    ) -> list[Statement]:
        """What a passage says, under its document's name where versions may be mixed up or with
        `named`, with the changes in front that were made to its words by the day."""
        document = reading.hit.document
        changes = list(self._changes(reading, statements))
        if not (named or changes or len(self.line(document.id)) > 1):
            return list(statements)
        lead = act_of(document) + ("原文" if changes else "")
        own = self.evidence.quoter.field(document, "title")
        leading = [
            replace(s, text=f"{lead}：{s.text}", quotes=(*s.quotes, *((own,) if own else ())))
            for s in statements
        ]
        return [*changes, *leading]

    def _changes(self, reading: Reading, statements: Sequence[Statement]) -> Iterator[Statement]:
        articles = _articles_of(reading, statements)
        said = fold("".join(s.text for s in statements))
        for act in self._acts(reading.hit.document.id):
            acting = self.evidence.view.known(act.document_id)
            if acting is None or not articles & {fold(a) for a in act.relation.articles}:
                continue
            for quote in items_of(acting, act.relation, self.evidence, articles):
                if _touches(quote.text, said):
                    since = (
                        f"，自{act.since.year}年{act.since.month}月{act.since.day}日起"
                        if act.since
                        else ""
                    )
                    yield Statement(f"{act_of(acting)}{since}：{quote.text}", (quote,))  # fmt: skip

    def _acts(self, document_id: str) -> list[Act]:
        """Changes that hold on the day, also those of a document that this one only passes on."""
        validity = self.evidence.view.validity
        passed = (
            t.document_ids for t in validity.rests_on(document_id) if t.relation.type == "转发"
        )
        ids = [document_id, *(i for found in passed for i in found)]
        acts = (act for i in dict.fromkeys(ids) for act in validity.acts_on(i))
        return [a for a in acts if a.relation.type in CHANGES and a.holds(self.day)]


def _dated(reading: Reading) -> date:
    return reading.hit.document.metadata.dated or date.min


def _of_one_place(one: Reading, other: Reading) -> bool:
    return one.hit.document.metadata.region == other.hit.document.metadata.region


def _articles_of(reading: Reading, statements: Sequence[Statement]) -> set[str]:
    """The articles that are quoted: the last number before the words, or that of the heading."""
    passage = reading.hit.passage
    found = set()
    for quote in (q for s in statements for q in s.quotes if q.passage_id == passage.id):
        before = passage.text[: max(0, passage.text.find(quote.text))] + quote.text
        numbers = ARTICLE.findall(before) or ARTICLE.findall(" ".join(passage.heading_path))
        inside = ARTICLE.findall(quote.text)
        found |= {fold(n) for n in (inside or numbers[-1:])}
    return found


def _touches(item: str, said: str) -> bool:
    """A change of single words touches a sentence only where these stand in it."""
    words = [part.split("”")[0] for part in item.split("“")[1:]]
    is_partial = "中的“" in item or ("中“" in item and "应为“" in item)
    return not (is_partial and words) or fold(words[0]) in said


def _stretches(document_id: str, evidence: Evidence) -> list[tuple[Relation, tuple[str, ...]]]:
    ties = evidence.view.validity.rests_on(document_id)
    return [(t.relation, t.document_ids) for t in ties if t.relation.type in CHANGES]


def items_of(
    acting: DocumentSummary, relation: Relation, evidence: Evidence, articles: Iterable[str] = ()
) -> list[Quote]:
    """The lines of a document that change articles of another one, all of them or these: they
    stand behind the words that name it, before the next one that is named."""
    source = evidence.quoter.source(acting.id)
    starts = [r.start for r, _ in _stretches(acting.id, evidence) if r.start > relation.start]
    last = min((*starts, relation.start + _REACH, len(source)))
    wanted = {fold(a) for a in (articles or relation.articles)}
    found, at = [], relation.start
    for line in source[relation.start : last].splitlines(keepends=True):
        if wanted & {fold(a) for a in ARTICLE.findall(line.split("：“")[0])}:
            words = line.strip()
            start = at + line.index(words)
            found.append(evidence.quoter.stretch(acting, start, start + len(words)))
        at += len(line)
    return found
