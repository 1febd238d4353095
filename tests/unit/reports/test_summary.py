"""The run in numbers."""

from __future__ import annotations

import json

from prelock.reports import json_file
from prelock.reports.report import Report


def test_counts_of_every_section(report: Report) -> None:
    summary = report.summary
    assert summary["patients"] == 6
    assert summary["eligibility"] == {"eligible": 3, "ineligible": 2, "undetermined": 1}
    assert [(c["criterion"], c["passes"], c["fails"], c["unknown"]) for c in summary["criteria"]] == [
        ("age", 5, 1, 0),
        ("short", 3, 2, 1),
    ]
    assert [step["remaining"] for step in summary["attrition"]] == [6, 5, 3]
    assert summary["populations"] == {"treated": {"yes": 2, "no": 1, "unknown": 1}}
    assert {s: summary["findings"][s] for s in ("error", "warning", "note")} == {"error": 1, "warning": 1, "note": 0}
    assert summary["checks"] == {"error": 1, "not applicable": 1, "failed": 1, "passed": 1}
    assert summary["checks_not_run"] == ["labs"]


def test_findings_are_ranked_by_weight_and_number(report: Report) -> None:
    rules = report.summary["findings"]["rules"]
    assert [(row["severity"], row["rule"], row["findings"]) for row in rules] == [
        ("error", "sex <b>", 1),
        ("warning", "height_cm", 1),
    ]


def test_required_items_are_told_from_expected_ones(report: Report) -> None:
    found = {(row["item"], row["timepoint"]): row["required"] for row in report.summary["completeness"]}
    assert found == {("CDAI", "baseline"): True, ("FC", "baseline"): False, ("FC", "week 12"): False}


def test_only_the_entry_run_may_differ_between_runs(report: Report) -> None:
    whole = json.loads(json_file.text(report))
    assert whole["run"] == {"prelock": "0.1.0", "started": "2025-03-01T10:00:00Z", "seconds": 1.2}
    assert "seconds" not in json.dumps({key: value for key, value in whole.items() if key != "run"})
    assert whole["outcomes"][1]["percent"] == 33.333333333
