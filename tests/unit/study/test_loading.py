"""Loading as a whole: all problems at once, in order, said once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from study_folders import DEFINITIONS, codes, study

from prelock.errors import CallError, StudyError
from prelock.study.load import load


def test_problems_stand_in_the_order_of_the_files(tmp_path: Path) -> None:
    files = {"variables": "first_dose: earliest start_dat in exposure\nage: years from birth to first_dose\n"}
    with pytest.raises(StudyError) as caught:
        study(tmp_path, files)
    places = [problem.location for problem in caught.value.problems]
    assert all(places)
    assert places == sorted(place for place in places if place)
    assert {str(place) for place in places} == {"variables.yaml:1:22", "variables.yaml:2:17"}


def test_a_faulty_name_is_said_once_however_often_it_is_used(tmp_path: Path) -> None:
    files = {"variables": "first_dose: earliest start_dat in exposure\nage: years from birth_date to first_dose\n"}
    assert codes(tmp_path, files) == ["unknown-name"]


def test_the_order_of_variables_is_free(tmp_path: Path) -> None:
    text = "age: years from birth_date to first_dose\nfirst_dose: earliest start_date in exposure\n"
    assert codes(tmp_path, {"variables": text}) == []


def test_a_missing_folder_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallError):
        load(tmp_path / "nowhere")


def test_the_exit_code_of_a_wrong_study_is_two() -> None:
    assert StudyError([]).exit_code == 2


def test_loading_twice_gives_equal_studies() -> None:
    assert load(DEFINITIONS / "base") == load(DEFINITIONS / "base")


def test_a_second_definition_of_day_zero_is_refused(tmp_path: Path) -> None:
    text = (DEFINITIONS / "base" / "study.yaml").read_text(encoding="utf-8") + "day_one: first_dose\n"
    assert codes(tmp_path, {"study": text}) == ["two-day-zeros"]


@pytest.mark.parametrize(
    "rule",
    [
        "(" * 3000 + "age" + ")" * 3000 + " >= 18",
        "not " * 5000 + "(age >= 18)",
        "age >= " + " + ".join(["1 years"] * 400),
    ],
)
def test_a_rule_without_end_is_refused_and_not_crashed_on(rule: str, tmp_path: Path) -> None:
    assert codes(tmp_path, {"eligibility": f"include:\n  a: {{rule: '{rule}'}}\n"}) == ["rule-too-deep"]


def test_a_rule_of_many_parts_is_no_deep_rule(tmp_path: Path) -> None:
    rule = " or ".join(f"age = {age}" for age in range(18, 300))
    assert codes(tmp_path, {"eligibility": f"include:\n  a: {{rule: '{rule}'}}\n"}) == []


def test_loading_imports_no_heavy_library() -> None:
    heavy = ("pandas", "duckdb", "polars", "pandera", "pyarrow", "numpy", "pint", "jinja2", "rich")
    script = (
        "import sys; from prelock.study.load import load; load(sys.argv[1]); "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    command = [sys.executable, "-c", script, str(DEFINITIONS / "base")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=DEFINITIONS.parents[1])
    assert done.stdout.strip() == "[]"
