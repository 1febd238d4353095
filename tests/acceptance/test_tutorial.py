"""The tutorial of the lock is run as it stands, and shows what it says it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMPT, ANYTHING, CODE = "$ ", "…", re.compile(r"\[exit code (\d+)\]")


def steps() -> Iterator[tuple[str, str, list[str]]]:
    """(`console`, command, lines shown) and (`python`, code, []) in the order of the page."""
    page = (ROOT / "docs" / "tutorial-lock.md").read_text(encoding="utf-8")
    for language, block in re.findall(r"^```(\w+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        if language == "python":
            yield "python", block, []
            continue
        assert language == "console"
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            yield "console", command, shown


def shows(told: list[str], shown: list[str]) -> bool:
    """Every line of `shown` stands in `told`, one after the other; with `…` between them others may stand too."""
    place, loose = 0, False
    for line in shown:
        if line == ANYTHING:
            loose = True
            continue
        start = line.removesuffix(ANYTHING)
        fits = [n for n in range(place, len(told)) if told[n].startswith(start) and (line != start or told[n] == line)]
        if not fits or (fits[0] != place and not loose):
            return False
        place, loose = fits[0] + 1, False
    return loose or place == len(told)


def test_lines_left_out_are_marked() -> None:
    assert shows(["a", "b", "c"], ["a", "…", "c"])
    assert shows(["a 1", "b"], ["a …", "b"])
    assert not shows(["a", "b", "c"], ["a", "c"])
    assert not shows(["a", "b"], ["a"])
    assert not shows(["b", "a"], ["a", "…", "b"])
    assert shows(["a", "b"], ["a", "…"])


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("openssl") or sys.platform != "linux", reason="needs OpenSSL and GNU sed")
def test_the_tutorial_of_the_lock_is_true(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "prelock"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m prelock "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    count = 0
    for language, text, shown in steps():
        command = [sys.executable, "-c", text] if language == "python" else ["bash", "-c", text]
        ended = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        codes = [int(found[1]) for line in shown if (found := CODE.fullmatch(line))]
        expected = codes[0] if codes else 1 if "Not locked." in shown else 0
        assert ended.returncode == expected, (text, ended.stdout, ended.stderr)
        told = [line for line in ended.stdout.split("\n") if line.strip()]
        if language == "console" and not codes:
            assert shows(told, shown), (text, ended.stdout)
        count += 1
    assert count > 20
