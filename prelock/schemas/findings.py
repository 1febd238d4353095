"""Findings about single cells: where the record stands, its declared key, the cell as written, and a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from prelock.engine import sql
from prelock.engine.clean import CleanTable
from prelock.engine.session import Session, literal, quoted
from prelock.engine.sources.raw import RawTable
from prelock.results import TABLES, Cell
from prelock.schemas.constraints import Constraint
from prelock.schemas.messages import reason, template
from prelock.study.definition import Table

WHOLE = [column.name for column in TABLES["findings"].columns if column.cell is Cell.WHOLE]
NAMES = TABLES["findings"].names


def cell_findings(
    table: Table,
    raw: RawTable,
    clean: CleanTable,
    failing: Sequence[tuple[Constraint, pl.Series]],
    language: str,
    session: Session,
) -> pl.DataFrame:
    """One finding for each failing row of each constraint."""
    own = [(constraint, rows) for constraint, rows in failing if len(rows)]
    if not own:
        return no_findings()
    parts = [
        pl.DataFrame({"n": pl.repeat(n, len(rows), dtype=pl.Int32, eager=True), "row": rows})
        for n, (_, rows) in enumerate(own)
    ]
    found = placed(pl.concat(parts), table, raw, clean, [constraint for constraint, _ in own], session)
    return worded(found, [Wording.of(constraint, clean, language) for constraint, _ in own])


def placed(
    found: pl.DataFrame, table: Table, raw: RawTable, clean: CleanTable, own: Sequence[Constraint], session: Session
) -> pl.DataFrame:
    """The failing rows with their place, key, patient and the cell as written."""
    failing = session.register_arrow(session.unique("failing"), found.to_arrow())
    frame = pl.from_arrow(session.arrow(placed_query(failing, table, raw, clean, own, session)))
    session.duck.unregister(failing.get_name())
    assert isinstance(frame, pl.DataFrame)
    return frame


def placed_query(
    failing: sql.Table, table: Table, raw: RawTable, clean: CleanTable, own: Sequence[Constraint], session: Session
) -> str:
    """The query for the rows of `failing` (`n`, the constraint's number, and `row`) with all that findings tell."""
    return (
        f"SELECT f.n, f.row, r.line, {key_sql(table, raw)} AS key, c.patient, {_value_sql(own, raw)} AS value "
        f"FROM ({session.sql(failing)}) f JOIN ({session.sql(raw.rel.only('row', failing['row']))}) r ON f.row = r.row "
        f"JOIN ({session.sql(clean.rel)}) c ON f.row = c.row"
    )


def key_sql(table: Table, raw: RawTable) -> str:
    """The declared key of a raw row `r`, as written: `column=value` parts joined by `, `."""
    parts = []
    for name in table.key:
        header = table.columns[name].header
        cell = f"coalesce(r.{quoted(raw.columns[header])}, '')" if header in raw.columns else "''"
        parts.append(f"{literal(name + '=')} || {cell}")
    return " || ', ' || ".join(parts) or "''"


def _value_sql(own: Sequence[Constraint], raw: RawTable) -> str:
    """The cell that each constraint (by its number) looks at."""
    cases = [
        f"WHEN {n} THEN r.{quoted(raw.columns[c.spec.header])}"
        for n, c in enumerate(own)
        if c.spec.header in raw.columns
    ]
    return f"CASE f.n {' '.join(cases)} END" if cases else "''"


@dataclass(frozen=True)
class Wording:
    """All that the findings of one constraint need beside the cells; `whys`: text of an unreadable cell → reason."""

    constraint: Constraint
    file: str
    language: str
    whys: Mapping[str, str]

    @staticmethod
    def of(constraint: Constraint, clean: CleanTable, language: str) -> Wording:
        """The words for a constraint of a table."""
        cells = clean.readings[constraint.spec.name].cells
        whys = {value: reason(language, cell.why) for value, cell in cells.items() if cell.why}
        return Wording(constraint, clean.file, language, whys)


def worded(placed: pl.DataFrame, wordings: Sequence[Wording]) -> pl.DataFrame:
    """The findings of failing rows; `n` is the place of the constraint among `wordings`."""
    return pl.concat(_worded(placed.filter(pl.col("n") == n), wording) for n, wording in enumerate(wordings))


def _worded(placed: pl.DataFrame, wording: Wording) -> pl.DataFrame:
    """The findings of one constraint."""
    constraint, whys = wording.constraint, wording.whys
    text = template(wording.language, constraint)
    why = pl.col("value").replace_strict(whys, default="", return_dtype=pl.String) if whys else pl.lit("")
    said = [part for piece in text.split("{value}") for part in (piece, "{value}")][:-1]
    message = pl.concat_str([pl.col("value").fill_null("") if part == "{value}" else pl.lit(part) for part in said])
    if "{why}" in text:
        before, after = text.split("{why}")
        head, tail = before.split("{value}")
        message = pl.concat_str([pl.lit(head), pl.col("value").fill_null(""), pl.lit(tail), why, pl.lit(after)])
    return contract(
        placed,
        rule=constraint.name,
        kind=constraint.kind,
        severity=constraint.severity,
        grain="record",
        table=constraint.table,
        file=wording.file,
        column=constraint.spec.name,
        message=message,
    )


def contract(frame: pl.DataFrame, **cells: str | pl.Expr) -> pl.DataFrame:
    """The frame with every column of the contract, in its order; one that is neither there nor given is empty."""
    given = {name: pl.lit(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
    columns = []
    for name in NAMES:
        dtype = pl.Int64 if name in WHOLE else pl.String
        empty = pl.lit(None if name in WHOLE else "", dtype)
        cell = given.get(name, pl.col(name) if name in frame.columns else empty)
        columns.append((cell.cast(dtype) if name in WHOLE else cell.cast(dtype).fill_null("")).alias(name))
    return frame.select(columns)


def no_findings() -> pl.DataFrame:
    """The contract's columns without a row."""
    return pl.DataFrame(schema={name: pl.Int64 if name in WHOLE else pl.String for name in NAMES})


def registered(findings: pl.DataFrame, session: Session) -> sql.Table:
    """The findings as a table of the session."""
    return session.register_arrow(session.unique("findings"), findings.to_arrow())
