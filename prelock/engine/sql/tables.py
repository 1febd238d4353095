"""Tables: stored ones, and those that a query makes of others. Nothing is computed before it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

from prelock.engine.sql.expressions import TRUE, Value, column, lift, window
from prelock.engine.sql.node import Node
from prelock.engine.sql.types import INT, DType, joint

Schema = Mapping[str, DType]
RIGHT = "_right"  # what the right side's columns are called where the left side has their names


@dataclass(frozen=True, eq=False)
class Stored:
    """A table or view of the database; a view keeps what it is `made_of`."""

    name: str
    made_of: Table | None = None


@dataclass(frozen=True, eq=False)
class Selected:
    """`columns` of the rows of `parent`; with `kept`, beside all columns of the parent but `dropped`."""

    parent: Table
    columns: Mapping[str, Value]
    kept: bool = False
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Filtered:
    """The rows for which all of `where` is true."""

    parent: Table
    where: Value


@dataclass(frozen=True, eq=False)
class Gathered:
    """One row for each value of `keys` (none: one row in all), with aggregates."""

    parent: Table
    keys: Mapping[str, Value]
    columns: Mapping[str, Value]


@dataclass(frozen=True, eq=False)
class Joined:
    """Pairs of rows. `how` is LEFT, INNER, SEMI, ANTI or CROSS; `on` holds for a pair; `shown` name the columns."""

    left: Table
    right: Table
    how: str
    on: Value
    renamed: Mapping[str, str]
    dropped: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Aligned:
    """Tables with one row each for every value of `key`, side by side; their other columns have different names."""

    parts: tuple[Table, ...]
    key: str


@dataclass(frozen=True, eq=False)
class United:
    """All rows of several tables with the same columns."""

    parts: tuple[Table, ...]


@dataclass(frozen=True, eq=False)
class Distinct:
    """Every different row once."""

    parent: Table


@dataclass(frozen=True, eq=False)
class Ordered:
    """The rows in an order."""

    parent: Table
    by: tuple[Value, ...]


Op = Stored | Selected | Filtered | Gathered | Joined | Aligned | United | Distinct | Ordered
Chosen = str | Value | Sequence[str]


class Table:
    """A table: `types` of its columns by name, `sure` the columns that are never null, and how it is made (`op`)."""

    def __init__(self, types: Schema, op: Op, sure: Iterable[str] = ()) -> None:
        self.types, self.op, self.sure = dict(types), op, frozenset(sure)
        # A column knows its table: held here, the two would keep each other, and what is stored for them
        self._columns: WeakValueDictionary[str, Value] = WeakValueDictionary()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.types)

    def schema(self) -> Schema:
        """The types of the columns."""
        return self.types

    def get_name(self) -> str:
        """The name of a stored table."""
        if not isinstance(self.op, Stored):
            raise TypeError("only a stored table has a name")
        return self.op.name

    def __getitem__(self, name: str) -> Value:
        found = self._columns.get(name)
        if found is None:
            if name not in self.types:
                raise KeyError(f"no column {name!r} among {', '.join(self.types)}")
            found = self._columns[name] = column(name, self.types[name], name in self.sure, self)
        return found

    def __getattr__(self, name: str) -> Value:
        if name.startswith("_") or name not in self.types:
            raise AttributeError(name)
        return self[name]

    # ---- rows of one table ------------------------------------------------------------------------------------------
    def select(self, *chosen: Chosen, **columns: Any) -> Table:
        """These columns only: names, lists of names, and new ones by name."""
        made: dict[str, Value] = {name: self[name] for name in _names(chosen)}
        made |= {name: lift(value) for name, value in columns.items()}
        return Table(_types(made), Selected(self, made), _sure(made))

    def mutate(self, **columns: Any) -> Table:
        """These columns beside the others, or instead of those of the same name."""
        made = {name: lift(value) for name, value in columns.items()}
        if not made:
            return self
        replaced = tuple(name for name in made if name in self.types)
        sure = (self.sure - set(made)) | _sure(made)
        return Table({**self.types, **_types(made)}, Selected(self, made, True, replaced), sure)

    def drop(self, *names: str) -> Table:
        """Without these columns."""
        if not names:
            return self
        left = {name: kind for name, kind in self.types.items() if name not in names}
        return Table(left, Selected(self, {}, True, names), self.sure - set(names))

    def rename(self, names: Mapping[str, str] | None = None, /, **more: str) -> Table:
        """Columns under other names: new name = old name."""
        new = {old: name for name, old in {**(names or {}), **more}.items()}
        return self.select(**{new.get(name, name): self[name] for name in self.types})

    def view(self) -> Table:
        """The same rows as a table of their own, to be joined with themselves."""
        return Table(self.types, Selected(self, {}, True), self.sure)

    def filter(self, *conditions: Any) -> Table:
        """The rows for which all conditions are true."""
        where = TRUE
        for condition in conditions:
            where = where & condition
        return self if where is TRUE else Table(self.types, Filtered(self, where), self.sure)

    def only(self, name: str, wanted: Value) -> Table:
        """The rows whose `name` is in a column of another table, sought before other columns are worked out."""
        op = self._sought(name, wanted)
        return self.filter(self[name].isin(wanted)) if op is None else Table(self.types, op, self.sure)

    def _sought(self, name: str, wanted: Value) -> Op | None:
        """How the same is made of only those rows of what it is made of; None where other rows have a say."""
        match self.op:
            case Selected(parent, columns) as op if all(map(_of_its_row, columns.values())):
                made = columns.get(name)
                if made is None or column_is(made):
                    return replace(op, parent=parent.only(name if made is None else column_of(made), wanted))
                return replace(op, parent=parent.filter(made.isin(wanted)))
            case Filtered(parent) as op:
                return replace(op, parent=parent.only(name, wanted))
            case Joined(left, right) as op if name in left.types and _of_two(op.on, left, right):
                fewer = left.only(name, wanted)
                return replace(op, left=fewer, on=_moved(op.on, left, fewer))
        return None

    def distinct(self) -> Table:
        """Every different row once."""
        return Table(self.types, Distinct(self), self.sure)

    def order_by(self, *names: str) -> Table:
        """The rows in the order of these columns, nulls last."""
        return Table(self.types, Ordered(self, tuple(self[name].asc() for name in names)), self.sure)

    # ---- many rows into one -----------------------------------------------------------------------------------------
    def count(self, where: Value | None = None) -> Value:
        """How many rows."""
        if where is None:
            return Value("COUNT(*)", (), INT, True, folds=True)
        return Value("COUNT(CASE WHEN {0} THEN TRUE END)", (where,), INT, True, folds=True)

    def aggregate(self, **columns: Any) -> Table:
        """One row with these aggregates."""
        return _gathered(self, {}, columns)

    def group_by(self, *keys: Chosen, **named: Value) -> Grouped:
        """The rows by their keys."""
        return Grouped(self, {**{name: self[name] for name in _names(keys)}, **named})

    # ---- rows of two tables -----------------------------------------------------------------------------------------
    def left_join(self, other: Table, on: On) -> Table:
        """All rows, with those of `other` that fit beside them."""
        return _joined(self, other, "LEFT", on)

    def inner_join(self, other: Table, on: On) -> Table:
        """Pairs of rows that fit."""
        return _joined(self, other, "INNER", on)

    def semi_join(self, other: Table, on: On) -> Table:
        """The rows to which one of `other` fits."""
        return _joined(self, other, "SEMI", on)

    def anti_join(self, other: Table, on: On) -> Table:
        """The rows to which none of `other` fits."""
        return _joined(self, other, "ANTI", on)

    def cross_join(self, other: Table) -> Table:
        """All pairs of rows."""
        return _joined(self, other, "CROSS", [])

    def union(self, *others: Table) -> Table:
        """All rows of this and of other tables with the same columns."""
        return union(self, *others)


On = str | Value | Sequence[str | Value]


@dataclass(frozen=True)
class Grouped:
    """Rows of a table by their keys."""

    table: Table
    keys: Mapping[str, Value]

    def aggregate(self, **columns: Any) -> Table:
        """A row for each key, with these aggregates."""
        return _gathered(self.table, self.keys, columns)

    def mutate(self, **columns: Value) -> Table:
        """Every row, with aggregates of its group beside it."""
        beside = window(list(self.keys.values()))
        return self.table.mutate(**{name: value.over(beside) for name, value in columns.items()})


def union(*tables: Table) -> Table:
    """All rows of tables with the same columns."""
    first = tables[0]
    parts = tuple(one if one.columns == first.columns else one.select(*first.columns) for one in tables)
    types = {name: joint([one.types[name] for one in parts]) for name in first.types}
    return Table(types, United(parts), frozenset.intersection(*(one.sure for one in parts)))


def side_by_side(tables: Sequence[Table], key: str) -> Table:
    """Tables with one row for every `key` as one; only those of which something is read are joined."""
    parts = tuple(part for table in tables for part in (table.op.parts if isinstance(table.op, Aligned) else (table,)))
    types = {name: kind for part in parts for name, kind in part.types.items()}
    return Table(types, Aligned(parts, key), frozenset.union(*(part.sure for part in parts)))


def _gathered(parent: Table, keys: Mapping[str, Value], columns: Mapping[str, Any]) -> Table:
    made = {name: lift(value) for name, value in columns.items()}
    return Table({**_types(keys), **_types(made)}, Gathered(parent, keys, made), _sure(keys) | _sure(made))


def _joined(left: Table, right: Table, how: str, on: On) -> Table:
    conditions = [on] if isinstance(on, str | Value) else list(on)
    shared = [one for one in conditions if isinstance(one, str)]
    holds = TRUE
    for one in conditions:
        holds = holds & (left[one] == right[one] if isinstance(one, str) else one)
    if how in ("SEMI", "ANTI"):
        return Table(left.types, Joined(left, right, how, holds, {}, ()), left.sure)
    renamed = {name: name + RIGHT for name in right.types if name in left.types and name not in shared}
    others = {renamed.get(name, name): kind for name, kind in right.types.items() if name not in shared}
    sure = left.sure | ({renamed.get(name, name) for name in right.sure} if how != "LEFT" else frozenset())
    return Table({**left.types, **others}, Joined(left, right, how, holds, renamed, tuple(shared)), sure)


def _names(chosen: Iterable[Chosen]) -> list[str]:
    names: list[str] = []
    for one in chosen:
        names += [one] if isinstance(one, str) else _names(one) if not isinstance(one, Value) else [column_of(one)]
    return names


def column_is(value: Node) -> bool:
    """The value is a column, read as it stands."""
    return not value.args and value.column is not None


def column_of(value: Value) -> str:
    """The name of a column that is read as it stands."""
    if not column_is(value):
        raise TypeError("an expression needs a name of its own")
    return str(value.column)


def _types(columns: Mapping[str, Value]) -> dict[str, DType]:
    return {name: value.dtype for name, value in columns.items()}


def _sure(columns: Mapping[str, Value]) -> frozenset[str]:
    return frozenset(name for name, value in columns.items() if value.sure)


def _of_its_row(value: Node) -> bool:
    """No aggregate or window is in the value, which would need the other rows too."""
    return not value.folds and all(map(_of_its_row, value.args))


def _of_two(condition: Node, left: Table, right: Table) -> bool:
    """All columns of the condition are those of the two tables themselves, and nothing is looked up in another."""
    if not condition.args:
        return condition.table is None or condition.table is left or condition.table is right
    return condition.table is None and all(_of_two(arg, left, right) for arg in condition.args)


def _moved(condition: Value, old: Table, new: Table) -> Value:
    """The same condition on a table that took another's place."""
    if not condition.args:
        return new[column_of(condition)] if condition.table is old else condition
    parts = tuple(_moved(arg, old, new) for arg in condition.args)  # type: ignore[arg-type]
    return condition.made(condition.form, parts, condition.dtype, condition.sure, condition.folds)


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
