"""The result tables as CSV: UTF-8, `\\n`, one header row, quotes only where needed, numbers by the one formatter.

DuckDB writes each file straight from its query, so that millions of rows never become Python objects. The order of the
rows is the query's, whatever the number of threads.
"""

from __future__ import annotations

from pathlib import Path

from prelock.reports.report import Report
from prelock.reports.rows import Results, quoted
from prelock.results import TABLES, Cell

_OPTIONS = "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''"


def write(report: Report, folder: Path) -> None:
    """Write every result table to `folder`."""
    for name in TABLES:
        write_table(report.results, name, folder / f"{name}.csv")


def write_table(results: Results, name: str, path: Path) -> None:
    """Write the result table `name` to `path`."""
    columns = results.columns(name).items()
    cells = ", ".join(_number(column) if cell is Cell.NUMBER else quoted(column) for column, cell in columns)
    results.copy(f"SELECT {cells} FROM ({results.ordered(name)})", path, _OPTIONS)


def _number(column: str) -> str:
    """`results.number_text` in SQL."""
    text = f"rtrim(rtrim(format('{{:.9f}}', {quoted(column)}), '0'), '.')"
    return f"CASE {text} WHEN '-0' THEN '0' ELSE {text} END AS {quoted(column)}"
