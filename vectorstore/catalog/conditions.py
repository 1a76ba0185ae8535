"""Filters → conditions of a query. Values are always bound."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, cast, func, or_, select, true

from vectorstore.catalog.schema import documents
from vectorstore.models import SearchFilter


def among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """`column` is one of a list that `packed` made and that is bound as `name`.

    One bound value whatever the length: databases bind a limited number of values, and a
    statement stays the same. PostgreSQL calls the function json_array_elements_text.
    """
    values = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(values.c.value))


def packed(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def condition_of(where: SearchFilter) -> tuple[ColumnElement[bool], dict[str, Any]]:
    """A condition over `documents`, and the values that it takes beside its own."""
    table = documents.c
    parts: list[ColumnElement[bool]] = []
    values: dict[str, Any] = {}
    if where.document_ids is not None:
        parts.append(among(table.id, "ids"))
        values["ids"] = packed(sorted(where.document_ids))
    if where.regions:  # a region stands for itself and all below it
        parts.append(or_(*(_within(region) for region in where.regions)))
    for column, wanted in (
        (table.issuer, where.issuers),
        (table.kind, where.kinds),
        (func.coalesce(table.status, ""), where.statuses),
    ):
        if wanted:
            parts.append(column.in_(wanted))
    if where.years:
        written = func.coalesce(
            table.date_written, table.date_printed, table.date_published, table.date_effective
        )
        parts.append(cast(func.substr(written, 1, 4), Integer).between(*where.years))
    return and_(true(), *parts), values


def _within(region: str) -> ColumnElement[bool]:
    column = documents.c.region
    return or_(column == region, column.startswith(f"{region}/", autoescape=True))
