"""One study with every word of the language, over random clean and dirty tables: every engine against the reference."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from prelock.study.definition import StudyDefinition
from prelock.study.load import load
from tests.generative.compare import differences, questions
from tests.generative.random_data import Tables

HERE = Path(__file__).parent
PATIENTS = 20


@pytest.fixture(scope="module")
def study() -> StudyDefinition:
    return load(HERE)


@pytest.mark.parametrize(("seed", "dirt"), [(1, 0.0), (2, 0.03), (3, 0.15), (4, 0.15), (5, 0.4)])
def test_engines_agree(
    study: StudyDefinition, tmp_path: Path, seed: int, dirt: float, record_property: Callable[[str, object], None]
) -> None:
    Tables(tmp_path, seed, PATIENTS, dirt).write()
    rows = {}
    for name, table in study.tables.items():
        with (tmp_path / table.file).open(encoding="utf-8", newline="") as stream:
            rows[name] = list(csv.DictReader(stream))
    tried, found = differences(study, rows)
    record_property("tried", f"{tried:,} cases, {len(found)} different")
    assert tried == len(questions(study)) * PATIENTS > 80 * PATIENTS
    assert not found, "\n".join(map(str, found[:5]))
