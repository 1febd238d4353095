"""Values that a measure cannot have (beyond its `range`) or seldom has (`plausible`), in its unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from prelock.engine import sql
from prelock.engine.evaluate import RowView
from prelock.engine.values import Value
from prelock.rules import units
from prelock.rules.nodes import Column, Node
from prelock.study.definition import Measure
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.rowrules import RowRule, ask

Limits = tuple[Decimal | None, Decimal | None]


def measure_ranges(rows: CheckRows) -> Iterator[Counted]:
    """A check for each range of each measure; a blank is not applicable, a value whose unit is not known unknown."""
    by_relation: dict[str, list[RowRule]] = {}
    for measure in rows.evaluation.study.measures.values():
        if not measure.derived:
            rules = by_relation.setdefault(measure.relation, [])
            possible = (measure.minimum, measure.maximum)
            if possible != (None, None):
                rules.append(_rule(rows.evaluation.study.language, measure, possible, "range", "error"))
            if measure.plausible is not None:
                rules.append(_rule(rows.evaluation.study.language, measure, measure.plausible, "plausible", "warning"))
    for relation, found in by_relation.items():
        yield from ask(rows, relation, found)


def _rule(language: str, measure: Measure, limits: Limits, kind: str, severity: str) -> RowRule:
    bounds = f"{_text(limits[0])} to {_text(limits[1])} {measure.unit or ''}".strip()
    columns = (measure.value.name,) if isinstance(measure.value, Column) else ()
    if measure.unit_column is not None:
        columns = (*columns, measure.unit_column)
    reads: tuple[Node, ...] = (measure.value,)
    return RowRule(
        name=f"{measure.name}: {kind}",
        kind=kind,
        severity=severity,
        holds=lambda view: _within(view, measure, limits),
        applies=measure.where,
        columns=columns,
        message=message(language, f"measure {kind}", measure=measure.name, bounds=bounds),
        reads=reads,
        outside=lambda view: view.value(measure.value).missing().fill_null(False),
    )


def _text(bound: object) -> str:
    return "" if bound is None else str(bound)


def _within(view: RowView, measure: Measure, limits: Limits) -> sql.Value:
    """The value in the measure's unit may lie in its range (a censored one if any part of it may)."""
    found, factor = view.value(measure.value), factor_of(view, measure)
    low, top = found.low * factor, found.top * factor
    beyond = sql.literal(False)
    if limits[0] is not None:
        beyond = beyond | (top.round(9) < float(limits[0])).fill_null(False)
    if limits[1] is not None:
        beyond = beyond | (low.round(9) > float(limits[1])).fill_null(False)
    known = Value(low, top).some()
    return sql.cases((known, ~beyond), else_=sql.null("boolean"))


def factor_of(view: RowView, measure: Measure) -> sql.Value:
    """From the record's own unit to the measure's; null where it can't be told."""
    if measure.unit_column is None:
        return sql.literal(1.0)
    column = view.table[measure.unit_column]
    found = []
    for text in view.view.texts(measure.relation, measure.unit_column):
        source = units.canonical(text)
        factor = units.factor(source, measure.unit, measure.molar_mass) if source and measure.unit else None
        if factor is not None:
            found.append((column == text, float(factor)))
    return sql.cases(*found, else_=sql.null("float64")) if found else sql.null("float64")
