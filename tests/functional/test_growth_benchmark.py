"""The study that the growth of time is measured on: it is a good study, and each of its rules asks something else."""

from __future__ import annotations

from pathlib import Path

import pytest

import prelock
from benchmarks.growth.many_rules import OWN, STUDY, written
from benchmarks.growth.page import growth_part


@pytest.mark.parametrize("rules", [OWN, 200, 500])
def test_many_rules_are_a_study(rules: int, tmp_path: Path) -> None:
    own = prelock.load(STUDY).definition
    found = prelock.load(written(rules, tmp_path / "study")).definition
    asked = [c.rule for c in found.criteria] + [c.rule for c in found.checks]
    assert len(asked) - len(own.criteria) - len(own.checks) == rules - OWN
    assert len({repr(rule) for rule in asked}) == len(asked)


def test_a_run_that_was_stopped_gives_no_ratio() -> None:
    run = {"rules": 50, "rows": 24, "memory": "7GB", "seconds": 2.0, "cpu": 3.0, "peak_mb": 100.0}
    runs = [{**run, "patients": 1}, {**run, "patients": 10, "seconds": 30.0}]
    told = {"when": "2026-01-01", "machine": {"load_before": 0.1}}
    assert "**15.00** times" in "\n".join(growth_part({"patients": {**told, "runs": runs}}))
    runs[1]["failed"] = "more than 8,000 MB"
    page = "\n".join(growth_part({"patients": {**told, "runs": runs}}))
    assert "not known" in page
    assert "more than 8,000 MB" in page
