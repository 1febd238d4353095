"""Every statement about checks, on the reference and on the engine."""

from __future__ import annotations

import re
from typing import Any

import pytest
from check_specs import CHECKS, CheckSpec, Counts
from spec_engines import evaluation_of
from spec_format import raw_tables, study_text

from prelock.engine.reference import Reference, records_from
from prelock.engine.reference.checks import check_row, pairs
from prelock.study.definition import Check, StudyDefinition
from tests.study_text import study_of

IDS = [spec.says for spec in CHECKS]


def asked(spec: CheckSpec) -> tuple[StudyDefinition, Check]:
    study = study_of(study_text(spec.spec))
    (check,) = study.checks
    return study, check


def of_pairs(check: Check) -> bool:
    return check.form in ("overlap", "two rows")


@pytest.mark.parametrize("spec", CHECKS, ids=IDS)
def test_by_the_reference(spec: CheckSpec) -> None:
    study, check = asked(spec)
    run = Reference(study, records_from(study, raw_tables(spec.spec)))
    if not of_pairs(check):
        rows = [(patient, row) for patient in run.patients for row in run.store.rows(check.relation, patient)]
        told = {row.row: check_row(run, check, patient, row) for patient, row in rows}
        counts = Counts(*(list(told.values()).count(truth) for truth in (True, False, None, "not applicable")))
        assert (counts, tuple(row for row, truth in told.items() if truth is False)) == (spec.counts, spec.failed)
        return
    found = {tuple(sorted((one.row, other.row))): truth for one, other, truth in pairs(run, check)}
    failed = tuple(pair for pair, truth in sorted(found.items()) if truth)
    if check.rule is not None or check.form == "overlap":
        assert failed == spec.failed
    else:  # one finding for all rows that agree: the first of each
        firsts = {pair[0] for pair in failed} - {pair[1] for pair in failed}
        assert sorted(firsts) == sorted((*spec.failed, *spec.told_elsewhere))


@pytest.mark.parametrize("spec", CHECKS, ids=IDS)
def test_by_the_engine(spec: CheckSpec) -> None:
    from prelock.validators.grain import CheckRows
    from prelock.validators.records import records

    _, check = asked(spec)
    evaluation = evaluation_of(spec.spec)
    (counted,) = records(CheckRows(evaluation))
    assert Counts(counted.passed, counted.failed, counted.unknown, counted.not_applicable) == spec.counts
    rows = [row for table in counted.findings for row in evaluation.session.arrow(table).to_pylist()]
    single = not of_pairs(check) or (check.form == "two rows" and check.rule is None)
    assert sorted(row["row"] if single else pair(row) for row in rows) == list(spec.failed)


def pair(finding: dict[str, Any]) -> tuple[int, int]:
    """The finding's record and the other one, which its related cells name last."""
    other = re.findall(r" row (\d+)", finding["related_cells"])[-1]
    first, second = sorted((finding["row"], int(other)))
    return first, second
