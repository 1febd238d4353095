"""The reference interpreter and the engine give every patient of the first study the same statuses, errors and all."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import pytest
from plain_tables import STUDY

import prelock
from prelock.engine.patient_records import lost_record
from prelock.engine.reference import Reference, records_from


def rows_of(folder: str, file: str) -> list[Mapping[str, str | None]]:
    """The rows of a table; a line with too many fields is refused."""
    with (STUDY / folder / file).open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if None not in row]


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["data", "data_with_errors"])
def test_the_same_statuses(folder: str) -> None:
    study = prelock.load(STUDY)
    tables = study.definition.tables
    records = records_from(study.definition, {name: rows_of(folder, table.file) for name, table in tables.items()})
    if folder == "data_with_errors":  # planted: a line of CD052 with one field too many (P28)
        records["cdai"].append(lost_record(tables["cdai"], 160, "CD052"))
    reference = Reference(study.definition, records)
    with study.check(STUDY / folder) as run:
        status = dict(zip(run.eligibility["patient"], run.eligibility["status"], strict=True))
        criteria = run.criteria.set_index(["patient", "criterion"])["status"].to_dict()
        outcomes = run.outcomes.set_index(["patient", "endpoint", "definition"])["status"].to_dict()
    assert status == {patient: reference.eligibility(patient) for patient in status}
    assert criteria == {(p, name): found for p in status for name, found in reference.criteria(p).items()}
    assert outcomes == {(p, *name): found for p in status for name, found in reference.endpoints(p).items()}
