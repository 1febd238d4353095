"""The run in numbers: what `summary.json`, the gate, the terminal and the report's head all read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prelock.reports.rows import Results
from prelock.results import CHECK, CRITERION, ELIGIBILITY, SEVERITY, THREE, is_second, number_text
from prelock.study.definition import StudyDefinition

Summary = dict[str, Any]


def summarise(study: StudyDefinition, results: Results, engine: str) -> Summary:
    """Counts of every section, in the order of the study; nothing here depends on when or where the run took place."""
    eligibility = _all(ELIGIBILITY, results.counts("eligibility", "status"))
    checks = results.rows("checks")
    not_run = [row["check"] for row in checks if row["status"] == "error"]
    asked = any(is_second(row["check"]) for row in checks)
    return {
        "study": _study(study),
        "engine": engine,
        "patients": sum(eligibility.values()),
        "eligibility": eligibility,
        "criteria": _criteria(study, results),
        "attrition": results.rows("attrition"),
        "populations": _populations(study, results),
        "outcomes": _plain(results.rows("outcome_summary")),
        "adverse_events": _plain(results.rows("adverse_event_summary")),
        "completeness": _completeness(study, results),
        "findings": _findings(results),
        "checks": {status: sum(row["status"] == status for row in checks) for status in CHECK},
        "checks_not_run": [name for name in not_run if not is_second(name)],
        "second_opinion_differs": [name for name in not_run if is_second(name)] if asked else None,
        "checks_empty": [row["check"] for row in checks if row["status"] == "not applicable"],
    }


def _study(study: StudyDefinition) -> Summary:
    return {
        "title": study.title,
        "version": study.version,
        "data_cutoff": None if study.data_cutoff is None else study.data_cutoff.isoformat(),
        "files": dict(sorted(study.digests.items())),
    }


def _criteria(study: StudyDefinition, results: Results) -> list[Summary]:
    found = results.counts("criteria", "criterion", "status")
    return [
        {"criterion": c.name, "kind": c.kind, "text": c.text, **{s: found.get((c.name, s), 0) for s in CRITERION}}
        for c in study.criteria
    ]


def _populations(study: StudyDefinition, results: Results) -> Summary:
    there = results.columns("populations")
    return {name: _all(THREE, results.counts("populations", name)) for name in study.populations if name in there}


def _completeness(study: StudyDefinition, results: Results) -> list[Summary]:
    required = {(point.point, item.name) for point in study.completeness for item in point.items if item.required}
    rows = _plain(results.rows("completeness_summary"))
    return [{**row, "required": (row["timepoint"], row["item"]) in required} for row in rows]


def _findings(results: Results) -> Summary:
    by_rule = results.counts("findings", "rule", "kind", "severity")
    rules = [{"rule": r, "kind": k, "severity": s, "findings": n} for (r, k, s), n in by_rule.items()]
    rules.sort(key=lambda row: (SEVERITY.index(row["severity"]), -row["findings"], row["rule"], row["kind"]))
    severities = {s: sum(row["findings"] for row in rules if row["severity"] == s) for s in SEVERITY}
    return {**severities, "rules": rules}


def _all(names: tuple[str, ...], found: Mapping[str, int]) -> dict[str, int]:
    return {name: found.get(name, 0) for name in names}


def _plain(rows: list[Summary]) -> list[Summary]:
    """Numbers as the CSV files have them."""
    return [{k: float(number_text(v)) if isinstance(v, float) else v for k, v in row.items()} for row in rows]
