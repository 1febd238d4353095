"""CSV: exact bytes, the stated order, numbers by the one formatter, the same with any number of threads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prelock.reports import csv_file, parquet_file
from prelock.reports.report import Report
from prelock.reports.rows import Results
from prelock.results import TABLES, number_text


def written(results: Results, name: str, folder: Path) -> bytes:
    path = folder / f"{name}.csv"
    csv_file.write_table(results, name, path)
    return path.read_bytes()


def test_cells_are_quoted_only_where_needed(make_results: Callable[..., Results], tmp_path: Path) -> None:
    rows = [
        {
            "patient": "P2",
            "variable": "a,b",
            "value": 'say "yes"',
            "unit": "",
            "evidence": None,
            "missing": "two\nlines",
        },
        {"patient": "患者1", "variable": "é", "value": " 1 ", "unit": "µg/g", "evidence": "-", "missing": ""},
        {"patient": "P1", "variable": "z", "value": "0.50", "unit": "%", "evidence": "NULL", "missing": "x;y"},
    ]
    assert written(make_results({"variables": rows}), "variables", tmp_path).decode("utf-8") == (
        "patient,variable,value,unit,evidence,missing\n"
        "P1,z,0.50,%,NULL,x;y\n"
        'P2,"a,b","say ""yes""",,,"two\nlines"\n'
        "患者1,é, 1 ,µg/g,-,\n"
    )


def test_tables_of_the_study_keep_its_order_and_leave_the_order_out(
    make_results: Callable[..., Results], tmp_path: Path
) -> None:
    rows = [
        {"order": 1, "category": "Acne", "events": 6, "patients": 6, "percent": 600 / 94, "denominator": 94},
        {"order": 2, "category": None, "events": 0, "patients": 0, "percent": 0.0, "denominator": 94},
        {"order": 0, "category": "any event", "events": 41, "patients": 32, "percent": 3200 / 94, "denominator": 94},
    ]
    assert written(make_results({"adverse_event_summary": rows}), "adverse_event_summary", tmp_path) == (
        b"category,events,patients,percent,denominator,unknown_events,unknown_patients\n"
        b"any event,41,32,34.042553191,94,,\nAcne,6,6,6.382978723,94,,\n,0,0,0,94,,\n"
    )


def test_a_section_that_the_study_lacks_is_a_header_alone(make_results: Callable[..., Results], tmp_path: Path) -> None:
    expected = ",".join(TABLES["adverse_events"].names) + "\n"
    assert written(make_results({}), "adverse_events", tmp_path).decode() == expected


def test_a_path_may_hold_a_quote(make_results: Callable[..., Results], tmp_path: Path) -> None:
    folder = tmp_path / "O'Neill's \"study\""
    folder.mkdir()
    assert written(make_results({}), "checks", folder).startswith(b"check,")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (0.0, "0"), (-0.0, "0"), (1e-12, "0"), (-1e-12, "0"), (0.1 + 0.2, "0.3"), (1e15, "1000000000000000"),
     (100 / 3, "33.333333333"), (-2.50, "-2.5"), (float("nan"), ""), (50, "50")],
)  # fmt: skip
def test_the_one_formatter(value: float | None, text: str) -> None:
    assert number_text(value) == text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.floats(-1e15, 1e15, allow_nan=False), min_size=1, max_size=200))
def test_sql_and_python_write_numbers_alike(
    make_results: Callable[..., Results], tmp_path: Path, numbers: list[float]
) -> None:
    rows = [{"order": i, "category": f"c{i}", "percent": number} for i, number in enumerate(numbers)]
    lines = written(make_results({"adverse_event_summary": rows}), "adverse_event_summary", tmp_path).decode()
    assert [line.split(",")[3] for line in lines.splitlines()[1:]] == [number_text(number) for number in numbers]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_bytes_do_not_depend_on_threads_nor_on_the_order_of_rows(
    make_results: Callable[..., Results], tmp_path: Path, suffix: str
) -> None:
    rows = [
        {"patient": f"P{i % 2000}", "criterion": f"c{i // 2000}", "kind": "include", "status": "passes",
         "evidence": f"age = {i}", "missing": ""}
        for i in range(260_000)
    ]  # fmt: skip
    found = set()
    for threads, some in ((1, rows), (4, rows), (3, rows[::-1])):
        results, path = make_results({"criteria": some}, threads=threads), tmp_path / f"{threads}.{suffix}"
        if suffix == "csv":
            csv_file.write_table(results, "criteria", path)
        else:
            parquet_file.write_table(results, "criteria", path)
        found.add(path.read_bytes())
    assert len(found) == 1


def test_parquet_holds_the_same_rows_with_typed_numbers(report: Report, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    parquet_file.write(report, tmp_path)
    table = pq.read_table(tmp_path / "outcome_summary.parquet")
    assert table.column_names == list(TABLES["outcome_summary"].names)
    assert table.column("percent").to_pylist() == pytest.approx([50, 100 / 3, 50])
    assert str(table.schema.field("achieved").type) == "int64"
