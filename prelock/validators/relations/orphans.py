"""Records of patients who are not in the patient table."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.study.definition import Table
from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.messages import message
from prelock.validators.records_found import gathered, record_findings
from prelock.validators.shapes import total


def orphans(source: CheckRows) -> Iterator[Counted]:
    """A check for each table of patients' records. A record without a patient can't be judged."""
    evaluation = source.evaluation
    for table in evaluation.study.tables.values():
        if table.patient_column is not None and table.name != evaluation.study.patient_table:
            yield _table(evaluation, table)


def _table(evaluation: Evaluation, table: Table) -> Counted:
    home = evaluation.study.patient_table
    name = f"{table.name}: every patient is in {home}"
    clean = evaluation.clean[table.name]
    if not (clean.present and evaluation.clean[home].present):
        return Counted(name, "record", error=f"the table {table.name if not clean.present else home} could not be read")
    known = evaluation.patients.select("patient").mutate(known=True)
    rows = clean.rel.select("row", "patient").left_join(known, "patient")
    there, named = rows["known"].notnull(), rows["patient"].notnull()
    counts = evaluation.session.scalars(rows, passed=total(there), failed=total(named & ~there), unknown=total(~named))
    found = (_findings(evaluation, table, name, rows.filter(named & ~there)),) if counts["failed"] else ()
    return Counted(name, "record", counts["passed"], counts["failed"], counts["unknown"], findings=found)


def _findings(evaluation: Evaluation, table: Table, name: str, rows: sql.Table) -> sql.Table:
    """One finding a patient and table, at one record; further records are related cells."""
    return record_findings(
        evaluation,
        table.name,
        gathered(evaluation, table.name, rows.select("row", who=rows["patient"]), ["who"]),
        rule=name,
        kind="orphan",
        severity="error",
        message=message(evaluation.study.language, "orphan", table=evaluation.study.patient_table),
        columns=[table.patient_column or ""],
    )
