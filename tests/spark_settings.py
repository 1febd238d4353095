"""Spark as tests use it: one small application for the whole process, on one core of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec

SETTINGS = {
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


def set_up() -> None:
    """The settings that the application reads when it starts."""
    asked = " ".join(f"--conf {name}={value}" for name, value in SETTINGS.items())
    os.environ["PYSPARK_SUBMIT_ARGS"] = (
        f"--master local[1] --driver-memory 1g --driver-java-options '{QUICK}' {asked} pyspark-shell"
    )
