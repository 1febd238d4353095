"""Rows of a file that could not be read: nobody knows what they say, so their patient's rules must not be decided
as if they were not there.

A refused row stands in the engine as a row of its patient in which no cell can be read; where the patient can't be told
either, it might be anyone's.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable

import pyarrow as pa

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable
from prelock.engine.values import Stored
from prelock.engine.view import LOST, View
from prelock.study.definition import Table

REFUSED = "refused row"
Refused = tuple[int, str | None]  # (row, patient or None: anyone's)


def refused_rows(raw: RawTable, table: Table, patients: Collection[str]) -> tuple[Refused, ...]:
    """The refused rows of a table about patients. `patients` are all keys, as the patient table writes them."""
    if table.patient_column is None or not raw.refused:
        return ()
    header = table.columns[table.patient_column].header
    found: list[Refused] = []
    for problem in raw.problems:
        if problem.kind == REFUSED:
            patient = problem.cells.get(header, "").strip()
            whose = patient if patient in patients else None
            found += [((problem.row or 0) + more, whose) for more in range(table.sets)]
    return tuple(found)


def with_refused(view: View, rows: Collection[Refused], patients: sql.Table, session: Session) -> View:
    """The view with its refused rows, every cell of them unreadable."""
    if not rows:
        return view
    numbers, whose = pa.array([row for row, _ in rows], pa.int64()), pa.array([p for _, p in rows], pa.string())
    table = session.register_arrow(session.unique("refused"), pa.table({"row": numbers, "patient": whose}))
    anyone = table.filter(table["patient"].isnull()).select("row").cross_join(patients.select("patient").distinct())
    known = table.filter(table["patient"].notnull()).select("row", "patient")
    ghosts = known.union(anyone.select("row", "patient"))
    both = _shaped(view.table).union(_ghosts(ghosts, view.table))
    lost = both[LOST]
    columns: dict[str, sql.Value] = {}
    stored: dict[Hashable, Stored] = {}
    for key, place in view.stored.items():
        old = place.columns.get("unreadable")
        name = f"{place.columns['low']}|lost"
        columns[name] = lost if old is None else lost | both[old].fill_null(False)
        flags = {c: both[c].fill_null(False) for p, c in place.columns.items() if p in ("na", "low_open", "high_open")}
        columns |= flags
        stored[key] = Stored({**place.columns, "unreadable": name}, place.computed)
    return View(view.study, view.relation, both.mutate(**columns), view.texts, stored, view.whys)


def _shaped(table: sql.Table) -> sql.Table:
    return table.mutate(**{LOST: sql.literal(False)})


def _ghosts(ghosts: sql.Table, like: sql.Table) -> sql.Table:
    """Rows like those of a table, with nothing in them but their number and their patient."""
    given = {"row": ghosts["row"], "patient": ghosts["patient"], LOST: sql.literal(True)}
    blank = {name: sql.null(kind) for name, kind in like.schema().items()}
    return ghosts.select(**{**blank, **given})
