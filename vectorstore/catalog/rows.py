"""Rows of the catalogue ↔ values."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from vectorstore.models import Cell, DocumentSummary, Metadata, Passage, Span
from vectorstore.sqlite.database import Row

METADATA_COLUMNS = (
    "title", "issuer", "publisher", "document_number", "date_written", "date_printed",
    "date_published", "date_effective", "region", "period", "period_end", "status", "kind",
    "cites", "fields",
)  # fmt: skip
_BATCH = 500  # SQLite binds a limited number of values


def batches(ids: Sequence[str]) -> Iterator[list[str]]:
    for i in range(0, len(ids), _BATCH):
        yield list(ids[i : i + _BATCH])


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def metadata_values(metadata: Metadata) -> dict[str, Any]:
    values = {name: getattr(metadata, name) for name in METADATA_COLUMNS}
    values["region"] = "/".join(metadata.region)
    values["cites"] = dump(metadata.cites)
    values["fields"] = dump({name: [s.start, s.end] for name, s in metadata.fields.items()})
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def metadata_of(row: Row) -> Metadata:
    values = {name: row[name] for name in METADATA_COLUMNS}
    for name in values:
        if name.startswith("date_") and values[name]:
            values[name] = date.fromisoformat(values[name])
    values["region"] = tuple(filter(None, row["region"].split("/")))
    values["cites"] = tuple((title, number) for title, number in json.loads(row["cites"]))
    values["fields"] = {name: Span(*span) for name, span in json.loads(row["fields"]).items()}
    return Metadata(**values)


def summary_of(row: Row, paths: tuple[str, ...]) -> DocumentSummary:
    return DocumentSummary(
        id=row["id"],
        sha256=row["sha256"],
        source_paths=paths,
        format=row["format"],
        metadata=metadata_of(row),
        passages=row["passages"],
        ingested_at=row["ingested_at"],
    )


def passage_of(row: Row) -> Passage:
    return Passage(
        id=row["id"],
        document_id=row["document_id"],
        ordinal=row["ordinal"],
        start=row["start"],
        end=row["end"],
        page=row["page"],
        kind=row["kind"],
        heading_path=tuple(json.loads(row["heading_path"])),
        text=row["text"],
        context=row["context"],
        cells=tuple(Cell(*cell) for cell in json.loads(row["cells"])),
    )
