"""Queries: a table and all that it is made of, as one SQL statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from prelock.engine.sql.expressions import TRUE, Value
from prelock.engine.sql.shared import Shared
from prelock.engine.sql.tables import (
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


def query(table: Table) -> str:
    """The SQL that gives the rows of `table`. A part that is read in several places is written once, at the head."""
    writer = _Writer(_uses(table))
    body = writer.body(table)
    head = ", ".join(f"{name} AS ({text})" for name, text in writer.head)
    return f"WITH {head} {body}" if head else body


def _uses(table: Table) -> dict[int, int]:
    """How many tables read each table, by its id."""
    uses: dict[int, int] = {}
    left = [table]
    while left:
        one = left.pop()
        uses[id(one)] = uses.get(id(one), 0) + 1
        if uses[id(one)] == 1:
            left += _parents(one.op)
    return uses


def _parents(op: Op) -> list[Table]:
    match op:
        case Stored():
            return []
        case Joined():
            return [op.left, op.right]
        case United():
            return list(op.parts)
    return [op.parent]


class _Writer:
    """Writes one statement; `head` are the named queries that come first."""

    def __init__(self, uses: dict[int, int]) -> None:
        self.uses = uses
        self.head: list[tuple[str, str]] = []
        self._named: dict[int, str] = {}

    def source(self, table: object) -> str:
        """The table as something that can be selected from."""
        assert isinstance(table, Table)
        if isinstance(table.op, Stored):
            return quoted(table.op.name)
        if self.uses.get(id(table), 1) < 2:
            return f"({self.body(table)})"
        if id(table) not in self._named:
            text = self.body(table)
            self._named[id(table)] = quoted(f"part {len(self.head) + 1}")
            self.head.append((self._named[id(table)], text))
        return self._named[id(table)]

    def body(self, table: Table) -> str:
        """The query for the rows of a table."""
        return BODIES[type(table.op)](self, table.op, table)

    def shared(self, values: Iterable[Value], parent: Table) -> tuple[list[str], str, list[str]]:
        """(the values as texts, what they are selected from, names of parts that only serve them)."""
        parts = Shared(self.source)
        texts, beneath = parts.texts(values), self.source(parent)
        for layer in parts.layers:
            beneath = f"(SELECT *, {', '.join(f'{text} AS {name}' for name, text in layer)} FROM {beneath})"
        return texts, beneath, parts.hidden


def _stored(writer: _Writer, op: Stored, table: Table) -> str:
    return f"SELECT * FROM {quoted(op.name)}"


def _selected(writer: _Writer, op: Selected, table: Table) -> str:
    texts, beneath, hidden = writer.shared(op.columns.values(), op.parent)
    items = [_named(text, name) for text, name in zip(texts, op.columns, strict=True)]
    if op.kept:
        items.insert(0, _all_but([*(quoted(name) for name in op.dropped), *hidden]))
    return f"SELECT {', '.join(items)} FROM {beneath}"


def _filtered(writer: _Writer, op: Filtered, table: Table) -> str:
    (where,), beneath, hidden = writer.shared([op.where], op.parent)
    return f"SELECT {_all_but(hidden)} FROM {beneath} WHERE {where}"


def _gathered(writer: _Writer, op: Gathered, table: Table) -> str:
    columns = {**op.keys, **op.columns}
    texts, beneath, _ = writer.shared(columns.values(), op.parent)
    items = ", ".join(_named(text, name) for text, name in zip(texts, columns, strict=True))
    keys = ", ".join(str(place) for place in range(1, len(op.keys) + 1))
    return f"SELECT {items} FROM {beneath}" + (f" GROUP BY {keys}" if keys else "")


def _joined(writer: _Writer, op: Joined, table: Table) -> str:
    left, right = f"{writer.source(op.left)} AS l", f"{writer.source(op.right)} AS r"
    on = "" if op.on is TRUE else f" ON {_sided(op.on, op)}"
    shown = "l.*"
    if op.how not in ("SEMI", "ANTI"):
        shown += f", r.{_all_but(quoted(name) for name in (*op.renamed, *op.dropped))}"
        shown += "".join(f", r.{quoted(old)} AS {quoted(new)}" for old, new in op.renamed.items())
        if len(op.right.types) == len(op.renamed) + len(op.dropped):
            shown = shown.replace(f", r.{_all_but(quoted(name) for name in (*op.renamed, *op.dropped))}", "")
    return f"SELECT {shown} FROM {left} {op.how} JOIN {right}{on}"


def _united(writer: _Writer, op: United, table: Table) -> str:
    columns = ", ".join(quoted(name) for name in table.types)
    return " UNION ALL ".join(f"SELECT {columns} FROM {writer.source(part)}" for part in op.parts)


def _distinct(writer: _Writer, op: Distinct, table: Table) -> str:
    return f"SELECT DISTINCT * FROM {writer.source(op.parent)}"


def _ordered(writer: _Writer, op: Ordered, table: Table) -> str:
    texts, beneath, hidden = writer.shared(op.by, op.parent)
    return f"SELECT {_all_but(hidden)} FROM {beneath} ORDER BY {', '.join(texts)}"


BODIES: dict[type[Op], Callable[[_Writer, Any, Table], str]] = {
    Stored: _stored,
    Selected: _selected,
    Filtered: _filtered,
    Gathered: _gathered,
    Joined: _joined,
    United: _united,
    Distinct: _distinct,
    Ordered: _ordered,
}


def _named(text: str, name: str) -> str:
    return text if text == quoted(name) else f"{text} AS {quoted(name)}"


def _all_but(names: Iterable[str]) -> str:
    left_out = ", ".join(names)
    return f"* EXCLUDE ({left_out})" if left_out else "*"


# ---- conditions of joins --------------------------------------------------------------------------------------------
def _sided(value: Value, join: Joined) -> str:
    """A condition in which each column says of which side it is."""
    if not value.args:
        return value.form if value.table is None else f"{_side(value, join)}.{value.form}"
    return value.form.format(*(_sided(arg, join) for arg in value.args))


def _side(column: Value, join: Joined) -> str:
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
        left += _parents(one.op)
    return False
