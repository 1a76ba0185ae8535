"""Values as JSON, for the interface and the command line alike."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.drafting.check import Finding
from assistant.drafting.models import Draft
from assistant.find.reading import Reading
from assistant.labelling import label_of
from vectorstore.models import Passage


def hit_row(rank: int, reading: Reading) -> dict[str, Any]:
    """One of `search --json`."""
    passage, document = reading.hit.passage, reading.hit.document
    return {
        "rank": rank,
        "score": round(reading.score, 6),
        "document_id": document.id,
        "source_path": document.source_paths[0] if document.source_paths else "",
        "passage_id": passage.id,
        "start": passage.start,
        "end": passage.end,
        "heading_path": passage.heading_path,
        "text": passage.text,
    }


def passage_row(passage: Passage) -> dict[str, Any]:
    return {
        "passage_id": passage.id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "heading_path": passage.heading_path,
        "kind": passage.kind,
        "page": passage.page,
        "text": passage.text,
    }


def draft_row(draft: Draft, findings: Sequence[Finding]) -> dict[str, Any]:
    """The contract of `draft --json` (docs/architecture.md)."""
    return {
        "id": draft.id,
        "title": draft.title,
        "kind": draft.request.kind,
        "sections": [
            {
                "id": s.id,
                "heading": s.heading,
                "level": s.level,
                "text": s.text,
                "state": s.state,
                "label": label_of(s.origin),
            }
            for s in draft.sections
        ],
        "citations": [asdict(source) for source in draft.sources],
        "checks": [asdict(finding) for finding in findings],
    }
