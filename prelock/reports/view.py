"""What the report page shows, section by section, as plain values: every text a person reads is made here."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from prelock.reports.formats import count_percent, interval, measure, percent, share_percent
from prelock.reports.listings import findings, patients
from prelock.reports.rows import Results
from prelock.reports.summary import Summary
from prelock.results import MISSING_RULE, SEVERITY
from prelock.study.definition import Endpoint, StudyDefinition

Rows = list[dict[str, Any]]
MAIN = "main"
WORST = 12  # failed checks at the head of the page; the others stand in the list of all checks


def view(study: StudyDefinition, results: Results, summary: Summary) -> dict[str, Any]:
    """All sections of the page."""
    return {
        "study": study,
        "summary": summary,
        "tiles": tiles(summary),
        "checks": checks(results.rows("checks")),
        "flow": flow(study, summary),
        "criteria": criteria(summary),
        "patients": patients(study, results, summary),
        "rules": [rule for rule in MISSING_RULE if any(row["missing_rule"] == rule for row in summary["outcomes"])],
        "endpoints": [endpoint(e, summary["outcomes"]) for e in study.endpoints],
        "events": events(summary["adverse_events"]),
        "events_unread": any(row["events"] is None for row in summary["adverse_events"]),
        "completeness": completeness(summary["completeness"]),
        "characteristics": characteristics(study, results.rows("characteristics")),
        "findings": findings(results, summary),
    }


def tiles(summary: Summary) -> Rows:
    """The figures at the head of the page."""
    total, status, found = summary["patients"], summary["eligibility"], summary["findings"]
    return [
        _tile("patients", total, "in the patient table"),
        _tile("eligible", status["eligible"], percent(status["eligible"], total)),
        _tile(
            "undetermined",
            status["undetermined"],
            "settled by the cells listed below" if status["undetermined"] else "every patient is decided",
            alert=bool(status["undetermined"]),
        ),
        _tile(
            "findings",
            sum(found[severity] for severity in SEVERITY),
            ", ".join(f"{found[s]:,} {s}{'' if found[s] == 1 else 's'}" for s in SEVERITY),
            alert=bool(found["error"]),
        ),
    ]


def _tile(label: str, figure: int, note: str, alert: bool = False) -> dict[str, Any]:
    return {"label": label, "figure": f"{figure:,}", "note": note, "alert": alert}


def checks(rows: Rows) -> dict[str, Any]:
    """Checks that need a look first, the others after them."""
    order = {"error": 0, "failed": 1, "passed": 2, "not applicable": 3}
    rows = sorted(rows, key=lambda row: (order[row["status"]], row["check"]))
    passed = sum(row["status"] == "passed" for row in rows)
    failed = sorted((row for row in rows if row["status"] == "failed"), key=lambda row: -row["failed"])
    return {
        "not_run": [row for row in rows if row["status"] == "error"],
        "failed": failed[:WORST],
        "more_failed": len(failed[WORST:]),
        "rows": rows,
        "passed": passed,
        "incomplete": sum(row["status"] == "passed" and bool(row["unknown"]) for row in rows),
    }


def flow(study: StudyDefinition, summary: Summary) -> dict[str, Any]:
    """The patient flow: a step for each criterion that anybody leaves at, and how many criteria nobody leaves at."""
    texts = {c.name: c.text or c.name for c in study.criteria}
    first, *steps = summary["attrition"] or [{"remaining": 0}]
    left = [{**step, "text": texts.get(step["criterion"], step["criterion"])} for step in steps]
    return {
        "start": first["remaining"],
        "steps": [step for step in left if step["excluded"] or step["undetermined"]],
        "end": left[-1]["remaining"] if left else first["remaining"],
        "quiet": sum(not (step["excluded"] or step["undetermined"]) for step in left),
        "populations": [
            {"name": name, **found} for name, found in summary["populations"].items() if name != "eligible"
        ],
    }


def criteria(summary: Summary) -> Rows:
    """Criteria in the order of the study with their counts, sequential and alone."""
    steps = {step["criterion"]: step for step in summary["attrition"]}
    return [{**row, **steps.get(row["criterion"], {})} for row in summary["criteria"]]


def endpoint(endpoint: Endpoint, rows: Rows) -> dict[str, Any]:
    """One endpoint: its definitions, the main one first, each with its rates by missing-data rule."""
    mine = [row for row in rows if row["endpoint"] == endpoint.name]
    shown = [
        {"name": name, "main": name == MAIN, **definition(list(found))}
        for name, found in groupby(mine, key=lambda row: row["definition"])
    ]
    return {"name": endpoint.name, "text": endpoint.text or endpoint.name, "definitions": shown}


def definition(rows: Rows) -> dict[str, Any]:
    """The rates of one definition: {missing rule: text, interval and places on a scale from 0 to 100}."""
    rates = {
        row["missing_rule"]: {
            "share": share_percent(row["achieved"], row["denominator"]),
            "interval": interval(row["ci_low"], row["ci_high"]),
            "point": _place(row["percent"], 1),
            "low": _place(row["ci_low"], 100),
            "high": _place(row["ci_high"], 100),
        }
        for row in rows
    }
    return {"rates": rates, "first": rows[0], "method": rows[0]["ci_method"]}


def _place(value: float | None, scale: float) -> float | None:
    return None if value is None else round(value * scale, 2)


def events(rows: Rows) -> Rows:
    """Adverse-event categories with patients as n (%), what is open, and the length of a bar; none if not read."""
    if any(row["events"] is None for row in rows):
        return []
    widest = max((row["patients"] for row in rows), default=0) or 1
    return [
        {
            **row,
            "share": count_percent(row["patients"], row["denominator"]),
            "open": open_events(row),
            "bar": round(100 * row["patients"] / widest, 1),
        }
        for row in rows
    ]


def open_events(row: dict[str, Any]) -> str:
    """What might have to be counted, too: `+ 2 (1 more patient)`."""
    if not row["unknown_events"]:
        return ""
    more = row["unknown_patients"]
    return f"+ {row['unknown_events']:,}" + (f" ({more:,} more patient{'' if more == 1 else 's'})" if more else "")


def completeness(rows: Rows) -> dict[str, Any]:
    """Items down, timepoints across; a cell is n/N and its percent."""
    points = list(dict.fromkeys(row["timepoint"] for row in rows))
    items = list(dict.fromkeys(row["item"] for row in rows))
    cells = {
        (row["item"], row["timepoint"]): {
            **row,
            "shown": percent(row["recorded"], row["expected"]),
            "shade": round(100 * (row["expected"] - row["recorded"]) / row["expected"]) if row["expected"] else 0,
        }
        for row in rows
    }
    lines = [{"item": item, "cells": [cells.get((item, point)) for point in points]} for item in items]
    return {"points": points, "lines": lines, "required": any(row["required"] for row in rows)}


def characteristics(study: StudyDefinition, rows: Rows) -> Rows:
    """Table 1: one block a characteristic, with its lines of label and figure."""
    texts = {c.name: c.text or c.name.replace("_", " ") for c in study.characteristics}
    return [
        characteristic(texts.get(name, name), list(found))
        for name, found in groupby(rows, key=lambda row: row["characteristic"])
    ]


def characteristic(text: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One block of Table 1; a single yes stands on the characteristic's own line."""
    first = rows[0]
    counts = {"known": first["denominator"], "missing": first["missing"]}
    counts["substituted"] = first.get("substituted") or 0
    block: dict[str, Any] = {"text": text, **counts, "lines": [], "figure": "", "range": ""}
    if first["level"] is None:
        spread = f"{measure(first['median'])} ({measure(first['q1'])}, {measure(first['q3'])})"
        block["figure"] = f"{spread}; mean {measure(first['mean'])} (SD {measure(first['sd'])})" if first["n"] else "–"
        block["range"] = f"{measure(first['min'])} to {measure(first['max'])}" if first["n"] else ""
    elif len(rows) == 1 and first["level"] == "yes":
        block["figure"] = count_percent(first["n"], first["denominator"])
    else:
        levels = [row for row in rows if row["percent"] is not None or not row["denominator"]]
        block["lines"] = [
            {"label": row["level"], "figure": count_percent(row["n"], row["denominator"])}
            for row in levels
            if row["level"] != "missing"
        ]
    return block
