"""Values that a measure cannot have, in its unit: beyond its `range`."""

from __future__ import annotations

from collections.abc import Iterator

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


def measure_ranges(rows: CheckRows) -> Iterator[Counted]:
    """A check for each measure with a range; a blank value is not applicable, one whose unit is not known unknown."""
    by_relation: dict[str, list[Measure]] = {}
    for measure in rows.evaluation.study.measures.values():
        if not measure.derived and (measure.minimum, measure.maximum) != (None, None):
            by_relation.setdefault(measure.relation, []).append(measure)
    for relation, measures in by_relation.items():
        yield from ask(rows, relation, [_rule(rows.evaluation.study.language, measure) for measure in measures])


def _rule(language: str, measure: Measure) -> RowRule:
    bounds = f"{_text(measure.minimum)} to {_text(measure.maximum)} {measure.unit or ''}".strip()
    columns = (measure.value.name,) if isinstance(measure.value, Column) else ()
    if measure.unit_column is not None:
        columns = (*columns, measure.unit_column)
    reads: tuple[Node, ...] = (measure.value,)
    return RowRule(
        name=f"{measure.name}: range",
        kind="range",
        severity="error",
        holds=lambda view: _within(view, measure),
        applies=measure.where,
        columns=columns,
        message=message(language, "measure range", measure=measure.name, bounds=bounds),
        reads=reads,
        outside=lambda view: view.value(measure.value).missing().fill_null(False),
    )


def _text(bound: object) -> str:
    return "" if bound is None else str(bound)


def _within(view: RowView, measure: Measure) -> sql.Value:
    """The value in the measure's unit may lie in its range (a censored one if any part of it may)."""
    found, factor = view.value(measure.value), _factor(view, measure)
    low, top = found.low * factor, found.top * factor
    beyond = sql.literal(False)
    if measure.minimum is not None:
        beyond = beyond | (top.round(9) < float(measure.minimum)).fill_null(False)
    if measure.maximum is not None:
        beyond = beyond | (low.round(9) > float(measure.maximum)).fill_null(False)
    known = Value(low, top).some()
    return sql.cases((known, ~beyond), else_=sql.null("boolean"))


def _factor(view: RowView, measure: Measure) -> sql.Value:
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
