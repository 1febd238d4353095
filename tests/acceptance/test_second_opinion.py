"""Great Expectations and Pandera agree: on the first study, clean and with planted errors, and on other studies."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from other_studies import PILOT, TRIALS, reads_pilot, reads_trials

import prelock
from prelock.results import is_second

STUDY = Path(__file__).parents[2] / "studies" / "upadacitinib_crohn"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.slow
@pytest.mark.parametrize(("data", "failing"), [("data", 0), ("data_with_errors", 20)])
def test_both_agree_on_every_check_and_record(data: str, failing: int, tmp_path: Path) -> None:
    with prelock.load(STUDY).check(STUDY / data, tmp_path, second_opinion=True) as run:
        assert run.summary["second_opinion_differs"] == []
        assert not [blocker for blocker in run.lock().blockers if blocker.rule == "second opinion"]
    checks = rows(tmp_path, "checks")
    pandera = {row["check"]: row for row in checks if not is_second(row["check"])}
    second = {row["check"].removesuffix(" (second opinion)"): row for row in checks if is_second(row["check"])}
    assert len(second) > 120
    for name, row in second.items():
        assert row["status"] == "passed", row["error"]
        assert row["checked"] == pandera[name]["checked"]
    assert sum(pandera[name]["status"] == "failed" for name in second) >= failing
    tables = set(prelock.load(STUDY).definition.tables)
    pages = {path.stem for path in (tmp_path / "data_docs" / "expectations").glob("*.html")}
    assert (tmp_path / "data_docs" / "index.html").is_file()
    assert pages == tables


@pytest.mark.slow
@pytest.mark.parametrize(
    ("study", "data"),
    [
        pytest.param("indo_rct", TRIALS, marks=reads_trials),
        pytest.param("strep_tb", TRIALS, marks=reads_trials),
        pytest.param("cdisc_pilot", PILOT / "sdtm", marks=reads_pilot),
    ],
)
def test_both_agree_on_studies_of_other_kinds(study: str, data: Path) -> None:
    with prelock.load(STUDY.parent / study).check(data, second_opinion=True) as run:
        assert run.summary["second_opinion_differs"] == []
