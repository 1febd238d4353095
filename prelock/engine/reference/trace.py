"""How a value came about: a tree with one part for each node that was evaluated, and the cells it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prelock.engine.interval import State, Truth, Val
from prelock.rules.nodes import Node


@dataclass(frozen=True)
class CellRef:
    """A cell that was read: `row` is the record's number in the file; `raw` its text as written, where it is known."""

    table: str
    row: int
    column: str
    value: Val
    raw: str | None = None


@dataclass(frozen=True, order=True)
class Lack:
    """What would settle an unknown: a cell (`row` and `column`), or the absence of a row (`row` 0). `why` is blank,
    not known, unreadable, partial, censored, conflict, no row, no row in window, failed a check, …"""

    table: str
    row: int
    column: str
    why: str


@dataclass(frozen=True, order=True)
class Note:
    """A finding raised on the way: `kind` is conflict, doubtful, unit, disagreement, link or only."""

    kind: str
    table: str
    rows: tuple[int, ...]
    column: str = ""


@dataclass(frozen=True)
class Part:
    """The value of one node at one place, with the parts it was made from.

    `cells` are read by this node itself, `lacks` are its own gaps, `words` names it where it is no node of the rule.
    """

    node: Node | None
    value: Val
    parts: tuple[Part, ...] = ()
    cells: tuple[CellRef, ...] = ()
    lacks: tuple[Lack, ...] = ()
    notes: tuple[Note, ...] = ()
    words: str = ""

    @property
    def truth(self) -> Truth:
        """The value as a truth."""
        return self.value.truth

    @property
    def settled(self) -> bool:
        """Nothing more could be learnt about this value."""
        return self.value.exact or self.value.state is State.NOT_APPLICABLE

    def walk(self) -> Iterator[Part]:
        """This part and all under it, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()


def missing_cells(part: Part) -> tuple[Lack, ...]:
    """The gaps that keep `part` from being settled, in order of table, row and column; none if it is settled."""
    if part.settled:
        return ()
    found = set(part.lacks)
    for inner in part.parts:
        found.update(missing_cells(inner))
    return tuple(sorted(found))


def cells_read(part: Part) -> tuple[CellRef, ...]:
    """Every cell that the value rests on, each once, in the order in which it was read."""
    return tuple({(c.table, c.row, c.column): c for p in part.walk() for c in p.cells}.values())


def notes_raised(part: Part) -> tuple[Note, ...]:
    """Every finding raised while the value was made, each once."""
    return tuple(sorted({note for p in part.walk() for note in p.notes}))
