"""Which columns of each table a query needs: what nobody reads is neither written nor carried along."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from prelock.engine.sql.node import Node
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
)

Read = tuple[Table, set[str]]  # a table, and the columns of it that are read


class Needs:
    """The tables that make up `root`: how many others read each (`uses`), and which of its columns."""

    def __init__(self, root: Table) -> None:
        self.uses: dict[int, int] = {id(root): 1}
        self._columns: dict[int, set[str]] = {id(root): set(root.types)}
        for table in _readers_first(root):
            wanted = self._columns.get(id(table))
            if wanted is None:  # a part of aligned tables of which nothing is read
                continue
            wanted.update(list(table.types)[: not wanted])  # rows that are only counted still need a column
            for parent, names in _reads(table, wanted):
                self.uses[id(parent)] = self.uses.get(id(parent), 0) + 1
                self._columns.setdefault(id(parent), set()).update(names)

    def of(self, table: Table) -> list[str]:
        """The columns that are read, in their order; the first where no one in particular is."""
        return [name for name in table.types if name in self._columns[id(table)]]

    def there(self, table: Table) -> list[str]:
        """The columns that the table gives: all of a stored one, of others those that are read."""
        return list(table.types) if isinstance(table.op, Stored) else self.of(table)


def parents(op: Op) -> list[Table]:
    """The tables that an operation is made of, not those in which it only looks something up."""
    match op:
        case Stored():
            return []
        case Joined():
            return [op.left, op.right]
        case United() | Aligned():
            return list(op.parts)
    return [op.parent]


def _values(op: Op) -> Iterable[Node]:
    match op:
        case Selected():
            return op.columns.values()
        case Gathered():
            return (*op.keys.values(), *op.columns.values())
        case Filtered():
            return (op.where,)
        case Ordered():
            return op.by
        case Joined():
            return (op.on,)
    return ()


def _readers_first(root: Table) -> list[Table]:
    """Every table after all that read it."""
    done: list[Table] = []
    seen, left = set[int](), [(root, False)]
    while left:
        table, entered = left.pop()
        if entered:
            done.append(table)
        elif id(table) not in seen:
            seen.add(id(table))
            made_of = (*parents(table.op), *(found for found, _ in _looked_up(_values(table.op))))
            left += [(table, True), *((parent, False) for parent in reversed(made_of))]
    return done[::-1]


def each_part(values: Iterable[Node]) -> Iterator[Node]:
    """The expressions and all that they are made of, each once."""
    left, seen = list(values), set[int]()
    while left:
        value = left.pop()
        if id(value) not in seen:
            seen.add(id(value))
            left += value.args
            yield value


def _looked_up(values: Iterable[Node]) -> list[Read]:
    """Tables of which a column is searched (`isin`)."""
    found = ((value.table, value.column) for value in each_part(values) if value.args)
    return [(table, {column}) for table, column in found if isinstance(table, Table) and column is not None]


def named(values: Iterable[Node]) -> set[str]:
    """The columns that expressions read."""
    return {value.column for value in each_part(values) if not value.args and value.column is not None}


def _reads(table: Table, wanted: set[str]) -> list[Read]:
    """What a table reads of those that it is made of, if `wanted` are read of itself."""
    op = table.op
    match op:
        case Stored():
            return []
        case Selected():
            live = [value for name, value in op.columns.items() if name in wanted]
            passed = wanted - set(op.columns) if op.kept else set[str]()
            return [(op.parent, named(live) | passed), *_looked_up(live)]
        case Gathered():
            live = [*op.keys.values(), *(value for name, value in op.columns.items() if name in wanted)]
            return [(op.parent, named(live)), *_looked_up(live)]
        case Filtered():
            return [(op.parent, wanted | named([op.where])), *_looked_up([op.where])]
        case Ordered():
            return [(op.parent, wanted | named(op.by))]
        case Distinct():
            return [(op.parent, set(op.parent.types))]
        case United():
            return [(part, set(wanted)) for part in op.parts]
        case Aligned():
            return [(part, {op.key} | wanted.intersection(part.types)) for part in read_parts(op, wanted)]
    return _sides(op, wanted)


def read_parts(op: Aligned, wanted: Collection[str]) -> list[Table]:
    """The parts that give one of the columns `wanted`; the first gives the key."""
    others = set(wanted) - {op.key}
    return [part for part in op.parts if others.intersection(part.types)] or [op.parts[0]]


def _sides(op: Joined, wanted: set[str]) -> list[Read]:
    """What a join reads of either side; a name in its condition counts for both."""
    read = named([op.on])
    old = {new: name for name, new in op.renamed.items()}
    right = {old.get(name, name) for name in wanted if name in old or name not in op.left.types}
    return [
        (op.left, {name for name in wanted | read if name in op.left.types}),
        (op.right, {name for name in right | read if name in op.right.types}),
    ]
