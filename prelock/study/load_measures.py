"""Measures: what can be read at a timepoint, from which rows, in which unit, with which normal limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeVar

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_choice, read_mapping, read_text
from prelock.documents.tree import Element, Entry
from prelock.documents.tree import Mapping as Tree
from prelock.rules.nodes import And, Column, Convert, Node
from prelock.rules.scope import MeasureName
from prelock.rules.types import TRUTH, Kind, Substitution, Type
from prelock.rules.units import factor
from prelock.study import load_censored
from prelock.study.building import Building
from prelock.study.definition import ColumnKind, Measure, NormalLimit
from prelock.study.lazy import Names
from prelock.study.load_normal import read_normal_limits
from prelock.study.load_units import read_unit
from prelock.study.names_allowed import allowed_name
from prelock.study.spread import spread_measures

KEYS = (
    "from",
    "where",
    "date",
    "unit",
    "unit column",
    "molar mass",
    "range",
    "plausible",
    "own history",
    load_censored.KEY,
    "normal",
    "with",
    "if missing",
    "if disagrees",
    "scheduled",
    "text",
)
DISAGREEMENT = ("unknown",)


TIMES = re.compile(r"within (\d+(?:\.\d+)?) times", re.ASCII)
T = TypeVar("T")


@dataclass(frozen=True)
class Draft:
    """What is known of a measure before its rules are read."""

    relation: str
    column: str
    unit: str | None
    fields: Fields
    unit_lost: bool = False
    censored: Substitution | None = None


def declare(b: Building, section: Element) -> None:
    """Declare each measure; its type is found on first use."""
    whole = spread_measures(section, b.tables, b.problems)
    b.sections = {**b.sections, "measures": whole}
    for entry in read_mapping(whole, b.problems, "measures by name"):
        if allowed_name(b, entry.key, "measures"):
            with b.told_once():
                fields = Fields(entry.value, KEYS, f"measure {entry.key.text}", b.problems, at=entry.key)
                draft = _draft(b, fields)
            b.resolver.declare(("measure", entry.key.text), entry.key, partial(_name, b, draft))
            b.drafts[entry.key.text] = draft


def _draft(b: Building, fields: Fields) -> Draft | None:
    unit_at = fields.get("unit")
    unit = read_unit(b, unit_at) if unit_at else None
    source = fields.need("from")
    text = read_text(source, b.problems, "a column, as labs.result") if source else None
    if source is None or text is None:
        return None
    relation, _, column = text.partition(".")
    if relation not in b.relations:
        hint = nearest(relation, b.relations, "Tables and groups are")
        b.note("unknown-name", f"`{relation}` is no table and no group", source, hint)
        return None
    if column not in b.relations[relation].columns:
        hint = nearest(column, b.relations[relation].columns, f"{relation} has")
        b.note("unknown-name", f"`{column}` is no column or field of {relation}", source, hint)
        return None
    unit_lost = unit_at is not None and unit is None
    censored = load_censored.read_censored(b, fields.get(load_censored.KEY))
    return Draft(relation, column, unit, fields, unit_lost, censored)


def _name(b: Building, draft: Draft | None) -> MeasureName | None:
    if draft is None or draft.unit_lost:
        return None
    own = b.relations[draft.relation].columns
    extra = [name for item in draft.fields.items("with") if (name := read_text(item, []))]
    return MeasureName(
        type=_type(b, draft),
        fields=Names([name for name in extra if name in own], lambda name: own[name]),
        has_normal="normal" in draft.fields,
        relation=draft.relation,
    )


def _type(b: Building, draft: Draft) -> Type:
    raw = b.relations[draft.relation].columns[draft.column]
    if raw.kind is Kind.RESULT:
        return Type(Kind.NUMBER, draft.unit, censored=draft.censored or raw.censored or b.header.censored)
    if raw.kind is Kind.NUMBER:
        return Type(Kind.NUMBER, draft.unit or raw.unit)
    return raw


def finish(b: Building, section: Element) -> None:
    """Read the rules of each measure."""
    for entry in read_mapping(section, [], "measures"):
        draft = b.drafts.get(entry.key.text)
        name = b.resolver.find(("measure", entry.key.text)) if draft else None
        if draft and draft.unit_lost:
            _where(b, draft.fields, draft.relation)
            _rule(b, draft.fields, "date", draft.relation, (Kind.DATE, Kind.MOMENT))
        if draft and name and b.names("measures", entry.key):
            with b.told_once():
                b.measures[entry.key.text] = _measure(b, entry, draft, name.type)


def _measure(b: Building, entry: Entry, draft: Draft, kind: Type) -> Measure:
    fields, relation = draft.fields, draft.relation
    _of_results(b, draft)
    _of_values(b, draft)
    range_ = fields.range("range")
    return Measure(
        name=entry.key.text,
        relation=relation,
        value=_value(b, draft, kind),
        type=kind,
        date=_rule(b, fields, "date", relation, (Kind.DATE, Kind.MOMENT)),
        where=_where(b, fields, relation),
        unit=kind.unit,
        unit_column=_unit_column(b, draft, kind),
        molar_mass=_positive(b, fields, "molar mass"),
        minimum=range_[0] if range_ else None,
        maximum=range_[1] if range_ else None,
        normal=_normal(b, fields, relation, kind),
        fallback=_fallback(b, fields, relation, kind),
        agreement=_agreement(b, fields, relation),
        scheduled=_rule(b, fields, "scheduled", relation, Kind.TRUTH),
        fields=_with(b, fields, relation),
        location=entry.key.location,
        plausible=_of_a_number(b, fields, "plausible", kind, fields.range("plausible")),
        own_history=_of_a_number(b, fields, "own history", kind, _times(b, fields)),
    )


def _of_results(b: Building, draft: Draft) -> None:
    """Only a column of results holds censored ones."""
    read = b.relations[draft.relation].columns[draft.column]
    if load_censored.KEY in draft.fields and read.kind is not Kind.RESULT:
        message = f"only a column of type result holds censored results; this measure is read from a {read}"
        b.note("key-without-use", message, draft.fields.key(load_censored.KEY))


def _of_values(b: Building, draft: Draft) -> None:
    """A reference range is no value to be chosen."""
    source = draft.fields.get("from")
    if source is not None and b.relations[draft.relation].columns[draft.column].kind is Kind.RANGE:
        hint = f"Read the results, and say `normal: within {draft.column}`."
        b.note("wrong-type", f"`{draft.column}` holds reference ranges, which no timepoint has", source, hint)


def _times(b: Building, fields: Fields) -> Decimal | None:
    """`within 5 times`: how far a value may lie from the nearest other one of the patient."""
    element = fields.get("own history")
    text = read_text(element, b.problems, "how far, as `within 5 times`") if element else None
    match = TIMES.fullmatch(text or "")
    if element is None or text is None:
        return None
    if match is None or Decimal(match[1]) <= 1:
        hint = "A value is compared with the patient's nearest other one; a slip of the decimal point is ten times."
        b.note("wrong-form", f"expected more than 1, as `within 5 times`, found `{text}`", element, hint)
        return None
    return Decimal(match[1])


def _of_a_number(b: Building, fields: Fields, key: str, kind: Type, found: T | None) -> T | None:
    """What says something of numbers only."""
    if key in fields and kind.kind is not Kind.NUMBER:
        b.note("wrong-type", f"`{key}` needs a number; this measure is a {kind}", fields.key(key))
        return None
    return found


def _rule(b: Building, fields: Fields, key: str, relation: str, expects: Kind | tuple[Kind, ...]) -> Node | None:
    element = fields.get(key)
    return b.rule(element, relation, expects) if element else None


def _where(b: Building, fields: Fields, relation: str) -> Node | None:
    """The rows that count; a list, which `each` of many codes makes, is all of it."""
    nodes = [b.rule(item, relation, Kind.TRUTH) for item in fields.items("where")]
    if not nodes or any(node is None for node in nodes):
        return None
    parts = tuple(node for node in nodes if node)
    grain = frozenset().union(*(part.grain for part in parts))
    return parts[0] if len(parts) == 1 else And(type=TRUTH, grain=grain, parts=parts)


def column_node(b: Building, relation: str, name: str) -> Node:
    """The column or field as an expression; a table's own derived field is written out."""
    home = b.relations[relation]
    return b.written_out(Column(type=home.columns[name], grain=home.grain, relation=relation, name=name))


def _value(b: Building, draft: Draft, kind: Type) -> Node:
    node = column_node(b, draft.relation, draft.column)
    return _converted(b, node, kind, draft.fields.get("unit"))


def _converted(b: Building, node: Node, kind: Type, place: Element | None) -> Node:
    """The node in the measure's unit, where the column itself has one unit."""
    have, want = node.type.unit, kind.unit
    if node.type.kind is not Kind.NUMBER or have is None or want is None or have == want:
        return node
    by = factor(have, want)
    if by is None:
        if place is not None:
            b.note("unit-clash", f"{have} can't be converted to {want}", place)
        return node
    return Convert(type=kind, grain=node.grain, value=node, factor=by)


def _unit_column(b: Building, draft: Draft, kind: Type) -> str | None:
    fields, element = draft.fields, draft.fields.get("unit column")
    name = read_text(element, b.problems, "a column's name") if element else None
    columns = b.relations[draft.relation].columns
    if element is None or name is None:
        return None
    if name not in columns:
        hint = nearest(name, columns, f"{draft.relation} has")
        b.note("unknown-name", f"`{name}` is no column of {draft.relation}", element, hint)
        return None
    if kind.unit is None:
        hint = "Say the unit that rules use, as `unit: mg/L`."
        b.note("missing-key", "`unit column` needs `unit` beside it", fields.key("unit column"), hint)
    table = b.tables.get(draft.relation)
    if table is None or name not in table.columns or table.columns[name].kind is not ColumnKind.UNIT:
        hint = "Declare it as `{type: unit}`, in the table that the measure is read from."
        b.note("wrong-type", f"`{name}` is no column of type unit", element, hint)
        return None
    return name


def _positive(b: Building, fields: Fields, key: str) -> Decimal | None:
    number = fields.number(key)
    if number is not None and number <= 0:
        b.note("wrong-form", f"`{key}` must be more than 0", fields.key(key))
        return None
    return number


def _normal(b: Building, fields: Fields, relation: str, kind: Type) -> tuple[NormalLimit, ...]:
    element = fields.get("normal")
    if element is None:
        return ()
    if kind.kind is not Kind.NUMBER:
        b.note("wrong-type", f"only a number has normal limits; this measure is a {kind}", element)
        return ()
    return read_normal_limits(b, element, relation, kind)


def _fallback(b: Building, fields: Fields, relation: str, kind: Type) -> Node | None:
    element = fields.get("if missing")
    if element is None:
        return None
    node = b.rule(element, relation, kind.kind)
    if node is None:
        return None
    if (node.type.unit is None) != (kind.unit is None):
        b.note("unit-clash", f"the measure is a {kind}, what replaces it a {node.type}", element)
    return _converted(b, node, kind, element)


def _agreement(b: Building, fields: Fields, relation: str) -> Node | None:
    """`if disagrees: {a = b: unknown}`: the rule is the key."""
    element = fields.get("if disagrees")
    if element is None:
        return None
    hint = "Write {total = summed: unknown}: a rule, and what its failure makes of the value."
    entries = read_mapping(element, b.problems, "a rule and its consequence", hint)
    if len(entries) != 1:
        if isinstance(element, Tree):
            b.note("wrong-form", "`if disagrees` holds one rule", element, hint)
        return None
    read_choice(entries[0].value, DISAGREEMENT, b.problems)
    return b.rule(entries[0].key, relation, Kind.TRUTH)


def _with(b: Building, fields: Fields, relation: str) -> Mapping[str, Node]:
    found = {}
    columns = b.relations[relation].columns
    for item in fields.items("with"):
        name = read_text(item, b.problems, "a field's name")
        if name and name not in columns:
            hint = nearest(name, columns, f"{relation} has")
            b.note("unknown-name", f"`{name}` is no column or field of {relation}", item, hint)
        elif name and b.resolves(relation, name):
            found[name] = column_node(b, relation, name)
    return found
