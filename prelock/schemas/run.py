"""Runs a table's schema over its cells, batch by batch, and holds Pandera's own count against the ledger's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa

from prelock.engine.clean import CleanTable
from prelock.engine.leftovers import ColumnFacts
from prelock.engine.session import Session, quoted
from prelock.engine.sources.raw import RawTable
from prelock.schemas.build import schema_for
from prelock.schemas.constraints import Constraint, Verdict, constraints, written_name
from prelock.schemas.ledger import Ledger
from prelock.schemas.libraries import pandera
from prelock.study.definition import Table

BATCH = 500_000


@dataclass
class Run:
    """What a schema found: the ledger, how many rows it was shown, and what kept checks from running, by check."""

    rows: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    errors: dict[str, str] = field(default_factory=dict)

    def error(self, constraint: Constraint) -> str:
        """Why the check cannot be trusted to have run on every row; '' if it can."""
        if constraint.name in self.errors:
            return self.errors[constraint.name]
        entry = self.ledger.entries.get(constraint.name)
        judged = entry.judged if entry else 0
        return "" if judged == self.rows else f"it ran on {judged} of {self.rows} rows"


def run_schema(table: Table, raw: RawTable, clean: CleanTable, session: Session) -> Run:
    """Judge every cell of a table that its declaration demands something of."""
    return judged(table, clean.facts, frames(table, raw, clean, session))


def judged(table: Table, facts: Mapping[str, ColumnFacts], shown: Iterable[pl.DataFrame]) -> Run:
    """What the schema says of the frames of a table's clean columns (see `frames`)."""
    run = Run()
    own = list(constraints(table))
    schema = schema_for(table, facts, run.ledger)
    for frame in shown:
        run.rows += frame.height
        before = {name: entry.counts.copy() for name, entry in run.ledger.entries.items()}
        failures = _validate(schema, frame, own, run)
        for constraint in own:
            _compare(constraint, failures, before, run)
    return run


def _validate(schema: pandera.DataFrameSchema, frame: pl.DataFrame, own: list[Constraint], run: Run) -> Counter[str]:
    """How many cells failed each check, by Pandera's own count. What else it raised stops the column's checks."""
    failures: Counter[str] = Counter()
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as raised:
        for check, column, count in raised.failure_cases.group_by("check", "column").len().iter_rows():
            failures[check] += count
            if all(check != c.name for c in own):
                stopped = [c for c in own if column in (None, c.column, c.state)]
                run.errors |= {c.name: f"the schema stopped at {check}" for c in stopped}
    return failures


def _compare(constraint: Constraint, failures: Counter[str], before: dict[str, dict[Verdict, int]], run: Run) -> None:
    entry = run.ledger.entries.get(constraint.name)
    counted = entry.counts[Verdict.FAILED] - before.get(constraint.name, {}).get(Verdict.FAILED, 0) if entry else 0
    if counted != failures[constraint.name]:
        run.errors.setdefault(constraint.name, "the schema and its ledger count different failures")


def frames(table: Table, raw: RawTable, clean: CleanTable, session: Session) -> Iterator[pl.DataFrame]:
    """The clean columns that constraints read, in batches (DuckDB gives smaller ones), with `row`."""
    held: list[pa.RecordBatch] = []
    for batch in session.duck.sql(cells_query(table, raw, clean, session)).to_arrow_reader(BATCH):
        if held and sum(map(len, held)) + len(batch) > BATCH:
            yield _frame(held)
            held = []
        held.append(batch)
    if held:
        yield _frame(held)


def _frame(batches: list[pa.RecordBatch]) -> pl.DataFrame:
    frame = pl.from_arrow(pa.Table.from_batches(batches))
    assert isinstance(frame, pl.DataFrame)
    return frame


def cells_query(table: Table, raw: RawTable, clean: CleanTable, session: Session) -> str:
    """The query for the columns of `frames`."""
    columns: dict[str, str] = {"row": "c.row"}
    joined = False
    for constraint in constraints(table):
        header, facts = constraint.spec.header, clean.facts[constraint.spec.name]
        columns |= {part: f"c.{quoted(part)}" for part in constraint.parts(facts) if part in clean.rel.columns}
        if constraint.kind == "pattern" and written_name(constraint) != constraint.column:
            joined = joined or header in raw.columns
            written = f"r.{quoted(raw.columns[header])}" if header in raw.columns else f"c.{quoted(constraint.column)}"
            columns[written_name(constraint)] = written
    chosen = ", ".join(f"{source} AS {quoted(name)}" for name, source in columns.items())
    join = f" LEFT JOIN ({session.sql(raw.rel)}) r ON c.row = r.row" if joined else ""
    return f"SELECT {chosen} FROM ({session.sql(clean.rel)}) c{join}"
