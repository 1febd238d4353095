"""A place where rules are compiled: a table, and where the parts that are already worked out lie in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.values import Stored, Value
from prelock.rules import nodes as n
from prelock.study.definition import Measure, StudyDefinition

# The distinct texts of a declared column (relation, name), read once: text tests are decided in Python over them.
Texts = Callable[[str, str], Sequence[str]]


def slot(node: n.Node) -> Hashable:
    """What a worked-out node is filed under: its name where it has one, else the node itself."""
    match node:
        case n.Column():
            return ("column", node.relation, node.name)
        case n.Linked():
            return ("linked", node.relation, node.link, node.name)
        case n.Variable():
            return ("variable", node.name)
        case n.AtPoint():
            return ("at", node.measure, node.point, node.field)
        case n.IsNormal():
            return ("normal", node.value.measure, node.value.point)
        case n.Met():
            return ("met", node.section, node.name)
    return node


@dataclass(frozen=True)
class View:
    """`table` has one row a patient (`relation` None) or one a row of a relation; `stored` says what it holds.

    `whys` names the text columns that say, for a stored node, which cells leave it unknown.
    """

    study: StudyDefinition
    relation: str | None
    table: sql.Table
    texts: Texts
    stored: dict[Hashable, Stored] = field(default_factory=dict)
    whys: dict[Hashable, str] = field(default_factory=dict)

    def has(self, node: n.Node) -> bool:
        """The node's value lies in the table."""
        return slot(node) in self.stored

    def read(self, node: n.Node) -> Value | None:
        """The node's value if it lies in the table."""
        place = self.stored.get(slot(node))
        return None if place is None else place.read(self.table)

    def why(self, node: n.Node) -> sql.Value | None:
        """Which cells leave a stored node unknown, if that was written down."""
        column = self.whys.get(slot(node))
        return None if column is None else self.table[column]

    def over(self, table: sql.Table) -> View:
        """The same places in a table that has at least the same columns."""
        return replace(self, table=table, stored=dict(self.stored), whys=dict(self.whys))

    def state(self, node: n.Node) -> sql.Value | None:
        """The cell's state of a declared column (see `clean`), if any cell of it has one."""
        if not isinstance(node, n.Column) or slot(node) not in self.stored:
            return None
        name = self.stored[slot(node)].columns["low"] + "|state"
        return self.table[name] if name in self.table.columns else None


RECORD = "record|key"  # the column that names a row by its declared key
LOST = "refused|row"  # the column that marks a row which could not be read


def record_name(view: View, relation: str, keys: Sequence[str]) -> sql.Value:
    """`labs lab_id=17`: the record as its declared key names it, whatever its place in the file."""
    parts: list[sql.Value] = []
    for key in keys:
        column = view.table[view.stored["column", relation, key].columns["low"]].cast("string")
        parts.append(sql.literal(f"{key}=") + column.fill_null("?"))
    name = sql.literal(f"{relation} ") + sql.literal(", ").join(parts)
    if LOST not in view.table.columns:
        return name
    return sql.cases((view.table[LOST], f"{relation}, a row that could not be read"), else_=name)


def empty_text() -> sql.Value:
    """No text at all."""
    return sql.literal("", "string")


class Relations(Protocol):
    """What a group or a link asks of the place that holds the relations (see `frames`)."""

    study: StudyDefinition
    session: Session

    def own(self, relation: str, wide: View | None = None) -> View:
        """A relation's own columns."""

    def rows(self, relation: str, nodes: Iterable[n.Node], measures: Iterable[Measure], wide: View) -> View:
        """A relation's rows with the coarser values that `nodes` read."""

    def beside(self, view: View, nodes: Iterable[n.Node], wide: View) -> View:
        """The view with the coarser values that `nodes` read beside it."""

    def present(self, relation: str) -> bool:
        """The relation's table could be read."""

    def texts(self, relation: str, name: str) -> Sequence[str]:
        """The distinct texts of a column."""
