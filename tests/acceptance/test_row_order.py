"""The planted errors in another order of rows: the same results, but for where the records stand."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import prelock
from prelock.results import TABLES

STUDY = Path(__file__).parents[2] / "studies" / "upadacitinib_crohn"
PLACES = ["row", "line", "related_cells"]


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shuffled")
    for path in sorted((STUDY / "data_with_errors").glob("*.csv")):
        header, *records = path.read_text(encoding="utf-8").splitlines(keepends=True)
        random.Random(3).shuffle(records)
        (folder / path.name).write_text(header + "".join(records), encoding="utf-8")
    return folder


def test_rows_in_another_order_give_the_same_results(shuffled: Path) -> None:
    study = prelock.load(STUDY)
    before, after = study.check(STUDY / "data_with_errors"), study.check(shuffled)
    assert len(before.findings) > 80
    for name in TABLES:
        one, other = (getattr(run, name).drop(columns=PLACES, errors="ignore") for run in (before, after))
        assert one.equals(other), name
