"""The listings of the report page, as far as a page can hold them: patients who are not eligible, and findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prelock.reports.rows import Results, Row
from prelock.reports.summary import Summary
from prelock.reports.weighed import names_of, top, waiting
from prelock.results import SEVERITY
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
    """Findings by site and patient: first the patients of whom most is undecided, then those with most errors."""
    rows = top(results, SHOWN)
    total = sum(summary["findings"][severity] for severity in SEVERITY)
    sites = _grouped(rows, "site", lambda mine: (mine[0]["site"] is None, mine[0]["site"]))
    return {
        "sites": [{**site, "patients": _grouped(site["rows"], "patient", _worst)} for site in sites],
        "by_site": any(row["site"] for row in rows),
        "total": total,
        "shown": len(rows),
        "more": total - len(rows),
        "rules": sorted({row["rule"] for row in rows if row["rule"]}),
        "severities": [s for s in SEVERITY if any(row["severity"] == s for row in rows)],
    }


def _grouped(rows: list[Row], by: str, order: Callable[[list[Row]], Any]) -> list[dict[str, Any]]:
    """Rows gathered by a column, in an order of the groups; how many of each severity, and what waits for them."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append(row)
    return [_group(mine[0][by], mine) for mine in sorted(groups.values(), key=order)]


def _group(name: str | None, rows: list[Row]) -> dict[str, Any]:
    counts = {s: n for s in SEVERITY if (n := sum(row["severity"] == s for row in rows))}
    return {"name": name, "rows": rows, "counts": counts, "waiting": waiting(names_of(rows))}


def _worst(rows: list[Row]) -> tuple[Any, ...]:
    """Patients of whom most is undecided first; findings of no patient last."""
    errors = sum(row["severity"] == SEVERITY[0] for row in rows)
    return rows[0]["patient"] is None, -len(names_of(rows)), -errors, rows[0]["patient"] or ""
