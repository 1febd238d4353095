"""Imports point down, and what must start fast loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "duckdb",
    "great_expectations",
    "jinja2",
    "numpy",
    "pandas",
    "pandera",
    "pint",
    "polars",
    "pyarrow",
    "rich",
}


def test_the_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout
    assert "6 kept, 0 broken" in result.stdout


@pytest.mark.parametrize(
    "call",
    [
        "import prelock",
        "from prelock import load, Study, StudyError, Run",
        "from prelock.cli import run; run(['--help'])",
        "from prelock.cli import run; run(['check', '--help'])",
        "from prelock.cli import run; assert run(['lint', 'studies/upadacitinib_crohn']) == 0",
    ],
)
def test_nothing_heavy_is_loaded(call: str) -> None:
    code = f"{call}\nimport sys\nprint('loaded:', *sorted({HEAVY!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1].strip() == "loaded:"
