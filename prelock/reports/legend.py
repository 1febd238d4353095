"""The first two sheets of the workbook, as lines of cells: what the run is about, and what the gate says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prelock.reports.report import Report
from prelock.rules.words import words

Line = Sequence[Any]


def legend_lines(report: Report) -> list[Line]:
    """What was checked, the counts, and what each criterion asks."""
    found, status = report.summary["findings"], report.summary["eligibility"]
    return [
        (report.study.title,),
        ("rules", report.study.version),
        ("data cut", report.summary["study"]["data_cutoff"] or "none"),
        ("patients", report.summary["patients"]),
        *((name, count) for name, count in status.items()),
        *((f"findings: {severity}", found[severity]) for severity in ("error", "warning", "note")),
        (),
        ("A criterion passes, fails or is unknown: fails is always against the patient, of an exclusion too.",),
        ("Red stops, amber is open, green is in order.",),
        (),
        *((c.name, c.kind, c.text or words(c.rule)) for c in report.study.criteria),
        (),
    ]


def gate_lines(report: Report) -> list[Line]:
    """Whether the gate is open, what blocks it, and what it asks."""
    gate, waivers = report.summary["gate"], report.summary["waivers"]
    return [
        ("The gate is open." if gate["ready"] and not report.notices else "The gate is closed.",),
        *((notice,) for notice in report.notices),
        (),
        ("what blocks", "how many", "what it says"),
        *((blocker["rule"], blocker["count"], blocker["text"]) for blocker in gate["blockers"]),
        (),
        ("asked by the gate", ", ".join(gate["block_on"]) or "nothing"),
        *((f"may be missing: {item}", share) for item, share in gate["allow"].items()),
        ("findings waived", sum(waivers["waived"].values())),
    ]
