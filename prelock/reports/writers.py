"""Everything that can be written of a run, and how it gets into a folder: whole, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from prelock.durable.folder import UNFINISHED, replace_folder
from prelock.errors import NO_MEMORY, CallError
from prelock.reports import csv_file, html_page, json_file, junit_file, parquet_file, xlsx_file
from prelock.reports.report import Report
from prelock.results import TABLES

Writer = Callable[[Report, Path], None]

WRITERS: dict[str, Writer] = {
    ".csv": csv_file.write,
    ".parquet": parquet_file.write,
    ".json": json_file.write,
    ".html": html_page.write,
    ".xlsx": xlsx_file.write,
    ".xml": junit_file.write,
}
ALWAYS = (".csv", ".json", ".html", ".xlsx")
SPREAD = (".parquet", ".json", ".html", ".xlsx")  # of results that a cluster has written
TABLE_FILES = {name + suffix for name in TABLES for suffix in (".csv", ".parquet")}
DOCS = "data_docs"
LOCK_FILES = ("manifest.json", "signatures.json", "blockers.csv", "queries.csv")
FILES = frozenset({json_file.NAME, html_page.NAME, xlsx_file.NAME, junit_file.NAME, DOCS, *LOCK_FILES, *TABLE_FILES})


def fill(report: Report, folder: Path, suffixes: Iterable[str] = ALWAYS) -> None:
    """Write the run into a folder that is there."""
    for suffix in suffixes:
        WRITERS[suffix](report, folder)
    if report.docs is not None:
        report.docs(folder / DOCS)


def write_folder(out: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write results into a new folder, which takes the place of an earlier run's once it is whole."""
    import duckdb

    try:
        replace_folder(out, FILES, fill)
    except duckdb.OutOfMemoryException as error:
        raise CallError(f"Results can't be written to {out}: the work {NO_MEMORY}") from error
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or "the disk may be full"
        raise CallError(f"Results can't be written to {out}: {reason}.") from error


def refuse_others_files(out: Path, locks: bool = False) -> None:
    """Refuse a folder whose files only happen to be named like results, or that of a lock unless this one `locks`."""
    if not locks and (out / LOCK_FILES[0]).exists():
        raise CallError(f"{out} holds a lock, which stays as it is. Choose another folder for --out.")
    if out.exists() and not out.is_dir():
        raise CallError(f"{out} is a file; --out names a folder.")
    taken = sorted(name for name in FILES if (out / name).exists())
    if taken and not _ours(out / json_file.NAME) and not (out / UNFINISHED).exists():
        raise CallError(
            f"{out} holds {taken[0]}, which does not come from an earlier run of prelock and would be overwritten. "
            "Choose another folder for --out."
        )


def _ours(summary: Path) -> bool:
    try:
        return "prelock" in json.loads(summary.read_text(encoding="utf-8"))["run"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
