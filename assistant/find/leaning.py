"""Where a follow-up is looked up, and in which words: what its rules could not know, the corpus
says."""

from dataclasses import replace

from assistant.find.evidence import Evidence, restricted
from assistant.understand.asked import without_roles
from assistant.understand.kinds import Kind
from assistant.understand.question import Question, Version
from vectorstore.validity import REPEALS

_BETTER = 0.3  # of relevance, by which the turn's own words are answered better


def focused(question: Question, evidence: Evidence) -> Question:
    """A question that leans on an earlier one looks where that was answered, if anything did, or
    in the version of it that it names. One more reading, however long the conversation."""
    if (before := question.leans_on) is None:
        return question
    found = evidence.supported(before, evidence.read(before))
    if not found:
        return question
    own = found[0].hit.document.id
    other = _version(question.version, own, evidence) if question.version else ()
    where = restricted(question.where, other or (own,))
    if not where.document_ids or where == question.where:
        return question
    titles = (evidence.summary(i).metadata.title for i in sorted(where.document_ids))
    return replace(question, where=where, within=tuple(titles))


def _version(asked: Version, own: str, evidence: Evidence) -> tuple[str, ...]:
    """The documents that one took the place of, or that took its place: what is stated, never
    what is like it."""
    validity = evidence.view.validity
    if asked == "older":
        ties = validity.rests_on(own)
        return tuple(i for t in ties if t.relation.type in REPEALS for i in t.document_ids)
    return tuple(a.document_id for a in validity.acts_on(own) if a.relation.type in REPEALS)


def in_its_own_words(question: Question, alone: Question, evidence: Evidence) -> Question:
    """`question`, a follow-up with what it was taken to leave unsaid; or `alone`, the turn with
    its places only, where the same documents answer that much better: 谁来审计 after 质保多久 asks
    of the same rules, not of the guarantee. Words that only ask for a role (由谁牵头) name no
    matter of their own: any task would answer them."""
    if alone.kind is Kind.CHAT or alone.standalone == question.standalone:
        return question
    if not without_roles(alone.matter):
        return question
    alone = replace(
        alone, asked=question.asked, where=question.where, slips=question.slips,
        leans_on=question.leans_on, within=question.within,
    )  # fmt: skip
    gain = _relevance(alone, evidence) - _relevance(question, evidence)
    return alone if gain >= _BETTER else question


def _relevance(question: Question, evidence: Evidence) -> float:
    """Of the passage that answers best, 0 where none does."""
    found = evidence.supported(question, evidence.read(question))
    return max((reading.relevance for reading in found), default=0.0)
