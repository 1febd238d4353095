"""What every expression is: a form, what stands in its places, and what is known of it."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from typing import Any, Self

from prelock.engine.sql import types as t
from prelock.engine.sql.types import DType


class Node:
    """A column, or a scalar. `sure`: never null. `folds`: made of an aggregate of many rows.

    `column` of `table` is what is read as it stands, or that in which something is looked up.
    """

    __slots__ = ("__weakref__", "args", "column", "dtype", "folds", "form", "sure", "table")

    def __init__(
        self,
        form: str,
        args: tuple[Node, ...],
        dtype: DType,
        sure: bool = False,
        folds: bool | None = None,
        table: object = None,
        column: str | None = None,
    ) -> None:
        self.form, self.args, self.dtype, self.sure, self.table = form, args, dtype, sure, table
        self.column = column
        self.folds: bool = any(arg.folds for arg in args) if folds is None else folds

    def type(self) -> DType:
        """The type of the values."""
        return self.dtype

    def made(
        self, form: str, args: tuple[Node, ...], dtype: DType, sure: bool = False, folds: bool | None = None
    ) -> Self:
        """An expression of the same class."""
        return type(self)(form, args, dtype, sure, folds)

    @classmethod
    def of(cls, value: Any) -> Self:
        """A Python value as a constant; an expression is itself."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls("'" + value.replace("'", "''") + "'", (), t.STRING, True)
        if isinstance(value, int):
            return cls(str(value) if value >= 0 else f"({value})", (), t.INT, True)
        if isinstance(value, float):
            written = repr(value) if isfinite(value) else f"'{value}'"
            return cls(f"CAST({written} AS DOUBLE)", (), t.FLOAT, True)
        if isinstance(value, datetime):
            return cls(f"TIMESTAMP '{value.isoformat(' ')}'", (), t.MOMENT, True)
        if isinstance(value, date):
            return cls(f"DATE '{value.isoformat()}'", (), t.DATE, True)
        raise TypeError(f"no SQL literal for a {value.__class__.__name__}")


@lru_cache(maxsize=1024)
def listing(before: str, after: str, count: int, first: int) -> str:
    """A form with `count` places, from `first` on, comma-separated."""
    return before + ", ".join(f"{{{place}}}" for place in range(first, first + count)) + after
