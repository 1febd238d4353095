"""What a study was promised of each file: that it is there, has the declared columns, and every row can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from prelock.engine.clean import CleanTable
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable, SourceProblem
from prelock.schemas.findings import contract, no_findings
from prelock.schemas.rows import check_row
from prelock.study.definition import Table

COLUMN_KINDS = ("missing column", "duplicate column")
GRAINS: Mapping[str, str] = {
    "missing column": "column",
    "duplicate column": "column",
    "unexpected column": "column",
    "refused row": "record",
}
RULES: Mapping[str, str] = {"missing column": "columns", "duplicate column": "columns", "refused row": "rows"}


def contract_findings(table: Table, raw: RawTable, clean: CleanTable, session: Session) -> pl.DataFrame:
    """One finding for each problem of the file, its columns and its refused rows."""
    if not raw.problems:
        return no_findings()
    known: set[str] = set()
    if any(problem.cells for problem in raw.problems):
        known = {patient for (patient,) in session.rows(clean.rel.select("patient").distinct()) if patient}
    rows = [_row(table, raw, problem) | _whose(table, problem, known) for problem in raw.problems]
    schema = {"row": pl.Int64, "line": pl.Int64}
    return contract(pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None))


def _whose(table: Table, problem: SourceProblem, known: set[str]) -> dict[str, str]:
    """Key and patient of a refused row, if its cells seem to stand where they should: the patient is a known one, or
    the row the patient's own."""
    cells = {spec.name: problem.cells.get(spec.header, "").strip() for spec in table.columns.values()}
    patient = cells.get(table.patient_column or "", "")
    own = table.key == (table.patient_column,)
    if (patient not in known and not own) or not all(cells[name] for name in table.key):
        return {"key": "", "patient": ""}
    return {"key": ", ".join(f"{name}={cells[name]}" for name in table.key), "patient": patient}


def _row(table: Table, raw: RawTable, problem: SourceProblem) -> dict[str, Any]:
    return {
        "rule": f"{table.name}: {RULES.get(problem.kind, 'file')}",
        "kind": problem.kind,
        "severity": problem.severity,
        "grain": GRAINS.get(problem.kind, "table"),
        "table": table.name,
        "file": raw.file,
        "row": problem.row,
        "line": problem.line,
        "column": problem.column or "",
        "value": problem.value or "",
        "message": problem.message,
    }


def contract_checks(table: Table, raw: RawTable, rows: int) -> Iterator[dict[str, Any]]:
    """The checks `t: file`, `t: columns` and `t: rows`; `rows` is how many rows the other checks were shown.

    Over `t: rows` every row of the file is counted: passed if it was checked, failed if it could not be read (each has
    a finding), not applicable if it is no record. It is an error if any row that was read was not checked.
    """
    yield check_row(f"{table.name}: file", "table", passed=int(raw.present), failed=int(not raw.present))
    if not raw.present:
        yield check_row(f"{table.name}: columns", "column", error=absence(raw))
        yield check_row(f"{table.name}: rows", "record", error=absence(raw))
        return
    absent = {problem.column for problem in raw.problems if problem.kind in COLUMN_KINDS}
    there = sum(spec.header in raw.columns for spec in table.columns.values())
    optional = len(table.columns) - there - len(absent)
    yield check_row(f"{table.name}: columns", "column", passed=there, failed=len(absent), not_applicable=optional)
    lost = f"{rows} of {raw.rows} rows were checked" if rows != raw.rows else ""
    yield check_row(
        f"{table.name}: rows", "record", passed=rows, failed=raw.refused, not_applicable=raw.left_out, error=lost
    )


def absence(raw: RawTable) -> str:
    """Why nothing of a table can be checked."""
    return raw.problems[0].message if raw.problems else f"the file {raw.file} could not be read"
