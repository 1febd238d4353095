"""Ibis' DuckDB compiler with the brackets it leaves out.

Ibis 12 writes `(~x).isnull()` as `NOT x IS NULL`, which SQL reads as `NOT (x IS NULL)`; a comparison with a negation
or a null test beside it goes wrong in the same way. Three-valued logic rests on these, so each gets its brackets.
"""

from __future__ import annotations

from typing import Any

import sqlglot.expressions as sge
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler


class BracketedCompiler(DuckDBCompiler):  # type: ignore[misc]  # Ibis is untyped
    """Negations, null tests and membership stand in brackets of their own."""

    __slots__ = ()

    def visit_Not(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
        if isinstance(arg, sge.Filter):
            return super().visit_Not(op, arg=arg)
        return sge.paren(sge.Not(this=sge.paren(arg, copy=False)), copy=False)  # Ibis copies the whole part here

    def visit_IsNull(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
        return _bracketed(super().visit_IsNull(op, arg=arg))

    def visit_NotNull(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
        return _bracketed(super().visit_NotNull(op, arg=arg))

    def visit_InValues(self, op: Any, *, value: Any, options: Any) -> Any:  # noqa: N802
        return _bracketed(super().visit_InValues(op, value=value, options=options))


def _bracketed(expression: Any) -> Any:
    return expression if isinstance(expression, sge.Filter) else sge.paren(expression, copy=False)
