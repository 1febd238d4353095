"""Every planted error is found at its record; nothing is found at patients without one, who keep their statuses."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plain_tables import STUDY

import prelock

with (STUDY / "planted_errors.csv").open(encoding="utf-8", newline="") as _file:
    PLANTED = list(csv.DictReader(_file))
RAISING = [p for p in PLANTED if p["kind"]]
ACTING = [p for p in PLANTED if p["effect"]]


def run_on(folder: str) -> Iterator[prelock.Run]:
    with prelock.load(STUDY).check(STUDY / folder) as made:
        yield made


@pytest.fixture(scope="module")
def spoiled() -> Iterator[prelock.Run]:
    yield from run_on("data_with_errors")


@pytest.fixture(scope="module")
def clean() -> Iterator[prelock.Run]:
    yield from run_on("data")


@pytest.fixture(scope="module")
def findings(spoiled: prelock.Run) -> list[dict[str, Any]]:
    return told(spoiled)


def told(run: prelock.Run) -> list[dict[str, Any]]:
    frame = run.findings.astype(object)
    return [{str(k): v for k, v in f.items()} for f in frame.where(frame.notna(), "").to_dict("records")]


def cells_of(file: Path) -> list[list[str]]:
    """The rows of a CSV file, its header first; a field too many is left out."""
    with file.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    return [header, *(row[: len(header)] for row in rows)]


def write_excel(rows: list[list[str]], path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([cell or None for cell in row])
    book.save(path)


def write_parquet(rows: list[list[str]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    header, *cells = rows
    columns = {name: pa.array([row[i] or None for row in cells], pa.string()) for i, name in enumerate(header)}
    pq.write_table(pa.table(columns), path)


def write_tsv(rows: list[list[str]], path: Path) -> None:
    """UTF-16 with tabs, as Excel's `Unicode text`."""
    text = "".join("\t".join(row) + "\r\n" for row in rows)
    path.write_bytes(text.encode("utf-16"))


FORMS = {"xlsx": write_excel, "parquet": write_parquet, "tsv": write_tsv}


def names(finding: dict[str, Any], planted: dict[str, str]) -> bool:
    """The finding is about the planted record: its row, a related row, or the group that its row belongs to."""
    if finding["file"] != planted["file"]:
        return False
    if finding["grain"] == "group":
        exam = finding["key"].split(", ")[0]
        return exam in planted["key"].split(", ")
    related = re.search(rf"{re.escape(planted['file'])} row {planted['row']}(?!\d)", finding["related_cells"])
    return str(finding["row"]).split(".")[0] == planted["row"] or related is not None


def tells(finding: dict[str, Any], planted: dict[str, str]) -> bool:
    """The finding is the expected one: its kind, its check, its column."""
    if finding["kind"] != planted["kind"] or planted["rule"] not in ("", finding["rule"]):
        return False
    if finding["grain"] == "group" or not planted["column"]:
        return True
    return finding["column"] == planted["column"] or f" {planted['column']} =" in finding["related_cells"]


def test_the_list_is_long_and_varied() -> None:
    """At least 80 errors of at least 45 kinds, in every table of the study."""
    assert len(PLANTED) >= 80
    assert len({p["error"] for p in RAISING}) >= 45
    assert len({p["kind"] for p in RAISING}) >= 20
    tables = prelock.load(STUDY).definition.tables.values()
    assert {p["file"] for p in RAISING} == {table.file for table in tables}


def missed(findings: list[dict[str, Any]], planted: list[dict[str, str]]) -> list[str]:
    """Every planted error that no finding tells of at its record, with what was found there instead."""
    lines = []
    for error in planted:
        near = [f for f in findings if names(f, error)]
        if not any(tells(f, error) for f in near):
            instead = [(f["kind"], f["rule"], f["column"]) for f in near]
            lines.append(f"{error['id']} {error['file']} row {error['row']}: {error['done']}; found there: {instead}")
    return lines


def test_each_error_is_found_at_its_record(findings: list[dict[str, Any]]) -> None:
    assert missed(findings, RAISING) == []


def test_nothing_is_found_on_the_clean_cohort(clean: prelock.Run) -> None:
    told = clean.findings[["rule", "table", "key", "column", "value"]].to_dict("records")
    assert told == []


@pytest.mark.parametrize("form", sorted(FORMS))
def test_each_error_is_found_in_every_format(form: str, tmp_path: Path) -> None:
    """The same cells in another format; a line with a field too many can only stand in a text file."""
    study, data = tmp_path / "study", tmp_path / "data"
    shutil.copytree(STUDY, study, ignore=shutil.ignore_patterns("data*", "cohort"))
    tables = study / "tables.yaml"
    tables.write_text(tables.read_text(encoding="utf-8").replace(".csv", f".{form}"), encoding="utf-8")
    data.mkdir()
    for file in (STUDY / "data_with_errors").glob("*.csv"):
        FORMS[form](cells_of(file), data / f"{file.stem}.{form}")
    planted = [{**p, "file": p["file"].replace(".csv", f".{form}")} for p in RAISING if p["kind"] != "refused row"]
    with prelock.load(study).check(data) as run:
        assert missed(told(run), planted) == []


@pytest.mark.parametrize("planted", ACTING, ids=lambda p: f"{p['id']} {p['effect']}")
def test_each_effect(spoiled: prelock.Run, planted: dict[str, str]) -> None:
    name, _, status = planted["effect"].partition(" ")
    if name in set(spoiled.criteria["criterion"]):
        frame = spoiled.criteria[spoiled.criteria["criterion"] == name]
    else:
        frame = spoiled.outcomes[(spoiled.outcomes["endpoint"] == name) & (spoiled.outcomes["definition"] == "main")]
    row = frame.fillna("")[frame["patient"] == planted["patient"]].iloc[0]
    assert row["status"] == status
    assert (row["missing"] != "") is (status in ("unknown", "undetermined"))


def test_an_event_without_onset_may_or_may_not_count(spoiled: prelock.Run) -> None:
    planted = next(p for p in PLANTED if p["done"] == "onset not recorded")
    event = spoiled.adverse_events[spoiled.adverse_events["key"] == planted["key"]].iloc[0]
    assert event["treatment_emergent"] == "unknown"


def touched(findings: list[dict[str, Any]]) -> set[str]:
    """Patients with a planted error, or whose record is the other of a repeated pair."""
    with_error = {p["patient"] for p in PLANTED}
    return with_error | {f["patient"] for f in findings if any(names(f, p) for p in PLANTED)}


def test_no_false_alarm(findings: list[dict[str, Any]]) -> None:
    others = [f for f in findings if f["patient"] not in touched(findings)]
    assert others == []


def test_patients_without_errors_keep_their_statuses(
    clean: prelock.Run, spoiled: prelock.Run, findings: list[dict[str, Any]]
) -> None:
    away = touched(findings)
    for table, key in (("criteria", "criterion"), ("outcomes", "endpoint")):
        shown = []
        for run in (clean, spoiled):
            frame = getattr(run, table)
            frame = frame[~frame["patient"].isin(away)]
            shown.append(dict(zip(zip(frame["patient"], frame[key], strict=True), frame["status"], strict=True)))
        assert shown[0] == shown[1]
        assert shown[0]


def test_the_gate_is_closed(spoiled: prelock.Run) -> None:
    assert spoiled.exit_code == 1
    assert not spoiled.lock().ready
