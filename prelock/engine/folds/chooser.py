"""Choosing one row: the best key among sure rows, conflicts between equals, and rows in doubt that might have won."""

from __future__ import annotations

from dataclasses import dataclass

from prelock.engine import sql
from prelock.engine.folds.base import Columns
from prelock.engine.values import Value, either
from prelock.engine.view import RECORD

NO = sql.literal(False)


@dataclass(frozen=True)
class Choice:
    """Where a choice stands: the value, and flags (never null) for what is in the way."""

    held: Value
    row: sql.Value
    record: sql.Value
    nothing: sql.Value
    doubtful: sql.Value
    conflict: sql.Value


@dataclass(frozen=True)
class Chooser:
    """Columns are named `stem|…`. The smallest key wins; `parts` are those of the value that rows may differ in.

    `extras` are row columns that must agree among rows that share the best key and the value; `carried` come along.
    """

    stem: str
    parts: tuple[str, ...] = ("low",)
    looked: bool = True
    extras: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()

    def name(self, part: str) -> str:
        """A column of this choice."""
        return f"{self.stem}|{part}"

    def row_columns(self, sure: sql.Value, doubt: sql.Value, key: sql.Value, reach: sql.Value, held: Value) -> Columns:
        """Columns of the rows: who may be chosen, in what order, with what value. `reach` ranks rows in doubt."""
        columns = {
            self.name("sure"): sure,
            self.name("doubt"): doubt,
            self.name("key"): key,
            self.name("reach"): reach,
        }
        return columns | {self.name(part): getattr(held, part) for part in self.parts}

    def _best(self, rows: sql.Table, *, last: bool) -> sql.Value:
        """The best row as one struct; of equal keys the first (or last) by value, further columns, and record.

        Where the first and the last agree, all rows in between do; a column in which they differ throws doubt on
        those after it, too.
        """
        ordered = [rows[self.name(part)] for part in self.parts] + [rows[column] for column in self.extras]
        ties = [column.desc(nulls_first=False) if last else column.asc(nulls_first=True) for column in ordered]
        held = {f"c{i}": column for i, column in enumerate(ordered)}
        if not last:
            ties += [rows[RECORD], rows["row"]]
            held |= {"row": rows["row"], "record": rows[RECORD], **{c: rows[c] for c in self.carried}}
        order = [rows[self.name("key")], *ties]
        return sql.struct(held).first(where=rows[self.name("sure")], order_by=order)

    def aggregates(self, rows: sql.Table) -> Columns:
        """The first pass."""
        return {
            self.name("best"): rows[self.name("key")].min(where=rows[self.name("sure")]),
            self.name("first"): self._best(rows, last=False),
            self.name("last"): self._best(rows, last=True),
            self.name("doubts"): rows[self.name("doubt")].sum(),
        }

    def unpacked(self, table: sql.Table) -> Columns:
        """The parts of the best rows as columns: row, record, and of each compared column `c|chosen`, `c|other`."""
        first, last = table[self.name("first")], table[self.name("last")]
        columns: Columns = {self.name("row"): first["row"], self.name("record"): first["record"]}
        if table[self.name("best")].type().is_struct():
            columns[self.name("best")] = table[self.name("best")]
        for i, column in enumerate((*(self.name(part) for part in self.parts), *self.extras)):
            columns |= {f"{column}|chosen": first[f"c{i}"], f"{column}|other": last[f"c{i}"]}
        return columns | {f"{column}|chosen": first[column] for column in self.carried}

    def differ(self, table: sql.Table) -> sql.Value:
        """Equal best keys hold different values. Never null."""
        return either(*(table[f"{c}|chosen"].differs(table[f"{c}|other"]) for c in map(self.name, self.parts)))

    def flag(self, table: sql.Table) -> sql.Value:
        """A second look is needed."""
        return (table[self.name("doubts")] > 0).fill_null(False) | self.differ(table)

    def involved(self, rows: sql.Table) -> tuple[sql.Value, sql.Value, sql.Value]:
        """Rows in doubt that might have been chosen and say something else, those that say the same, and the sure rows
        at the best key; `rows` carry the first pass."""
        best, key, reach = (rows[self.name(part)] for part in ("best", "key", "reach"))
        ahead = reach.isnull() | best.isnull() | (reach <= best)
        same = ~either(*(rows[c].differs(rows[f"{c}|chosen"]) for c in map(self.name, self.parts)))
        same = same & either(*(rows[self.name(part)].notnull() for part in self.parts if part in ("low", "high")))
        may_be = rows[self.name("doubt")] & ahead.fill_null(True)
        return may_be & ~same, may_be & same, rows[self.name("sure")] & (key == best).fill_null(False)

    def details(self, rows: sql.Table) -> Columns:
        """The second pass: is any row in doubt a threat, and which rows are involved."""
        threat, sharing, at_best = self.involved(rows)
        involved = threat | (at_best & self.differ(rows))
        listed = rows["row"].cast("string").group_concat(sep=", ", where=involved, order_by=[rows["row"]])
        apart = {f"{c}|sharing": (sharing & rows[c].differs(rows[f"{c}|chosen"])).any() for c in self.extras}
        return {self.name("threat"): threat.any(), self.name("rows"): listed, **apart}

    def choice(self, table: sql.Table) -> Choice:
        """The outcome, read off both passes."""
        held = Value.of({part: table[self.name(part) + "|chosen"] for part in self.parts})
        nothing = table[self.name("best")].isnull()
        shown = table[self.name("row")], table[self.name("record")]
        if not self.looked:
            return Choice(held, *shown, nothing, NO, NO)
        doubtful = table[self.name("threat")].fill_null(False)
        return Choice(held, *shown, nothing, doubtful, self.differ(table))
