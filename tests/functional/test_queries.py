"""Queries from the command line: they go on from run to run, by hand and by Excel, and nothing said is lost."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from prelock.lock.record import Record
from prelock.reports.query_sheet import COLUMNS

Prelock = Callable[..., Any]


def run(prelock: Prelock, place, day: str = "2025-03-01") -> None:
    result = prelock("lock", place.study, "--data", place.data, "--out", place.out, "--as-of", day, "--who", "Ana")
    assert result.returncode in (0, 1), result.stderr


def states(prelock: Prelock, place) -> dict[str, str]:
    """State by rule and patient, settled ones too."""
    shown = prelock("queries", "list", place.study, "--all", "--format", "json")
    return {f"{row['rule']} {row['patient']}": row["state"] for row in json.loads(shown.stdout)}


def number(prelock: Prelock, place, rule: str) -> str:
    shown = prelock("queries", "list", place.study, "--all", "--rule", rule, "--format", "json")
    [row] = json.loads(shown.stdout)
    return row["finding_id"]


@pytest.fixture
def wrong(prelock: Prelock, place):
    """The small study with a height that is no number and one that is unusual; entered, and not locked."""
    place.change("patients.csv", ",180", ",tall")
    place.change("patients.csv", ",165", ",265")
    run(prelock, place)
    return place


TALL, UNUSUAL = "patients.height: type P1", "patients.height: plausible P2"


def test_states_follow_the_data(prelock: Prelock, wrong) -> None:
    assert (states(prelock, wrong)[TALL], states(prelock, wrong)[UNUSUAL]) == ("new", "new")
    wrong.change("patients.csv", ",tall", ",very tall")
    wrong.change("patients.csv", ",265", ",165")
    run(prelock, wrong)
    assert (states(prelock, wrong)[TALL], states(prelock, wrong)[UNUSUAL]) == ("changed but still wrong", "resolved")
    wrong.change("patients.csv", ",165", ",266")
    run(prelock, wrong)
    assert (states(prelock, wrong)[TALL], states(prelock, wrong)[UNUSUAL]) == ("open", "reopened")


def test_rows_in_another_order_and_unrelated_edits_change_no_query(prelock: Prelock, wrong) -> None:
    run(prelock, wrong)
    before = states(prelock, wrong)
    for path in wrong.data.iterdir():
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        random.Random(3).shuffle(lines)
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    wrong.change("labs.csv", "9.1", "9.2")
    run(prelock, wrong)
    assert set(before.values()) == {"open"}
    assert states(prelock, wrong) == before


@pytest.mark.parametrize("how", ["record", "file", "rule", "cell"])
def test_what_cannot_be_looked_at_is_not_resolved(prelock: Prelock, wrong, how: str) -> None:
    if how == "record":
        wrong.change("patients.csv", "P2,女,1990-02-28,2024-01-15,265\n", "")
        wrong.change("labs.csv", "3,P2,CRP,2024-01-15,<0.5,mg/L\n4,P2,CRP,2024-04-08,9.1,mg/L\n", "")
        wrong.change("events.csv", "E3,P2,headache,2024-02-02\n", "")
    elif how == "file":
        wrong.change("patients.csv", "height", "heights")
    elif how == "rule":
        wrong.change("tables.yaml", ", plausible: 100 to 230", "")
        wrong.change("tables.yaml", "    height: {type: number, unit: cm}\n", "")
    else:
        wrong.change("patients.csv", ",265", ",2x65")
    run(prelock, wrong)
    assert states(prelock, wrong)[UNUSUAL] == "no longer checkable"
    result = prelock("lock", wrong.study, "--data", wrong.data, "--out", wrong.out)
    assert "no longer checkable" in result.stdout
    prelock("queries", "close", wrong.study, number(prelock, wrong, UNUSUAL[:-3]), "--why", "The patient withdrew")
    assert states(prelock, wrong)[UNUSUAL] == "closed"


def test_age_runs_from_the_day_it_was_first_seen(prelock: Prelock, wrong) -> None:
    run(prelock, wrong, "2025-04-01")
    lines = (wrong.out / "queries.csv").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if "height: type" in line]
    assert ",open,,2025-03-01,2025-04-01,31," in line


def test_open_queries_block_where_the_study_says_so(prelock: Prelock, wrong) -> None:
    wrong.change("patients.csv", ",tall", ",180")
    (wrong.study / "lock.yaml").write_text("block on: [open queries]\n", encoding="utf-8")
    result = prelock("lock", wrong.study, "--data", wrong.data, "--out", wrong.out)
    assert result.returncode == 1
    assert "2 queries not settled" in result.stdout
    for rule in ("patients.height: plausible", "adverse events: no category"):
        prelock("queries", "close", wrong.study, number(prelock, wrong, rule), "--why", "Confirmed")
    assert prelock("lock", wrong.study, "--data", wrong.data, "--out", wrong.out).returncode == 0


def test_several_at_once_all_or_none(prelock: Prelock, wrong) -> None:
    tall, unusual = number(prelock, wrong, TALL[:-3]), number(prelock, wrong, UNUSUAL[:-3])
    result = prelock("queries", "answer", wrong.study, tall[:6], "ffff", "--text", "180 cm")
    assert (result.returncode, "There is no query ffff" in result.stderr) == (2, True)
    assert states(prelock, wrong)[TALL] == "new"
    assert prelock("queries", "answer", wrong.study, tall[:6], unusual, "--text", "180 cm").returncode == 0
    assert states(prelock, wrong)[TALL] == states(prelock, wrong)[UNUSUAL] == "answered"
    prelock("queries", "close", wrong.study, tall, "--why", "as answered")
    result = prelock("queries", "answer", wrong.study, tall, unusual, "--text", "again")
    assert f"Query {tall} is closed and can't be answered." in result.stderr


def test_no_query_yet(prelock: Prelock, place) -> None:
    assert prelock("queries", "list", place.study).stdout.strip() == "No queries."
    assert not list(place.folder.glob("*.sqlite*"))


# ---- Excel ----------------------------------------------------------------------------------------------------------
def filled(path: Path, cells: dict[tuple[str, str], Any], more: list[list[Any]] = []) -> None:  # noqa: B006
    """Fill in a sheet: {(finding_id, column): text}, and further lines."""
    book = load_workbook(path)
    sheet = book["queries"]
    for row in sheet.iter_rows(min_row=2):
        for (query, column), value in cells.items():
            if row[0].value == query:
                row[COLUMNS.index(column)].value = value
    for line in more:
        sheet.append(line)
    book.save(path)


def test_a_sheet_is_filled_in_and_taken_back(prelock: Prelock, wrong, tmp_path: Path) -> None:
    tall, unusual = number(prelock, wrong, TALL[:-3]), number(prelock, wrong, UNUSUAL[:-3])
    sheet = tmp_path / "queries.xlsx"
    assert prelock("queries", "export", wrong.study, sheet).returncode == 0
    filled(sheet, {(tall, "owner"): "Bo", (tall, "answer"): "It is 180", (unusual, "close because"): 265})
    result = prelock("queries", "import", wrong.study, sheet, "--who", "Cy")
    assert (result.returncode, result.stdout.strip()) == (0, "3 changes made, 0 lines not taken")
    assert (states(prelock, wrong)[TALL], states(prelock, wrong)[UNUSUAL]) == ("answered", "closed")
    [row] = json.loads(prelock("queries", "list", wrong.study, "--owner", "Bo", "--format", "json").stdout)
    assert (row["finding_id"], row["comment"]) == (tall, "It is 180")
    entry = Record(wrong.folder / "study.record.sqlite").entries()[-1]
    assert (entry.what, entry.who, entry.body["file"]) == ("queries", "Cy", "queries.xlsx")


def test_each_line_that_could_not_be_taken_is_told(prelock: Prelock, wrong, tmp_path: Path) -> None:
    tall, unusual = number(prelock, wrong, TALL[:-3]), number(prelock, wrong, UNUSUAL[:-3])
    sheet = tmp_path / "queries.xlsx"
    prelock("queries", "export", wrong.study, sheet)
    prelock("queries", "close", wrong.study, unusual, "--why", "Confirmed meanwhile")
    strangers = [["ffffffffffffffff"], [None, "new"]]
    filled(sheet, {(tall, "answer"): "180", (unusual, "answer"): "late"}, strangers)
    result = prelock("queries", "import", wrong.study, sheet)
    assert result.returncode == 1
    assert "1 change made, 3 lines not taken" in result.stdout
    assert f"query {unusual} is closed and can't be answered" in result.stderr
    assert "line 5: there is no query ffffffffffffffff" in result.stderr
    assert "line 6: there is no query without an id" in result.stderr
    assert states(prelock, wrong)[TALL] == "answered"


def test_a_text_like_a_formula_stays_a_text(prelock: Prelock, place, tmp_path: Path) -> None:
    place.change("patients.csv", ",180", ",=1+1")
    run(prelock, place)
    sheet = tmp_path / "queries.xlsx"
    prelock("queries", "export", place.study, sheet)
    cells = [cell for row in load_workbook(sheet)["queries"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]


@pytest.mark.parametrize("content", [b"", b"finding_id,owner\n", None])
def test_a_file_that_is_no_sheet(prelock: Prelock, wrong, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "sheet.xlsx"
    if content is not None:
        path.write_bytes(content)
    result = prelock("queries", "import", wrong.study, path)
    assert (result.returncode, "can't be read" in result.stderr) == (3, True)


def test_a_sheet_without_the_columns(prelock: Prelock, wrong, tmp_path: Path) -> None:
    sheet = tmp_path / "queries.xlsx"
    prelock("queries", "export", wrong.study, sheet)
    book = load_workbook(sheet)
    book["queries"].delete_cols(COLUMNS.index("answer") + 1)
    book.save(sheet)
    result = prelock("queries", "import", wrong.study, sheet)
    assert (result.returncode, "has no column answer" in result.stderr) == (3, True)
