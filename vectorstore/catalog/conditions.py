"""Conditions of a query. Values are always bound."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, bindparam, cast, func, literal, select


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`column` is one of a list that `packed` made and that is bound as `name`.

    One bound value whatever the length: databases bind a limited number of values, and a
    statement stays the same.
    """
    return _in(column, bindparam(name, type_=Text))


def among_values(column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """`column` is one of these."""
    return _in(column, literal(packed(values)))


def _in(column: ColumnElement[Any], listed: ColumnElement[str]) -> ColumnElement[bool]:
    values = func.json_each(listed).table_valued("value")
    value: ColumnElement[Any] = values.c.value
    if isinstance(column.type, Integer):
        value = cast(value, column.type)
    return column.in_(select(value))


def packed(values: Sequence[str] | Sequence[int]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
