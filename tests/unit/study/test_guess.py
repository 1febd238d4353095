"""Tables proposed from data: types, codes, keys and missing codes, each a guess that loads as YAML."""

from __future__ import annotations

from pathlib import Path

import pytest

from prelock.study.guess import Columns, guess_study
from prelock.study.load import load

PEOPLE: Columns = {"patient_id": ["P1", "P2", "P3", "P4"], "sex": ["M", "F", "F", "M"]}


def proposed(columns: Columns) -> str:
    return guess_study({"people.csv": PEOPLE, "other.csv": columns})["tables.yaml"].split("\nother:\n")[1]


@pytest.mark.parametrize(
    ("header", "texts", "line"),
    [
        ("seen", ["2024-01-09", "2024-03", "", "2024-02-29"], "seen: date"),
        ("seen", ["2024-01-09 08:30", "2024-03-01", "2024-03-01T09:15:00"], "seen: date and time"),
        ("n", ["1", "-2", "30"], "n: whole number"),
        ("n", ["1", "2.5", ".5"], "n: number"),
        ("crp", ["12", "<0.5", ">1800"], "crp: result"),
        ("unit", ["mg/L", "mg/dL"], "unit: unit"),
        ("ok", ["Y", "N", "Y"], "ok: {type: yes/no, yes: [Y], no: [N]}"),
        ("ok", ["是", "否", "是"], "ok: {type: yes/no, yes: [是], no: [否]}"),
        ("arm", ["a", "b"] * 5, "arm: {type: code, values: [a, b]}"),
        ("note", ["came late", "well", "no complaint", "x"], "note: text"),
        ("empty", ["", " "], "empty: text"),
        ("病案号", ["10x", "11y", "12z"], "病案号: text"),
        ("T-SPOT.TB", ["1", "2"], "T_SPOT_TB: {column: T-SPOT.TB, type: whole number}"),
        ("2nd visit", ["x y", "z"], "c_2nd_visit: {column: 2nd visit, type: text}"),
    ],
)  # fmt: skip
def test_the_type_of_a_column(header: str, texts: list[str], line: str) -> None:
    ids = [str(number) for number in range(len(texts))]
    assert line in [text.strip() for text in proposed({"id": ids, header: texts}).splitlines()]


def test_missing_codes_do_not_spoil_a_type() -> None:
    text = proposed({"id": ["1", "2", "3"], "n": ["4", "ND", "-99"]})
    assert 'missing codes: {not done: [ND], not known: ["-99"]}' in text
    assert "n: whole number" in text


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"patient_id": ["P1", "P1", "P2"], "lab_id": ["1", "2", "3"], "v": ["1", "1", "1"]}, "lab_id"),
        ({"patient_id": ["P1", "P1", "P2"], "visit": ["1", "2", "1"], "v": ["1", "1", "1"]}, "[patient_id, visit]"),
        (
            {"patient_id": ["P1"] * 4, "a": ["1", "1", "2", "2"], "b": ["1", "2", "1", "2"]},
            "[patient_id, a, b]",
        ),
    ],
)
def test_the_key_is_the_fewest_columns_that_tell_records_apart(columns: Columns, key: str) -> None:
    assert f"one row for each: {key}\n" in proposed(columns)


def test_where_nothing_tells_records_apart_the_author_has_to_say() -> None:
    assert "# one row for each: …" in proposed({"patient_id": ["P1", "P1"], "v": ["1", "1"]})


def test_the_patient_table_is_the_one_with_one_row_a_patient() -> None:
    files = guess_study({"labs.csv": {"patient_id": ["P1", "P1"], "lab_id": ["1", "2"]}, "people.csv": PEOPLE})
    assert "patient: people.patient_id" in files["study.yaml"]


def test_what_is_proposed_loads_without_problems(tmp_path: Path) -> None:
    labs = {"lab id": ["1", "2"], "patient_id": ["P1", "P1"], 'odd "name"': ["no", "1:30"], "crp": ["<1", "2"]}
    for name, text in guess_study({"people.csv": PEOPLE, "labs 2024.csv": labs}).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    study = load(tmp_path)
    assert set(study.tables) == {"people", "labs_2024"}
    assert study.tables["labs_2024"].columns["odd_name"].header == 'odd "name"'
