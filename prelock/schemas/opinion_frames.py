"""What the second opinion looks at: for each declared column its value, and what was made of the cell as written.

Blanks and missing codes are told from the written text once more, so that a cell lost on the way to its value shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from prelock.engine.canonical import DTYPES
from prelock.engine.cells import missing_class
from prelock.engine.clean import CleanTable
from prelock.engine.session import Session, quoted
from prelock.engine.sources.raw import RawTable, column_name
from prelock.engine.spellings import BLANKS, tidy
from prelock.study.definition import ColumnKind, ColumnSpec, Table

ROW = "|row"
# The upper bound; the same where the value lies below it; the lower bound where the value lies above it.
HIGH, BELOW, ABOVE = "|high", "|below", "|above"
# What was read, as text, '' for nothing, of cells that say something; the text of those read; what a cell answers.
READING, FORM, ANSWER = "|reading", "|form", "|answer"
WRITTEN = "|written"
VALUES = ("string", "float64")
# Great Expectations holds several copies of a batch.
BATCH = 100_000


def opinion_frames(table: Table, raw: RawTable, clean: CleanTable, session: Session) -> Iterator[pl.DataFrame]:
    """The rows of a table in batches, in columns named after the declared ones, numbered by `ROW`."""
    reader = session.duck.sql(_query(table, raw, clean, session)).to_arrow_reader(BATCH)
    for batch in reader:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        texts = [part for spec in table.columns.values() for part in _texts(frame, spec, spec.name in table.key)]
        yield frame.with_columns(texts).drop(name + WRITTEN for name in table.columns)


def _query(table: Table, raw: RawTable, clean: CleanTable, session: Session) -> str:
    columns = {ROW: "c.row"}
    for name, spec in table.columns.items():
        own = column_name(name)
        parts = [part for part in (own, f"{own}|high", f"{own}|code") if part in clean.rel.columns]
        read = ", ".join(f"CAST(c.{quoted(part)} AS VARCHAR)" for part in parts)
        if DTYPES[spec.kind] in VALUES:
            columns[name] = f"c.{quoted(own)}"
        if clean.facts[name].interval:
            low, high = quoted(own), quoted(f"{own}|high")
            columns[name + HIGH] = f"c.{high}"
            columns[name + BELOW] = f"CASE WHEN c.{quoted(f'{own}|high_open')} THEN c.{high} END"
            columns[name + ABOVE] = f"CASE WHEN c.{quoted(f'{own}|low_open')} THEN c.{low} END"
        columns[name + READING] = f"coalesce({read}, '')"
        columns[name + WRITTEN] = f"r.{quoted(raw.columns[spec.header])}" if spec.header in raw.columns else "NULL"
    chosen = ", ".join(f"{source} AS {quoted(name)}" for name, source in columns.items())
    return f"SELECT {chosen} FROM ({session.sql(clean.rel)}) c LEFT JOIN ({session.sql(raw.rel)}) r ON c.row = r.row"


def _texts(frame: pl.DataFrame, spec: ColumnSpec, in_key: bool) -> Iterator[pl.Expr | pl.Series]:
    """What is made of the written text, as far as a demand asks."""
    written = frame.get_column(spec.name + WRITTEN).cast(pl.String)
    if spec.kind not in (ColumnKind.TEXT, ColumnKind.UNIT) or spec.pattern is not None:
        says, reading = _mapped(written, spec, _to_read).is_not_null(), pl.col(spec.name + READING)
        yield pl.when(says).then(reading).alias(spec.name + READING)
        yield pl.when(says & (reading != "")).then(written.str.strip_chars(BLANKS)).alias(spec.name + FORM)
    if spec.required or in_key:
        yield _mapped(written, spec, _answer).alias(spec.name + ANSWER)


def _mapped(written: pl.Series, spec: ColumnSpec, meant: Callable[[str | None, ColumnSpec], str | None]) -> pl.Series:
    """What each text is taken for; every distinct text is asked about once."""
    texts = written.unique()
    meanings = pl.Series([meant(text, spec) for text in texts], dtype=pl.String)
    return written.replace_strict(texts, meanings, return_dtype=pl.String)


def _answer(text: str | None, spec: ColumnSpec) -> str | None:
    """The text, or what a blank means; None where nobody answered."""
    return tidy(text) or spec.blank_means


def _to_read(text: str | None, spec: ColumnSpec) -> str | None:
    """The text that must have a reading; None for a blank, a missing code, and what does not apply."""
    clean = tidy(text)
    if not clean:
        return None if spec.blank_means == "not applicable" else spec.blank_means
    return None if missing_class(spec, clean) is not None else clean
