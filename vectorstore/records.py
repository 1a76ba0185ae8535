"""Documents as JSON, for `ingest --status --json` and the interface alike."""

from dataclasses import asdict
from datetime import date
from typing import Any

from vectorstore.models import DocumentSummary


def document_record(document: DocumentSummary, as_of: date) -> dict[str, Any]:
    """One document as `--status --json` prints it (see docs/architecture.md)."""
    metadata = document.metadata
    dates = {
        name: value.isoformat() if (value := getattr(metadata, name)) else None
        for name in ("date_written", "date_printed", "date_published", "date_effective")
    }
    return {
        "document_id": document.id,
        "source_path": document.source_paths[0] if document.source_paths else None,
        "source_paths": document.source_paths,
        "title": metadata.title,
        "issuer": metadata.issuer,
        "publisher": metadata.publisher,
        "document_number": metadata.document_number,
        **dates,
        "region": "/".join(metadata.region) or None,
        "period": metadata.period,
        "status": metadata.status,
        "period_expired": metadata.is_expired(as_of),
        "kind": metadata.kind,
        "format": document.format,
        "passages": document.passages,
        "sha256": document.sha256,
        "audience": asdict(document.audience),
        "corrected": sorted(metadata.by_hand),
    }
