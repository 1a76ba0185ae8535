"""Conditions of a query. Values are always bound."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`column` is one of a list that `packed` made and that is bound as `name`.

    One bound value whatever the length: databases bind a limited number of values, and a
    statement stays the same. PostgreSQL calls the function json_array_elements_text.
    """
    values = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(values.c.value))


def packed(values: Sequence[str] | Sequence[int]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
