"""Files of statistics packages (SAS transport, sas7bdat, SPSS, Stata) through pyreadstat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sources.encoding import told_by
from prelock.engine.sources.labels import Labels, labelled
from prelock.engine.sources.raw import RawTable, SourceError, SourceProblem
from prelock.engine.sources.typed import cell_text, raw_of
from prelock.study.definition import Table

BYTES = "ISO-8859-1"  # every byte is one character in it, so that the bytes can be had back
CARD = 80  # a transport file is a whole number of records of so many bytes
# suffix → pyreadstat's reader; missing values of the user's own are kept wherever the format can tell them
READERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    ".xpt": ("read_xport", {}),
    ".sas7bdat": ("read_sas7bdat", {"user_missing": True}),
    ".sav": ("read_sav", {"user_missing": True}),
    ".zsav": ("read_sav", {"user_missing": True}),
    ".dta": ("read_dta", {"user_missing": True}),
}
Columns = dict[str, list[Any]]
Reader = Callable[..., tuple[Columns, Any]]


def read_statistical(path: Path, name: str, table: Table, session: Session) -> RawTable:
    """The table in a file of a statistics package; a missing value of the user's own is its text: `-99`, `.a`."""
    import pyreadstat

    suffix = path.suffix.lower()
    if path.stat().st_size == 0:
        raise SourceError("empty file", f"The file {name} is empty; please send it again.")
    function, options = READERS[suffix]
    read = partial(getattr(pyreadstat, function), str(path), output_format="dict", **options)
    try:
        columns, labels, guessed = _decoded(read, name, table.file_format.encoding)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError):
        message = f"The file {name} is cut off, or no {suffix} file; please send it again."
        raise SourceError("unreadable file", message) from None
    if suffix == ".xpt" and path.stat().st_size % CARD:
        raise SourceError("unreadable file", f"The file {name} is cut off; please send it again.")
    raw = _raw(columns, labelled(labels, table), name, table, session)
    if guessed is not None:
        message = f"The file {name} was read as {guessed}; UTF-8 would leave no doubt."
        raw.problems.append(SourceProblem("encoding", message, "note"))
    return raw


def _decoded(read: Reader, name: str, declared: str | None) -> tuple[Columns, Mapping[str, Labels], str | None]:
    """The columns by header, their value labels, and their encoding if it had to be guessed."""
    import pyreadstat

    if declared is None:
        try:
            return *_with_dates(read, name), None
        except (UnicodeDecodeError, pyreadstat.ReadstatError):
            pass  # its bytes may be of another encoding than it says
    columns, labels = _with_dates(partial(read, encoding=BYTES), name)
    encoding = declared or told_by(partial(_foreign, columns))
    if encoding is None:
        message = f"The file {name} is in no encoding that can be told for sure; please say its `encoding`."
        raise SourceError("encoding", message)
    try:
        decoded = _in_encoding(columns, encoding), _labels_in_encoding(labels, encoding)
        return *decoded, None if declared else encoding
    except UnicodeDecodeError:
        raise SourceError("encoding", f"The file {name} is not in the encoding {encoding}, as declared.") from None


def _with_dates(read: Reader, name: str) -> tuple[Columns, Mapping[str, Labels]]:
    """All columns and their value labels.

    A column with a date that no calendar has is left as the numbers that its dates are stored as.
    """
    try:
        columns, about = read()
    except OverflowError:
        columns, about = read(disable_datetime_conversion=True)
        for header, form in about.original_variable_types.items():
            if form is not None:
                try:
                    columns[header] = read(usecols=[header])[0][header]
                except OverflowError:
                    continue
    count = len(next(iter(columns.values()), []))
    if about.number_rows is not None and about.number_rows != count:
        message = f"The file {name} has {count} records where it says {about.number_rows}; please send it again."
        raise SourceError("unreadable file", message)
    for header, kind in about.readstat_variable_types.items():
        if kind == "float" and header in columns:
            columns[header] = [_as_entered(value) for value in columns[header]]
    return columns, about.variable_value_labels


def _as_entered(value: Any) -> Any:
    """The number that a short float of Stata stands for: 4.3 lies in one as 4.300000190734863."""
    return float(str(np.float32(value))) if isinstance(value, float) else value


def _foreign(columns: Columns) -> Iterator[bytes]:
    """The bytes of the texts that are not ASCII."""
    for texts in ([*columns], *columns.values()):
        yield from (text.encode(BYTES) + b"\n" for text in texts if isinstance(text, str) and not text.isascii())


def _in_encoding(columns: Columns, encoding: str) -> Columns:
    return {_in(encoding, header): [_in(encoding, value) for value in values] for header, values in columns.items()}


def _labels_in_encoding(labels: Mapping[str, Labels], encoding: str) -> dict[str, Labels]:
    return {
        _in(encoding, header): {_in(encoding, value): _in(encoding, label) for value, label in own.items()}
        for header, own in labels.items()
    }


def _in(encoding: str, value: Any) -> Any:
    plain = not isinstance(value, str) or value.isascii()
    return value if plain else value.encode(BYTES).decode(encoding)


def _raw(
    columns: Columns, labels: Mapping[str, Mapping[Any, str]], name: str, table: Table, session: Session
) -> RawTable:
    arrays = {header: _array(values, labels.get(header)) for header, values in columns.items()}
    count = len(next(iter(columns.values()), []))
    numbered = pa.table({**arrays, "row|number": pa.array(range(1, count + 1), pa.int64())})
    rows = session.register_arrow(session.unique(f"file {table.name}"), numbered)
    return raw_of(rows, count, {"row": rows["row|number"], "line": sql.null("int64")}, name, table, session)


def _array(values: Sequence[Any], labels: Mapping[Any, str] | None) -> pa.Array:
    """A column of one type as that type, one with labels as texts."""
    if not labels:
        try:
            return pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            pass  # numbers beside missing values of the user's own
    named = labels or {}
    return pa.array([named.get(v, text) for v, text in zip(values, _texts(values), strict=True)], pa.string())


def _texts(values: Sequence[Any]) -> list[str | None]:
    """Values as texts; a missing value of the user's own (`a`) among numbers is `.a`."""
    numeric = any(value is not None and not isinstance(value, str) for value in values)
    return [f".{value}" if numeric and isinstance(value, str) else cell_text(value) for value in values]
