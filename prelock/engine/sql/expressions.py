"""Expressions over the columns of a table, as a graph of SQL forms.

An expression is made once and written when a query is (`write`), where a part that stands in several places is worked
out once. `form` is the SQL with a place `{0}`, `{1}` … for each of `args`; a leaf has none and is its own text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from prelock.engine.sql import types as t
from prelock.engine.sql.folds import Folds, Window
from prelock.engine.sql.lists import Lists, safe
from prelock.engine.sql.node import listing
from prelock.engine.sql.texts import Texts
from prelock.engine.sql.times import Times
from prelock.engine.sql.types import DUCKDB, DType, StructType, in_sql, joint


class Value(Texts, Times, Lists, Folds):
    """A column, or a scalar, with all that can be asked of it."""

    __slots__ = ()

    __hash__ = object.__hash__

    # ---- logic ------------------------------------------------------------------------------------------------------
    def __and__(self, other: Any) -> Value:
        return and_(self, other)

    def __rand__(self, other: Any) -> Value:
        return and_(other, self)

    def __or__(self, other: Any) -> Value:
        return or_(self, other)

    def __ror__(self, other: Any) -> Value:
        return or_(other, self)

    def __invert__(self) -> Value:
        if self is TRUE or self is FALSE:
            return FALSE if self is TRUE else TRUE
        return Value("(NOT {0})", (self,), t.BOOLEAN, self.sure)

    def isnull(self) -> Value:
        """No value. Never null itself."""
        return FALSE if self.sure else Value("({0} IS NULL)", (self,), t.BOOLEAN, True)

    def notnull(self) -> Value:
        """A value. Never null itself."""
        return TRUE if self.sure else Value("({0} IS NOT NULL)", (self,), t.BOOLEAN, True)

    def fill_null(self, other: Any) -> Value:
        """`other` where there is no value."""
        return self if self.sure else coalesce(self, other)

    def nullif(self, other: Any) -> Value:
        """No value where it is `other`."""
        return Value("NULLIF({0}, {1})", (self, lift(other, self.dtype)), self.dtype)

    # ---- comparison -------------------------------------------------------------------------------------------------
    def _compare(self, op: str, other: Any) -> Value:
        right = lift(other, self.dtype)
        return Value(f"({{0}} {op} {{1}})", (self, right), t.BOOLEAN, self.sure and right.sure)

    def __eq__(self, other: Any) -> Value:  # type: ignore[override]
        return self._compare("=", other)

    def __ne__(self, other: Any) -> Value:  # type: ignore[override]
        return self._compare("<>", other)

    def differs(self, other: Any) -> Value:
        """Not the same, no value being like no value. Never null itself."""
        return Value("({0} IS DISTINCT FROM {1})", (self, lift(other, self.dtype)), t.BOOLEAN, True)

    def __lt__(self, other: Any) -> Value:
        return self._compare("<", other)

    def __le__(self, other: Any) -> Value:
        return self._compare("<=", other)

    def __gt__(self, other: Any) -> Value:
        return self._compare(">", other)

    def __ge__(self, other: Any) -> Value:
        return self._compare(">=", other)

    def isin(self, options: Iterable[Any] | Value) -> Value:
        """One of `options`: values, or a column of another table."""
        if isinstance(options, Value):
            form = f"({{0}} IN (SELECT {options.form} FROM {{table}}))"
            return Value(form, (self,), t.BOOLEAN, table=options.table, column=options.column)
        listed = [lift(option, self.dtype) for option in options]
        if not listed:
            return cases((self.notnull(), FALSE), else_=null("boolean"))
        return Value(listing("({0} IN (", "))", len(listed), 1), (self, *listed), t.BOOLEAN, self.sure)

    def notin(self, options: Iterable[Any]) -> Value:
        """None of `options`."""
        return ~self.isin(options)

    # ---- arithmetic -------------------------------------------------------------------------------------------------
    def _calculate(self, op: str, other: Any, dtype: DType | None = None) -> Value:
        right = lift(other, self.dtype)
        return Value(f"({{0}} {op} {{1}})", (self, right), dtype or _sum_type(self.dtype, right.dtype))

    def __add__(self, other: Any) -> Value:
        if self.dtype == t.STRING:
            right = lift(other)
            return Value("({0} || {1})", (self, right), t.STRING, self.sure and right.sure)
        return self._calculate("+", other)

    def __radd__(self, other: Any) -> Value:
        return lift(other, self.dtype) + self

    def __sub__(self, other: Any) -> Value:
        return self._calculate("-", other)

    def __rsub__(self, other: Any) -> Value:
        return lift(other, self.dtype) - self

    def __mul__(self, other: Any) -> Value:
        return self._calculate("*", other)

    def __rmul__(self, other: Any) -> Value:
        return lift(other, self.dtype) * self

    def __truediv__(self, other: Any) -> Value:
        return self._calculate("/", other, t.FLOAT)

    def __floordiv__(self, other: Any) -> Value:
        return self._calculate("//", other)

    def __pow__(self, other: Any) -> Value:
        return Value("POW({0}, {1})", (self, lift(other)), t.FLOAT)

    def __neg__(self) -> Value:
        return Value("(- {0})", (self,), self.dtype)

    def abs(self) -> Value:
        """Without the sign."""
        return Value("ABS({0})", (self,), self.dtype)

    def round(self, digits: int) -> Value:
        """Rounded half away from zero."""
        return Value(f"ROUND({{0}}, {digits})", (self,), self.dtype)

    def isnan(self) -> Value:
        """Not a number."""
        return Value("ISNAN({0})", (self,), t.BOOLEAN)

    def isinf(self) -> Value:
        """Infinite."""
        return Value("ISINF({0})", (self,), t.BOOLEAN)

    # ---- kinds ------------------------------------------------------------------------------------------------------
    def cast(self, dtype: str) -> Value:
        """The value as another type; an error where it can't be."""
        if dtype == self.dtype:
            return self
        return Value(f"CAST({{0}} AS {in_sql(dtype)})", (self,), DType(dtype), self.sure)

    def try_cast(self, dtype: str) -> Value:
        """The value as another type, null where it can't be."""
        return Value(f"TRY_CAST({{0}} AS {in_sql(dtype)})", (self,), DType(dtype))

    def substitute(self, changed: Mapping[str, str]) -> Value:
        """Whole texts replaced by others."""
        return cases(*((self == old, new) for old, new in changed.items()), else_=self)


def _sum_type(left: DType, right: DType) -> DType:
    if left.is_date() or left.is_timestamp():
        return t.MOMENT
    return joint([left, right])


# ---- leaves ---------------------------------------------------------------------------------------------------------
TRUE, FALSE = Value("TRUE", (), t.BOOLEAN, True), Value("FALSE", (), t.BOOLEAN, True)


def lift(value: Any, like: DType = t.UNKNOWN) -> Value:
    """A Python value as a literal beside values of type `like`; a `Value` is itself."""
    if isinstance(value, Value):
        return value
    if like == t.FLOAT and isinstance(value, int) and not isinstance(value, bool):
        return literal(float(value))
    return literal(value)


def null(dtype: str | None = None) -> Value:
    """No value, of a type."""
    return _null(str(dtype)) if dtype else Value("NULL", (), t.UNKNOWN)


@lru_cache(maxsize=64)
def _null(dtype: str) -> Value:
    if dtype not in DUCKDB:
        return Value("NULL", (), t.UNKNOWN)
    return Value(f"CAST(NULL AS {in_sql(dtype)})", (), DType(dtype))


def literal(value: Any, dtype: str | None = None) -> Value:
    """A constant."""
    if value is None:
        return null(dtype)
    if isinstance(value, bool):
        return TRUE if value else FALSE
    made = Value.of(value)
    return made if dtype is None or dtype == made.dtype else made.cast(dtype)


def day(text: str) -> Value:
    """A date, from `YYYY-MM-DD`."""
    return literal(date.fromisoformat(text))


# ---- many values in one ---------------------------------------------------------------------------------------------
def and_(*parts: Any) -> Value:
    """Kleene's and; true of nothing."""
    left = [one for one in (lift(part) for part in parts) if one is not TRUE]
    if any(one is FALSE for one in left):
        return FALSE
    return _joined(" AND ", left, TRUE)


def or_(*parts: Any) -> Value:
    """Kleene's or; false of nothing."""
    left = [one for one in (lift(part) for part in parts) if one is not FALSE]
    if any(one is TRUE for one in left):
        return TRUE
    return _joined(" OR ", left, FALSE)


def _joined(word: str, parts: list[Value], nothing: Value) -> Value:
    if len(parts) < 2:
        return parts[0] if parts else nothing
    return Value(_worded(word, len(parts)), tuple(parts), t.BOOLEAN, all(part.sure for part in parts))


@lru_cache(maxsize=256)
def _worded(word: str, count: int) -> str:
    return "(" + word.join(f"{{{place}}}" for place in range(count)) + ")"


def cases(*branches: tuple[Any, Any], else_: Any = None) -> Value:
    """The value of the first branch whose condition is true, else `else_`."""
    kept = [(lift(when), lift(then)) for when, then in branches]
    kept = [(when, then) for when, then in kept if when is not FALSE]
    last = lift(else_)
    for place, (when, then) in enumerate(kept):
        if when is TRUE:
            kept, last = kept[:place], then
            break
    dtype = joint([*(then.dtype for _, then in kept), last.dtype])
    if not kept:
        return last
    args = (*(part for branch in kept for part in branch), last)
    sure = last.sure and all(then.sure for _, then in kept)
    return Value(_case(len(kept)), args, dtype, sure)


@lru_cache(maxsize=256)
def _case(count: int) -> str:
    whens = " ".join(f"WHEN {{{2 * place}}} THEN {{{2 * place + 1}}}" for place in range(count))
    return f"CASE {whens} ELSE {{{2 * count}}} END"


def _call(name: str, values: Sequence[Any], sure: bool = False) -> Value:
    args = tuple(lift(value) for value in values)
    return Value(listing(f"{name}(", ")", len(args), 0), args, joint([arg.dtype for arg in args]), sure)


def coalesce(*values: Any) -> Value:
    """The first that is not null."""
    like = next((value.dtype for value in values if isinstance(value, Value)), t.UNKNOWN)
    lifted = [lift(value, like) for value in values]
    return _call("COALESCE", lifted, any(value.sure for value in lifted))


def least(*values: Any) -> Value:
    """The smallest that is not null."""
    return _call("LEAST", values)


def greatest(*values: Any) -> Value:
    """The largest that is not null."""
    return _call("GREATEST", values)


def bucket(values: Sequence[Value], count: int) -> Value:
    """One of `count` numbers from 0 for values, equal ones the same."""
    args = tuple(values)
    return Value(listing("ABS(HASH(", f") % {count})", len(args), 0), args, t.INT, True)


def array(values: Sequence[Any]) -> Value:
    """A list."""
    args = tuple(lift(value) for value in values)
    return Value(listing("[", "]", len(args), 0), args, t.ARRAY, True)


def struct(values: Mapping[str, Value]) -> Value:
    """Several named values in one."""
    inside = ", ".join(f"{safe(name)}: {{{place}}}" for place, name in enumerate(values))
    kind = StructType.of({name: value.dtype for name, value in values.items()})
    return Value("{{" + inside + "}}", tuple(values.values()), kind, True)


def row_number() -> Value:
    """The number of a row within its window, from 1."""
    return Value("ROW_NUMBER()", (), t.INT, True, folds=True)


Asked = Value | Sequence[Value | str]


def window(group_by: Asked, order_by: Asked = ()) -> Window:
    """The rows with the same `group_by`, in an order; both are values, or names of columns."""
    return Window(_listed(group_by), _listed(order_by))


def _listed(asked: Asked) -> list[Value]:
    if isinstance(asked, Value):
        return [asked]
    return [one if isinstance(one, Value) else column(one) for one in asked]


def column(name: str, dtype: DType = t.UNKNOWN, sure: bool = False, table: object = None) -> Value:
    """A column that is read as it stands."""
    return Value('"' + name.replace('"', '""') + '"', (), dtype, sure, table=table, column=name)
