"""Queries: a table and all that it is made of, as one SQL statement."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from prelock.engine.sql.dialect import DUCKDB, Dialect
from prelock.engine.sql.expressions import TRUE
from prelock.engine.sql.needs import Needs, named, parents, read_parts
from prelock.engine.sql.node import Node
from prelock.engine.sql.shared import Shared
from prelock.engine.sql.tables import (
    Aligned,
    Distinct,
    Filtered,
    Gathered,
    Joined,
    Op,
    Ordered,
    Selected,
    Stored,
    Table,
    United,
    quoted,
)

Stands = Callable[[str], str]  # what is written for a stored table


def query(table: Table, dialect: Dialect = DUCKDB, stands: Stands = quoted) -> str:
    """The SQL that gives the rows of `table`. A part that is read in several places is written once, at the head."""
    writer = _Writer(Needs(table), dialect, stands)
    body = writer.body(table)
    head = ", ".join(f"{name} AS ({text})" for name, text in writer.head)
    return f"WITH {head} {body}" if head else body


class _Writer:
    """Writes one statement; `head` are the named queries that come first."""

    def __init__(self, needs: Needs, dialect: Dialect, stands: Stands) -> None:
        self.needs, self.dialect, self.stands = needs, dialect, stands
        self.head: list[tuple[str, str]] = []
        self._names: dict[int, str] = {}

    def source(self, table: object) -> str:
        """The table as something that can be selected from."""
        assert isinstance(table, Table)
        if isinstance(table.op, Stored):
            return self.stands(table.op.name)
        if self.needs.uses[id(table)] < 2:
            return f"({self.body(table)})"
        if id(table) not in self._names:
            text = self.body(table)
            self._names[id(table)] = quoted(f"part {len(self.head) + 1}")
            self.head.append((self._names[id(table)], text))
        return self._names[id(table)]

    def body(self, table: Table) -> str:
        """The query for the columns of a table that are read."""
        return BODIES[type(table.op)](self, table.op, table)

    def shared(
        self, values: Sequence[Node], parent: Table, passed: Collection[str] = ()
    ) -> tuple[list[str], str, list[str]]:
        """(the values as texts, what they are selected from, the columns that it gives, the `passed` among them)."""
        parts = Shared(self.source, self.dialect)
        texts, beneath, there = parts.texts(values), self.source(parent), self.needs.there(parent)
        if not parts.layers:
            return texts, beneath, there
        read = named(values).union(passed)
        carried = [name for name in there if name in read]
        shown = _columns(carried, there)
        for layer in parts.layers:
            items = [shown] if shown else []
            items += [f"{text} AS {name}" for name, text in layer]
            beneath, shown = f"(SELECT {', '.join(items)} FROM {beneath})", "*"
        return texts, beneath, [*carried, *parts.hidden]


def _stored(writer: _Writer, op: Stored, table: Table) -> str:
    return f"SELECT * FROM {writer.stands(op.name)}"


def _selected(writer: _Writer, op: Selected, table: Table) -> str:
    wanted = writer.needs.of(table)
    made = {name: op.columns[name] for name in wanted if name in op.columns}
    passed = [name for name in wanted if name not in op.columns] if op.kept else []
    texts, beneath, there = writer.shared(list(made.values()), op.parent, passed)
    items = [_named(text, name) for text, name in zip(texts, made, strict=True)]
    if passed:
        items.insert(0, _columns(passed, there))
    return f"SELECT {', '.join(items)} FROM {beneath}"


def _filtered(writer: _Writer, op: Filtered, table: Table) -> str:
    wanted = writer.needs.of(table)
    (where,), beneath, there = writer.shared([op.where], op.parent, wanted)
    return f"SELECT {_columns(wanted, there)} FROM {beneath} WHERE {where}"


def _gathered(writer: _Writer, op: Gathered, table: Table) -> str:
    wanted = writer.needs.of(table)
    columns = {**op.keys, **{name: value for name, value in op.columns.items() if name in wanted}}
    texts, beneath, _ = writer.shared(list(columns.values()), op.parent)
    items = ", ".join(_named(text, name) for text, name in zip(texts, columns, strict=True))
    keys = ", ".join(str(place) for place in range(1, len(op.keys) + 1))
    return f"SELECT {items} FROM {beneath}" + (f" GROUP BY {keys}" if keys else "")


def _joined(writer: _Writer, op: Joined, table: Table) -> str:
    left, right = f"{writer.source(op.left)} AS l", f"{writer.source(op.right)} AS r"
    on = "" if op.on is TRUE else f" ON {_sided(op.on, op, writer.dialect)}"
    old = {new: name for name, new in op.renamed.items()}
    shown = []
    for name in writer.needs.of(table):
        if name in op.left.types:
            shown.append(f"l.{quoted(name)}")
        else:
            shown.append(f"r.{quoted(old[name])} AS {quoted(name)}" if name in old else f"r.{quoted(name)}")
    return f"SELECT {', '.join(shown)} FROM {left} {writer.dialect.joins.get(op.how, op.how)} JOIN {right}{on}"


def _aligned(writer: _Writer, op: Aligned, table: Table) -> str:
    wanted = writer.needs.of(table)
    first, *others = (writer.source(part) for part in read_parts(op, wanted))
    beside = "".join(f" JOIN {other} USING ({quoted(op.key)})" for other in others)
    return f"SELECT {', '.join(quoted(name) for name in wanted)} FROM {first}{beside}"


def _united(writer: _Writer, op: United, table: Table) -> str:
    columns = ", ".join(quoted(name) for name in writer.needs.of(table))
    return " UNION ALL ".join(f"SELECT {columns} FROM {writer.source(part)}" for part in op.parts)


def _distinct(writer: _Writer, op: Distinct, table: Table) -> str:
    return (
        f"SELECT DISTINCT {_columns(list(table.types), writer.needs.there(op.parent))} FROM {writer.source(op.parent)}"
    )


def _ordered(writer: _Writer, op: Ordered, table: Table) -> str:
    wanted = writer.needs.of(table)
    texts, beneath, there = writer.shared(op.by, op.parent, wanted)
    return f"SELECT {_columns(wanted, there)} FROM {beneath} ORDER BY {', '.join(texts)}"


BODIES: dict[type[Op], Callable[[_Writer, Any, Table], str]] = {
    Stored: _stored,
    Selected: _selected,
    Filtered: _filtered,
    Gathered: _gathered,
    Joined: _joined,
    Aligned: _aligned,
    United: _united,
    Distinct: _distinct,
    Ordered: _ordered,
}


def _named(text: str, name: str) -> str:
    return text if text == quoted(name) else f"{text} AS {quoted(name)}"


def _columns(wanted: Sequence[str], there: Sequence[str]) -> str:
    """Columns by name, or all that there are."""
    return "*" if list(wanted) == list(there) else ", ".join(quoted(name) for name in wanted)


# ---- conditions of joins --------------------------------------------------------------------------------------------
def _sided(asked: Node, join: Joined, dialect: Dialect) -> str:
    """A condition in which each column says of which side it is."""
    value = dialect.rewritten(asked)
    if not value.args:
        return value.form if value.table is None else f"{_side(value, join)}.{value.form}"
    return value.form.format(*(_sided(arg, join, dialect) for arg in value.args))


def _side(column: Node, join: Joined) -> str:
    """`l` or `r`: the side that the column's table is, or is made into."""
    for side, table in (("r", join.right), ("l", join.left)):
        if column.table is table:
            return side
    left, right = _made_of(column.table, join.left), _made_of(column.table, join.right)
    return "r" if right and not left else "l"


def _made_of(part: object, whole: Table) -> bool:
    left = [whole]
    while left:
        one = left.pop()
        if one is part:
            return True
        left += parents(one.op)
    return False
