"""The listings of the report page, as far as a page can hold them: patients who are not eligible, and findings."""

from __future__ import annotations

from typing import Any

from prelock.reports.rows import Results, python_rows
from prelock.reports.summary import Summary
from prelock.results import SEVERITY
from prelock.study.definition import StudyDefinition

SHOWN = 1000


def patients(study: StudyDefinition, results: Results, summary: Summary) -> dict[str, Any]:
    """Patients who are undetermined or ineligible, undetermined first, with the reason in the author's words."""
    texts = {c.name: c.text or c.name for c in study.criteria}
    table = results.ordered("eligibility")
    some = table.filter(table.status != "eligible").select("patient", "status", "reason", "missing")
    rows = python_rows(some.order_by([some.status.desc(), some.patient.asc()]).limit(SHOWN))
    total = summary["patients"] - summary["eligibility"]["eligible"]
    return {
        "rows": [{**row, "text": texts.get(row["reason"], row["reason"])} for row in rows],
        "total": total,
        "more": total - len(rows),
        "doubt": summary["eligibility"]["undetermined"] > 0,
    }


def findings(results: Results, summary: Summary) -> dict[str, Any]:
    """Findings, errors first, then in the order of `findings.csv`."""
    import ibis

    table = results.ordered("findings")
    ranks = [(table.severity == severity, rank) for rank, severity in enumerate(SEVERITY)]
    ranked = table.mutate(rank_=ibis.cases(*ranks, else_=len(SEVERITY)))
    keys = ["rank_", "patient", "table", "key", "column", "rule", "finding_id"]
    rows = python_rows(ranked.order_by(keys).limit(SHOWN))
    total = sum(summary["findings"][severity] for severity in SEVERITY)
    return {
        "rows": rows,
        "total": total,
        "more": total - len(rows),
        "rules": sorted({row["rule"] for row in rows if row["rule"]}),
        "severities": [s for s in SEVERITY if any(row["severity"] == s for row in rows)],
    }
