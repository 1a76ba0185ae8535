"""Looks up what somebody else's text states: every 《title》, 〔number〕, quotation, date of issue,
organ in charge, figure, level and group, and whether its totals add up.

A claim that the corpus contradicts is shown beside the passage that does; one on which the
corpus is silent is called that, and not wrong.
"""

from collections.abc import Iterator
from dataclasses import replace

from assistant.audit.alignment import Aligner
from assistant.audit.bound import Bound, Span
from assistant.audit.claims import Claim, Confidence, Kind, Verdict, summary
from assistant.audit.duties import duties
from assistant.audit.figures import stated_figures
from assistant.audit.issued import issued, spans
from assistant.audit.naming import titles_and_numbers
from assistant.audit.quotations import QUOTATION, quotations
from assistant.audit.replaced import replaced
from assistant.audit.scope import Scope, Scopes
from assistant.audit.totals import totals
from assistant.find.evidence import Evidence
from vectorstore.errors import PolicyError
from vectorstore.language.names import DOCUMENT_NUMBER, TITLE
from vectorstore.language.numbering import level
from vectorstore.language.sentences import sentences

__all__ = ["MAX_CHARACTERS", "Claim", "Confidence", "Kind", "Verdict", "audit", "summary"]

MAX_CHARACTERS = 200_000


def audit(text: str, evidence: Evidence) -> list[Claim]:
    """The claims of a text, in order. Raises PolicyError for a text that is empty or too long."""
    if not text.strip():
        raise PolicyError("没有可核对的文字", "There is no text to check")
    if len(text) > MAX_CHARACTERS:
        raise PolicyError(
            f"文字有 {len(text)} 字，一次最多核对 {MAX_CHARACTERS} 字；请分几次",
            f"The text has {len(text)} characters, at most {MAX_CHARACTERS} at a time; check it in parts",
        )
    claims: list[Claim] = []
    aligner, bound, scopes = Aligner(evidence), Bound(evidence), Scopes(text, evidence)
    before = ""
    for number, (start, end) in enumerate(sentences(text)):
        evidence.progress.stage(f"核对第 {number + 1} 句")
        sentence = text[start:end]
        opens = text[:start].endswith("\n\n") or level(text, start) is not None
        scope = scopes.of(sentence, opens)
        for claim in _claims(sentence, before, scope, aligner, bound, evidence):
            claims.append(replace(claim, start=claim.start + start, end=claim.end + start))
        before = sentence
    return sorted(claims, key=lambda claim: (claim.start, claim.end))


def _claims(
    sentence: str, before: str, scope: Scope, aligner: Aligner, bound: Bound, evidence: Evidence
) -> Iterator[Claim]:
    yield from titles_and_numbers(sentence, evidence)
    yield from quotations(sentence, scope, aligner, evidence)
    yield from issued(sentence, scope, evidence)
    charged = list(duties(sentence, scope, evidence, before))
    yield from charged
    covered = [m.span() for p in (TITLE, DOCUMENT_NUMBER, QUOTATION) for m in p.finditer(sentence)]
    covered += spans(sentence)
    found = list(bound.claims(sentence, covered, scope))
    summed = list(totals(sentence, [_span(c) for c in found if c.is_fault]))
    covered += [_span(c) for c in (*found, *summed) if c.kind != "数字" or c.is_fault]
    agreed = [_span(c) for c in summed]
    yield from (c for c in found if _span(c) not in agreed or not c.is_fault)
    yield from summed
    yield from stated_figures(sentence, covered, scope, aligner)
    judged = [*covered, *map(_span, (*found, *charged))]
    yield from replaced(sentence, judged, scope, aligner)


def _span(claim: Claim) -> Span:
    return claim.start, claim.end
