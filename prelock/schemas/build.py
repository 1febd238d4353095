"""Pandera schemas, built from a table's declarations: one to take away, and one that keeps a ledger of what it ran."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from prelock.engine.canonical import DTYPES
from prelock.engine.leftovers import ColumnFacts
from prelock.engine.sources.raw import column_name
from prelock.schemas.constraints import Constraint, constraints
from prelock.schemas.ledger import Ledger
from prelock.schemas.libraries import pandera
from prelock.study.definition import ColumnKind, ColumnSpec, StudyDefinition, Table

Schema = pandera.DataFrameSchema
POLARS: Mapping[str, Any] = {
    "string": pl.String,
    "boolean": pl.Boolean,
    "float64": pl.Float64,
    "date": pl.Date,
    "timestamp": pl.Datetime("us"),
}


def pandera_schema(study: StudyDefinition, table: str) -> Schema:
    """The Pandera schema of one table, for a Polars frame of typed columns under their declared names.

    A plausible range only warns. What Pandera has no words for (keys, links, order of dates) is not in it.
    """
    declared = study.tables[table]
    columns = {spec.name: _column(declared, spec) for spec in declared.columns.values()}
    return pandera.DataFrameSchema(columns, name=table, strict=False)


def _column(table: Table, spec: ColumnSpec) -> pandera.Column:
    checks = [BUILT_IN[c.kind](c) for c in constraints(table) if c.spec is spec and c.kind in BUILT_IN]
    if spec.kind is ColumnKind.CODE:
        checks.append(pandera.Check.isin(list(spec.codes)))
    filled = spec.required or spec.name in table.key
    return pandera.Column(POLARS[DTYPES[spec.kind]], checks, nullable=not filled, required=not spec.optional)


def _bounds(constraint: Constraint) -> pandera.Check:
    warn = constraint.severity == "warning"
    low, high = constraint.low, constraint.high
    if low is not None and high is not None:
        return pandera.Check.in_range(float(low), float(high), raise_warning=warn)
    if low is not None:
        return pandera.Check.ge(float(low), raise_warning=warn)
    assert high is not None
    return pandera.Check.le(float(high), raise_warning=warn)


def _matches(constraint: Constraint) -> pandera.Check:
    return pandera.Check.str_matches(f"^(?:{constraint.spec.pattern})$")


BUILT_IN: Mapping[str, Callable[[Constraint], pandera.Check]] = {
    "range": _bounds,
    "plausible": _bounds,
    "pattern": _matches,
}


def schema_for(table: Table, facts: Mapping[str, ColumnFacts] | None = None, ledger: Ledger | None = None) -> Schema:
    """The schema that judges a table's clean columns, keeping count of every verdict in `ledger`."""
    facts = facts or {}
    book = Ledger() if ledger is None else ledger
    columns: dict[str, pandera.Column] = {}
    for spec in table.columns.values():
        own = [c for c in constraints(table) if c.spec is spec]
        if own:
            known = facts.get(spec.name, ColumnFacts())
            looked_at = {c.parts(known)[0] for c in own}
            name = column_name(spec.name) if column_name(spec.name) in looked_at else own[0].state
            dtype = pl.Int8 if name == own[0].state else POLARS[DTYPES[spec.kind]]
            columns[name] = _judged(dtype, own, known, book)
    return pandera.DataFrameSchema(columns, name=table.name, strict=False)


def _judged(dtype: Any, own: Iterable[Constraint], facts: ColumnFacts, ledger: Ledger) -> pandera.Column:
    checks = [pandera.Check(ledger.probe(c, facts), name=c.name, ignore_na=False) for c in own]
    return pandera.Column(dtype, checks, nullable=True)
