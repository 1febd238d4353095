"""A table's schema run where its rows are: Pandera in every worker of a cluster, and findings worded there.

Only counts come back. They are read from what the workers have stored, so that work done twice counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from prelock.engine import sql
from prelock.engine.clean import CleanTable
from prelock.engine.leftovers import ColumnFacts
from prelock.engine.sources.raw import RawTable
from prelock.engine.spark import Batches, SparkEngine, backticked
from prelock.schemas.constraints import Constraint, Verdict, constraints, runnable
from prelock.schemas.findings import NAMES, WHOLE, Wording, placed_query, worded
from prelock.schemas.ledger import Entry
from prelock.schemas.run import Run, cells_query, judged
from prelock.study.definition import Table

# `what` is rows, count, failed or error; `n` the constraint; `place` a verdict, or the number of a failing row
JUDGED = pa.schema(
    [("what", pa.string()), ("n", pa.int32()), ("place", pa.int64()), ("amount", pa.int64()), ("why", pa.string())]
)
FINDINGS = pa.schema([(name, pa.int64() if name in WHOLE else pa.string()) for name in NAMES])
SPARK_NAMES = {pa.string(): "string", pa.int32(): "int", pa.int64(): "bigint"}


def run_spread(table: Table, raw: RawTable, clean: CleanTable, session: SparkEngine) -> tuple[Run, sql.Table]:
    """What the schema found, in counts, and the failing rows: `n` (the constraint among the table's) and `row`."""
    told = session.spread(cells_query(table, raw, clean, session), _judge(table, clean.facts), _columns(JUDGED))
    own = list(constraints(table))
    counted = told.filter(told["what"] != "failed").group_by("what", "n", "place", "why")
    run = Run()
    for what, n, place, why, amount in session.rows(counted.aggregate(amount=told["amount"].sum())):
        if what == "rows":
            run.rows += amount
        elif what == "error":
            run.errors.setdefault(own[n].name, why)
        else:
            run.ledger.entries.setdefault(own[n].name, Entry()).counts[Verdict(place)] += amount
    may_run = [n for n, constraint in enumerate(own) if runnable(constraint, raw.columns)]
    failed = told.filter((told["what"] == "failed") & told["n"].isin(may_run))
    return run, failed.select("n", row=failed["place"])


def findings_spread(
    failing: sql.Table, table: Table, raw: RawTable, clean: CleanTable, language: str, session: SparkEngine
) -> sql.Table:
    """One finding for each failing row of each constraint."""
    own = list(constraints(table))
    wordings = [Wording.of(constraint, clean, language) for constraint in own]
    query = placed_query(failing, table, raw, clean, own, session)
    return session.spread(query, _word(wordings), _columns(FINDINGS))


def _judge(table: Table, facts: Mapping[str, ColumnFacts]) -> Any:
    """A function for the workers: batches of cells in, what their schema says of them out."""

    def judge(batches: Batches) -> Batches:
        run = judged(table, facts, _frames(batches))
        rows = [{"what": "rows", "amount": run.rows}]
        for n, constraint in enumerate(constraints(table)):
            rows += _told(n, constraint, run)
        yield from pa.Table.from_pylist(rows, schema=JUDGED).to_batches()

    return judge


def _told(n: int, constraint: Constraint, run: Run) -> Iterator[dict[str, Any]]:
    if constraint.name in run.errors:
        yield {"what": "error", "n": n, "amount": 0, "why": run.errors[constraint.name]}
    entry = run.ledger.entries.get(constraint.name)
    if entry is not None:
        for verdict, count in entry.counts.items():
            yield {"what": "count", "n": n, "place": int(verdict), "amount": count}
        for row in run.ledger.rows(constraint.name):
            yield {"what": "failed", "n": n, "place": row, "amount": 1}


def _word(wordings: Sequence[Wording]) -> Any:
    """A function for the workers: failing cells in, findings out."""

    def word(batches: Batches) -> Batches:
        for frame in _frames(batches):
            if wordings:
                yield from worded(frame, wordings).to_arrow().cast(FINDINGS).to_batches()

    return word


def _frames(batches: Batches) -> Iterator[pl.DataFrame]:
    for batch in batches:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        yield frame


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{backticked(field.name)} {SPARK_NAMES[field.type]}" for field in schema)
