"""Checks that look at one row at a time: a rule, an edit check in one line, a visit in its window."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_mapping, read_range, read_text
from prelock.documents.tree import Element
from prelock.rules.nodes import And, Column, Compare, DayOf, HasState, Literal, Node, Not, OneOf, Or
from prelock.rules.types import NUMBER, TRUTH, Kind
from prelock.study.building import Building, source_text
from prelock.study.definition import Check

PATIENT = "patient"


def rule(b: Building, fields: Fields) -> Check | None:
    """`{each: T, when: A, rule: B}`: where A holds, B has to."""
    each, rule_at, when_at = _relation(b, fields), fields.need("rule"), fields.get("when")
    if each is None:
        return None
    holds = b.rule(rule_at, row_of(each), Kind.TRUTH) if rule_at else None
    when = b.rule(when_at, row_of(each), Kind.TRUTH) if when_at else None
    if holds is None or rule_at is None or (when_at and when is None):
        return None
    return Check(each, "rule", "rule", source_text(rule_at), rule=holds, when=when)


def required_if(b: Building, fields: Fields) -> Check | None:
    """`{each: T, column: C, required if: A}`: where A holds, C is filled in."""
    found = _edit(b, fields, "required if")
    if found is None:
        return None
    return replace(found, form="filled", kind="expected", when=found.rule, rule=None)


def only_if(b: Building, fields: Fields) -> Check | None:
    """`{each: T, column: C, only if: A}`: where C has a value, A holds."""
    found = _edit(b, fields, "only if")
    if found is None or found.column is None:
        return None
    cell = _cell(b, found.relation, found.column)
    return replace(found, kind="not valid", when=HasState(value=cell, state="recorded", type=TRUTH, grain=cell.grain))


def query_if(b: Building, fields: Fields) -> Check | None:
    """`{each: T, query if: A}`: a finding wherever A holds."""
    each, asked = _relation(b, fields), fields.need("query if")
    node = b.rule(asked, row_of(each), Kind.TRUTH) if each and asked else None
    if each is None or node is None or asked is None:
        return None
    return Check(each, "rule", "query", source_text(asked), rule=Not(part=node, type=TRUTH, grain=node.grain))


def in_window(b: Building, fields: Fields) -> Check | None:
    """`{each: T, date: D, in window: {w4: 21 to 35}}`: the study day of D, by the visit that the row is of."""
    each, date_at, windows_at = _relation(b, fields), fields.need("date"), fields.need("in window")
    table = b.tables.get(each or "")
    if each is None or date_at is None or windows_at is None:
        return None
    if table is None or table.visit is None:
        hint = "Say in tables.yaml which column names the visit, as `visit: visit_name`."
        b.note("visit-not-said", f"`in window` needs a table that says its visit; {each} does not", windows_at, hint)
        return None
    if not b.resolves(each, table.visit):
        return None
    date = b.rule(date_at, each, (Kind.DATE, Kind.MOMENT))
    visit = _cell(b, each, table.visit)
    windows = _windows(b, windows_at, visit)
    if date is None or not windows:
        return None
    if b.header.day_zero is None:
        b.note("no-day-zero", "a window counts days from `day_zero`, which the study does not say", windows_at)
        return None
    day = DayOf(value=date, type=NUMBER, grain=date.grain)
    return Check(
        each,
        "rule",
        "window",
        source_text(date_at),
        rule=And(parts=tuple(_inside(visit, day, *window) for window in windows), type=TRUTH, grain=visit.grain),
        when=OneOf(value=visit, values=tuple(code for code, _, _ in windows), type=TRUTH, grain=visit.grain),
        column=date.name if isinstance(date, Column) else None,
    )


def _inside(visit: Node, day: Node, code: str, low: Decimal, high: Decimal) -> Node:
    """The row is of another visit, or its day lies in the window of this one."""
    other = Not(part=OneOf(value=visit, values=(code,), type=TRUTH, grain=visit.grain), type=TRUTH, grain=visit.grain)
    bounds = [("<=", Literal(value=high, type=NUMBER, grain=frozenset())),
              (">=", Literal(value=low, type=NUMBER, grain=frozenset()))]  # fmt: skip
    held = tuple(Compare(op=op, left=day, right=bound, type=TRUTH, grain=day.grain) for op, bound in bounds)
    within = And(parts=held, type=TRUTH, grain=day.grain)
    return Or(parts=(other, within), type=TRUTH, grain=visit.grain)


def _windows(b: Building, element: Element, visit: Node) -> list[tuple[str, Decimal, Decimal]]:
    """Each visit's code with the first and the last day of its window."""
    found = []
    for entry in read_mapping(element, b.problems, "a window for each visit, as {w4: 21 to 35}"):
        if entry.key.text not in visit.type.codes:
            hint = nearest(entry.key.text, visit.type.codes, "The visits are")
            b.note("unknown-code", f"`{entry.key.text}` is no visit", entry.key, hint)
        days = read_range(entry.value, b.problems, "the days of a window, as 21 to 35")
        if days is not None and entry.key.text in visit.type.codes:
            found.append((entry.key.text, *days))
    return found


def _edit(b: Building, fields: Fields, key: str) -> Check | None:
    """What `required if` and `only if` have in common: a table, its column and a condition."""
    each, column_at, asked = _relation(b, fields), fields.need("column"), fields.need(key)
    name = read_text(column_at, b.problems, "a column's name") if column_at else None
    if each is None or column_at is None or name is None or asked is None:
        return None
    table = b.tables.get(b.header.patient_table if each == PATIENT else each)
    if table is None or name not in table.columns:
        hint = nearest(name, table.columns if table else (), f"The columns of {each} are") if table else None
        b.note("unknown-name", f"`{name}` is no column of {each}", column_at, hint)
        return None
    node = b.rule(asked, row_of(each), Kind.TRUTH)
    if node is None or not b.resolves(table.name, name):
        return None
    return Check(each, "rule", "rule", source_text(asked), rule=node, column=name)


def _relation(b: Building, fields: Fields) -> str | None:
    """The table, group or `patient` that `each` names."""
    each = fields.need("each")
    relation = read_text(each, b.problems, "a table, a group or `patient`") if each else None
    known = [PATIENT, *b.relations]
    if each is None or relation is None or relation in known:
        return relation
    b.note("unknown-name", f"`{relation}` is no table and no group", each, nearest(relation, known, "There are"))
    return None


def row_of(each: str) -> str | None:
    """The relation whose row a rule stands at; None: one value a patient."""
    return None if each == PATIENT else each


def _cell(b: Building, each: str, name: str) -> Column:
    relation = b.relations[b.header.patient_table if each == PATIENT else each]
    return Column(type=relation.columns[name], grain=relation.grain, relation=relation.name, name=name)
