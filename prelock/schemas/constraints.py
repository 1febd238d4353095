"""What a declared column demands of each cell, and the verdict on every cell as one Polars expression.

A blank is no fault of a range or pattern (not applicable); an unreadable cell leaves them unknown and fails its type.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

import polars as pl

from prelock.engine.cells import State
from prelock.engine.leftovers import ColumnFacts
from prelock.engine.sources.raw import column_name
from prelock.study.definition import ColumnKind, ColumnSpec, Table

OF_STATES = ("type", "code", "required")  # kinds that ask what is known of a cell, not what it says
CODED = (ColumnKind.CODE, ColumnKind.CODES, ColumnKind.YES_NO)


class Verdict(IntEnum):
    """What a constraint says of one cell."""

    PASSED = 0
    FAILED = 1
    UNKNOWN = 2
    NOT_APPLICABLE = 3


@dataclass(frozen=True)
class Constraint:
    """One demand on one column. `kind` is type, code, required, range, plausible or pattern."""

    table: str
    spec: ColumnSpec
    kind: str
    severity: str = "error"
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def name(self) -> str:
        """The check's name in `checks.csv`."""
        return f"{self.table}.{self.spec.name}: {self.kind}"

    @property
    def column(self) -> str:
        """The column's name in the clean table."""
        return column_name(self.spec.name)

    @property
    def state(self) -> str:
        """Where the clean table holds the states of the column's cells, if it does."""
        return f"{self.column}|state"

    def parts(self, facts: ColumnFacts) -> tuple[str, ...]:
        """The columns of the clean table that the verdict reads; the first is the one that Pandera looks at."""
        if facts.states and self.kind in OF_STATES:
            return (self.state,)
        bounds = [f"{self.column}|{part}" for part in ("high", "low_open", "high_open") if facts.interval]
        return (self.column, *bounds, *([self.state] if facts.states else []))

    def verdict(self, facts: ColumnFacts) -> pl.Expr:
        """The verdict on each cell of a frame of clean columns, as `Verdict` numbers; never null."""
        return VERDICTS[self.kind](self, facts).cast(pl.Int8)


def runnable(constraint: Constraint, headers: Container[str]) -> bool:
    """Whether a file with these headers has the column, or may lack it."""
    return constraint.spec.optional or constraint.spec.header in headers


def constraints(table: Table) -> Iterator[Constraint]:
    """Every demand of a table's declaration on single cells, column by column."""
    for spec in table.columns.values():
        if spec.kind not in (ColumnKind.TEXT, ColumnKind.UNIT):
            yield Constraint(table.name, spec, "code" if spec.kind in CODED else "type", spec.weighs())
        if spec.required or spec.name in table.key:
            yield Constraint(table.name, spec, "required", spec.weighs())
        if spec.minimum is not None or spec.maximum is not None:
            yield Constraint(table.name, spec, "range", spec.weighs(), low=spec.minimum, high=spec.maximum)
        if spec.plausible is not None:
            yield Constraint(table.name, spec, "plausible", spec.weighs("warning"), *spec.plausible)
        if spec.pattern is not None:
            yield Constraint(table.name, spec, "pattern", spec.weighs())


def _state(constraint: Constraint, facts: ColumnFacts) -> pl.Expr:
    """Each cell's state; without a state column a null is missing."""
    column = constraint.column
    if facts.states:
        return pl.col(constraint.state)
    recorded, missing = pl.lit(State.RECORDED, pl.Int8), pl.lit(State.MISSING, pl.Int8)
    return pl.when(pl.col(column).is_null()).then(missing).otherwise(recorded)


def _readable(constraint: Constraint, facts: ColumnFacts) -> pl.Expr:
    state = _state(constraint, facts)
    judged = pl.when(state == State.UNREADABLE).then(Verdict.FAILED).otherwise(Verdict.NOT_APPLICABLE)
    return pl.when(state == State.RECORDED).then(Verdict.PASSED).otherwise(judged)


def _required(constraint: Constraint, facts: ColumnFacts) -> pl.Expr:
    """A blank fails. A declared reason for its absence (not done, refused …) is an answer."""
    state = _state(constraint, facts)
    judged = pl.when(state == State.UNREADABLE).then(Verdict.UNKNOWN).otherwise(Verdict.PASSED)
    return pl.when(state == State.MISSING).then(Verdict.FAILED).otherwise(judged)


def _range(constraint: Constraint, facts: ColumnFacts) -> pl.Expr:
    """A cell fails if all of its interval is out, passes if all of it is in, else nobody can tell."""
    column = constraint.column
    low = pl.col(column)
    high = pl.col(f"{column}|high") if facts.interval else low
    low_open = pl.col(f"{column}|low_open") if facts.interval else pl.lit(False)
    high_open = pl.col(f"{column}|high_open") if facts.interval else pl.lit(False)
    out, inside = pl.lit(False), pl.lit(True)
    if constraint.low is not None:
        floor = float(constraint.low)
        out = out | ((high < floor) | ((high == floor) & high_open)).fill_null(False)
        inside = inside & (low >= floor).fill_null(False)
    if constraint.high is not None:
        ceiling = float(constraint.high)
        out = out | ((low > ceiling) | ((low == ceiling) & low_open)).fill_null(False)
        inside = inside & (high <= ceiling).fill_null(False)
    decided = pl.when(out).then(Verdict.FAILED).when(inside).then(Verdict.PASSED).otherwise(Verdict.UNKNOWN)
    return _if_recorded(constraint, facts, decided)


def _pattern(constraint: Constraint, facts: ColumnFacts) -> pl.Expr:
    """The whole text, as written but for outer blanks, is of the declared form."""
    written = pl.col(written_name(constraint))
    bare = written if constraint.spec.kind is ColumnKind.TEXT else written.str.strip_chars()
    matches = bare.str.contains(f"^(?:{constraint.spec.pattern})$")
    decided = pl.when(matches.fill_null(False)).then(Verdict.PASSED).otherwise(Verdict.FAILED)
    return _if_recorded(constraint, facts, decided)


def _if_recorded(constraint: Constraint, facts: ColumnFacts, decided: pl.Expr) -> pl.Expr:
    state = _state(constraint, facts)
    otherwise = pl.when(state == State.UNREADABLE).then(Verdict.UNKNOWN).otherwise(Verdict.NOT_APPLICABLE)
    return pl.when(state == State.RECORDED).then(decided).otherwise(otherwise)


def written_name(constraint: Constraint) -> str:
    """Where a frame holds a column's cells as written; a text stands in the clean column so, but for outer blanks."""
    return constraint.column if constraint.spec.kind is ColumnKind.TEXT else f"{constraint.column}|written"


VERDICTS: Mapping[str, Callable[[Constraint, ColumnFacts], pl.Expr]] = {
    "type": _readable,
    "code": _readable,
    "required": _required,
    "range": _range,
    "plausible": _range,
    "pattern": _pattern,
}
