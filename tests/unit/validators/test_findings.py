"""Relations, checks and findings of the tiny study."""

from __future__ import annotations

import re
from typing import Any

from tiny_study import DATA, DOSES, PATIENTS, STUDY

Rows = list[dict[str, Any]]


def told(rows: Rows, kind: str) -> list[tuple[str, str, str]]:
    return sorted((r["table"], r["key"], r["column"]) for r in rows if r["kind"] == kind)


def test_a_repeated_key_is_one_finding(results: dict[str, Rows]) -> None:
    assert told(results["findings"], "key") == [("labs", "lab_id=L8", "lab_id")]
    (found,) = [r for r in results["findings"] if r["kind"] == "key"]
    assert (found["row"], found["related_cells"]) == (8, "labs.csv row 9")


def test_an_unknown_patient_is_one_finding_a_table(results: dict[str, Rows]) -> None:
    (found,) = [r for r in results["findings"] if r["kind"] == "orphan"]
    assert (found["table"], found["patient"], found["value"], found["decides"]) == ("labs", "P9", "P9", "")


def test_swapped_dates_are_one_finding(results: dict[str, Rows]) -> None:
    assert told(results["findings"], "date order") == [("doses", "dose_id=D3", "ended")]


def test_periods_that_share_a_day_overlap(results: dict[str, Rows]) -> None:
    (found,) = [r for r in results["findings"] if r["kind"] == "overlap"]
    assert (found["key"], found["patient"]) == ("dose_id=D1", "P1")  # D2 begins on the day D1 ends
    assert "row 2" in found["related_cells"]


def test_a_failed_check_is_a_finding_and_a_blank_is_counted(results: dict[str, Rows]) -> None:
    (found,) = [r for r in results["findings"] if r["rule"] == "weight_sane"]
    assert (found["patient"], found["column"], found["value"]) == ("P5", "weight", "10")
    (check,) = [r for r in results["checks"] if r["check"] == "weight_sane"]
    counts = [check[c] for c in ("checked", "passed", "failed", "unknown", "not_applicable", "status")]
    assert counts == [6, 4, 1, 1, 0, "failed"]


def test_checks_of_pairs_count_pairs(results: dict[str, Rows]) -> None:
    (check,) = [r for r in results["checks"] if r["check"] == "no_overlap"]
    assert [check[c] for c in ("passed", "failed", "unknown")] == [1, 1, 0]


def test_decides_names_the_rules_that_read_the_cell(results: dict[str, Rows]) -> None:
    found = {r["key"]: r["decides"] for r in results["findings"] if r["kind"] == "type"}
    assert found == {"lab_id=L6": "endpoint: crp_low", "lab_id=L7": ""}  # L7 is a lymphocyte count: no rule reads it


def test_ids_are_unique_and_none_is_about_a_position(results: dict[str, Rows]) -> None:
    ids = [r["finding_id"] for r in results["findings"]]
    assert len(ids) == len(set(ids)) > 5
    assert all(re.fullmatch("[0-9a-f]{16}", found) for found in ids)


def test_rows_in_another_order_give_the_same_findings(results: dict[str, Rows], check: Any) -> None:
    def turned(text: str) -> str:
        header, *lines = text.strip().split("\n")
        return "\n".join([header, *reversed(lines)]) + "\n"

    other = check({name: turned(text) for name, text in DATA.items()})
    places = ("row", "line", "related_cells")

    def kept(rows: Rows) -> list[str]:
        return sorted(repr({k: v for k, v in row.items() if k not in places}) for row in rows)

    assert kept(other["findings"]) == kept(results["findings"])
    for name in ("eligibility", "attrition", "outcome_summary", "adverse_events", "characteristics", "checks"):
        assert kept(other[name]) == kept(results[name]), name


def test_a_table_that_is_not_there_is_an_error_and_never_passes(check: Any) -> None:
    found = check({"doses": None})
    mine = [r for r in found["checks"] if r["check"].startswith(("doses: one", "doses: every", "no_overlap"))]
    assert len(mine) == 3
    assert {(r["status"], r["passed"], r["failed"]) for r in mine} == {("error", 0, 0)}
    assert all(r["error"] for r in mine)
    assert found["attrition"][-1]["remaining"] == 2


def test_no_rows_to_check_is_not_applicable(check: Any) -> None:
    found = check({"doses": "dose_id,patient_id,begun,ended\n"})
    mine = [r for r in found["checks"] if r["check"] in ("doses: one row for each dose_id", "no_overlap")]
    assert [r["status"] for r in mine] == ["not applicable", "not applicable"]


def test_what_follows_from_a_wrong_birth_date_is_not_told_again(check: Any) -> None:
    wrong = PATIENTS.replace("P1,male,1980-01-01", "P1,male,2030-01-01")
    found = [r for r in check({"patients": wrong})["findings"] if r["kind"] == "date order" and r["patient"] == "P1"]
    assert [(r["table"], r["column"]) for r in found] == [("patients", "birth_date")]
    assert "eligibility: age" in found[0]["decides"]


def test_a_record_entered_twice_is_told_of_its_declared_key_only(check: Any) -> None:
    study = STUDY.replace(
        "one row for each: dose_id", "one row for each: dose_id\n    also unique: [[patient_id, begun]]"
    )
    found = check({"doses": DOSES + "D4,P4,2024-01-01,2024-01-31\n"}, study)
    assert [r["rule"] for r in found["findings"] if r["kind"] == "key" and r["table"] == "doses"] == [
        "doses: one row for each dose_id"
    ]
