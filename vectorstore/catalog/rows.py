"""Rows of the catalogue ↔ values."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import numpy as np
from sqlalchemy import Row

from vectorstore.catalog.port import Source, Vector
from vectorstore.corrections import Correction
from vectorstore.decisions import Decision
from vectorstore.facts import Fact, Relation
from vectorstore.models import (
    PUBLIC,
    Audience,
    ByHand,
    Cell,
    Document,
    DocumentSummary,
    Heading,
    Metadata,
    Passage,
    Span,
)

METADATA_COLUMNS = (
    "title", "issuer", "publisher", "document_number", "date_written", "date_printed",
    "date_published", "date_effective", "region", "period", "period_end", "status", "kind",
    "cites", "fields", "by_hand",
)  # fmt: skip
AUDIENCE_COLUMNS = ("audience", "of", "may_quote", "may_download")


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def metadata_values(metadata: Metadata) -> dict[str, Any]:
    values = {name: getattr(metadata, name) for name in METADATA_COLUMNS}
    values["region"] = "/".join(metadata.region)
    values["cites"] = dump(metadata.cites)
    values["fields"] = dump({name: [s.start, s.end] for name, s in metadata.fields.items()})
    hands = {name: [h.read, *_ends(h.span), h.who, h.at] for name, h in metadata.by_hand.items()}
    values["by_hand"] = dump(hands) if hands else None
    return _days_written(values)


def _ends(span: Span | None) -> tuple[int | None, int | None]:
    return (span.start, span.end) if span else (None, None)


def document_values(document: Document, passages: int) -> dict[str, Any]:
    return {
        "id": document.id,
        "sha256": document.sha256,
        "format": document.format,
        "text": document.text,
        "outline": dump([[h.level, h.text, h.start] for h in document.outline]),
        "page_starts": dump(document.page_starts),
        "passages": passages,
        "ingested_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **metadata_values(document.metadata),
    }


def passage_values(passage: Passage, vector: Vector | None) -> dict[str, Any]:
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "kind": passage.kind,
        "heading_path": dump(passage.heading_path),
        "text": passage.text,
        "context": passage.context,
        "cells": dump([[c.header, c.start, c.end] for c in passage.cells]),
        "embedding": None if vector is None else stored(vector),
    }


def stored(vector: Vector) -> bytes:
    """Half precision: the index finds the same, in half the space."""
    return vector.astype(np.float16).tobytes()


def vector_of(embedding: bytes) -> Vector:
    return np.frombuffer(embedding, np.float16).astype(np.float32)


def metadata_of(row: Row[Any]) -> Metadata:
    values = {name: getattr(row, name) for name in METADATA_COLUMNS}
    for name in values:
        if name.startswith("date_") and values[name]:
            values[name] = date.fromisoformat(values[name])
    values["region"] = tuple(filter(None, row.region.split("/")))
    values["cites"] = tuple((title, number) for title, number in json.loads(row.cites))
    values["fields"] = {name: Span(*span) for name, span in json.loads(row.fields).items()}
    hands = json.loads(row.by_hand or "{}")
    values["by_hand"] = {name: _by_hand(*said) for name, said in hands.items()}
    return Metadata(**values)


def _by_hand(read: str | None, start: int | None, end: int | None, who: str, at: str) -> ByHand:
    span = Span(start, end) if start is not None and end is not None else None
    return ByHand(read, span, who, at)


def summaries_of(rows: Iterable[Row[Any]]) -> Iterator[DocumentSummary]:
    """Of rows that name a document once for each of its paths, one after the other."""
    for _, group in groupby(rows, key=lambda row: row.id):
        first, *more = group
        yield DocumentSummary(
            id=first.id,
            sha256=first.sha256,
            source_paths=tuple(row.path for row in (first, *more) if row.path is not None),
            format=first.format,
            metadata=metadata_of(first),
            passages=first.passages,
            ingested_at=first.ingested_at,
            audience=audience_of(first),
        )


def audience_values(document_id: str, audience: Audience) -> dict[str, Any]:
    values = (audience.kind, dump(audience.of), audience.may_quote, audience.may_download)
    return {"document_id": document_id, **dict(zip(AUDIENCE_COLUMNS, values, strict=True))}


def audience_of(row: Row[Any]) -> Audience:
    if row.audience is None:
        return PUBLIC
    of = tuple(json.loads(row.of))
    return Audience(row.audience, of, bool(row.may_quote), bool(row.may_download))


def fact_values(fact: Fact) -> dict[str, Any]:
    values = {name: getattr(fact, name) for name in Fact.__slots__}
    values["organs"] = dump(fact.organs)
    values["heading_path"] = dump(fact.heading_path)
    return _days_written(values)


def fact_of(row: Row[Any]) -> Fact:
    values = {name: row._mapping[name] for name in Fact.__slots__}
    values["organs"] = tuple(json.loads(values["organs"]))
    values["heading_path"] = tuple(json.loads(values["heading_path"]))
    return Fact(**_days_read(values, "since", "until"))


def relation_values(relation: Relation) -> dict[str, Any]:
    values = {name: getattr(relation, name) for name in Relation.__slots__}
    values["articles"] = dump(relation.articles)
    return _days_written(values)


def relation_of(row: Row[Any]) -> Relation:
    values = {name: row._mapping[name] for name in Relation.__slots__}
    values["articles"] = tuple(json.loads(values["articles"]))
    return Relation(**_days_read(values, "effective", "until"))


def decision_values(decision: Decision) -> dict[str, Any]:
    return _days_written({name: getattr(decision, name) for name in Decision.__slots__})


def decision_of(row: Row[Any]) -> Decision:
    return Decision(**_days_read({n: row._mapping[n] for n in Decision.__slots__}, "day"))


def correction_values(correction: Correction) -> dict[str, Any]:
    return {name: getattr(correction, name) for name in Correction.__slots__}


def correction_of(row: Row[Any]) -> Correction:
    values = {name: row._mapping[name] for name in Correction.__slots__}
    return Correction(**values | {"undone": bool(row.undone)})


def _days_written(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def _days_read(values: dict[str, Any], *names: str) -> dict[str, Any]:
    days = {name: date.fromisoformat(values[name]) for name in names if values[name]}
    return values | days


def source_of(row: Row[Any]) -> Source:
    return Source(row.path, row.document_id, row.size, row.modified_ns)


def document_of(row: Row[Any], paths: tuple[str, ...]) -> Document:
    return Document(
        id=row.id,
        sha256=row.sha256,
        source_paths=paths,
        format=row.format,
        text=row.text,
        metadata=metadata_of(row),
        outline=tuple(Heading(*item) for item in json.loads(row.outline)),
        page_starts=tuple(json.loads(row.page_starts)),
    )


def passage_of(row: Row[Any]) -> Passage:
    return Passage(
        id=row.id,
        document_id=row.document_id,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        page=row.page,
        kind=row.kind,
        heading_path=tuple(json.loads(row.heading_path)),
        text=row.text,
        context=row.context,
        cells=tuple(Cell(*cell) for cell in json.loads(row.cells)),
    )
