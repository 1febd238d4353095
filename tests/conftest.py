"""Lets every test import what is shared (`tests.engines`, `benchmarks`), tells what random tests tried, sets up Spark.

A slow machine is no failure.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
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


@pytest.fixture(scope="session")
def spark_here() -> Iterator[None]:
    """Spark's settings for the test process; skips where Java is missing."""
    from tests.spark_settings import no_spark, set_up

    reason = no_spark()
    if reason:
        pytest.skip(reason)
    set_up()
    yield
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        running.stop()
