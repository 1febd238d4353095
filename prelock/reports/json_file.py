"""`summary.json`: the run in numbers, with what may differ between two runs on the same input apart under `run`."""

from __future__ import annotations

import json
from pathlib import Path

from prelock.reports.report import Report

NAME = "summary.json"


def write(report: Report, folder: Path) -> None:
    """Write `summary.json` to `folder`."""
    (folder / NAME).write_text(text(report) + "\n", encoding="utf-8", newline="\n")


def text(report: Report) -> str:
    """The summary as JSON."""
    whole = {**report.summary, "notices": list(report.notices), "run": dict(report.run)}
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False)
