"""A run as the reports see it, typed by hand: six patients, two criteria, one endpoint with a rival, their figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from prelock.errors import Location
from prelock.reports.report import Report
from prelock.reports.rows import Results, Source
from prelock.reports.summary import summarise
from prelock.results import ORDER, TABLES, Cell
from prelock.rules.nodes import Literal
from prelock.rules.types import PATIENT, Kind, Type
from prelock.study.definition import (
    Characteristic,
    CompletenessItem,
    CompletenessPoint,
    Criterion,
    Endpoint,
    EndpointDefinition,
    Gate,
    Named,
    StudyDefinition,
)

HERE = Location("study.yaml", 1, 1)
YES = Literal(type=Type(Kind.TRUTH), grain=PATIENT, value=True)

ROWS: dict[str, list[dict[str, Any]]] = {
    "findings": [
        {
            "finding_id": "b2", "rule": "height_cm", "kind": "range", "severity": "warning", "grain": "record",
            "table": "patients", "file": "patients.csv", "row": 3, "line": 4, "key": "patient_id=P3", "patient": "P3",
            "visit": "", "column": "height_cm", "value": "17", "related_cells": "", "message": "Is 17 cm right?",
            "decides": "",
        },
        {
            "finding_id": "a1", "rule": "sex <b>", "kind": "code", "severity": "error", "grain": "record",
            "table": "patients", "file": "patients.csv", "row": 5, "line": 6, "key": "patient_id=P5", "patient": "P5",
            "visit": "", "column": "sex", "value": '<script>alert("x")</script>, 男', "related_cells": "",
            "message": "Please check sex", "decides": "age; remission",
        },
    ],
    "checks": [
        {"check": "ulcers_agree", "grain": "group", "checked": 0, "passed": 0, "failed": 0, "unknown": 0,
         "not_applicable": 0, "error": "", "status": "not applicable"},
        {"check": "labs", "grain": "table", "checked": 0, "passed": 0, "failed": 0, "unknown": 0, "not_applicable": 0,
         "error": "labs.csv is not in the data folder", "status": "error"},
        {"check": "height_cm", "grain": "column", "checked": 6, "passed": 4, "failed": 1, "unknown": 1,
         "not_applicable": 0, "error": "", "status": "failed"},
        {"check": "dates", "grain": "record", "checked": 6, "passed": 6, "failed": 0, "unknown": 0,
         "not_applicable": 0, "error": "", "status": "passed"},
    ],
    "eligibility": [
        {"patient": "P1", "status": "eligible", "reason": "", "missing": "", "age": "passes", "short": "passes"},
        {"patient": "P2", "status": "eligible", "reason": "", "missing": "", "age": "passes", "short": "passes"},
        {"patient": "P10", "status": "eligible", "reason": "", "missing": "", "age": "passes", "short": "passes"},
        {"patient": "P3", "status": "ineligible", "reason": "age", "missing": "", "age": "fails", "short": "fails"},
        {"patient": "P4", "status": "undetermined", "reason": "short", "missing": "last_contact in patients row 4",
         "age": "passes", "short": "unknown"},
        {"patient": "P5", "status": "ineligible", "reason": "short", "missing": "", "age": "passes", "short": "fails"},
    ],
    "populations": [
        {"patient": "P1", "treated": "yes"}, {"patient": "P2", "treated": "yes"}, {"patient": "P3", "treated": "no"},
        {"patient": "P4", "treated": "unknown"},
    ],
    "criteria": [
        {"patient": patient, "criterion": name, "kind": kind, "status": status, "evidence": "", "missing": ""}
        for name, kind, statuses in (
            ("age", "include", ("passes", "passes", "passes", "fails", "passes", "passes")),
            ("short", "exclude", ("passes", "passes", "passes", "fails", "unknown", "fails")),
        )
        for patient, status in zip(("P1", "P2", "P10", "P3", "P4", "P5"), statuses, strict=True)
    ],
    "attrition": [
        {"step": 0, "criterion": "all patients", "excluded": 0, "excluded_any": 0, "excluded_only": 0,
         "undetermined": 0, "remaining": 6},
        {"step": 1, "criterion": "age", "excluded": 1, "excluded_any": 1, "excluded_only": 0, "undetermined": 0,
         "remaining": 5},
        {"step": 2, "criterion": "short", "excluded": 1, "excluded_any": 2, "excluded_only": 1, "undetermined": 1,
         "remaining": 3},
    ],
    "outcome_summary": [
        {"order": order, "endpoint": "remission", "definition": definition, "population": "eligible",
         "population_n": 3, "missing_rule": rule, "achieved": 1, "denominator": denominator, "evaluable": 2,
         "not_evaluable": 1, "undetermined": 0, "membership_unknown": 1, "percent": 100 / denominator,
         "ci_low": low, "ci_high": high, "ci_method": "wilson"}
        for order, (definition, rule, denominator, low, high) in enumerate([
            ("main", "as observed", 2, 0.0945312057, 0.9054687943),
            ("main", "non-responder", 3, 0.0614922855, 0.7923403991),
            ("STRIDE-II", "as observed", 2, 0.0945312057, 0.9054687943),
        ])
    ],
    "characteristics": [
        {"order": 0, "characteristic": "male", "level": "yes", "n": 2, "denominator": 3, "population": "eligible",
         "percent": 200 / 3, "missing": 0},
        {"order": 1, "characteristic": "age", "level": "", "n": 2, "denominator": 2, "population": "eligible",
         "missing": 1, "mean": 30.125, "sd": 1.005, "median": 30.125, "q1": 29.5, "q3": 30.75, "min": 29.0,
         "max": 31.25},
        {"order": 2, "characteristic": "location", "level": "L1", "n": 3, "denominator": 3, "population": "eligible",
         "percent": 100.0, "missing": 0},
        {"order": 3, "characteristic": "location", "level": "L2", "n": 0, "denominator": 3, "population": "eligible",
         "percent": 0.0, "missing": 0},
        {"order": 4, "characteristic": "location", "level": "missing", "n": 0, "denominator": 3,
         "population": "eligible", "missing": 0},
    ],
    "adverse_event_summary": [
        {"order": 0, "category": "any event", "events": 3, "patients": 2, "percent": 200 / 3, "denominator": 3,
         "unknown_events": 2, "unknown_patients": 1},
        {"order": 1, "category": "Acne", "events": 3, "patients": 2, "percent": 200 / 3, "denominator": 3,
         "unknown_events": 0, "unknown_patients": 0},
    ],
    "completeness_summary": [
        {"order": 0, "item": "CDAI", "timepoint": "baseline", "expected": 6, "recorded": 6, "percent": 100.0},
        {"order": 1, "item": "FC", "timepoint": "baseline", "expected": 6, "recorded": 4, "percent": 400 / 6},
        {"order": 2, "item": "FC", "timepoint": "week 12", "expected": 0, "recorded": 0},
    ],
}  # fmt: skip


def build_study() -> StudyDefinition:
    """The study that the rows above belong to."""
    main = EndpointDefinition("main", "eligible", YES, YES, ("as observed", "non-responder"), "")
    rival = EndpointDefinition("STRIDE-II", "eligible", YES, YES, ("as observed",), "")
    criteria = (
        Criterion("age", "include", "Adults & <75>", YES, "", HERE),
        Criterion("short", "exclude", "Follow-up under 12 weeks", YES, "", HERE),
    )
    points = (
        CompletenessPoint(
            "baseline",
            None,
            (CompletenessItem("CDAI", YES, True, None), CompletenessItem("FC", YES, False, None)),
            HERE,
        ),
        CompletenessPoint("week 12", None, (CompletenessItem("FC", YES, False, None),), HERE),
    )
    return StudyDefinition(
        title="Six patients & <more>", version="1.2.0", folder="six", day_zero="first_dose", cdisc_days=False,
        data_cutoff=date(2025, 2, 28), language="en", patient_table="patients", patient_column="patient_id", site=None,
        ties=(),
        tables={}, groups={}, timepoints={}, measures={}, variables={}, criteria=criteria,
        populations={"treated": Named("treated", YES, "", "", HERE)},
        endpoints=(Endpoint("remission", "CDAI below 150", (main, rival), "wilson", HERE),), adverse_events=None,
        completeness=points, checks=(),
        characteristics=(
            Characteristic("male", "", "count", YES, None, HERE),
            Characteristic("age", "Age, years", "number", YES, None, HERE),
            Characteristic("location", "", "levels", YES, None, HERE),
        ),
        characteristics_population="eligible", gate=Gate(), waivers=(), examples=(), digests={"study.yaml": "ab12"},
    )  # fmt: skip


def arrow(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of a result as an Arrow table with the declared columns."""
    kinds = {Cell.TEXT: pa.string(), Cell.WHOLE: pa.int64(), Cell.NUMBER: pa.float64()}
    columns = {column.name: kinds[column.cell] for column in TABLES[name].columns}
    columns |= {column: pa.int64() if column == ORDER else pa.string() for row in rows for column in row
                if column not in columns}  # fmt: skip
    arrays = [pa.array([row.get(column) for row in rows], kind) for column, kind in columns.items()]
    return pa.Table.from_arrays(arrays, list(columns))


MakeResults = Callable[..., Results]


@pytest.fixture
def make_results() -> Iterator[MakeResults]:
    """Results of the rows given (by default the six patients'), in a database with `threads`."""
    connections = []

    def make(rows: Mapping[str, Sequence[Mapping[str, Any]]] = ROWS, threads: int = 2) -> Results:
        duck = duckdb.connect(config={"threads": threads})
        connections.append(duck)
        sources: dict[str, Source] = {}
        for name, some in rows.items():
            table = arrow(name, some)
            duck.register(f"result {name}", table)
            sources[name] = Source(tuple(table.column_names), f'SELECT * FROM "result {name}"')
        return Results(sources, duck)

    yield make
    for con in connections:
        con.close()


@pytest.fixture
def study() -> StudyDefinition:
    return build_study()


@pytest.fixture
def report(study: StudyDefinition, make_results: MakeResults) -> Report:
    """The six patients' report, with a closed gate."""
    results = make_results()
    summary = summarise(study, results, "duckdb")
    waiver = {"waiver": "tall P1", "state": "in force", "text": "in force until 2025-12-31", "findings": 1}
    waiver |= {"by": "Dr Chen", "on": "2025-02-01", "until": "2025-12-31", "why": "Confirmed <by> the site"}
    waived = {"error": 1, "warning": 0, "note": 0}
    summary["waivers"] = {"as_of": "2025-03-01", "waived": waived, "ended": 0, "all": [waiver]}
    blocker = {"rule": "errors", "count": 1, "text": "1 finding of severity error"}
    summary["gate"] = {"ready": False, "block_on": ["errors"], "allow": {}, "blockers": [blocker]}
    run = {"prelock": "0.1.0", "started": "2025-03-01T10:00:00Z", "seconds": 1.2}
    return Report(study, results, summary, run, ("labs.csv is not in the data folder",))


@pytest.fixture
def with_value(report: Report, make_results: MakeResults) -> Callable[[str], Report]:
    """The run with another value in its first finding."""

    def made(value: str) -> Report:
        first, *others = ROWS["findings"]
        results = make_results({**ROWS, "findings": [{**first, "value": value}, *others]})
        return replace(report, results=results)

    return made
