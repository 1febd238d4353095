"""Laboratory grades of measure rows, in the unit in which each was reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_

from prelock.engine import sql
from prelock.engine.arithmetic import compare, scaled
from prelock.engine.cases import choose_branch
from prelock.engine.values import Value, either
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

    def limit(self, side: str, factor: Decimal) -> Value | None:
        """The lower or upper limit of normal, in the unit of the row; None where the study has none.

        `factor` brings the measure's unit to that of the row, in which a limit printed on it already is.
        """
        branches = []
        for limit in self.measure.normal:
            node = limit.within or (limit.low if side == "lln" else limit.high)
            if node is None:
                return None
            when = sql.literal(True) if limit.condition is None else self.holds(limit.condition)
            found = self.read(node) if limit.within is None else _end(self.read(node), side)
            branches.append((when, found if self.measure.prints(node) else scaled(found, float(factor))))
        return choose_branch(branches, None) if branches else None


def _end(limits: Value, side: str) -> Value:
    """One end of a reference range; where it has no limit, nobody can tell a multiple of it."""
    end = limits.low if side == "lln" else limits.top
    unreadable = either(limits.unreadable, limits.some() & end.isnull())
    return Value(end, unreadable=unreadable, na=limits.na)


def grade(row: Row, term: Term, texts: Mapping[str, str | None], unit: sql.Value | None) -> sql.Value:
    """0 to 4 by `term`; null where the value, a limit or the unit leaves it open.

    `texts` maps each text of the unit column to its canonical unit; without a unit column all rows have the measure's.
    """
    return _in_unit(row, texts, unit, lambda own: _grade_in(row, term, own), sql.null("int64"))


def reaches(row: Row, term: Term, least: int, texts: Mapping[str, str | None], unit: sql.Value | None) -> sql.Value:
    """The grade is surely at least `least`, or surely below; `<0.5` may be of one grade or another and bad anyway."""
    return _in_unit(row, texts, unit, lambda own: _reaches_in(row, term, least, own), NOT_KNOWN)


def _in_unit(
    row: Row,
    texts: Mapping[str, str | None],
    unit: sql.Value | None,
    judged: Callable[[str | None], sql.Value],
    nothing: sql.Value,
) -> sql.Value:
    """The judgement in the unit in which each row was reported."""
    if unit is None:
        return judged(row.measure.unit)
    found = [(unit == text, judged(canonical)) for text, canonical in texts.items() if canonical]
    return sql.cases(*found, else_=nothing) if found else nothing


def _grade_in(row: Row, term: Term, unit: str | None) -> sql.Value:
    """The grade of a row reported in `unit`: the worst step that holds; unknown if a worse one might."""
    nothing = sql.null("int64")
    found = []
    for step, holds in _held(row, term, unit):
        found += [(holds, sql.literal(step.grade, "int64")), (holds.isnull(), nothing)]
    return sql.cases(*found, else_=sql.literal(0, "int64")) if found else nothing


def _reaches_in(row: Row, term: Term, least: int, unit: str | None) -> sql.Value:
    held = list(_held(row, term, unit))
    worse = [holds for step, holds in held if step.grade >= least]
    if not held:
        return NOT_KNOWN
    return reduce(or_, worse, sql.literal(False))


def _held(row: Row, term: Term, unit: str | None) -> Iterator[tuple[Step, sql.Value]]:
    """Each step with whether it holds, worst grade first; nothing where the term has none for the unit."""
    steps, value = _steps(row, term, unit)
    if steps is not None and row.reported.low.type().is_numeric():
        yield from ((step, _holds(row, step, value, unit)) for step in steps)


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
    factor = Decimal(1) if unit == row.measure.unit else _factor(row.measure.unit, unit, row.measure.molar_mass)
    limit = None if factor is None else _limit(row, step.times, factor)
    if limit is None:
        return NOT_KNOWN
    holds = compare(step.op, row.reported, scaled(limit, float(step.number)))
    return holds if step.when is None else _given_baseline(row, step.when) & holds


def _limit(row: Row, of: str, factor: Decimal) -> Value | None:
    """What a step is a multiple of, in the unit of the row."""
    if of != "baseline":
        return row.limit(of, factor)
    return None if row.baseline is None else scaled(row.baseline.value, float(factor))


def _given_baseline(row: Row, state: str) -> sql.Value:
    if row.baseline is None:
        return NOT_KNOWN
    return row.baseline.normal if state == "normal" else ~row.baseline.normal
