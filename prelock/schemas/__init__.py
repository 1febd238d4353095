"""Records against their declarations: Pandera schemas built from a study's tables, and what they find.

The only room that imports Pandera. `validate` judges one table, `validate_all` a whole study, `pandera_schema` gives
the schema away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from prelock.engine import sql
from prelock.engine.clean import CleanTable
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable
from prelock.engine.spark import SparkEngine
from prelock.schemas.build import Schema, pandera_schema, schema_for
from prelock.schemas.constraints import Constraint, Verdict, constraints, runnable
from prelock.schemas.contract import absence, contract_checks, contract_findings
from prelock.schemas.findings import cell_findings, no_findings, registered
from prelock.schemas.rows import check_row
from prelock.schemas.run import Run, run_schema
from prelock.schemas.spread import findings_spread, run_spread
from prelock.study.definition import StudyDefinition, Table

if TYPE_CHECKING:
    from prelock.schemas.opinion import SecondOpinion


@dataclass(frozen=True)
class Validated:
    """What was found: `findings` with the contract's columns (ids and `decides` empty), and rows of `checks.csv`."""

    findings: sql.Table
    checks: list[dict[str, Any]]


def validate_all(
    study: StudyDefinition,
    raw: Mapping[str, RawTable],
    clean: Mapping[str, CleanTable],
    session: Session,
    opinion: SecondOpinion | None = None,
) -> Validated:
    """Every table of a study against its declaration; with an `opinion`, every verdict on a cell a second time."""
    if isinstance(session, SparkEngine):
        return _validate_spread(study, raw, clean, session)
    frames: list[pl.DataFrame] = []
    checks: list[dict[str, Any]] = []
    for name, table in study.tables.items():
        found, rows = _validate(table, raw[name], clean[name], session, study.language, opinion)
        frames.append(found)
        checks += rows
    return Validated(registered(pl.concat(frames), session), checks)


def validate(table: Table, raw: RawTable, clean: CleanTable, session: Session, language: str = "en") -> Validated:
    """One table against its declaration: its file, its columns, each cell's type, codes, range and form."""
    found, rows = _validate(table, raw, clean, session, language)
    return Validated(registered(found, session), rows)


def _validate_spread(
    study: StudyDefinition, raw: Mapping[str, RawTable], clean: Mapping[str, CleanTable], session: SparkEngine
) -> Validated:
    """The same, each schema run where the rows are."""
    found: list[sql.Table] = []
    frames = [no_findings()]
    checks: list[dict[str, Any]] = []
    for name, table in study.tables.items():
        frames.append(contract_findings(table, raw[name], clean[name], session))
        run = Run()
        if raw[name].present:
            run, failing = run_spread(table, raw[name], clean[name], session)
            found.append(findings_spread(failing, table, raw[name], clean[name], study.language, session))
        checks += _checks(table, raw[name], run)
    return Validated(sql.union(registered(pl.concat(frames), session), *found), checks)


def _validate(
    table: Table,
    raw: RawTable,
    clean: CleanTable,
    session: Session,
    language: str,
    opinion: SecondOpinion | None = None,
) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    if not raw.present:
        return contract_findings(table, raw, clean, session), _checks(table, raw, Run())
    run = run_schema(table, raw, clean, session)
    failing = [(c, run.ledger.rows(c.name)) for c in constraints(table) if runnable(c, raw.columns)]
    cells = cell_findings(table, raw, clean, failing, language, session)
    differing, compared = opinion.compare(table, raw, clean, run, session) if opinion else (no_findings(), [])
    found = pl.concat([contract_findings(table, raw, clean, session), cells, differing])
    return found, [*_checks(table, raw, run), *compared]


def _checks(table: Table, raw: RawTable, run: Run) -> list[dict[str, Any]]:
    own = constraints(table)
    if not raw.present:
        return [*contract_checks(table, raw, 0), *(check_row(c.name, "record", error=absence(raw)) for c in own)]
    return [*contract_checks(table, raw, run.rows), *(_check(c, raw, run) for c in own)]


def _check(constraint: Constraint, raw: RawTable, run: Run) -> dict[str, Any]:
    """The check's row; an error where its column is not there, or Pandera did not run it on every row."""
    if not runnable(constraint, raw.columns):
        return check_row(constraint.name, "record", error=f"the file has no column '{constraint.spec.header}'")
    error = run.error(constraint)
    if error:
        return check_row(constraint.name, "record", error=error)
    entry = run.ledger.entries.get(constraint.name)
    counts = entry.counts if entry else dict.fromkeys(Verdict, 0)
    return check_row(
        constraint.name,
        "record",
        passed=counts[Verdict.PASSED],
        failed=counts[Verdict.FAILED],
        unknown=counts[Verdict.UNKNOWN],
        not_applicable=counts[Verdict.NOT_APPLICABLE],
    )


__all__ = ["Schema", "Validated", "pandera_schema", "schema_for", "validate", "validate_all"]
