"""The organs that a library knows, for the check of how a text writes their names."""

from assistant.find.evidence import Evidence
from vectorstore.facts import FactFilter

_MOST = 5000  # duties that are read for the names in them


def known_organs(evidence: Evidence) -> frozenset[str]:
    """Issuers and publishers, and those that duties name."""
    duties = evidence.view.facts(FactFilter(("duty",)), limit=_MOST)
    return frozenset(evidence.corpus.names) | {name for fact in duties for name in fact.organs}
