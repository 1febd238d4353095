"""The first study with its planted errors, from files of every kind and a database: the same findings and results."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prelock
from prelock.results import TABLES

STUDY = Path(__file__).parents[2] / "studies" / "upadacitinib_crohn"
URL = os.environ.get("PRELOCK_TEST_DATABASE", "")
# Where a record stands depends on the source; a database has no order of its own.
NAMES = {"病案号": "record_number", "T-SPOT.TB": "tspot", "备注": "remark"}  # SAS has no such names
PLACES = ["file", "row", "line", "related_cells"]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PLAIN = re.compile(r"0|-?[1-9]\d{0,9}|-?(0|[1-9]\d{0,5})\.\d{0,4}[1-9]")
Tables = dict[str, pd.DataFrame]


def kind_of(texts: list[str]) -> Callable[[str], Any]:
    """The type that a table with types would give a column: all of its cells must come back as they were written."""
    filled = [text for text in texts if text]
    if filled and all(DAY.fullmatch(text) for text in filled):
        return date.fromisoformat
    if filled and all(PLAIN.fullmatch(text) for text in filled):
        return float if any("." in text for text in filled) else int
    return str


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tables]:
    """The planted errors as CSV without the one row that is none in a table, and as frames with types."""
    folder, tables = tmp_path_factory.mktemp("csv"), {}
    for path in sorted((STUDY / "data_with_errors").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            headers, *lines = csv.reader(stream)
        header = [NAMES.get(name, name) for name in headers]
        records = [line for line in lines if len(line) == len(header)]
        with (folder / path.name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([header, *records])
        columns = {}
        for name, cells in zip(header, zip(*records, strict=True), strict=True):
            kind = kind_of(list(cells))
            columns[name] = pd.Series([kind(cell) if cell else None for cell in cells], dtype=object)
        tables[path.stem] = pd.DataFrame(columns)
    return folder, tables


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> prelock.Study:
    folder = tmp_path_factory.mktemp("study")
    for path in STUDY.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for name, other in NAMES.items():
            text = text.replace(f"column: {name}", f"column: {other}")
        (folder / path.name).write_text(text, encoding="utf-8")
    return prelock.load(folder)


def as_excel(tables: Tables, folder: Path) -> str:
    for name, frame in tables.items():
        frame.to_excel(folder / f"{name}.xlsx", index=False)
    return str(folder)


def as_parquet(tables: Tables, folder: Path) -> str:
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return str(folder)


def as_transport(tables: Tables, folder: Path) -> str:
    import pyreadstat

    for name, frame in tables.items():
        numbers = {c: pd.to_numeric(frame[c]) for c in frame if frame[c].map(type).isin([int, float]).any()}
        texts = {c: frame[c].fillna("") for c in frame if frame[c].map(type).eq(str).any()}
        pyreadstat.write_xport(frame.assign(**numbers, **texts), folder / f"{name}.xpt")
    return str(folder)


@contextmanager
def as_database(tables: Tables) -> Iterator[str]:
    import psycopg

    name = f"prelock_study_{os.getpid()}"
    types = {date: "date", int: "bigint", float: "double precision"}
    with psycopg.connect(URL, autocommit=True) as keeper:
        keeper.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        keeper.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(URL, dbname=name) as connection:
            for table, frame in tables.items():
                kinds = {c: frame[c].dropna().map(type).iloc[0] if frame[c].notna().any() else str for c in frame}
                columns = ", ".join(f'"{c}" {types.get(kind, "text")}' for c, kind in kinds.items())
                connection.execute(f'CREATE TABLE "{table}" ({columns})')
                with connection.cursor().copy(f'COPY "{table}" FROM STDIN') as copy:
                    for row in frame.sample(frac=1, random_state=1).itertuples(index=False):
                        copy.write_row([None if cell is None or cell != cell else cell for cell in row])
        yield re.sub(r"/[^/]*$", f"/{name}", URL)
        keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def from_csv(study: prelock.Study, written: tuple[Path, Tables]) -> Tables:
    with study.check(written[0]) as run:
        return {name: run.table(name) for name in TABLES}


def assert_the_same(study: prelock.Study, from_csv: Tables, data: str) -> None:
    with study.check(data) as run:
        assert len(run.findings) > 80
        for name in TABLES:
            one, other = (table.drop(columns=PLACES, errors="ignore") for table in (from_csv[name], run.table(name)))
            pd.testing.assert_frame_equal(one, other, obj=name)


@pytest.mark.parametrize("writer", [as_excel, as_parquet, as_transport])
def test_files_give_the_same(
    writer: Any, study: prelock.Study, written: tuple[Path, Tables], from_csv: Tables, tmp_path: Path
) -> None:
    assert_the_same(study, from_csv, writer(written[1], tmp_path))


@pytest.mark.skipif(not URL, reason="PRELOCK_TEST_DATABASE names no PostgreSQL server")
def test_a_database_gives_the_same(study: prelock.Study, written: tuple[Path, Tables], from_csv: Tables) -> None:
    with as_database(written[1]) as url:
        assert_the_same(study, from_csv, url)
