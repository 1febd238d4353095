"""Lets every test import what is shared (`tests.engines`, `benchmarks`), tells what random tests tried, sets up Spark.

Spark is one small application for the whole test process, on one core of this machine. A slow machine is no
failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parents[1]))
settings.register_profile("prelock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("prelock")

SPARK_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # a JVM that starts soon: the tests' tables have few rows


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each test that counted what it tried."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == "tried":
                    terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {value}")


@cache
def no_spark() -> str:
    """Why Spark cannot run here; '' if it can."""
    if find_spec("pyspark") is None:
        return "PySpark is not installed: pip install -e '.[test]'"
    java = shutil.which("java", path=os.path.join(os.environ.get("JAVA_HOME", ""), "bin")) or shutil.which("java")
    if java is None:
        return "Spark needs Java 17, and there is no java on this machine"
    told = subprocess.run([java, "-version"], capture_output=True, encoding="utf-8", check=False).stderr
    version = told.partition('version "')[2].partition(".")[0]
    return "" if version.isdigit() and int(version) >= 17 else "Spark needs Java 17 or later"


@pytest.fixture(scope="session")
def spark_here() -> Iterator[None]:
    """Spark's settings for the test process; skips where Java is missing."""
    reason = no_spark()
    if reason:
        pytest.skip(reason)
    asked = " ".join(f"--conf {name}={value}" for name, value in SPARK_SETTINGS.items())
    os.environ["PYSPARK_SUBMIT_ARGS"] = (
        f"--master local[1] --driver-memory 1g --driver-java-options '{QUICK}' {asked} pyspark-shell"
    )
    yield
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        running.stop()
