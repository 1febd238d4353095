"""One declared column: its kind, its codes, its limits, what a blank means, and the rules it must meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_choice
from prelock.documents.tree import Element, Entry, Scalar
from prelock.errors import Location, Problem
from prelock.rules.nodes import Node
from prelock.rules.types import DATE, MOMENT, NUMBER, RANGE, RESULT, TEXT, TRUTH, Kind, Type
from prelock.study import load_censored
from prelock.study.building import Building
from prelock.study.definition import ColumnKind, ColumnSpec
from prelock.study.load_codes import CODED, read_codes, read_scores, read_separator, spelled_once
from prelock.study.load_missing import Spellings, overridden, read_missing_codes
from prelock.study.load_shapes import read_parts
from prelock.study.load_units import read_unit
from prelock.study.patterns import read_pattern

ANY_KIND = (
    "column",
    "type",
    "required",
    "optional",
    "blank means",
    "expected if",
    "valid if",
    "missing codes",
    "severity",
    "text",
)
BY_KIND: Mapping[str, tuple[str, ...]] = {
    "values": ("code", "several codes", "unit"),
    "separator": ("several codes",),
    "ordered": ("code",),
    "scores": ("code",),
    "yes": ("yes/no",),
    "no": ("yes/no",),
    "unit": ("number", "whole number"),
    "min": ("number", "whole number"),
    "max": ("number", "whole number"),
    "plausible": ("number", "whole number"),
    "decimal": ("number", "whole number", "result", "reference range"),
    load_censored.KEY: ("result",),
    "pattern": ("text",),
    "not before": ("date", "date and time"),
    "not after": ("date", "date and time"),
    "parts": ("date", "date and time"),
}
KEYS = (*ANY_KIND[:2], *BY_KIND, *ANY_KIND[2:])
TYPES: Mapping[ColumnKind, Type] = {
    ColumnKind.TEXT: TEXT,
    ColumnKind.YES_NO: TRUTH,
    ColumnKind.NUMBER: NUMBER,
    ColumnKind.WHOLE: NUMBER,
    ColumnKind.DATE: DATE,
    ColumnKind.MOMENT: MOMENT,
    ColumnKind.RESULT: RESULT,
    ColumnKind.RANGE: RANGE,
    ColumnKind.UNIT: TEXT,
}
SEVERITIES = ("error", "warning", "note")
NO_CODES = (Type(Kind.CODE), Type(Kind.CODES))
DECIMALS = ("comma", "point")


@dataclass(frozen=True)
class CellDefaults:
    """What a table says of the cells of all its columns."""

    missing: Spellings
    decimal: str | None


def implicit_column(name: str, location: Location) -> ColumnSpec:
    """A key that was not described: a text column of that name."""
    return ColumnSpec(name=name, header=name, kind=ColumnKind.TEXT, type=TEXT, location=location)


def read_column(b: Building, entry: Entry, table: str, defaults: CellDefaults) -> ColumnSpec:
    """The column but for its rules, which `column_rules` adds once all names are known."""
    name = entry.key.text
    if isinstance(entry.value, Scalar) and entry.value.text in set(ColumnKind):
        kind = ColumnKind(entry.value.text)
        plain = replace(implicit_column(name, entry.key.location), kind=kind, missing_codes=defaults.missing)
        if kind in CODED:
            b.unreadable.add(("column", table, name))
            b.note(
                "missing-key", f"column {name} needs `values`", entry.value, f"Write {{type: {kind}, values: [a, b]}}."
            )
            return plain
        return replace(plain, type=TYPES[kind], decimal=_decimal(kind, None, defaults))
    if isinstance(entry.value, Scalar) and entry.value.text:
        b.unreadable.add(("column", table, name))
        if entry.value.text not in b.column_types:  # else its own faults are told
            hint = nearest(entry.value.text, [*ColumnKind, *b.column_types], "The types are")
            b.note("unknown-word", f"`{entry.value.text}` is no type of column", entry.value, hint)
        return implicit_column(name, entry.key.location)
    fields = Fields(entry.value, KEYS, f"column {name}", b.problems, at=entry.key)
    column = _described(b, fields, entry.key, defaults)
    unit_lost = "unit" in fields and column.type.kind is Kind.NUMBER and column.type.unit is None
    if fields.get("type") is None or not _type_word(b, fields, []) or unit_lost or column.type in NO_CODES:
        b.unreadable.add(("column", table, name))
    return column


def _type_word(b: Building, fields: Fields, problems: list[Problem]) -> str | None:
    value = fields.get("type")
    if value is None:
        return None
    word = read_choice(value, [*(k.value for k in ColumnKind), *b.column_types], problems)
    return word if word in set(ColumnKind) else None


def _decimal(kind: ColumnKind, own: str | None, defaults: CellDefaults) -> str | None:
    return (own or defaults.decimal) if kind in BY_KIND["decimal"] else None


def _described(b: Building, fields: Fields, key: Scalar, defaults: CellDefaults) -> ColumnSpec:
    fields.need("type")
    word = _type_word(b, fields, b.problems)
    kind = ColumnKind(word) if word else ColumnKind.TEXT
    if word:
        _fitting(b, fields, kind)
    codes = read_codes(b, fields, kind)
    kept = overridden(defaults.missing, read_missing_codes(b, fields.get("missing codes")))
    spelled_once(b, fields, codes, kept)
    column = ColumnSpec(
        name=key.text,
        header=fields.text("column") or key.text,
        kind=kind,
        type=_type(b, fields, kind, codes),
        location=key.location,
        codes=codes,
        minimum=fields.number("min"),
        maximum=fields.number("max"),
        plausible=fields.range("plausible"),
        pattern=read_pattern(b, fields.get("pattern")),
        parts=read_parts(b, fields, kind),
        separator=read_separator(b, fields, codes) if kind is ColumnKind.CODES else "",
        required=fields.yes("required"),
        optional=fields.yes("optional"),
        blank_means=_blank(b, fields, kind, codes),
        missing_codes=kept,
        decimal=_decimal(kind, fields.choice("decimal", DECIMALS), defaults),
        severity=fields.choice("severity", SEVERITIES),
    )
    _limits(b, fields, column)
    return column


def _fitting(b: Building, fields: Fields, kind: ColumnKind) -> None:
    for key, kinds in BY_KIND.items():
        if key in fields and kind not in kinds:
            message = f"`{key}` says nothing about a column of type {kind}"
            b.note("key-without-use", message, fields.key(key), f"It belongs to the type {' or '.join(kinds)}.")


def _type(b: Building, fields: Fields, kind: ColumnKind, codes: Spellings) -> Type:
    if kind is ColumnKind.CODE:
        return Type(Kind.CODE, None, tuple(codes), fields.yes("ordered"), read_scores(b, fields, codes))
    if kind is ColumnKind.CODES:
        return Type(Kind.CODES, None, tuple(codes))
    unit = fields.get("unit")
    if kind in (ColumnKind.NUMBER, ColumnKind.WHOLE) and unit is not None:
        return Type(Kind.NUMBER, read_unit(b, unit))
    if kind is ColumnKind.RESULT:
        return replace(RESULT, censored=load_censored.read_censored(b, fields.get(load_censored.KEY)))
    return TYPES[kind]


def _blank(b: Building, fields: Fields, kind: ColumnKind, codes: Spellings) -> str | None:
    options = ["not applicable", *codes]
    if kind in (ColumnKind.DATE, ColumnKind.MOMENT):
        options.insert(0, "ongoing")
    if kind is ColumnKind.CODES:
        options.insert(0, "none")
    return fields.choice("blank means", options)


def _limits(b: Building, fields: Fields, column: ColumnSpec) -> None:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None and low > high:
        b.note("empty-range", f"min {low} is more than max {high}: no value fits", fields.key("max"))
    if column.plausible and any(
        bound is not None and not inside
        for bound, inside in (
            (low, low is None or column.plausible[1] >= low),
            (high, high is None or column.plausible[0] <= high),
        )
    ):
        b.note("empty-range", "no plausible value lies between min and max", fields.key("plausible"))
    if column.required and column.optional:
        message = "`required` (no blank cell) and `optional` (the column may be absent) exclude each other"
        b.note("required-optional", message, fields.key("optional"))


def column_rules(b: Building, column: ColumnSpec, element: Element, table: str) -> ColumnSpec:
    """The column with the rules of its description, seen from a row of its table."""
    if isinstance(element, Scalar):
        return column
    fields = Fields(element, KEYS, column.name, [])
    dates = (Kind.DATE, Kind.MOMENT)

    def bounds(key: str) -> tuple[Node, ...]:
        found = (b.rule(item, table, dates) for item in fields.items(key))
        return tuple(node for node in found if node is not None)

    def truth(key: str) -> Node | None:
        value = fields.get(key)
        return b.rule(value, table, Kind.TRUTH) if value is not None else None

    return replace(
        column,
        not_before=bounds("not before"),
        not_after=bounds("not after"),
        expected_if=truth("expected if"),
        valid_if=truth("valid if"),
    )
