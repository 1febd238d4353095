"""The benchmark of twenty record rules: its engines agree, and an answer that is wrong is seen. No time is asserted."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.machine import Limit, measured
from benchmarks.records.__main__ import wrong
from benchmarks.records.answers import BLANK, NO_NUMBER, TOLD, UNEXPLAINED, compared
from benchmarks.records.engines import ANSWERS, ENGINES, HELD_AGAINST
from benchmarks.records.engines.__main__ import run
from benchmarks.records.page import records_part
from benchmarks.records.rules import RULES
from benchmarks.records.table import generate

# By hand: cells in which a record differs from one without fault, and the rules that it breaks
FINE: dict[str, Any] = {
    "sample": 1, "subject": "P001-000001", "centre": "C01", "visit": "BL", "analyte": "ALAT", "unit": "U/L",
    "state": "PERFORMED", "result": 5.0, "lower": 1.0, "upper": 2.0, "age": 18.0, "sex": "male", "weight": 30.0,
    "consent": "2024-01-01", "collected": "2024-01-01", "received": "2024-01-01", "reason": None,
    "method": "LAB-ABC123",
}  # fmt: skip
BLANKS = dict.fromkeys(("subject", "centre", "unit", "result", "lower", "age", "sex", "consent", "reason", "method"))
BY_HAND: list[tuple[dict[str, Any], str]] = [
    ({}, "R02"),
    ({}, "R02"),
    ({"sample": None}, "R01"),
    ({"sample": None}, "R01"),
    (
        BLANKS | {"sample": 3, "visit": "V", "analyte": "OTHER", "state": "DUE", "weight": float("nan")},
        "R03 R06 R07 R09",
    ),
    (
        {
            "sample": 4,
            "subject": "P001-0000012",
            "centre": "C00",
            "unit": "ml",
            "result": None,
            "lower": -0.1,
            "upper": -0.2,
        }
        | {"age": 17.9, "sex": "m", "weight": 250.1, "received": None, "method": "LAB-ABC1234"},
        "R04 R05 R08 R11 R12 R13 R14 R15 R18 R20",
    ),
    (
        {"sample": 5, "state": "NOT PERFORMED", "result": 5000.1, "consent": "2024-01-03", "collected": "2024-01-02"},
        "R10 R16 R17 R19",
    ),
    (
        {"sample": 6, "state": "NOT PERFORMED", "result": 0.0, "lower": 1000.0, "upper": 1000.0, "age": 100.0}
        | {"weight": 250.0, "reason": "declined", "method": None},
        "",
    ),
]
KINDS = {int: "BIGINT", str: "VARCHAR", float: "DOUBLE", type(None): "VARCHAR"}
Change = Callable[[list[dict[str, str]]], list[dict[str, str]]]


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("by_hand")
    with duckdb.connect() as con:
        columns = ", ".join(f"{name} {_kind(name, cell)}" for name, cell in FINE.items())
        con.execute(f"CREATE TABLE labs (record BIGINT, {columns})")
        for n, (cells, _) in enumerate(BY_HAND):
            row = [100 + 7 * n, *(FINE | cells).values()]
            con.execute(f"INSERT INTO labs VALUES ({', '.join('?' * len(row))})", row)
        con.execute(f"COPY labs TO '{folder / 'labs.parquet'}'")
        con.execute(f"COPY (SELECT 'P001-000001' AS patient) TO '{folder / 'patients.parquet'}'")
    return folder


def _kind(name: str, cell: object) -> str:
    return "DATE" if name in ("consent", "collected", "received") else KINDS[type(cell)]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty thousand rows with the answers of DuckDB and of prelock."""
    folder = tmp_path_factory.mktemp("drawn")
    generate(20_000, folder)
    for name in ("DuckDB", "prelock"):
        run(name, folder, folder / name)
    return folder


def answered(folder: Path) -> set[tuple[str, int]]:
    rows = duckdb.sql(f"SELECT rule, record FROM '{folder / ANSWERS}'").fetchall()
    assert len(rows) == len(set(rows))
    return set(rows)


def test_duckdb_answers_what_a_person_would(by_hand: Path, tmp_path: Path) -> None:
    run(HELD_AGAINST, by_hand, tmp_path)
    expected = {(rule, 100 + 7 * n) for n, (_, broken) in enumerate(BY_HAND) for rule in broken.split()}
    assert answered(tmp_path) == expected
    assert {rule for rule, _ in expected} == set(RULES)


@pytest.mark.parametrize("name", [name for name in ENGINES if name != HELD_AGAINST])
def test_every_engine_differs_only_where_the_record_says_why(name: str, by_hand: Path, tmp_path: Path) -> None:
    pytest.importorskip({"pointblank": "pointblank", "dataframely": "dataframely"}.get(name, "pandera"))
    run(HELD_AGAINST, by_hand, tmp_path / "theirs")
    run(name, by_hand, tmp_path / "ours")
    found = compared(by_hand, tmp_path / "theirs", tmp_path / "ours")
    assert found["unexplained"] == 0, found
    assert found.get("counts", {}) == {}
    reasons = {reason for told in found["rules"].values() for reason in told["why"]}
    allowed = {"prelock": {TOLD}, "pointblank": {BLANK, NO_NUMBER}, "dataframely": {BLANK, NO_NUMBER}}
    assert reasons <= allowed.get(name, set())


def test_prelock_gives_duckdbs_answers(drawn: Path) -> None:
    found = compared(drawn, drawn / "DuckDB", drawn / "prelock")
    assert found["unexplained"] == 0
    assert found["counts"] == {}
    assert all(told["both"] for told in found["rules"].values())


def drop_first(rule: str) -> Change:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        first = next(row for row in rows if row["rule"] == rule)
        return [row for row in rows if row is not first]

    return change


def move(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """One finding stands at the row after its own."""
    first = next(row for row in rows if row["rule"] == "labs.age: range")
    return [{**row, "row": str(int(row["row"]) + 1)} if row is first else row for row in rows]


def twice(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [*rows, next(row for row in rows if row["rule"] == "reason_given")]


def lone(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """A repeated key without its other records."""
    first = next(row for row in rows if row["rule"] == "labs: one row for each sample")
    return [{**row, "related_cells": ""} if row is first else row for row in rows]


@pytest.mark.parametrize(
    ("rule", "change", "wrong_answers"),
    [
        pytest.param("R15", drop_first("labs.weight: range"), 1, id="dropped"),
        pytest.param("R12", drop_first("limits_in_order"), 1, id="check dropped"),
        pytest.param("R13", move, 2, id="moved"),
        pytest.param("R19", twice, 1, id="twice"),
        pytest.param("R02", lone, 1, id="lone"),
    ],
)
def test_a_wrong_answer_is_seen(rule: str, change: Change, wrong_answers: int, drawn: Path, tmp_path: Path) -> None:
    with (drawn / "prelock" / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / "findings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(change(rows))
    (tmp_path / "checks.csv").write_bytes((drawn / "prelock" / "checks.csv").read_bytes())
    found = compared(drawn, drawn / "DuckDB", tmp_path)
    assert found["rules"][rule]["why"].get(UNEXPLAINED) == wrong_answers
    assert wrong({"20000": {"prelock": {"answers": found}}}) == [
        f"prelock on 20000 rows: {wrong_answers} answers that no record explains"
    ]


def test_a_check_that_did_not_run_is_seen(drawn: Path, tmp_path: Path) -> None:
    (tmp_path / "findings.csv").write_bytes((drawn / "prelock" / "findings.csv").read_bytes())
    told = (drawn / "prelock" / "checks.csv").read_text(encoding="utf-8").splitlines()
    lines = [line for line in told if not line.startswith("labs.sex: code,")]
    (tmp_path / "checks.csv").write_text(
        "\n".join([*lines, "labs.sex: code,record,0,0,0,0,0,not run,error"]) + "\n", encoding="utf-8"
    )
    found = compared(drawn, drawn / "DuckDB", tmp_path)
    assert list(found["counts"]) == ["labs.sex: code"]
    assert len(wrong({"20000": {"prelock": {"answers": found}}})) == 1


def test_another_engines_wrong_answer_is_seen(drawn: Path, tmp_path: Path) -> None:
    run("Polars", drawn, tmp_path)
    (tmp_path / "wrong").mkdir()
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE answers AS FROM '{tmp_path / ANSWERS}'")
        con.execute(
            "DELETE FROM answers WHERE rule = 'R18' AND record = (SELECT min(record) FROM answers WHERE rule = 'R18')"
        )
        con.execute(f"COPY answers TO '{tmp_path / 'wrong' / ANSWERS}'")
    found = compared(drawn, drawn / "DuckDB", tmp_path / "wrong")
    assert found["unexplained"] == 1
    assert found["rules"]["R18"]["only_theirs"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="a process's memory is read from /proc")
def test_what_needs_too_much_memory_is_stopped_and_told() -> None:
    greedy = [sys.executable, "-c", "import time; held = bytearray(400_000_000); time.sleep(30)"]
    cost = measured(greedy, limit=Limit(memory_mb=200, seconds=25))
    assert cost.stopped == "out of memory: more than 200 MB"
    assert measured([sys.executable, "-c", "pass"], limit=Limit(memory_mb=200, seconds=25)).stopped == ""


def test_the_page_says_what_was_missed_and_what_ran_out() -> None:
    ran = {
        "best": 1.0,
        "cpu": 1.0,
        "peak_mb": 100.0,
        "steps": {"start": 0.5, "load": 0.1, "validate": 0.3, "write": 0.1},
    }
    ran["answers"] = {"rules": {}, "both": 7, "unexplained": 0}
    slow = {**ran, "best": 2.0, "peak_mb": 250.0, "steps": {"start": 1.6, "load": 0.1, "validate": 0.2, "write": 0.1}}
    slow["inside"] = {"applying rules": 0.4}
    greedy = {"failed": "out of memory: more than 10,000 MB", "peak_mb": 10_001.0}
    sizes = {"1000": {"prelock": ran, "DuckDB": ran}, "10000": {"prelock": slow, "DuckDB": ran, "Polars": greedy}}
    machine = {"cores": 2, "memory_gb": 24, "load_before": 0.1}
    page = "\n".join(records_part({"machine": machine, "versions": {}, "when": "", "sizes": sizes}))
    assert "| 1,000 rows, whole: at most 1.5 times DuckDB | 1.0 | reached |" in page
    assert "| 10,000 rows, whole: at most 1.5 times DuckDB | 2.0 | **not reached** |" in page
    assert "| 10,000 rows, work: at most 1.5 times DuckDB | 0.8 | reached |" in page
    assert "| peak memory at 10,000 rows: at most 2 times that at 1,000 | 2.5 | **not reached** |" in page
    assert "| applying rules | 0.4 |" in page
    assert "| Polars | out of memory: more than 10,000 MB |" in page
