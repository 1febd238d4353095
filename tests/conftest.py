"""Lets every test import what is shared (`tests.engines`, `benchmarks`), and prints how much random tests tried. A slow
machine is no failure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parents[1]))
settings.register_profile("prelock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("prelock")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each test that counted what it tried."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == "tried":
                    terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {value}")
