"""Where data comes from: a folder of files, a database, or frames. Every cell arrives as text with its row and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from prelock.engine.session import Session
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.folder import data_folder, find_file
from prelock.engine.sources.not_records import without_others
from prelock.engine.sources.raw import RawTable, SourceError, SourceProblem
from prelock.engine.sources.shapes import shaped
from prelock.engine.sources.shapes.filed import all_filed
from prelock.errors import DataError
from prelock.study.definition import StudyDefinition, Table

# suffix → module and function that reads such a file
READERS: Mapping[str, tuple[str, str]] = {
    ".csv": ("delimited", "read_delimited"),
    ".tsv": ("delimited", "read_delimited"),
    ".txt": ("delimited", "read_delimited"),
    ".parquet": ("parquet", "read_parquet"),
    ".xlsx": ("excel", "read_excel"),
    ".xlsm": ("excel", "read_excel"),
    ".xpt": ("statistical", "read_statistical"),
    ".sas7bdat": ("statistical", "read_statistical"),
    ".sav": ("statistical", "read_statistical"),
    ".zsav": ("statistical", "read_statistical"),
    ".dta": ("statistical", "read_statistical"),
}
SPARK_READERS: Mapping[str, tuple[str, str]] = {".parquet": ("parquet_spark", "read_parquet")}
# engine → its readers
ENGINES: Mapping[str, Mapping[str, tuple[str, str]]] = {"duckdb": READERS, "spark": SPARK_READERS}
Reader = Callable[[Path, str, Table, Session], RawTable]


def open_data(study: StudyDefinition, data: str | Path | Mapping[str, Any], session: Session) -> dict[str, RawTable]:
    """Every declared table of `data`: a folder, a database's URL, or frames (pandas, Polars, Arrow) by table name.

    A table that is absent or broken comes back without rows and with its problems. `DataError` is raised only where
    nothing can be done: there is no folder, no connection, or no patient table.
    """
    if isinstance(data, Mapping):
        from prelock.engine.sources.frames import read_frames

        filed = read_frames(all_filed(study), data, session)
    elif is_url(data):
        from prelock.engine.sources.database import read_database

        filed = read_database(all_filed(study), str(data), session)
    else:
        folder = data_folder(data)
        filed = {name: _read_file(folder, table, session) for name, table in all_filed(study).items()}
    tables = shaped(study, filed, session)
    patients = tables[study.patient_table]
    if not patients.present:
        raise DataError(f"The patient table cannot be read. {patients.problems[0].message}")
    return tables


def is_url(data: object) -> bool:
    """Whether data is named by a URL, not by a folder."""
    return isinstance(data, str) and "://" in data


def _read_file(folder: Path, table: Table, session: Session) -> RawTable:
    readers = ENGINES[session.name]
    path = find_file(folder, table.file, readers)
    if isinstance(path, SourceProblem):
        return nothing(table, table.file, session, path)
    name = path.relative_to(folder).as_posix()
    known = readers.get(path.suffix.lower())
    if known is None:
        message = f"The file {name} is of no known kind; known are {', '.join(readers)}."
        return nothing(table, name, session, SourceProblem("unreadable file", message))
    try:
        return without_others(_reader(*known)(path, name, table, session), table, session)
    except SourceError as error:
        return nothing(table, name, session, error.problem)
    except OSError as error:
        message = f"The file {name} could not be opened: {error.strerror}."
        return nothing(table, name, session, SourceProblem("unreadable file", message))


def _reader(module: str, function: str) -> Reader:
    reader: Reader = getattr(import_module(f"prelock.engine.sources.{module}"), function)
    return reader
