"""Laboratory grades of measure rows, in the unit in which each was reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from prelock.engine import sql
from prelock.engine.arithmetic import compare, scaled
from prelock.engine.cases import choose_branch
from prelock.engine.values import Value
from prelock.rules import units
from prelock.rules.nodes import Node
from prelock.study.ctcae import Step, Term
from prelock.study.definition import Measure

NOT_KNOWN = sql.null("boolean")


@dataclass(frozen=True)
class Baseline:
    """The patient's baseline of a measure, in its unit, and whether it was normal (three-valued)."""

    value: Value
    normal: sql.Value


@dataclass(frozen=True)
class Row:
    """One row of a measure: `read` and `holds` give a node's value and truth in it; `reported` is its own value."""

    measure: Measure
    read: Callable[[Node], Value]
    holds: Callable[[Node], sql.Value]
    reported: Value
    baseline: Baseline | None

    def limit(self, side: str) -> Value | None:
        """The lower or upper limit of normal, in the measure's unit; None where the study has none."""
        branches = []
        for limit in self.measure.normal:
            node = limit.low if side == "lln" else limit.high
            if node is None:
                return None
            when = sql.literal(True) if limit.condition is None else self.holds(limit.condition)
            branches.append((when, self.read(node)))
        return choose_branch(branches, None) if branches else None


def grade(row: Row, term: Term, texts: Mapping[str, str | None], unit: sql.Value | None) -> sql.Value:
    """0 to 4 by `term`; null where the value, a limit or the unit leaves it open.

    `texts` maps each text of the unit column to its canonical unit; without a unit column all rows have the measure's.
    """
    if unit is None:
        return _grade_in(row, term, row.measure.unit)
    found = [(unit == text, _grade_in(row, term, canonical)) for text, canonical in texts.items() if canonical]
    return sql.cases(*found, else_=sql.null("int64")) if found else sql.null("int64")


def _grade_in(row: Row, term: Term, unit: str | None) -> sql.Value:
    """The grade of a row reported in `unit`: the worst step that holds; unknown if a worse one might."""
    steps, value = _steps(row, term, unit)
    nothing = sql.null("int64")
    if steps is None or not row.reported.low.type().is_numeric():
        return nothing
    found = []
    for step in steps:
        holds = _holds(row, step, value, unit)
        found += [(holds, sql.literal(step.grade, "int64")), (holds.isnull(), nothing)]
    return sql.cases(*found, else_=sql.literal(0, "int64"))


def _steps(row: Row, term: Term, unit: str | None) -> tuple[tuple[Step, ...] | None, Value]:
    """The cut-points printed for the unit; else those of a unit it converts to, with the value so converted."""
    for own in (unit, None):
        if own in term.steps:
            return term.steps[own], row.reported
    for listed, steps in term.steps.items():
        factor = _factor(unit, listed, row.measure.molar_mass)
        if factor is not None:
            return steps, scaled(row.reported, float(factor))
    return None, row.reported


def _factor(source: str | None, target: str | None, molar_mass: Decimal | None) -> Decimal | None:
    return units.factor(source, target, molar_mass) if source and target else None


def _holds(row: Row, step: Step, value: Value, unit: str | None) -> sql.Value:
    """The step's comparison, three-valued."""
    if step.times is None:
        return compare(step.op, value, Value(sql.literal(float(step.number))))
    base = row.baseline.value if step.times == "baseline" and row.baseline else None
    limit = base if step.times == "baseline" else row.limit(step.times)
    factor = Decimal(1) if unit == row.measure.unit else _factor(row.measure.unit, unit, row.measure.molar_mass)
    if limit is None or factor is None:
        return NOT_KNOWN
    holds = compare(step.op, row.reported, scaled(limit, float(step.number * factor)))
    return holds if step.when is None else _given_baseline(row, step.when) & holds


def _given_baseline(row: Row, state: str) -> sql.Value:
    if row.baseline is None:
        return NOT_KNOWN
    return row.baseline.normal if state == "normal" else ~row.baseline.normal
