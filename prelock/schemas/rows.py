"""Rows of `checks.csv`."""

from __future__ import annotations

from typing import Any


def check_row(
    check: str,
    grain: str,
    *,
    passed: int = 0,
    failed: int = 0,
    unknown: int = 0,
    not_applicable: int = 0,
    error: str = "",
) -> dict[str, Any]:
    """One check with its verdict, by precedence: error, not applicable, failed, passed.

    A check that applied to cells and could judge none of them did not run.
    """
    if not error and unknown and not passed and not failed:
        error = "none could be judged: the cells it reads cannot be read"
    counts = {"passed": passed, "failed": failed, "unknown": unknown, "not_applicable": not_applicable}
    checked = sum(counts.values())
    status = "error" if error else "not applicable" if checked == not_applicable else "failed" if failed else "passed"
    return {"check": check, "grain": grain, "checked": checked, **counts, "error": error, "status": status}
