"""Looks up what documents state, as rows: the facts that a question is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from assistant.find.evidence import Evidence
from assistant.find.reading import covered
from vectorstore.facts import Fact, FactFilter, FactKind
from vectorstore.keywords.tokens import query_tokens, tokens
from vectorstore.language.figures import plain_number
from vectorstore.language.text import fold
from vectorstore.models import DocumentSummary

FITS = 0.55  # of what is asked, in the name of a fact that is about it
_MOST = 4000  # facts that are weighed: some for each document of a large library
_SHORT = 4  # characters of what is asked, below which its letters prove nothing
_BY_LETTER = 0.9
_FRAME = 0.3  # what a word counts that only the headings above a fact hold
_TITLE = 0.6  # what one counts that stands in the title: all of a document's figures are of that


@dataclass(frozen=True, slots=True)
class Match:
    """A fact, and how well its name fits what is asked, in [0, 1]."""

    fact: Fact
    fit: float


def facts_about(
    asked: str,
    evidence: Evidence,
    kinds: Sequence[FactKind],
    documents: Sequence[DocumentSummary],
    least: float = FITS,
) -> list[Match]:
    """Facts of these documents whose subject and group fit `asked`, the best first. No passage
    is read."""
    words = query_tokens(asked)
    known = evidence.view.token_weights(words, only_known=True)
    if not known:
        return []
    # What no document holds counts too: 火星基地建设 is no 基地建设. Less, for two characters that
    # only stand side by side in the question are no word.
    unknown = sum(known.values()) / len(known) / 2
    weights = {word: known.get(word, unknown) for word in words}
    evidence.progress.stage("检索")
    where = FactFilter(tuple(kinds), document_ids=frozenset(d.id for d in documents))
    found = evidence.view.facts_about(list(known), where, _MOST)
    key = fold(asked)
    titles = {d.id: frozenset(tokens(d.metadata.title)) for d in documents}
    matches = (
        Match(f, max(fit(f, weights, titles[f.document_id]), _spelled(key, f))) for f in found
    )
    return sorted(
        (m for m in matches if m.fit >= least),
        key=lambda m: (-m.fit, m.fact.document_id, m.fact.start),
    )


def fit(fact: Fact, weights: Mapping[str, float], title: frozenset[str] = frozenset()) -> float:
    """How much of what is asked a fact's name holds, headings and the title at less weight, and
    less where the name says more than was asked: 农民培训人数 for 培训人数."""
    name = set(tokens(f"{fact.group} {fact.subject}"))
    frame = set(tokens(" ".join((*fact.heading_path, fact.text if fact.kind == "duty" else ""))))
    held = covered(weights, name) + _FRAME * covered(weights, frame - name)
    held += _TITLE * covered(weights, title - frame - name)
    own = sum(token in weights for token in name) / len(name) if name else 0.0
    return min(1.0, held) * (0.75 + 0.25 * own)


def _spelled(key: str, fact: Fact) -> float:
    """How much of what is asked stands in a fact's name, character by character and in order:
    每万人公交车辆数 in 每万人拥有公交车辆. Of short words it says nothing."""
    name = fold(fact.group + fact.subject)
    if len(key) < _SHORT or not name:
        return 0.0
    same = int(Indel.distance(key, name))
    common = (len(key) + len(name) - same) / 2
    return min(common / len(key), 1.2 * common / len(name)) * _BY_LETTER


def of_documents(
    documents: Sequence[DocumentSummary], evidence: Evidence, *kinds: FactKind
) -> list[Fact]:
    """All facts of some kinds that these documents state, in the order of the text."""
    where = FactFilter(tuple(kinds), document_ids=frozenset(d.id for d in documents))
    return evidence.view.facts(where)


def distinct(facts: Sequence[Fact]) -> list[Fact]:
    """One of those that are stated by the same words: a quotation is shown once."""
    seen: dict[tuple[str, int, int], Fact] = {}
    for fact in facts:
        seen.setdefault((fact.document_id, fact.start, fact.end), fact)
    return list(seen.values())


# --- in words ---------------------------------------------------------------------------------

_FIRMNESS = {">=": "不低于", ">": "超过", "<=": "不超过", "<": "低于", "~": "约"}
_FIRM = (
    "以上", "以下", "以内", "左右", "不少于", "不低于", "不高于", "至少", "≥", "≤", ">", "<",
)  # fmt: skip


_ONLY_DIGITS = frozenset("0123456789０１２３４５６７８９.,，．-—~～ ")


def value_written(fact: Fact) -> str:
    """A value as its document writes it, with its unit where that stands elsewhere (in the head
    of a table), and with how firm it is: 不低于 95%."""
    value = fact.text or plain_number(fact.value)
    if fact.value is not None and fact.unit and _ONLY_DIGITS.issuperset(value):
        value += fact.unit
    said = _FIRMNESS.get(fact.comparator, "")
    return f"{said}{value}" if said and not any(w in value for w in (*_FIRM, said)) else value
