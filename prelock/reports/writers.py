"""Everything that can be written of a run, and how it gets into a folder: whole, or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from prelock.errors import CallError
from prelock.reports import csv_file, html_page, json_file, parquet_file
from prelock.reports.report import Report
from prelock.results import TABLES

Writer = Callable[[Report, Path], None]

WRITERS: dict[str, Writer] = {
    ".csv": csv_file.write,
    ".parquet": parquet_file.write,
    ".json": json_file.write,
    ".html": html_page.write,
}
ALWAYS = (".csv", ".json", ".html")
TABLE_FILES = {name + suffix for name in TABLES for suffix in (".csv", ".parquet")}
FILES = frozenset({json_file.NAME, html_page.NAME, *TABLE_FILES})


def write(report: Report, out: Path, suffixes: Iterable[str] = ALWAYS) -> None:
    """Write the run into `out`. The files of an earlier run there are replaced once all new ones are complete."""
    import duckdb

    try:
        _write(report, out, suffixes)
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or "the disk may be full"
        raise CallError(f"Results can't be written to {out}: {reason}.") from error


def _write(report: Report, out: Path, suffixes: Iterable[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".prelock-", dir=out))
    try:
        for suffix in suffixes:
            WRITERS[suffix](report, unfinished)
        written = sorted(path.name for path in unfinished.iterdir())
        for name in written:
            (unfinished / name).replace(out / name)
        for name in FILES.difference(written):
            (out / name).unlink(missing_ok=True)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def refuse_others_files(out: Path) -> None:
    """Refuse a folder whose files only happen to be named like results: a run would overwrite them."""
    if out.exists() and not out.is_dir():
        raise CallError(f"{out} is a file; --out names a folder.")
    taken = sorted(name for name in FILES if (out / name).exists())
    if taken and not _ours(out / json_file.NAME):
        raise CallError(
            f"{out} holds {taken[0]}, which does not come from an earlier run of prelock and would be overwritten. "
            "Choose another folder for --out."
        )


def _ours(summary: Path) -> bool:
    try:
        return "prelock" in json.loads(summary.read_text(encoding="utf-8"))["run"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
