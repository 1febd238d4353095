"""Cells that their file already holds as numbers or days: which of them mean just that, without a look at their text.

As with texts (`canonical`), these are a subset of those on which `read_cell` surely agrees; every other cell is written
as text and read by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from prelock.engine import sql
from prelock.engine.canonical import DTYPES, missing_numbers, no_missing_text
from prelock.engine.sql.types import DType
from prelock.study.definition import ColumnKind, ColumnSpec

WHOLE = ("int8", "int16", "int32", "int64")
TYPES = (*WHOLE, "float64", "date")
LARGE, SMALL = 10**15, 1e-4  # between them a number is written with its digits alone
FIRST, LAST = date(1000, 1, 1), date(2999, 12, 31)


def is_blank(cell: sql.Value) -> sql.Value:
    """No value, or a float that is no number."""
    return cell.isnull() | cell.isnan() if cell.type().is_floating() else cell.isnull()


def exact(kind: DType, spec: ColumnSpec) -> bool:
    """Whether cells of this type may mean what the column holds."""
    return kind in TYPES and spec.kind in EXACT and EXACT[spec.kind][0](kind, spec)


def means_itself(cell: sql.Value, text: sql.Value, spec: ColumnSpec) -> sql.Value:
    """The cell, which is not blank, is one that need not be read as `text`. Never null for such a cell."""
    return EXACT[spec.kind][1](cell, text, spec)


def meant(cell: sql.Value, spec: ColumnSpec) -> sql.Value:
    """The value of a cell that means itself."""
    return cell.cast(DTYPES[spec.kind])


def _number_like(kind: DType, spec: ColumnSpec) -> bool:
    """With a decimal comma, a point in the text of a number would stand for thousands."""
    return kind in WHOLE or (kind == "float64" and spec.decimal != "comma")


def _result_like(kind: DType, spec: ColumnSpec) -> bool:
    return not spec.codes and _number_like(kind, spec)


def _day_like(kind: DType, spec: ColumnSpec) -> bool:
    return kind == "date"


def _number(cell: sql.Value, text: sql.Value, spec: ColumnSpec) -> sql.Value:
    small = (cell == 0) | (cell >= SMALL) | (cell <= -SMALL) if cell.type().is_floating() else sql.literal(True)
    plain = small & (cell < LARGE) & (cell > -LARGE)
    codes = missing_numbers(spec)
    return plain & ~cell.cast("float64").isin(codes) if codes else plain


def _whole(cell: sql.Value, text: sql.Value, spec: ColumnSpec) -> sql.Value:
    plain = _number(cell, text, spec)
    return plain & (cell == cell.round(0)) if cell.type().is_floating() else plain


def _day(cell: sql.Value, text: sql.Value, spec: ColumnSpec) -> sql.Value:
    return (cell >= FIRST) & (cell <= LAST) & no_missing_text(text, spec)


# kind → whether a type may be of it, and which of its cells are
EXACT: Mapping[
    ColumnKind,
    tuple[Callable[[DType, ColumnSpec], bool], Callable[[sql.Value, sql.Value, ColumnSpec], sql.Value]],
] = {
    ColumnKind.NUMBER: (_number_like, _number),
    ColumnKind.WHOLE: (_number_like, _whole),
    ColumnKind.RESULT: (_result_like, _number),
    ColumnKind.DATE: (_day_like, _day),
}
