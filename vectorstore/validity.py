"""Which documents are in force on a day, and what says so.

Worked out from what documents state: their own start and life, the acts of other documents
(废止, 修改, 延长有效期, lists of clean-ups), what people confirmed of pairs (decisions.py) and,
where nothing else says more, the status that a page gave. Nothing is concluded from likeness or from a later date alone.

Precedence: 已废止 > 已届满 > 部分失效 > 已修订 > 现行有效; before its start 未生效; without a start, a
period or an act that says something, 未标注.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from vectorstore.decisions import Decision, Verdict
from vectorstore.facts import Fact, Relation, RelationType
from vectorstore.language.periods import last_day
from vectorstore.models import DocumentSummary, StateName
from vectorstore.naming import Key, Mention, Named, Names, names_in

_LATER_TEXT = timedelta(days=366)  # no document waits so long for its start
REPEALS: tuple[RelationType, ...] = ("废止", "替代", "清理_废止")
AMENDS: tuple[RelationType, ...] = ("修订", "清理_修改")
ACTS: tuple[RelationType, ...] = (
    *REPEALS, *AMENDS, "部分废止", "清理_失效", "延长有效期", "清理_继续有效",
)  # fmt: skip
# What a page's line 时效性 means, the strongest word first.
_STATUS: tuple[tuple[str, StateName], ...] = (
    ("废止", "已废止"), ("失效", "已届满"), ("届满", "已届满"), ("过期", "已届满"),
    ("未生效", "未生效"), ("尚未", "未生效"), ("修订", "已修订"), ("修改", "已修订"), ("有效", "现行有效"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """What says so: a span of a document. `quote` is the row's own; of a field of the metadata
    (a date, a period, a status) it is the value. What people confirmed stands in no document: `by`
    tells who, the span is empty, `document_id` is the newer of the two."""

    document_id: str
    start: int
    end: int
    quote: str
    by: Decision | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The strongest proof comes first; there is none for 未标注."""

    name: StateName
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """What another document does to one: `since` is the day from which it holds, None where
    neither the act nor its document tells one."""

    document_id: str
    relation: Relation
    since: date | None = None

    def holds(self, as_of: date) -> bool:
        return self.since is None or self.since <= as_of


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What somebody confirmed of two documents that are here; `since` as of an Act."""

    decision: Decision
    since: date | None = None

    def holds(self, as_of: date) -> bool:
        return self.since is None or self.since <= as_of


@dataclass(frozen=True, slots=True)
class Tie:
    """A document's own relation, and the ids of what it names; none: 提到但未收录."""

    relation: Relation
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _End:
    day: date
    proofs: tuple[Proof, ...]


class Validity:
    """All states of a set of documents. Relations that name a document outside the set act on
    nothing; facts and relations of documents outside it are passed over."""

    def __init__(
        self,
        documents: Sequence[DocumentSummary],
        facts: Iterable[Fact],
        relations: Iterable[Relation],
        decisions: Iterable[Decision] = (),
    ):
        self._documents = {document.id: document for document in documents}
        self._facts: dict[str, list[Fact]] = {i: [] for i in self._documents}
        self._own: dict[str, list[Relation]] = {i: [] for i in self._documents}
        for fact in facts:
            if fact.kind == "validity" and fact.document_id in self._facts:
                self._facts[fact.document_id].append(fact)
        for relation in relations:
            if relation.document_id in self._own:
                self._own[relation.document_id].append(relation)
        self._names = Names(named(d, self._facts[d.id], self._own[d.id]) for d in documents)
        self._ties: dict[str, tuple[Tie, ...]] = {i: self._tied(i) for i in self._documents}
        self._acts: dict[str, list[Act]] = {i: [] for i in self._documents}
        for ties in self._ties.values():
            for tie in ties:
                for target in tie.document_ids:
                    self._acts[target].append(self._act(tie.relation))
        self._confirmed: dict[str, list[Confirmed]] = {}
        for decision in decisions:
            self._confirm(decision)

    @cached_property
    def mentions(self) -> dict[Key, set[str]]:
        """By what documents are named in the relations of these: which of them say so."""
        found: dict[Key, set[str]] = {}
        for own, relations in self._own.items():
            for relation in relations:
                for key in names_in(relation.title, relation.number):
                    found.setdefault(key, set()).add(own)
        return found

    @cached_property
    def dependent(self) -> frozenset[str]:
        """Documents that live as long as another one."""
        return frozenset(i for i, facts in self._facts.items() if any(f.text for f in facts))

    # --- what documents do to each other ----------------------------------------------------

    def acts_on(self, document_id: str) -> tuple[Act, ...]:
        """What other documents do to this one, the oldest first."""
        acts = [a for a in self._acts.get(document_id, ()) if a.document_id != document_id]
        return tuple(sorted(acts, key=lambda act: (act.since or date.min, act.document_id)))

    def confirmed_on(self, document_id: str) -> tuple[Confirmed, ...]:
        """What people confirmed that others do to this one, the oldest first."""
        found = self._confirmed.get(document_id, ())
        return tuple(sorted(found, key=lambda c: (c.since or date.min, c.decision.newer)))

    def _confirm(self, decision: Decision) -> None:
        """It holds of all copies of the older one, and rests while one of the two is not here."""
        older, newer = decision.pair
        if decision.is_confirmed and older in self._documents and newer in self._documents:
            since = self._start(newer) or self._documents[newer].metadata.dated
            for copy in self._names.copies(older):
                if copy != newer:
                    self._confirmed.setdefault(copy, []).append(Confirmed(decision, since))

    def rests_on(self, document_id: str) -> tuple[Tie, ...]:
        """What this document rests on or does, in the order of its text."""
        return self._ties.get(document_id, ())

    def _tied(self, document_id: str) -> tuple[Tie, ...]:
        return tuple(Tie(r, self._resolved(r)) for r in self._own[document_id])

    def _resolved(self, relation: Relation) -> tuple[str, ...]:
        own = relation.document_id
        if relation.type == "印发":
            return (own,)
        is_act = relation.type in ACTS
        day = self._issued(own) or self._start(own)
        r = relation
        return self._names.find(Mention(r.title, r.number, r.issuer, own, day, is_act))

    def _act(self, relation: Relation) -> Act:
        own = relation.document_id
        since = relation.effective or self._start(own) or self._documents[own].metadata.dated
        return Act(own, relation, since)

    # --- states -------------------------------------------------------------------------------

    def in_force(self, document_id: str, as_of: date) -> State:
        """Raises KeyError for a document that is not among these."""
        if self._is_by_hand(document_id, "status") and (said := self._status(document_id)):
            return said
        found = self._stated(document_id, as_of)
        if found.name in ("现行有效", "未标注"):
            said = self._status(document_id)
            if said and (found.name == "未标注" or said.name != "现行有效"):
                return said
        return found

    def _stated(self, document_id: str, as_of: date) -> State:
        if waiting := self._not_yet(document_id, as_of):
            return State("未生效", waiting)
        acts = [act for act in reversed(self.acts_on(document_id)) if act.holds(as_of)]
        begins = self._beginning(document_id)
        by_people = [c.decision for c in self.confirmed_on(document_id) if c.holds(as_of)]
        if repeals := (*_proofs(acts, REPEALS), *_found(by_people, ("替代", "废止"))):
            return State("已废止", repeals)
        end = self._end(document_id, as_of)
        over = end.proofs if end and end.day < as_of else ()
        if lapsed := (*_proofs(acts, ("清理_失效",)), *over):
            return State("已届满", lapsed)
        if parts := _proofs(acts, ("部分废止",)):
            return State("部分失效", (*parts, *begins))
        if amended := (*_proofs(acts, AMENDS), *_found(by_people, ("修订",))):
            return State("已修订", (*amended, *_proofs(acts, ("清理_继续有效", "延长有效期"))))
        listed = _proofs(acts, ("清理_继续有效",))
        if listed or begins or end:
            lasts = end.proofs if end else ()
            coming = self._coming(document_id, as_of)
            return State("现行有效", _once((*listed, *lasts, *begins, *coming)))
        return State("未标注")

    def _coming(self, document_id: str, as_of: date) -> tuple[Proof, ...]:
        """Repeals that are issued and do not hold yet."""
        acts = [a for a in self.acts_on(document_id) if not a.holds(as_of)]
        known = [a for a in acts if (day := self._issued(a.document_id)) and day <= as_of]
        return _proofs(known, REPEALS)

    def ending(self, first: date, last: date) -> tuple[str, ...]:
        """Documents whose stated period ends from `first` to `last`, the first to end in front;
        without those repealed before."""
        found: list[tuple[date, str]] = []
        for document_id in self._documents:
            end = self._end(document_id, last)
            if end and first <= end.day <= last:
                repealed = self.in_force(document_id, end.day).name == "已废止"
                if not repealed:
                    found.append((end.day, document_id))
        return tuple(document_id for _, document_id in sorted(found))

    def ends_on(self, document_id: str, as_of: date) -> date | None:
        """The last day of the period that is stated for a document, as known on a day."""
        end = self._end(document_id, as_of)
        return end.day if end else None

    def end_proofs(self, document_id: str, as_of: date) -> tuple[Proof, ...]:
        """What states that day."""
        end = self._end(document_id, as_of)
        return end.proofs if end else ()

    # --- start ----------------------------------------------------------------------------------

    def _issued(self, document_id: str) -> date | None:
        m = self._documents[document_id].metadata
        return m.date_written or m.date_printed

    def _is_by_hand(self, document_id: str, name: str) -> bool:
        """Whether somebody corrected a field: it counts before what the text was read to say."""
        return name in self._documents[document_id].metadata.by_hand

    def _start(self, document_id: str) -> date | None:
        if self._is_by_hand(document_id, "date_effective"):
            return self._documents[document_id].metadata.date_effective
        days = [fact.since for fact in self._facts[document_id] if fact.since]
        return days[-1] if days else self._documents[document_id].metadata.date_effective

    def _beginning(self, document_id: str) -> tuple[Proof, ...]:
        """What says when it starts: a clause of its own, or the day that its acts name."""
        clauses = [fact for fact in self._facts[document_id] if fact.since]
        if clauses and not self._is_by_hand(document_id, "date_effective"):
            return (_proof(clauses[-1]),)
        if self._documents[document_id].metadata.date_effective:
            return (self._field(document_id, "date_effective"),)
        undated = [f for f in self._facts[document_id] if not (f.until or f.value or f.text)]
        if undated:  # 自公布之日起施行, on a page that does not tell the day
            return (_proof(undated[-1]),)
        acts = [r for r in self._own[document_id] if r.effective and r.type in ACTS]
        return tuple(_proof(r) for r in sorted(acts, key=lambda r: r.effective or date.max)[:1])

    def _not_yet(self, document_id: str, as_of: date) -> tuple[Proof, ...]:
        """What says that it has not started; () when it has, or nothing tells."""
        start = self._start(document_id)
        if start is None:
            days = [r.effective for r in self._own[document_id] if r.effective and r.type in ACTS]
            start = min(days, default=None)
        if start and as_of < start:
            return self._beginning(document_id)
        m = self._documents[document_id].metadata
        for name in ("date_written", "date_printed", *(() if start else ("date_published",))):
            day: date | None = getattr(m, name)
            if day:
                return (self._field(document_id, name),) if as_of < day else ()
        return ()

    # --- end ------------------------------------------------------------------------------------

    def _end(self, document_id: str, as_of: date, depth: int = 0) -> _End | None:
        """The last day as known on a day: what the document states, and what was prolonged."""
        end = self._own_end(document_id, as_of, depth)
        for act in self.acts_on(document_id):
            if not act.holds(as_of) or act.relation.type not in ("延长有效期", "清理_继续有效"):
                continue
            until = act.relation.until
            if until and (end is None or until > end.day):
                end = _End(until, (_proof(act.relation),))
            elif until is None and end and act.relation.type == "清理_继续有效":
                if act.since and act.since > end.day:
                    end = None  # found to hold after its period: the period counts no more
        return end

    def _own_end(self, document_id: str, as_of: date, depth: int) -> _End | None:
        if self._is_by_hand(document_id, "period") and (end := self._period_ends(document_id)):
            return end
        start = self._start(document_id)
        for fact in reversed(self._facts[document_id]):
            day = fact.until or (last_day(start, fact.value) if start and fact.value else None)
            if day:
                return _End(day, (_proof(fact),))
            if fact.text and depth < 3:  # lives as long as another one
                day = self._issued(document_id)
                others = self._names.find(Mention(fact.text, None, None, document_id, day, False))
                ends = [self._end(i, as_of, depth + 1) for i in others]
                if len(ends) == 1 and ends[0]:
                    return _End(ends[0].day, (_proof(fact), *ends[0].proofs))
        return self._purpose_ends(document_id) or self._period_ends(document_id)

    def _purpose_ends(self, document_id: str) -> _End | None:
        """A notice that only prolongs others has done its work when these end."""
        acts = [r for r in self._own[document_id] if r.type in (*ACTS, "更正", "印发", "转发")]
        days = [r.until for r in acts if r.type == "延长有效期" and r.until]
        if days and len(days) == len(acts):
            last = max(days)
            return _End(last, tuple(_proof(r) for r in acts if r.until == last))
        return None

    def _period_ends(self, document_id: str) -> _End | None:
        year = self._documents[document_id].metadata.period_end
        if year is None:
            return None
        return _End(date(year, 12, 31), (self._field(document_id, "period"),))

    # --- proofs ---------------------------------------------------------------------------------

    def _status(self, document_id: str) -> State | None:
        said = self._documents[document_id].metadata.status
        for word, name in _STATUS if said else ():
            if said and word in said:
                return State(name, (self._field(document_id, "status"),))
        return None

    def _field(self, document_id: str, name: str) -> Proof:
        m = self._documents[document_id].metadata
        hand = m.by_hand.get(name) if name not in m.fields else None  # no text says so
        span = None if hand else m.fields.get(name) or m.fields.get("title")
        value = getattr(m, name)
        if isinstance(value, date):
            value = f"{value.year}年{value.month}月{value.day}日"
        if hand:
            value = f"{value}（人工改正，{hand.who}）"
        elif name == "period" and name not in m.fields:
            value = m.title
        return Proof(document_id, span.start if span else 0, span.end if span else 0, str(value))


def named(document: DocumentSummary, facts: Sequence[Fact], own: Sequence[Relation]) -> Named:
    m = document.metadata
    stated = next((f.since for f in reversed(facts) if f.since), None)
    start = m.date_effective if "date_effective" in m.by_hand else stated or m.date_effective
    day = m.dated or start
    if start and day and start - day > _LATER_TEXT:
        day = start  # a law as amended since, under the day on which it was first passed
    handed = [r.title for r in own if r.type == "印发" and r.title]
    codes = [fact.subject for fact in facts if fact.subject]
    return Named(
        document.id,
        (m.title, *handed),
        tuple(filter(None, (m.document_number, *codes))),
        m.issuer,
        day,
    )


def _proof(row: Fact | Relation) -> Proof:
    return Proof(row.document_id, row.start, row.end, row.quote)


def _proofs(acts: Sequence[Act], types: Sequence[RelationType]) -> tuple[Proof, ...]:
    return tuple(_proof(act.relation) for act in acts if act.relation.type in types)


def _found(decisions: Sequence[Decision], verdicts: Sequence[Verdict]) -> tuple[Proof, ...]:
    return tuple(Proof(d.newer, 0, 0, d.said, d) for d in decisions if d.verdict in verdicts)


def _once(proofs: tuple[Proof, ...]) -> tuple[Proof, ...]:
    return tuple(dict.fromkeys(proofs))
