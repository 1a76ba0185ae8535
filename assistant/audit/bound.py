"""Mentions of a text whose words around them tell, in a document, of another one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.audit.claims import Claim, Confidence
from assistant.audit.mentions import Held, Mention, Rival, judged, mentions
from assistant.audit.scope import Scope
from assistant.cite.citation import Citation, citation_of
from assistant.find.evidence import Evidence

Span = tuple[int, int]
_SURE, _LIKELY = 0.8, 0.66


@dataclass
class Bound:
    """Judges the mentions of a text. Reads each document once."""

    evidence: Evidence
    _held: dict[str, Held] = field(default_factory=dict)

    def claims(self, sentence: str, covered: Sequence[Span], scope: Scope) -> Iterator[Claim]:
        if scope.is_own or not scope.ids:
            return
        documents = [self._document(identifier) for identifier in scope.ids]
        for one in mentions(sentence):
            if any(a < one.end and one.start < b for a, b in covered):
                continue
            if rival := judged(one, documents):
                yield self._claim(one, rival)

    def _document(self, identifier: str) -> Held:
        if identifier not in self._held:
            source = self.evidence.quoter.source(identifier)
            self._held[identifier] = Held(identifier, source)
        return self._held[identifier]

    def _claim(self, one: Mention, rival: Rival) -> Claim:
        at = one.start, one.end
        source = self._source(rival)
        if rival.agrees:
            return Claim(one.type, one.text, *at, "相符", "与原文一致", source)
        theirs = rival.mention.text
        sure: Confidence = "高" if rival.near >= _SURE else "中" if rival.near >= _LIKELY else "低"
        message = f"{one.type}与原文不同：这里是“{one.text}”，原文是“{theirs}”"
        right = theirs if rival.near >= _LIKELY else None
        return Claim(one.type, one.text, *at, "不符", message, source, right, sure)

    def _source(self, rival: Rival) -> Citation:
        """The sentence of the document, as it stands."""
        document = self.evidence.summary(rival.document_id)
        text = self._document(rival.document_id).text
        start = max((text.rfind(c, 0, rival.mention.start) for c in "。；\n"), default=-1) + 1
        ends = [n for c in "。；\n" if (n := text.find(c, rival.mention.end)) >= 0]
        return citation_of(
            self.evidence.quoter.stretch(document, start, min(ends, default=len(text)))
        )
