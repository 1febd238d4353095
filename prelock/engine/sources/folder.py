"""Where a table's file lies: inside the data folder, under its declared name or in another known format."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from prelock.engine.sources.raw import SourceProblem
from prelock.errors import DataError

PARQUET = ".parquet"  # a table of this kind may be a folder of files


def data_folder(data: str | Path) -> Path:
    """The folder, or `DataError` where there is none."""
    folder = Path(data)
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise DataError(f"The data folder {folder} {what}. Give the folder that holds the study's tables.")
    return folder.resolve()


def find_file(folder: Path, file: str, suffixes: Collection[str]) -> Path | SourceProblem:
    """The file declared as `file`, else the one of the same name with another known suffix; or why there is none."""
    declared = Path(file)
    others = [declared.with_suffix(suffix) for suffix in suffixes if suffix != declared.suffix.lower()]
    known = declared.suffix.lower() in suffixes or len(suffixes) > 1  # a file of an unknown kind is told as such
    paths = [folder / candidate for candidate in [*([declared] if known else []), *others]] if declared.name else []
    if not all(path.resolve().is_relative_to(folder) for path in paths):
        return SourceProblem("missing file", f"The file {file} lies outside the data folder and is not read.")
    there = [path for path in paths if path.is_file() or (path.is_dir() and path.suffix.lower() == PARQUET)]
    if there and (there[0] == paths[0] or len(there) == 1):
        return there[0]
    if there:
        names = " and ".join(path.name for path in there)
        message = f"The file {file} is not there, and {names} could stand for it; leave one."
        return SourceProblem("missing file", message)
    near = _near(folder, file)
    hint = f" The folder has {near}." if near else ""
    hint += "" if known else f" This engine reads only {', '.join(suffixes)}."
    return SourceProblem("missing file", f"The file {file} is not in the data folder; please send it.{hint}")


def _near(folder: Path, file: str) -> str:
    """Files with a like name, whatever their suffix."""
    there = {path.stem: path.name for path in sorted(folder.iterdir()) if path.is_file()}
    return ", ".join(there[stem] for stem in get_close_matches(Path(file).stem, there, 2, 0.6))


def glob_safe(path: Path) -> str:
    """The path with glob characters made plain, as DuckDB wants it."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))
