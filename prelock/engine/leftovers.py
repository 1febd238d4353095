"""A column's cells: those that SQL reads by themselves, and every other distinct text, read once by `read_cell`.

A few such texts are told in the query, many are joined back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

import pyarrow as pa

from prelock.engine import sql, typed_cells
from prelock.engine.canonical import DTYPES, canonical, is_blank
from prelock.engine.cells import Cell, State, blank, read_cell
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable, column_name
from prelock.study.definition import ColumnKind, ColumnSpec

ARROW: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}


FEW = 16  # texts that are told in the query


@dataclass(frozen=True)
class ColumnFacts:
    """What a column's cells need: bounds (`interval`), states beyond recorded and missing (`states`)."""

    interval: bool = False
    states: bool = False


@dataclass(frozen=True)
class Reading:
    """How one column of one table is read. `cells` are the texts that SQL does not read by itself, `texts` a table of
    them where they are many; `typed` is where `rel` holds the cells as numbers or days.
    """

    spec: ColumnSpec
    source: str | None
    facts: ColumnFacts
    blank: Cell
    cells: Mapping[str, Cell] = field(repr=False)
    texts: sql.Table | None = field(default=None, repr=False, compare=False)
    typed: str | None = field(default=None, compare=False)

    @property
    def cheap(self) -> bool:
        """Reading a cell anew costs no more than storing it."""
        return self.texts is None and (self.source is None or self.typed is not None or self.dtype == "string")

    @property
    def name(self) -> str:
        """The column's name in the clean table."""
        return column_name(self.spec.name)

    @property
    def dtype(self) -> str:
        """The type of the column's values."""
        return DTYPES[self.spec.kind]

    def part(self, part: str) -> str:
        """Where the dictionary of texts holds a part of the cell."""
        return f"{self.name}|read {part}"

    def join(self, rel: sql.Table) -> sql.Table:
        """`rel` (the raw rows) with what was read of this column's texts beside it."""
        if self.texts is None or self.source is None:
            return rel
        return rel.left_join(self.texts, rel[self.source] == self.texts[self.part("key")])

    def columns(self, rel: sql.Table) -> dict[str, sql.Value]:
        """The column's parts, from the joined rows."""
        parts: dict[str, sql.Value] = {self.name: self._part(rel, "low", self.dtype)}
        if self.facts.interval:
            parts[f"{self.name}|high"] = self._part(rel, "high", self.dtype)
            parts[f"{self.name}|low_open"] = self._part(rel, "low_open", "boolean").fill_null(False)
            parts[f"{self.name}|high_open"] = self._part(rel, "high_open", "boolean").fill_null(False)
        if self.facts.states:
            parts[f"{self.name}|state"] = self._part(rel, "state", "int8")
        if self.spec.kind is ColumnKind.MOMENT:
            parts[f"{self.name}|timed"] = self._part(rel, "timed", "boolean")
        if self.spec.kind is ColumnKind.RESULT:
            parts[f"{self.name}|text"] = sql.null("string") if self.source is None else rel[self.source]
            if self.spec.codes:
                parts[f"{self.name}|code"] = self._part(rel, "code", "string")
        return parts

    def _part(self, rel: sql.Table, part: str, dtype: str) -> sql.Value:
        if self.source is None:
            return constant(self.blank, part, dtype)
        text = rel[self.source]
        if self.typed is None:
            rest = (is_blank(text), constant(self.blank, part, dtype)), *self._told(rel, text, part, dtype)
            return sql.cases(*rest, else_=by_sql(text, part, self.spec))
        return self._typed(rel, rel[self.typed], part, dtype)

    def _typed(self, rel: sql.Table, cell: sql.Value, part: str, dtype: str) -> sql.Value:
        """A part of cells that lie in `rel` as numbers or days."""
        empty, meant = constant(self.blank, part, dtype), by_type(cell, part, self.spec)
        nothing = cell_part(self.blank, part) is None and part in ("low", "high")
        blank = cell.isnan() if nothing and cell.type().is_floating() else typed_cells.is_blank(cell)
        if not self.cells:  # all that are not blank mean themselves
            return meant if nothing and not cell.type().is_floating() else sql.cases((blank, empty), else_=meant)
        text = rel[str(self.source)]
        itself = typed_cells.means_itself(cell, text, self.spec)
        return sql.cases((blank, empty), (itself, meant), *self._told(rel, text, part, dtype))

    def _told(self, rel: sql.Table, text: sql.Value, part: str, dtype: str) -> list[tuple[sql.Value, sql.Value]]:
        """The part for texts that SQL does not read."""
        if self.texts is not None:
            return [(rel[self.part("key")].notnull(), rel[self.part(part)])]
        alike: dict[object, list[str]] = {}
        for written, value in zip(self.cells, self.parts[part].to_pylist() if self.cells else (), strict=True):
            alike.setdefault(value, []).append(written)
        return [(text.isin(written), sql.literal(value, dtype)) for value, written in alike.items()]

    @cached_property
    def parts(self) -> dict[str, pa.Array]:
        """The parts of `cells`, as they stand in the column."""
        return dictionary(self, self.cells.values())


def constant(cell: Cell, part: str, dtype: str) -> sql.Value:
    """A part of a cell as a literal."""
    value = cell_part(cell, part)
    return sql.null(dtype) if value is None else sql.literal(value, dtype)


def cell_part(cell: Cell, part: str) -> object:
    """A part of a cell as a value of the column's type; a code in a result column is `code` alone."""
    value = getattr(cell, "low" if part == "code" else part)
    if part == "state":
        return int(cell.state)
    return float(value) if isinstance(value, Decimal) else value


def by_sql(text: sql.Value, part: str, spec: ColumnSpec) -> sql.Value:
    """A part of a canonical cell: exact and recorded."""
    if part in ("low", "high"):
        if DTYPES[spec.kind] == "string":
            return text
        return text.try_cast(DTYPES[spec.kind])
    if part == "timed":
        return text.length() > 10
    if part == "code":
        return sql.null("string")
    return sql.literal(0, "int8") if part == "state" else sql.literal(False)


def by_type(cell: sql.Value, part: str, spec: ColumnSpec) -> sql.Value:
    """A part of a typed cell that means itself: exact and recorded."""
    return typed_cells.meant(cell, spec) if part in ("low", "high") else by_sql(cell, part, spec)


def read_leftovers(raw: RawTable, spec: ColumnSpec, session: Session) -> Reading:
    """Read every text of a column that SQL does not."""
    source = raw.columns.get(spec.header) if raw.present else None
    if source is None:
        cell = blank(spec) if spec.optional and raw.present else Cell(state=State.UNREADABLE)
        return Reading(spec, None, facts_of([cell]), cell, {})
    text, typed = raw.rel[source], raw.typed.get(spec.header)
    if typed is not None and typed_cells.exact(raw.rel[typed].type(), spec):
        held = raw.rel[typed]
        strange = ~typed_cells.is_blank(held) & ~typed_cells.means_itself(held, text, spec)
    else:
        typed, strange = None, ~is_blank(text) & ~canonical(text, spec)
    left = raw.rel.filter(strange).select(text=text).distinct()
    cells = {found: read_cell(found, spec) for (found,) in session.rows(left)}
    empty = blank(spec)
    reading = Reading(spec, source, facts_of([*cells.values(), empty]), empty, cells, typed=typed)
    if len(cells) <= FEW:
        return reading
    parts = {reading.part(part): array for part, array in reading.parts.items()}
    joined = pa.table({reading.part("key"): pa.array(list(cells), pa.string()), **parts})
    return replace(reading, texts=session.register_arrow(session.unique(f"texts {raw.name} {spec.name}"), joined))


def facts_of(cells: list[Cell]) -> ColumnFacts:
    """What the cells need. A value without bound on one side needs its state too, to be told from a blank."""
    interval = any(not cell.exact for cell in cells)
    halves = any(cell.state is State.RECORDED and cell.low is None for cell in cells)
    states = any(cell.state not in (State.RECORDED, State.MISSING) for cell in cells)
    return ColumnFacts(interval, states or halves)


def dictionary(reading: Reading, cells: Iterable[Cell]) -> dict[str, pa.Array]:
    """The parts of cells as arrays of the column's types, in the order of the cells."""
    own = ARROW[reading.dtype]
    types = {"low": own, "high": own, "low_open": pa.bool_(), "high_open": pa.bool_(), "state": pa.int8()}
    types |= {"timed": pa.bool_()} if reading.spec.kind is ColumnKind.MOMENT else {}
    coded = reading.spec.kind is ColumnKind.RESULT and bool(reading.spec.codes)
    types |= {"code": pa.string()} if coded else {}
    listed = list(cells)
    return {
        part: pa.array([_fitting(cell_part(cell, part), kind) for cell in listed], kind) for part, kind in types.items()
    }


def _fitting(value: object, kind: pa.DataType) -> object:
    """The value where it is of the column's kind; a result's code is no number, and its number no code."""
    if isinstance(value, date) and not isinstance(value, datetime) and pa.types.is_timestamp(kind):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str) != pa.types.is_string(kind):
        return None
    return value
