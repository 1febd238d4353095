"""Expressions over the columns of a table, as a graph of SQL forms.

An expression is made once and written when a query is (`write`), where a part that stands in several places is worked
out once. `form` is the SQL with a place `{0}`, `{1}` … for each of `args`; a leaf has none and is its own text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from typing import Any

from prelock.engine.sql import types as t
from prelock.engine.sql.types import DUCKDB, DType, StructType, in_sql, joint


class Value:
    """A column, or a scalar. `sure`: never null. `folds`: made of an aggregate of many rows.

    `column` of `table` is what is read as it stands, or that in which something is looked up.
    """

    __slots__ = ("args", "column", "dtype", "folds", "form", "sure", "table")

    def __init__(
        self,
        form: str,
        args: tuple[Value, ...],
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
        return Value(_listing("({0} IN (", "))", len(listed), 1), (self, *listed), t.BOOLEAN, self.sure)

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

    # ---- text -------------------------------------------------------------------------------------------------------
    def _text(self, form: str, *args: Any, dtype: DType = t.STRING) -> Value:
        return Value(form, (self, *(lift(arg) for arg in args)), dtype)

    def lower(self) -> Value:
        """In small letters."""
        return self._text("LOWER({0})")

    def strip(self) -> Value:
        """Without blanks, tabs and line ends at either side."""
        return self._text("TRIM({0}, {1})", " \t\n\r\v\f")

    def length(self) -> Value:
        """How many characters (or members of a list)."""
        return self._text("LENGTH({0})", dtype=t.INT)

    def substr(self, start: int, length: Any) -> Value:
        """`length` characters from place `start`, the first being 0."""
        return self._text("SUBSTR({0}, {1}, {2})", start + 1, length)

    def contains(self, other: Any) -> Value:
        """Holds the text `other`."""
        return self._text("CONTAINS({0}, {1})", other, dtype=t.BOOLEAN)

    def startswith(self, other: Any) -> Value:
        """Begins with `other`."""
        return self._text("STARTS_WITH({0}, {1})", other, dtype=t.BOOLEAN)

    def endswith(self, other: Any) -> Value:
        """Ends with `other`."""
        return self._text("ENDS_WITH({0}, {1})", other, dtype=t.BOOLEAN)

    def re_search(self, pattern: str) -> Value:
        """The pattern matches somewhere."""
        return self._text("REGEXP_MATCHES({0}, {1}, 's')", pattern, dtype=t.BOOLEAN)

    def re_replace(self, pattern: str, by: str) -> Value:
        """Every match of the pattern replaced."""
        return self._text("REGEXP_REPLACE({0}, {1}, {2}, 'g')", pattern, by)

    def substitute(self, changed: Mapping[str, str]) -> Value:
        """Whole texts replaced by others."""
        return cases(*((self == old, new) for old, new in changed.items()), else_=self)

    def sha256(self) -> Value:
        """The digest, in hexadecimal."""
        return self._text("SHA256({0})")

    def split(self, at: str) -> Value:
        """The list of parts between `at`."""
        return self._text("STR_SPLIT({0}, {1})", at, dtype=t.ARRAY)

    def join(self, parts: Sequence[Value]) -> Value:
        """The parts with this text between them; those that are null are left out."""
        return Value(_listing("CONCAT_WS({0}, ", ")", len(parts), 1), (self, *parts), t.STRING, self.sure)

    # ---- time -------------------------------------------------------------------------------------------------------
    def _part(self, part: str) -> Value:
        return Value(f"EXTRACT({part} FROM {{0}})", (self,), t.INT)

    def year(self) -> Value:
        """The year."""
        return self._part("year")

    def month(self) -> Value:
        """The month, from 1."""
        return self._part("month")

    def day(self) -> Value:
        """The day of the month, from 1."""
        return self._part("day")

    def hour(self) -> Value:
        """The hour."""
        return self._part("hour")

    def minute(self) -> Value:
        """The minute."""
        return self._part("minute")

    def second(self) -> Value:
        """The whole second."""
        return self._part("second")

    def date(self) -> Value:
        """The day of a date and time."""
        return self.cast("date")

    def delta(self, other: Value, unit: str) -> Value:
        """How many borders between `unit`s lie from `other` to here."""
        return Value(f"DATE_DIFF('{unit}', {{1}}, {{0}})", (self, other), t.INT)

    def days_later(self, days: Value) -> Value:
        """A date and time, `days` later."""
        return Value("({0} + TO_DAYS({1}))", (self, days), t.MOMENT)

    def epoch_seconds(self) -> Value:
        """Seconds since 1970, with their fractions."""
        return Value("EPOCH({0})", (self,), t.FLOAT)

    def strftime(self, form: str) -> Value:
        """The date and time as text."""
        return self._text("STRFTIME({0}, {1})", form)

    # ---- lists and structs ------------------------------------------------------------------------------------------
    def __getitem__(self, place: str | int) -> Value:
        if isinstance(place, int):
            return Value(f"{{0}}[{place + 1}]", (self,), t.STRING)
        kind = self.dtype.fields[place] if isinstance(self.dtype, StructType) else t.UNKNOWN
        return Value(f"STRUCT_EXTRACT({{0}}, {_safe(place)})", (self,), kind)

    def at(self, place: Value, dtype: str) -> Value:
        """The member of a list at a place, the first being 0."""
        return Value("{0}[({1} + 1)]", (self, place), DType(dtype))

    def in_order(self) -> Value:
        """The members of a list that are not null, sorted."""
        return Value("LIST_SORT(LIST_FILTER({0}, LAMBDA x: x IS NOT NULL))", (self,), t.ARRAY)

    def intersect(self, other: Value) -> Value:
        """The members of both lists."""
        return Value("LIST_INTERSECT({0}, {1})", (self, other), t.ARRAY)

    def unnest(self) -> Value:
        """A row for each member of a list of texts."""
        return Value("UNNEST({0})", (self,), t.STRING, folds=True)

    # ---- order ------------------------------------------------------------------------------------------------------
    def asc(self, nulls_first: bool = False) -> Value:
        """Rising, for an order."""
        return Value(f"{{0}} ASC NULLS {'FIRST' if nulls_first else 'LAST'}", (self,), self.dtype, folds=True)

    def desc(self, nulls_first: bool = False) -> Value:
        """Falling, for an order."""
        return Value(f"{{0}} DESC NULLS {'FIRST' if nulls_first else 'LAST'}", (self,), self.dtype, folds=True)

    def over(self, window: Window) -> Value:
        """Worked out over the row's window."""
        args = (self, *window.by, *window.order)
        first = _listing("PARTITION BY ", "", len(window.by), 1) if window.by else ""
        then = _listing(" ORDER BY ", "", len(window.order), 1 + len(window.by)) if window.order else ""
        return Value(f"{{0}} OVER ({first}{then})", args, self.dtype, self.sure, folds=False)

    def lag(self) -> Value:
        """The value in the row before, within a window."""
        return Value("LAG({0})", (self,), self.dtype, folds=True)

    # ---- aggregates -------------------------------------------------------------------------------------------------
    def _fold(
        self, form: str, dtype: DType, where: Value | None, args: Sequence[Value] = (), sure: bool = False
    ) -> Value:
        if where is None:
            return Value(form, (self, *args), dtype, sure, folds=True)
        place = 1 + len(args)
        return Value(f"{form} FILTER (WHERE {{{place}}})", (self, *args, where), dtype, sure, folds=True)

    def min(self, where: Value | None = None) -> Value:
        """The smallest."""
        return self._fold("MIN({0})", self.dtype, where)

    def max(self, where: Value | None = None) -> Value:
        """The largest."""
        return self._fold("MAX({0})", self.dtype, where)

    def sum(self, where: Value | None = None) -> Value:
        """The sum, null of nothing; of truths, how many are true, 0 of nothing."""
        if self.dtype == t.BOOLEAN:
            true = self if where is None else self & where
            return Value("COUNT(*) FILTER (WHERE {0})", (true,), t.INT, True, folds=True)
        return self._fold("SUM({0})", self.dtype, where)

    def mean(self, where: Value | None = None) -> Value:
        """The mean."""
        return self._fold("AVG({0})", t.FLOAT, where)

    def median(self, where: Value | None = None) -> Value:
        """The median."""
        return self._fold("MEDIAN({0})", t.FLOAT, where)

    def std(self, where: Value | None = None) -> Value:
        """The sample's standard deviation."""
        return self._fold("STDDEV_SAMP({0})", t.FLOAT, where)

    def quantile(self, share: float, where: Value | None = None) -> Value:
        """The quantile, linear between neighbours (type 7)."""
        return self._fold(f"QUANTILE_CONT({{0}}, {share!r})", t.FLOAT, where)

    def any(self, where: Value | None = None) -> Value:
        """Some row is true; null of nothing."""
        return self._fold("BOOL_OR({0})", t.BOOLEAN, where)

    def all(self, where: Value | None = None) -> Value:
        """Every row is true; null of nothing."""
        return self._fold("BOOL_AND({0})", t.BOOLEAN, where)

    def count(self, where: Value | None = None) -> Value:
        """How many are not null."""
        return self._fold("COUNT({0})", t.INT, where, sure=True)

    def nunique(self, where: Value | None = None) -> Value:
        """How many different ones."""
        return self._fold("COUNT(DISTINCT {0})", t.INT, where, sure=True)

    def argmin(self, by: Value) -> Value:
        """The value in the row with the smallest `by`."""
        return Value("ARG_MIN({0}, {1})", (self, by), self.dtype, folds=True)

    def collect(self) -> Value:
        """All values as a list."""
        return self._fold("LIST({0})", t.ARRAY, None)

    def first(self, where: Value | None = None, order_by: Sequence[Value] = ()) -> Value:
        """The value of the first row in an order, null or not."""
        ordered = [_ordered(one) for one in order_by]
        form = _listing("FIRST({0} ORDER BY ", ")", len(ordered), 1) if ordered else "FIRST({0})"
        return self._fold(form, self.dtype, where, ordered)

    def group_concat(self, sep: str, where: Value | None = None, order_by: Sequence[Value] = ()) -> Value:
        """The texts one after another; null of nothing."""
        ordered = [_ordered(one) for one in order_by]
        sorting = _listing(" ORDER BY ", "", len(ordered), 2) if ordered else ""
        form = "STRING_AGG({0}, {1}" + sorting + ")"
        return self._fold(form, t.STRING, where, [lift(sep), *ordered])


class Window:
    """The rows that stand beside a row: those of the same `by`, in an order."""

    def __init__(self, by: Sequence[Value], order: Sequence[Value]) -> None:
        self.by, self.order = tuple(by), tuple(_ordered(one) for one in order)


def _ordered(value: Value) -> Value:
    return value if " NULLS " in value.form[-12:] else value.asc()


@lru_cache(maxsize=1024)
def _listing(before: str, after: str, count: int, first: int) -> str:
    """A form with `count` places, from `first` on, comma-separated."""
    return before + ", ".join(f"{{{place}}}" for place in range(first, first + count)) + after


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
    made = _literal(value)
    return made if dtype is None or dtype == made.dtype else made.cast(dtype)


def _literal(value: Any) -> Value:
    if isinstance(value, str):
        return Value("'" + value.replace("'", "''") + "'", (), t.STRING, True)
    if isinstance(value, int):
        return Value(str(value) if value >= 0 else f"({value})", (), t.INT, True)
    if isinstance(value, float):
        written = repr(value) if isfinite(value) else f"'{value}'"
        return Value(f"CAST({written} AS DOUBLE)", (), t.FLOAT, True)
    if isinstance(value, datetime):
        return Value(f"TIMESTAMP '{value.isoformat(' ')}'", (), t.MOMENT, True)
    if isinstance(value, date):
        return Value(f"DATE '{value.isoformat()}'", (), t.DATE, True)
    raise TypeError(f"no SQL literal for a {type(value).__name__}")


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
    return Value(_listing(f"{name}(", ")", len(args), 0), args, joint([arg.dtype for arg in args]), sure)


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


def array(values: Sequence[Any]) -> Value:
    """A list."""
    args = tuple(lift(value) for value in values)
    return Value(_listing("[", "]", len(args), 0), args, t.ARRAY, True)


def struct(values: Mapping[str, Value]) -> Value:
    """Several named values in one."""
    inside = ", ".join(f"{_safe(name)}: {{{place}}}" for place, name in enumerate(values))
    kind = StructType.of({name: value.dtype for name, value in values.items()})
    return Value("{{" + inside + "}}", tuple(values.values()), kind, True)


def _safe(name: str) -> str:
    """A name as a text within a form."""
    return "'" + name.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"


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
