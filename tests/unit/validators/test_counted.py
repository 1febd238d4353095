"""A check's verdict: error before not applicable before failed before passed."""

from __future__ import annotations

import pytest

from prelock.validators.counted import Counted


@pytest.mark.parametrize(
    ("check", "status"),
    [
        (Counted("c", "record", passed=3), "passed"),
        (Counted("c", "record", passed=3, unknown=1, not_applicable=2), "passed"),
        (Counted("c", "record", passed=3, failed=1), "failed"),
        (Counted("c", "record"), "not applicable"),
        (Counted("c", "record", not_applicable=4), "not applicable"),
        (Counted("c", "record", unknown=2), "error"),
        (Counted("c", "record", unknown=2, not_applicable=1), "error"),
        (Counted("c", "record", failed=1, error="the table could not be read"), "error"),
    ],
)
def test_status(check: Counted, status: str) -> None:
    row = check.row()
    assert row["status"] == status
    assert bool(row["error"]) == (status == "error")
    assert row["checked"] == sum(row[c] for c in ("passed", "failed", "unknown", "not_applicable"))
