"""Choosing one row: the best key among sure rows, conflicts between equals, and rows in doubt that might have won."""

from __future__ import annotations

from dataclasses import dataclass

from prelock.engine import sql
from prelock.engine.values import Value, either
from prelock.engine.view import RECORD

NO = sql.literal(False)
Columns = dict[str, sql.Value]


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

    def aggregates(self, rows: sql.Table) -> Columns:
        """The first pass: the two rows with the smallest keys."""
        key = rows[self.name("key")]
        held, where = sql.struct({"key": key, **self._told(rows)}), rows[self.name("sure")] & key.notnull()
        return {
            self.name("first"): held.nearest(1, key, where),
            self.name("next"): held.nearest(2, key, where),
            self.name("doubts"): rows[self.name("doubt")].sum(),
        }

    def _told(self, rows: sql.Table) -> Columns:
        """What is kept of the chosen row: its columns, where it stands, and what comes along."""
        compared = {f"c{i}": rows[column] for i, column in enumerate(self._compared)}
        return {**compared, "row": rows["row"], "record": rows[RECORD], **{c: rows[c] for c in self.carried}}

    @property
    def _compared(self) -> tuple[str, ...]:
        return (*(self.name(part) for part in self.parts), *self.extras)

    def unpacked(self, table: sql.Table) -> Columns:
        """What the first pass tells, as columns: the best key, whether it is `tied`, and `_taken`."""
        first = table[self.name("first")]
        best, following = first["key"], table[self.name("next")]["key"]
        tied = following.notnull() & ~best.differs(following)
        return {self.name("best"): best, self.name("tied"): tied, **self._taken(first, first)}

    def _taken(self, first: sql.Value, last: sql.Value) -> Columns:
        """The chosen row's columns: row, record, of each compared column `c|chosen` and `c|other`, and the carried."""
        columns = {self.name("row"): first["row"], self.name("record"): first["record"]}
        for i, column in enumerate(self._compared):
            columns |= {f"{column}|chosen": first[f"c{i}"], f"{column}|other": last[f"c{i}"]}
        return columns | {f"{column}|chosen": first[column] for column in self.carried}

    def ties(self, rows: sql.Table) -> Columns:
        """Of rows that share the best key the first and the last: by value, further columns, and record.

        Where these two agree, all rows in between do; a column in which they differ throws doubt on those after it too.
        """
        key, compared = rows[self.name("key")], [rows[column] for column in self._compared]
        rising = [key, *(column.asc(nulls_first=True) for column in compared), rows[RECORD], rows["row"]]
        falling = [key, *(column.desc(nulls_first=False) for column in compared)]
        held, sure = sql.struct(self._told(rows)), rows[self.name("sure")]
        return {
            self.name("first"): held.first(where=sure, order_by=rising),
            self.name("last"): held.first(where=sure, order_by=falling),
        }

    def settled(self, table: sql.Table) -> Columns:
        """What `ties` tell, as columns."""
        return self._taken(table[self.name("first")], table[self.name("last")])

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
