"""Frames given from Python: pandas, Polars or Arrow, by table name."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.raw import RawTable, SourceProblem
from prelock.engine.sources.typed import cell_text, raw_of
from prelock.errors import CallError
from prelock.study.definition import Table


def read_frames(tables: Mapping[str, Table], frames: Mapping[str, Any], session: Session) -> dict[str, RawTable]:
    """Every one of `tables`; `CallError` for a frame of no declared table or an object that is no frame."""
    for name in frames:
        if name not in tables:
            folded = {table.casefold(): table for table in tables}
            near = get_close_matches(str(name).casefold(), folded, 1)
            hint = f" Did you mean '{folded[near[0]]}'?" if near else f" The study has {', '.join(tables)}."
            raise CallError(f"The study has no table '{name}'.{hint}")
    return {name: _read(frames, table, session) for name, table in tables.items()}


def _read(frames: Mapping[str, Any], table: Table, session: Session) -> RawTable:
    if table.name not in frames:
        message = f"No frame was given for the table '{table.name}'."
        return nothing(table, table.name, session, SourceProblem("missing file", message))
    arrow = to_arrow(frames[table.name], table.name)
    numbers = pa.array(range(1, arrow.num_rows + 1), pa.int64())
    rows = session.register_arrow(session.unique(f"frame {table.name}"), _numbered(arrow, numbers))
    own = {"row": rows["row|number"], "line": sql.null("int64")}
    return raw_of(rows, arrow.num_rows, own, table.name, table, session)


def _numbered(arrow: pa.Table, numbers: pa.Array) -> pa.Table:
    return arrow.append_column("row|number", numbers)


def to_arrow(frame: Any, name: str) -> pa.Table:
    """The frame as an Arrow table; columns that Arrow has no type for become text, zoned moments wall clocks."""
    try:
        table = frame if isinstance(frame, pa.Table) else pa.table(frame)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        table = _by_column(frame, name)
    except (TypeError, ValueError) as error:
        raise CallError(f"The data of '{name}' is no pandas, Polars or Arrow frame.") from error
    kept = [column for column in table.column_names if not column.startswith("__index_level_")]
    table = table.select([table.column_names.index(column) for column in kept])
    return pa.table([_wall_clock(column) for column in table.columns], names=[str(c) for c in table.column_names])


def _by_column(frame: Any, name: str) -> pa.Table:
    """A pandas frame column by column; one of mixed types is written out cell by cell."""
    columns = []
    for place in range(len(frame.columns)):
        series = frame.iloc[:, place]
        try:
            columns.append(pa.array(series, from_pandas=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            columns.append(pa.array([cell_text(value) for value in series], pa.string()))
    return pa.table(columns, names=[str(header) for header in frame.columns])


def _wall_clock(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A moment with a zone as the clock on that zone's wall shows it."""
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        return pc.local_timestamp(column)
    return column
