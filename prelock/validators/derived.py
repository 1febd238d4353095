"""What was worked out on the way: derived variables, measures at timepoints, populations."""

from __future__ import annotations

from typing import Any

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.results import TABLES
from prelock.rules.nodes import Variable
from prelock.rules.types import PATIENT
from prelock.study.definition import Named
from prelock.validators.asked import ELIGIBLE, belongs
from prelock.validators.file_rows import with_file_rows
from prelock.validators.shapes import shaped, stacked, yes_no


def variables(evaluation: Evaluation) -> dict[str, sql.Table]:
    """`variables`: one row a patient and derived variable."""
    parts = [_variable(evaluation, named) for named in evaluation.study.variables.values()]
    return {"variables": stacked(evaluation.session, evaluation.patients, "variables", parts)}


def _variable(evaluation: Evaluation, named: Named) -> dict[str, Any]:
    node = Variable(name=named.name, type=named.node.type, grain=PATIENT)
    return {
        "patient": evaluation.patients["patient"],
        "variable": named.name,
        "value": evaluation.shown(node),
        "unit": named.node.type.unit or "",
        "evidence": evaluation.evidence(named.node),
        "missing": evaluation.missing(named.node),
    }


def measures(evaluation: Evaluation) -> dict[str, sql.Table]:
    """`measures`: one row a patient, measure and timepoint that some rule reads."""
    table = with_file_rows(evaluation.study, evaluation.measure_points())
    cells = {column: table[column] for column in TABLES["measures"].names if column in table.columns}
    return {"measures": shaped(table, "measures", **cells)}


def populations(evaluation: Evaluation) -> dict[str, sql.Table]:
    """`populations`: one row a patient; `eligible` and each declared population as yes, no or unknown."""
    patients = evaluation.patients
    names = dict.fromkeys((ELIGIBLE, *evaluation.study.populations))
    columns = {name: yes_no(evaluation.truth(belongs(name))) for name in names}
    return {"populations": shaped(patients, "populations", patient=patients.patient, **columns)}
