"""Spark's SQL: the forms that differ from DuckDB's, so that each expression keeps the meaning it has there.

It is written for ANSI mode with double-quoted identifiers and moments without a zone. Where the databases round or
order differently, the longer form is DuckDB's way of doing it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from prelock.engine.sql import types as t
from prelock.engine.sql.dialect import Dialect
from prelock.engine.sql.node import Node
from prelock.engine.sql.types import DType

# DuckDB's type → Spark's, where they differ
TYPES: Mapping[str, str] = {
    "VARCHAR": "STRING",
    "INTEGER": "INT",
    "HUGEINT": "DECIMAL(38, 0)",
    "UTINYINT": "SMALLINT",
    "USMALLINT": "INT",
    "UINTEGER": "BIGINT",
    "UBIGINT": "DECIMAL(20, 0)",
    "TIMESTAMP": "TIMESTAMP_NTZ",
}
_MIDDLE = (  # of a sorted list, as DuckDB interpolates
    "ELEMENT_AT(TRANSFORM(ARRAY(ARRAY_SORT(COLLECT_LIST({{0}}){{where}})), a -> CASE WHEN SIZE(a) > 0 THEN "
    "a[CAST(FLOOR((SIZE(a) - 1) * {share}) AS INT)] + (a[CAST(CEIL((SIZE(a) - 1) * {share}) AS INT)] - "
    "a[CAST(FLOOR((SIZE(a) - 1) * {share}) AS INT)]) * ((SIZE(a) - 1) * {share} - FLOOR((SIZE(a) - 1) * {share})) "
    "END), 1)"
)
_NEAREST = (
    "TRY_ELEMENT_AT(ARRAY_SORT(COLLECT_LIST(STRUCT({{1}} AS by, {{0}} AS one)) FILTER (WHERE {{2}})), {place}).one"
)
# DuckDB's form → Spark's; `{where}` is the place of an aggregate's filter where it is not the end
FORMS: Mapping[str, str] = {
    "({0} / {1})": "TRY_DIVIDE({0}, {1})",
    "({0} // {1})": "({0} DIV {1})",
    "ISNAN({0})": "({0} = CAST('NaN' AS DOUBLE))",
    "ISINF({0})": "(ABS({0}) = CAST('Infinity' AS DOUBLE))",
    "TRIM({0}, {1})": "BTRIM({0}, {1})",
    "STARTS_WITH({0}, {1})": "STARTSWITH({0}, {1})",
    "ENDS_WITH({0}, {1})": "ENDSWITH({0}, {1})",
    "REGEXP_MATCHES({0}, {1}, 's')": "({0} RLIKE ('(?s)' || {1}))",
    "REGEXP_REPLACE({0}, {1}, {2}, 'g')": r"REGEXP_REPLACE({0}, {1}, REPLACE({2}, '\\', '$'))",
    "SHA256({0})": "SHA2({0}, 256)",
    "STR_SPLIT({0}, {1})": r"SPLIT({0}, '\\Q' || {1} || '\\E')",
    "EXTRACT(second FROM {0})": "SECOND({0})",
    "DATE_DIFF('day', {1}, {0})": "CAST(DATEDIFF(CAST({0} AS DATE), CAST({1} AS DATE)) AS BIGINT)",
    "DATE_DIFF('second', {1}, {0})": "(UNIX_SECONDS(CAST({0} AS TIMESTAMP)) - UNIX_SECONDS(CAST({1} AS TIMESTAMP)))",
    "({0} + TO_DAYS({1}))": "TIMESTAMPADD(DAY, {1}, {0})",
    "EPOCH({0})": "(UNIX_MICROS(CAST({0} AS TIMESTAMP)) / 1e6D)",
    "{0}[({1} + 1)]": "TRY_ELEMENT_AT({0}, CAST(NULLIF({1} + 1, 0) AS INT))",
    "LIST_SORT(LIST_FILTER({0}, LAMBDA x: x IS NOT NULL))": "ARRAY_SORT(FILTER({0}, x -> x IS NOT NULL))",
    "LIST_INTERSECT({0}, {1})": "ARRAY_INTERSECT({0}, {1})",
    "UNNEST({0})": "EXPLODE({0})",
    "MEDIAN({0})": _MIDDLE.format(share="0.5D"),
    "ARG_MIN({0}, {1})": "MIN_BY({0}, {1})",
    **{f"(ARG_MIN({{0}}, {{1}}, 2) FILTER (WHERE {{2}}))[{place}]": _NEAREST.format(place=place) for place in (1, 2)},
    "LIST({0})": "COLLECT_LIST({0})",
    "[]": "CAST(ARRAY() AS ARRAY<STRING>)",
    # Spark rounds the decimal digits; DuckDB what they are as a double, half to even after a nudge
    "CAST({0} AS DECIMAL(29, 9))": (
        "CASE WHEN ABS({0}) < 9e9D THEN CAST(CAST(RINT({0} * 1e9D + 1e-9D * SIGN({0})) AS BIGINT) AS DECIMAL(29, 0)) "
        "/ 1000000000BD ELSE CAST({0} AS DECIMAL(29, 9)) END"
    ),
}
# Spark's IN over a query, among the columns of a row, is false where it should be unknown
_AMONG = (
    "CASE WHEN {{0}} IN (SELECT {column} FROM {{table}}) THEN TRUE "
    "WHEN {{0}} IS NULL AND (SELECT COUNT(*) FROM {{table}}) > 0 THEN NULL "
    "WHEN (SELECT COUNT(*) - COUNT({column}) FROM {{table}}) > 0 THEN NULL ELSE FALSE END"
)
_CAST = re.compile(r"\A((?:TRY_)?CAST\((?:\{0\}|NULL)) AS ([A-Z]+)\)\Z")
_NUMBER = re.compile(r"\ACAST\(([^'{]+) AS DOUBLE\)\Z")
_ROUND = re.compile(r"\AROUND\(\{0\}, (\d+)\)\Z")
_QUANTILE = re.compile(r"\AQUANTILE_CONT\(\{0\}, (.+)\)\Z")
_PLACE = re.compile(r"\A\{0\}\[(\d+)\]\Z")
_FIELD = re.compile(r"\ASTRUCT_EXTRACT\(\{0\}, '(.*)'\)\Z", re.DOTALL)
_ENTRY = re.compile(r"('(?:[^']|'')*'): (\{\d+\})")
_MEMBER = re.compile(r"\A\(\{0\} IN \(SELECT (.+) FROM \{table\}\)\)\Z", re.DOTALL)
_FILTER = re.compile(r"\A(.+) FILTER \(WHERE (\{\d+\})\)\Z", re.DOTALL)
_ORDER = re.compile(r" (ASC|DESC) NULLS (FIRST|LAST)\Z")


def rewritten(value: Node) -> Node:
    """The expression in Spark's forms."""
    if not value.args:
        return _as(value, _leaf(value))
    if value.form == "LENGTH({0})" and value.args[0].dtype == t.ARRAY:
        return _as(value, "SIZE({0})")
    if value.form == "STRFTIME({0}, {1})":
        return _as(value, _moment_form(value.args[1].form))
    if value.form.startswith("FIRST({0} ORDER BY "):
        return _first(value)
    if value.form.startswith("STRING_AGG({0}, {1} ORDER BY "):
        return _joined(value)
    return _as(value, _form(value.form))


def _as(value: Node, form: str, args: tuple[Node, ...] | None = None) -> Node:
    if form == value.form:
        return value
    return Node(
        form, value.args if args is None else args, value.dtype, value.sure, value.folds, value.table, value.column
    )


def _leaf(value: Node) -> str:
    form = value.form
    if form.startswith('"'):
        return form
    if form.startswith("'"):
        return text(form[1:-1].replace("''", "'"))
    number = _NUMBER.match(form)
    return f"CAST('{number[1]}' AS DOUBLE)" if number and number[1] != "NULL" else _form(form)


def text(plain: str) -> str:
    """A text as Spark writes one: a backslash stands for itself only if there are two."""
    return "'" + plain.replace("\\", "\\\\").replace("'", "\\'") + "'"


@lru_cache(maxsize=4096)
def _form(form: str) -> str:
    where = _FILTER.match(form)
    if where is not None:
        inner, place = _form_of(where[1]), f" FILTER (WHERE {where[2]})"
        return inner.replace("{where}", place) if "{where}" in inner else inner + place
    return _form_of(form).replace("{where}", "")


def _form_of(form: str) -> str:
    if form in FORMS:
        return FORMS[form]
    for pattern, write in PATTERNS.items():
        found = pattern.match(form)
        if found is not None:
            return write(found)
    if form.startswith("["):
        return f"ARRAY({form[1:-1]})"
    if form.startswith("{{"):
        return f"NAMED_STRUCT({_ENTRY.sub(_entry, form[2:-2])})"
    return form


def _entry(found: re.Match[str]) -> str:
    return f"{text(found[1][1:-1].replace(chr(39) * 2, chr(39)))}, {found[2]}"


def _round(found: re.Match[str]) -> str:
    """Spark rounds the decimal digits of a double; DuckDB the double itself, shifted."""
    return f"(ROUND({{0}} * 1e{found[1]}D, 0) / 1e{found[1]}D)"


PATTERNS: Mapping[re.Pattern[str], Callable[[re.Match[str]], str]] = {
    _CAST: lambda found: f"{found[1]} AS {TYPES.get(found[2], found[2])})",
    _ROUND: _round,
    _MEMBER: lambda found: _AMONG.format(column=found[1]),
    _QUANTILE: lambda found: _MIDDLE.format(share=f"{found[1]}D"),
    _PLACE: lambda found: f"TRY_ELEMENT_AT({{0}}, {found[1]})",
    _FIELD: lambda found: "{0}.`" + found[1].replace("''", "'").replace("`", "``") + "`",
}
_CODES = {"%Y": "yyyy", "%m": "MM", "%d": "dd", "%H": "HH", "%M": "mm", "%S": "ss", "T": r"\'T\'"}


def _moment_form(literal: str) -> str:
    form = literal[1:-1]
    for code, letters in _CODES.items():
        form = form.replace(code, letters)
    return "DATE_FORMAT({0}, '" + form + "')"


def _first(value: Node) -> Node:
    """The first in an order: the smallest by a struct in which each key of the order rises, nulls where they belong."""
    by, where = _order_and_filter(value, 1)
    return _as(value, f"(MIN_BY(STRUCT({{0}} AS first), STRUCT({by})){where}).first", _risen(value))


def _joined(value: Node) -> Node:
    """The texts in an order: Spark's own LISTAGG fails beside a count of different values."""
    by, where = _order_and_filter(value, 2)
    listed = f"ARRAY_SORT(COLLECT_LIST(CASE WHEN {{0}} IS NOT NULL THEN STRUCT({by}, {{0}} AS one) END){where})"
    joined = "CASE WHEN SIZE(a) > 0 THEN ARRAY_JOIN(TRANSFORM(a, x -> x.one), {1}) END"
    return _as(value, f"ELEMENT_AT(TRANSFORM(ARRAY({listed}), a -> {joined}), 1)", _risen(value))


def _order_and_filter(value: Node, first: int) -> tuple[str, str]:
    """The places of an aggregate's keys, of which this is the first, and its filter."""
    past = first + sum(1 for arg in value.args if _ORDER.search(arg.form))
    where = f" FILTER (WHERE {{{past}}})" if len(value.args) > past else ""
    return ", ".join(f"{{{place}}}" for place in range(first, past)), where


def _risen(value: Node) -> tuple[Node, ...]:
    return tuple(_rising(arg) if _ORDER.search(arg.form) else arg for arg in value.args)


def _rising(key: Node) -> Node:
    """An ordered key as a struct that rises in its order."""
    found = _ORDER.search(key.form)
    assert found is not None
    (inner,) = key.args
    last = "{0} IS NULL" if found[2] == "LAST" else "{0} IS NOT NULL"
    rising = "{0}" if found[1] == "ASC" else FALLING[_kind(inner.dtype)]
    return Node(f"STRUCT({last}, {rising})", (inner,), t.STRUCT, True, folds=True)


FALLING: Mapping[str, str] = {
    "number": "(- {0})",
    "boolean": "(NOT {0})",
    "string": "(TRANSLATE(HEX({0}), '0123456789ABCDEF', 'FEDCBA9876543210') || 'G')",  # a longer text comes first
    "date": "(- UNIX_DATE({0}))",
    "timestamp": "(- UNIX_MICROS(CAST({0} AS TIMESTAMP)))",
}


def _kind(dtype: DType) -> str:
    return "number" if dtype.is_numeric() else str(dtype)


SPARK = Dialect(rewritten, {"SEMI": "LEFT SEMI", "ANTI": "LEFT ANTI"})
