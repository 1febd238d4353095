"""The listings of the report page, as far as a page can hold them: patients who are not eligible, and findings."""

from __future__ import annotations

from typing import Any

from prelock.reports.rows import Results, quoted
from prelock.reports.summary import Summary
from prelock.results import SEVERITY, TABLES
from prelock.study.definition import StudyDefinition

SHOWN = 1000


def patients(study: StudyDefinition, results: Results, summary: Summary) -> dict[str, Any]:
    """Patients who are undetermined or ineligible, undetermined first, with the reason in the author's words."""
    texts = {c.name: c.text or c.name for c in study.criteria}
    query = (
        f"SELECT patient, status, reason, missing FROM ({results.ordered('eligibility')}) WHERE status <> 'eligible'"
    )
    rows = results.query(f"{query} ORDER BY status DESC, patient LIMIT {SHOWN}")
    total = summary["patients"] - summary["eligibility"]["eligible"]
    return {
        "rows": [{**row, "text": texts.get(row["reason"], row["reason"])} for row in rows],
        "total": total,
        "more": total - len(rows),
        "doubt": summary["eligibility"]["undetermined"] > 0,
    }


def findings(results: Results, summary: Summary) -> dict[str, Any]:
    """Findings, errors first, then in the order of `findings.csv`."""
    rank = "CASE severity " + " ".join(f"WHEN '{name}' THEN {i}" for i, name in enumerate(SEVERITY)) + " END"
    keys = ", ".join(quoted(key) for key in TABLES["findings"].sort)
    rows = results.query(f"SELECT * FROM ({results.ordered('findings')}) ORDER BY {rank}, {keys} LIMIT {SHOWN}")
    total = sum(summary["findings"][severity] for severity in SEVERITY)
    return {
        "rows": rows,
        "total": total,
        "more": total - len(rows),
        "rules": sorted({row["rule"] for row in rows if row["rule"]}),
        "severities": [s for s in SEVERITY if any(row["severity"] == s for row in rows)],
    }
