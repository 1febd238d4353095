"""The files of a table in Parquet: one, or those of a folder, whose rows are numbered through in order of file name."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from prelock.engine.sources.raw import SourceError


def parts_of(path: Path, name: str) -> dict[Path, int]:
    """Each file with the number of rows that come before it, by their footers. `SourceError` where one has none."""
    files = [path] if path.is_file() else sorted(one for one in path.glob("[!._]*.parquet") if one.is_file())
    if not files:
        raise SourceError("empty file", f"The folder {name} holds no Parquet file; please send it again.")
    before, found = 0, {}
    for file in files:
        found[file] = before
        try:
            before += parquet.read_metadata(file).num_rows
        except (pa.ArrowInvalid, OSError):
            raise broken(file, name) from None
    return found


def rows_of(parts: dict[Path, int]) -> int:
    """How many rows the files have."""
    last, before = list(parts.items())[-1]
    return before + int(parquet.read_metadata(last).num_rows)


def broken(file: Path, name: str) -> SourceError:
    """A file that is no Parquet."""
    empty = file.stat().st_size == 0
    kind = "empty file" if empty else "unreadable file"
    return SourceError(kind, f"The file {name} is {'empty' if empty else 'no Parquet file'}; please send it again.")
