"""The result tables as Parquet: the same rows in the same order as the CSV files, with typed numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

from prelock.reports.report import Report
from prelock.reports.rows import Results
from prelock.results import TABLES

_OPTIONS = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"


def write(report: Report, folder: Path) -> None:
    """Write every result table to `folder`."""
    for name in TABLES:
        write_table(report.results, name, folder / f"{name}.parquet")


def write_table(results: Results, name: str, path: Path) -> None:
    """Write the result table `name` to `path`: a file, or a folder of files where a cluster has written it so."""
    if name in results.parts:
        path.mkdir()
        for place, part in enumerate(sorted(results.parts[name].glob("*.parquet"))):
            shutil.copyfile(part, path / f"part-{place:05}.parquet")
        return
    results.copy(results.ordered(name), path, _OPTIONS)
