"""The Airflow example, run by Airflow: what depends on the gate does not run while it is closed.

Airflow has hundreds of dependencies, so it lives in an environment of its own: `make airflow` makes it and runs this.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AIRFLOW = shutil.which("airflow", path=os.pathsep.join((str(ROOT / ".venv-airflow" / "bin"), os.environ["PATH"])))
EXAMPLE = ROOT / "docs" / "examples" / "airflow_dag.py"


@pytest.mark.slow
@pytest.mark.skipif(AIRFLOW is None, reason="Airflow is not installed; `make airflow` installs and runs it")
def test_what_depends_on_the_gate_waits_for_it(place: Any) -> None:
    home, program = place.folder / "airflow", place.folder / "prelock"
    (home / "dags").mkdir(parents=True)
    shutil.copy(EXAMPLE, home / "dags")
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m prelock "$@"\n', encoding="utf-8")
    program.chmod(0o755)

    def airflow(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "PRELOCK": str(program),
            "PRELOCK_STUDY": str(place.study),
            "PRELOCK_DATA": str(place.data),
            "PRELOCK_OUT": str(place.out),
        }
        command = [str(AIRFLOW), *arguments]
        return subprocess.run(command, cwd=home, env=environment, capture_output=True, encoding="utf-8", check=False)

    def ran() -> tuple[bool, list[str]]:
        """Whether the run succeeded, and the tasks that were started."""
        shown = airflow("dags", "test", "hold_the_gate")
        told = shown.stdout + shown.stderr
        started = re.findall(r"\[DAG TEST\] running task <TaskInstance: hold_the_gate\.(\w+)", told)
        return shown.returncode == 0 and "successful" in told, started

    assert airflow("db", "migrate").returncode == 0
    listed = airflow("dags", "reserialize")
    assert listed.returncode == 0, listed.stderr
    assert ran() == (True, ["check_the_rules", "check_the_data", "analyse"])
    assert (place.out / "junit.xml").is_file()
    place.change("patients.csv", "1990-02-28", "1990-02-31")
    assert ran() == (False, ["check_the_rules", "check_the_data"])
    place.change("eligibility.yaml", "age is", "agee is")
    assert ran() == (False, ["check_the_rules"])
