"""The explanation of a patient's status: words, values, cells with their place, what would settle an unknown."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from prelock.engine.explain import ExplainTree, explain
from prelock.engine.explain_text import render
from prelock.engine.explain_values import shown
from prelock.engine.interval import MISSING, NOT_APPLICABLE, UNREADABLE, State, Val
from prelock.engine.reference import Record, records_from
from prelock.errors import CallError
from prelock.rules.types import Kind, Type
from prelock.study.definition import StudyDefinition
from prelock.study.load import load

STUDY = """
study: Small
version: 1.0.0
language: 1
day_zero: first_dose
patient: patients.patient
timepoints:
  baseline: {day: 0, window: -28 to 0}
  week 12: {day: 84, window: 70 to 98}
tables:
  patients:
    file: patients.csv
    one row for each: patient
    columns: {birth: date, start: date}
  labs:
    file: labs.csv
    one row for each: lab
    patient without rows: none
    columns: {patient: text, taken: date, result: result, unit: unit}
measures:
  CRP: {from: labs.result, date: taken, unit: mg/L, unit column: unit}
variables:
  first_dose: start
  age: {value: years from birth to start, text: Age at first dose}
eligibility:
  include:
    adult: {text: Adults, rule: age >= 18}
    raised: {rule: CRP at baseline > 5 mg/L}
endpoints:
  halved: {achieved: percent fall in CRP from baseline to week 12 >= 50 %, text: CRP at least halved}
"""
PATIENTS = [
    {"patient": "P1", "birth": "1990-05-01", "start": "2024-01-01"},
    {"patient": "P2", "birth": "", "start": "2024-01-01"},
    {"patient": "P3", "birth": "2010-05-01", "start": "2024-01-01"},
]
LABS = [
    {"lab": "1", "patient": "P1", "taken": "2024-01-01", "result": "0.94", "unit": "mg/dL"},
    {"lab": "2", "patient": "P1", "taken": "2024-03-25", "result": "4.7", "unit": "mg/L"},
    {"lab": "3", "patient": "P2", "taken": "2024-01-01", "result": "9", "unit": ""},
]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> StudyDefinition:
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return load(Path(folder))


@pytest.fixture(scope="module")
def records(study: StudyDefinition) -> dict[str, list[Record]]:
    return records_from(study, {"patients": PATIENTS, "labs": LABS})


def find(tree: ExplainTree, words: str) -> ExplainTree:
    """The first step of the tree with these words."""
    for step in _steps(tree):
        if step.words == words:
            return step
    raise AssertionError(f"{words} is not among {[step.words for step in _steps(tree)]}")


def _steps(tree: ExplainTree) -> list[ExplainTree]:
    return [tree, *(step for part in tree.parts for step in _steps(part))]


def test_a_criterion_names_its_cells_and_their_place(study, records) -> None:
    tree = explain(study, records, "P1", "adult")
    assert (tree.words, tree.value, tree.truth) == ("include adult: Adults", "passes", True)
    assert find(tree, "age").value == "33 years"
    assert find(tree, "birth").cells == ('patients.csv row 1 birth "1990-05-01"',)


def test_a_converted_value_shows_the_record_as_written(study, records) -> None:
    tree = explain(study, records, "P1", "raised")
    assert find(tree, "CRP at baseline").value == "9.4 mg/L"
    assert find(tree, "result").cells == ('labs.csv row 1 result "0.94"', 'labs.csv row 1 unit "mg/dL"')


def test_an_undetermined_criterion_names_what_would_settle_it(study, records) -> None:
    tree = explain(study, records, "P2", "adult")
    assert (tree.value, tree.truth, tree.missing) == ("unknown", None, ("patients.csv row 2 birth: blank",))
    assert explain(study, records, "P2", "raised").missing == ("labs.csv row 3 unit: no unit",)


def test_eligibility_gathers_what_its_criteria_lack(study, records) -> None:
    tree = explain(study, records, "P2", "eligible")
    assert tree.value == "undetermined"
    assert tree.missing == ("patients.csv row 2 birth: blank", "labs.csv row 3 unit: no unit")


def test_what_is_decided_lacks_nothing(study, records) -> None:
    tree = explain(study, records, "P3", "eligible")
    assert (tree.value, tree.truth, tree.missing) == ("ineligible", False, ())


def test_an_endpoint_tells_population_evaluability_and_achievement(study, records) -> None:
    tree = explain(study, records, "P1", "halved")
    assert (tree.words, tree.value) == ("halved: CRP at least halved", "achieved")
    assert [part.truth for part in tree.parts] == [True, True, True]
    assert explain(study, records, "P3", "halved").value == "not applicable"
    assert explain(study, records, "P2", "halved").value == "undetermined"


def test_a_value_without_a_row_says_so(study, records) -> None:
    tree = explain(study, records, "P3", "raised")
    assert find(tree, "CRP at baseline").missing == ("labs.csv: no row in window (CRP)",)


def test_a_variable(study, records) -> None:
    tree = explain(study, records, "P1", "age")
    assert (tree.words, tree.value, tree.is_rule) == ("age: Age at first dose", "33 years", False)


def test_the_whole_patient(study, records) -> None:
    tree = explain(study, records, "P1")
    assert [part.words for part in tree.parts] == ["eligible", "halved: CRP at least halved"]


def test_an_unknown_name_or_patient_is_the_caller_s_error(study, records) -> None:
    with pytest.raises(CallError, match="Did you mean `adult`"):
        explain(study, records, "P1", "adlut")
    with pytest.raises(CallError, match="No such patient"):
        explain(study, records, "P9")


def test_it_is_json(study, records) -> None:
    found = json.loads(json.dumps(explain(study, records, "P2", "adult").as_dict()))
    assert found["truth"] is None
    assert found["missing"] == ["patients.csv row 2 birth: blank"]
    assert found["parts"][0]["words"] == "age >= 18"


def test_the_text(study, records) -> None:
    assert render(explain(study, records, "P2", "adult")).splitlines() == [
        "? include adult: Adults — unknown",
        "    would be settled by:",
        "      patients.csv row 2 birth: blank",
        "  ? age >= 18",
        "    · age = missing",
        "      · years from birth to start = missing",
        '        · birth = missing   [patients.csv row 2 birth ""]',
        '        · start = 2024-01-01   [patients.csv row 2 start "2024-01-01"]',
    ]


def test_the_text_takes_a_value_apart_once(study, records) -> None:
    text = render(explain(study, records, "P1"))
    assert text.count('labs.csv row 1 result "0.94"') == 1
    assert "CRP at baseline = 9.4 mg/L (as above)" in text


# ---- values ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Val.of(Fraction(1, 3)), "0.333333333"),
        (Val.of(Decimal("4.70")), "4.7"),
        (Val(None, Decimal("0.5"), high_open=True), "below 0.5"),
        (Val(None, Decimal("0.5")), "at most 0.5"),
        (Val(1800, None, low_open=True), "above 1800"),
        (Val(1800, None), "at least 1800"),
        (Val(1, 2), "1 to 2"),
        (Val.of(True), "yes"),
        (Val.of(date(2024, 3, 1)), "2024-03-01"),
        (Val.of(date(9999, 12, 31)), "ongoing"),
        (Val.of(datetime(2024, 3, 1, 8, 5)), "2024-03-01 08:05"),
        (Val(datetime(2024, 3, 1), datetime(2024, 3, 1), timed=False), "2024-03-01"),
        (MISSING, "missing"),
        (Val(state=State.NOT_DONE), "not done"),
        (NOT_APPLICABLE, "not applicable"),
        (UNREADABLE, "unknown"),
    ],
)
def test_values_as_people_read_them(value: Val, text: str) -> None:
    assert shown(value) == text


def test_a_number_carries_its_unit() -> None:
    assert shown(Val.of(Decimal("4.7")), Type(Kind.NUMBER, "mg/L")) == "4.7 mg/L"
