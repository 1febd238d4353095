"""Every section of the tiny study against results worked out by hand (see conftest for rules and data)."""

from __future__ import annotations

from typing import Any

import pytest
from tiny_study import STUDY

Results = dict[str, list[dict[str, Any]]]


def by(rows: list[dict[str, Any]], *keys: str) -> dict[Any, dict[str, Any]]:
    return {tuple(row[k] for k in keys) if len(keys) > 1 else row[keys[0]]: row for row in rows}


def test_eligibility(results: Results) -> None:
    found = by(results["eligibility"], "patient")
    told = {p: (r["status"], r["reason"], r["age"], r["consent"]) for p, r in found.items()}
    assert told == {
        "P1": ("eligible", "", "passes", "passes"),
        "P2": ("ineligible", "age", "fails", "fails"),
        "P3": ("undetermined", "consent", "passes", "unknown"),
        "P4": ("ineligible", "consent", "passes", "fails"),
        "P5": ("eligible", "", "passes", "passes"),
        "P6": ("undetermined", "age", "unknown", "passes"),
    }
    assert "consent" in found["P3"]["missing"]
    assert "birth_date" in found["P6"]["missing"]
    assert [found[p]["missing"] for p in ("P1", "P2", "P4", "P5")] == [""] * 4


def test_criteria_tell_what_they_rest_on(results: Results) -> None:
    found = by(results["criteria"], "patient", "criterion")
    assert len(found) == 12
    assert found["P1", "age"]["evidence"] == "age = 44"
    assert (found["P3", "consent"]["status"], found["P3", "consent"]["kind"]) == ("unknown", "include")
    assert found["P3", "consent"]["missing"] != ""


def test_attrition(results: Results) -> None:
    columns = ("step", "criterion", "excluded", "excluded_any", "excluded_only", "undetermined", "remaining")
    assert [tuple(row[c] for c in columns) for row in results["attrition"]] == [
        (0, "all patients", 0, 0, 0, 0, 6),
        (1, "age", 1, 1, 0, 1, 4),
        (2, "consent", 1, 2, 1, 1, 2),
    ]


def test_outcomes(results: Results) -> None:
    found = {row["patient"]: row["status"] for row in results["outcomes"]}
    assert found == {
        "P1": "achieved",
        "P2": "not applicable",
        "P3": "undetermined",
        "P4": "not applicable",
        "P5": "not evaluable",
        "P6": "undetermined",
    }
    assert {row["definition"] for row in results["outcomes"]} == {"main"}
    assert all(row["missing"] for row in results["outcomes"] if row["status"] == "undetermined")


def test_outcome_summary(results: Results) -> None:
    observed, imputed = results["outcome_summary"]
    shared = {"population_n": 2, "achieved": 1, "evaluable": 1, "not_evaluable": 1, "undetermined": 0}
    for row in (observed, imputed):
        assert {name: row[name] for name in shared} == shared
        assert (row["membership_unknown"], row["ci_method"]) == (2, "clopper-pearson")
    assert (observed["missing_rule"], observed["denominator"], observed["percent"]) == ("as observed", 1, 100.0)
    assert (imputed["missing_rule"], imputed["denominator"], imputed["percent"]) == ("non-responder", 2, 50.0)
    assert (observed["ci_low"], observed["ci_high"]) == pytest.approx((0.025, 1.0))
    assert imputed["ci_low"] == pytest.approx(1 - 0.975**0.5)


def test_adverse_events(results: Results) -> None:
    found = by(results["adverse_events"], "key")
    told = {k: (r["category"], r["treatment_emergent"], r["serious"], r["grade"]) for k, r in found.items()}
    assert told == {
        "ae_id=A1": ("Zoster", "yes", "no", None),
        "ae_id=A2": ("Zoster", "no", "no", None),
        "ae_id=A3": ("Lymphopenia", "yes", "yes", 2),  # 0.7 four days after onset; 0.1 is nineteen days after
        "ae_id=A4": ("Zoster", "yes", "no", None),
        "ae_id=A5": ("", "yes", "no", None),
        "ae_id=A6": ("Zoster", "unknown", "no", None),
    }
    assert found["ae_id=A3"]["grading"] == "CTCAE v5 lymphocyte count decreased"
    assert found["ae_id=A1"]["grading"] == ""


def test_adverse_event_summary(results: Results) -> None:
    columns = ("category", "events", "patients", "percent", "denominator", "unknown_events", "unknown_patients")
    assert [tuple(row[c] for c in columns) for row in results["adverse_event_summary"]] == [
        ("any event", 3, 2, 100.0, 2, 1, 0),  # A6 of P5 has no onset; P5 is counted for A5
        ("Zoster", 1, 1, 50.0, 2, 1, 1),
        ("Lymphopenia", 1, 1, 50.0, 2, 0, 0),
        ("Herpes", 0, 0, 0.0, 2, 0, 0),
        ("no category", 1, 1, 50.0, 2, 0, 0),
    ]


def test_a_missing_onset_counts_where_the_study_says_so(check: Any) -> None:
    counted = check(study=STUDY.replace("  serious: serious is yes", "  if onset is missing: counted", 1))
    found = by(counted["adverse_events"], "key")
    assert found["ae_id=A6"]["treatment_emergent"] == "yes"
    assert found["ae_id=A1"]["serious"] == ""
    assert counted["adverse_event_summary"][0]["events"] == 4


def test_events_of_no_category_or_of_two_are_queried(results: Results) -> None:
    found = {(r["rule"], r["key"], r["severity"]) for r in results["findings"] if r["kind"] == "category"}
    assert found == {
        ("adverse events: no category", "ae_id=A5", "note"),
        ("adverse events: two categories", "ae_id=A1", "warning"),
    }


def test_completeness(results: Results) -> None:
    found = by(results["completeness"], "patient", "item", "timepoint")
    assert len(found) == 18
    assert found["P1", "CRP", "baseline"]["status"] == "recorded"
    assert found["P1", "CRP", "week 12"]["days_from_target"] == 0
    assert found["P5", "CRP", "baseline"]["status"] == "missing"
    assert found["P5", "CRP", "week 12"]["status"] == "not done"
    assert found["P4", "CRP", "week 12"]["status"] == "not due"
    assert (found["P4", "CRP", "week 12"]["expected"], found["P3", "CRP", "week 12"]["expected"]) == ("no", "unknown")
    assert found["P3", "CRP", "week 12"]["status"] == "missing"  # written, but nobody can read it
    assert found["P6", "sex", "baseline"]["status"] == "missing"


def test_completeness_summary(results: Results) -> None:
    columns = ("item", "timepoint", "expected", "recorded", "percent")
    assert [tuple(row[c] for c in columns) for row in results["completeness_summary"]] == [
        ("sex", "baseline", 6, 5, pytest.approx(500 / 6)),
        ("CRP", "baseline", 6, 2, pytest.approx(200 / 6)),  # P1 and P2
        ("CRP", "week 12", 4, 1, 25.0),  # P3 may be due: a doubt never hides a gap
    ]


def test_characteristics(results: Results) -> None:
    found = by(results["characteristics"], "characteristic", "level")
    counts = ("n", "denominator", "missing")
    assert [found["male", "yes"][c] for c in counts] == [3, 5, 1]
    assert found["male", "yes"]["percent"] == 60.0
    assert [found["sex", level]["n"] for level in ("male", "female", "missing")] == [3, 2, 1]
    weight = found["weight", ""]
    assert [weight[c] for c in counts] == [5, 5, 1]  # 60 70 80 10 90
    assert (weight["mean"], weight["median"], weight["q1"], weight["q3"]) == (62.0, 70.0, 60.0, 80.0)
    assert weight["sd"] == pytest.approx((3880 / 4) ** 0.5)
    assert (weight["min"], weight["max"], weight["population"]) == (10.0, 90.0, "treated")


def test_variables_measures_and_populations(results: Results) -> None:
    variables = by(results["variables"], "patient", "variable")
    assert (variables["P1", "age"]["value"], variables["P6", "age"]["value"]) == ("44", "")
    assert variables["P6", "age"]["missing"] != ""
    crp = by(results["measures"], "patient", "measure", "timepoint")["P1", "CRP", "week 12"]
    assert (crp["value"], crp["unit"], crp["reported"], crp["day"]) == ("4", "mg/L", "0.4 mg/dL", 84)
    assert (crp["normal"], crp["row"]) == ("yes", 2)
    populations = by(results["populations"], "patient")
    assert [populations[p]["eligible"] for p in ("P1", "P2", "P3")] == ["yes", "no", "unknown"]
    assert populations["P2"]["treated"] == "yes"


def test_a_study_of_tables_alone_has_every_result(check: Any) -> None:
    tables = STUDY[: STUDY.index("measures:")].replace("day_zero: first_dose\n", "")
    tables = tables[: tables.index("timepoints:")] + tables[tables.index("tables:") :]
    found = check(study=tables.replace(", not after: start", ""))
    assert [row["remaining"] for row in found["attrition"]] == [6]
    assert {row["status"] for row in found["eligibility"]} == {"eligible"}
    for name in ("criteria", "outcomes", "outcome_summary", "adverse_events", "completeness", "characteristics"):
        assert found[name] == []
    assert found["findings"] != []
