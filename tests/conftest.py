"""Lets every test import what is shared (`tests.engines`, `benchmarks`), and prints how much random tests tried."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each test that counted what it tried."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == "tried":
                    terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {value}")
