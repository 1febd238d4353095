"""Rows that are no records, such as totals, told by a cell of theirs."""

from __future__ import annotations

from dataclasses import replace

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable, SourceProblem
from prelock.rules.text import fold
from prelock.study.definition import Table


def without_others(raw: RawTable, table: Table, session: Session) -> RawTable:
    """The table without the rows that the study says are no records; a note says how many there were."""
    marks = []
    for name, texts in table.file_format.left_out.items():
        header, folded = table.columns[name].header, {fold(text) for text in texts}
        if header in raw.columns:
            found = session.rows(raw.rel.select(text=raw.text(header)).distinct())
            marks += [(header, text) for (text,) in found if text is not None and fold(text) in folded]
    if not marks:
        return raw
    others = sql.or_(*((raw.text(header) == text).fill_null(False) for header, text in marks))
    count = int(session.scalars(raw.rel, n=others.cast("int64").sum())["n"])
    message = f"{count} rows were left out, as `not records` says."
    problems = [*raw.problems, SourceProblem("not records", message, "note")]
    kept = session.materialise(raw.rel.filter(~others))
    return replace(raw, rel=kept, problems=problems, rows=raw.rows - count, left_out=raw.left_out + count)
