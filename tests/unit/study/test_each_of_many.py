"""One question put to several tables is a check for each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_study import DATA, STUDY, checked

from prelock.errors import StudyError
from prelock.study.load import load

TOLD = "  told: {each: [labs, doses], rule: patient_id is recorded, severity: warning}\n"
TWO = STUDY.replace("\nchecks:\n", f"\nchecks:\n{TOLD}")


def test_it_is_asked_of_each_table_by_its_name(tmp_path: Path) -> None:
    found = checked(tmp_path, DATA, TWO)
    told = {c["check"]: c["status"] for c in found["checks"] if c["check"].startswith("told")}
    assert told == {"told in labs": "passed", "told in doses": "passed"}


def test_a_name_that_one_of_them_lacks_is_told_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(TWO.replace("rule: patient_id", "rule: lab_id"), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load(tmp_path)
    (problem,) = caught.value.problems
    assert problem.code == "grain"
    assert problem.location is not None
    assert "lab_id" in (problem.source_line or "")


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(TWO.replace("[labs, doses]", "[labs, dosis]"), encoding="utf-8")
    with pytest.raises(StudyError, match="dosis"):
        load(tmp_path)
