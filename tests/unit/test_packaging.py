"""The wheel carries everything that a run needs, and works away from the checkout."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "studies" / "upadacitinib_crohn"


def run(command: Sequence[str | Path], folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PIP_REQUIRE_VIRTUALENV")}
    environment = {**kept, **settings}
    return subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left behind in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "results")
    for name in ("prelock", "studies"):
        shutil.copytree(ROOT / name, source / name, ignore=ignore)
    for name in ("setup.cfg", "setup.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, source]
    built = run(command, folder)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("prelock-*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_the_example(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "prelock").rglob("*.py")}
    assert modules <= names
    others = {path.relative_to(ROOT).as_posix() for pattern in ("*.lark", "*.yaml", "page/*", "py.typed")
              for path in (ROOT / "prelock").rglob(pattern)}  # fmt: skip
    assert {"prelock/reports/page/report.html", "prelock/study/template/tables.yaml", "prelock/py.typed"} <= others
    assert others <= names
    example = {*EXAMPLE.glob("*.yaml"), *(EXAMPLE / "data").glob("*.csv")}
    assert len(example) > 20
    assert {f"prelock/_demo/{path.relative_to(EXAMPLE).as_posix()}" for path in example} <= names


@pytest.mark.slow
def test_the_wheel_leaves_out_what_only_the_repository_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    kept_out = ("generate.py", "cohort", "data_with_errors")
    assert not [name for name in names if name.startswith("tests") or any(part in name for part in kept_out)]


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    made = run([sys.executable, "-m", "venv", tmp_path / "venv"], tmp_path)
    assert made.returncode == 0, made.stderr
    installed = run([tmp_path / "venv" / "bin" / "python", "-m", "pip", "install", "-q", wheel], tmp_path)
    assert installed.returncode == 0, installed.stderr
    shown = run([tmp_path / "venv" / "bin" / "prelock", "demo"], tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "94  eligible" in shown.stdout
    assert (tmp_path / "prelock-demo" / "results" / "report.html").is_file()


def test_the_extra_all_is_the_other_extras_together() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = setup["options.extras_require"]
    together = {line for name in ("expectations", "spark") for line in extras[name].split()}
    assert set(extras["all"].split()) == together
    assert len(together) == 2
