"""What every fold has in common: many rows in, one value for each patient (or group) out.

A fold adds columns to the rows, asks for aggregates of one grouped pass, and reads its value off them. Where rows in
doubt were seen, a second pass over the few patients concerned gathers what they say.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from prelock.engine import sql
from prelock.engine.compile import truth, value
from prelock.engine.folds.chooser import Chooser, Columns
from prelock.engine.values import Value
from prelock.engine.view import RECORD, View, empty_text
from prelock.rules import nodes as n
from prelock.study.definition import Measure, StudyDefinition


@dataclass(frozen=True)
class Fold(ABC):
    """One fold. `id` prefixes its columns; `sure_empty`: no rows mean none; `present`: the table could be read.

    `looked` says, after the first pass, that some patient needed a second look; without one all values are certain.
    """

    id: str
    node: Any
    relation: str
    sure_empty: bool
    present: bool
    study: StudyDefinition
    looked: bool = field(default=False, kw_only=True)

    def bound(self, view: View) -> Fold:
        """The fold fitted to what the rows turned out to hold."""
        return self

    def measure(self) -> Measure | None:
        """The measure whose prepared columns the rows must carry."""
        return None

    def inner(self) -> Iterator[n.Node]:
        """The expressions that are evaluated in the rows."""
        yield from self.node.children()

    def name(self, part: str) -> str:
        """A column of this fold."""
        return f"{self.id}|{part}"

    def concerned(self, view: View) -> sql.Value:
        """The rows that the fold may take anything from. Never null."""
        return sql.literal(True)

    @abstractmethod
    def row_columns(self, view: View) -> Columns:
        """Columns to add to the rows."""

    @abstractmethod
    def row_text(self, view: View) -> sql.Value:
        """The cells of a row in doubt; worked out for the second look only."""

    @abstractmethod
    def aggregates(self, rows: sql.Table) -> Columns:
        """Aggregates of one grouped pass over the rows."""

    def unpacked(self, table: sql.Table) -> Columns:
        """Aggregates that hold several things at once, taken apart."""
        return {} if self.chooser is None else self.chooser.unpacked(table)

    @property
    def chooser(self) -> Chooser | None:
        """How one of the rows is chosen, in a fold that chooses."""
        return None

    @abstractmethod
    def finish(self, table: sql.Table) -> dict[n.Node, Value]:
        """The values, from the aggregates (null for a patient without rows) and details."""

    def flag(self, table: sql.Table) -> sql.Value:
        """Patients for whom a second look at the rows is needed."""
        return (table[self.name("doubts")] > 0).fill_null(False)

    def in_question(self, rows: sql.Table) -> sql.Value:
        """The rows that the second look is about; what the others say is not asked."""
        return sql.literal(True)

    def details(self, rows: sql.Table) -> Columns:
        """Aggregates of the second look; `rows` carry the first pass's aggregates."""
        return {self.name("cells"): self.texts(rows, rows[self.name("doubt")])}

    def beside(self, table: sql.Table) -> Columns:
        """Further columns worth keeping."""
        return {}

    def texts(self, rows: sql.Table, which: sql.Value) -> sql.Value:
        """What rows say of themselves, in the order of the file."""
        told = rows[self.name("text")]
        return told.group_concat(sep="; ", where=which & (told != ""), order_by=[rows[RECORD], rows["row"]])

    def why(self, table: sql.Table) -> sql.Value:
        """Which cells leave the fold unknown; empty where there are none in doubt."""
        if not self.present:
            return sql.literal(f"table {self.relation} could not be read")
        return table[self.name("cells")].fill_null("") if self.looked else empty_text()


def no_rows(table: sql.Table, column: str) -> sql.Value:
    """The patient has no row at all in the relation."""
    return table[column].fill_null(0) == 0


def where_columns(view: View, rows: n.Rows) -> tuple[sql.Value, sql.Value]:
    """(the row counts for sure, it might count)."""
    if rows.where is None:
        return sql.literal(True), sql.literal(False)
    holds = truth(rows.where, view)
    return holds.fill_null(False), holds.isnull()


__all__ = ["Columns", "Fold", "View", "no_rows", "truth", "value", "where_columns"]
