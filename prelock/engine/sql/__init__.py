"""The engine's compile target: tables and expressions that are written as SQL when they are asked for.

It holds what the language needs of a database and nothing else. What an expression means is DuckDB's; brackets are
always written, and parts that stand in several places are worked out once.
"""

from prelock.engine.sql.expressions import (
    Value,
    and_,
    array,
    bucket,
    cases,
    coalesce,
    day,
    greatest,
    least,
    literal,
    null,
    or_,
    row_number,
    struct,
    window,
)
from prelock.engine.sql.tables import Table, side_by_side, union
from prelock.engine.sql.types import DType

__all__ = [
    "DType",
    "Table",
    "Value",
    "and_",
    "array",
    "bucket",
    "cases",
    "coalesce",
    "day",
    "greatest",
    "least",
    "literal",
    "null",
    "or_",
    "row_number",
    "side_by_side",
    "struct",
    "union",
    "window",
]
