"""The result tables as CSV: UTF-8, `\\n`, one header row, quotes only where needed, numbers by the one formatter.

DuckDB writes each file straight from its query, so that millions of rows never become Python objects. The order of the
rows is the query's, whatever the number of threads.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from prelock.reports.report import Report
from prelock.reports.rows import Results, quoted
from prelock.results import TABLES, Cell

_OPTIONS = "FORMAT csv, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''"


def write(report: Report, folder: Path) -> None:
    """Write every result table to `folder`."""
    for name in TABLES:
        write_table(report.results, name, folder / f"{name}.csv")


def write_table(results: Results, name: str, path: Path) -> None:
    """Write the result table `name` to `path`."""
    columns = results.columns(name).items()
    cells = ", ".join(_number(column) if cell is Cell.NUMBER else quoted(column) for column, cell in columns)
    first, *others = (f"SELECT {cells} FROM ({part})" for part in results.in_parts(name))
    results.copy(first, path, f"{_OPTIONS}, HEADER true")
    for part in others:
        _append(path, lambda beside, part=part: results.copy(part, beside, f"{_OPTIONS}, HEADER false"))  # type: ignore[misc]


def _append(path: Path, write: Callable[[Path], None]) -> None:
    """Add what `write` writes to a file beside it, which is gone afterwards."""
    beside = path.with_suffix(".part")
    write(beside)
    with path.open("ab") as whole, beside.open("rb") as part:
        shutil.copyfileobj(part, whole, 1 << 20)
    beside.unlink()


def _number(column: str) -> str:
    """`results.number_text` in SQL."""
    text = f"rtrim(rtrim(format('{{:.9f}}', {quoted(column)}), '0'), '.')"
    return f"CASE {text} WHEN '-0' THEN '0' ELSE {text} END AS {quoted(column)}"
