"""Batches: a query asked of some patients after others, and which queries then give the same rows as when asked once.

A table that lies in batches has a column `patient`; each of its rows belongs to the batch of its patient. A query may
be asked batch by batch if it never puts rows of two patients together: where that can't be told, it may not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from prelock.engine.sql.needs import each_part
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
    quoted,
)

PATIENT = "patient"
_WINDOW = re.compile(r" OVER \((?:PARTITION BY ((?:\{\d+\}(?:, )?)+))?")
_PLACE = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True)
class Batch:
    """Some of the patients: those from `first` to before `past` in the order of their bytes; None is no bound.

    Rows of no patient belong to the batch without a `first`.
    """

    first: str | None = None
    past: str | None = None

    def rows(self, table: str) -> str:
        """Its rows of a stored table, as a query."""
        bounds = [f"{PATIENT} {op} {Node.of(at).form}" for op, at in ((">=", self.first), ("<", self.past)) if at]
        condition = " AND ".join(bounds) or "TRUE"
        return f"SELECT * FROM {quoted(table)} WHERE " + (
            condition if self.first else f"{condition} OR {PATIENT} IS NULL"
        )


def ranges(divided: Sequence[Batch]) -> tuple[str, ...]:
    """Conditions on a column `patient`, in the order of patients, rows of none last: each row meets one of them."""
    if len(divided) == 1:
        return ("TRUE",)
    own = []
    for batch in divided:
        bounds = ((">=", batch.first), ("<", batch.past), ("<>", None if batch.first else ""))
        own.append(" AND ".join(f"{PATIENT} {op} {Node.of(at).form}" for op, at in bounds if at is not None))
    return (*own, f"{PATIENT} IS NULL OR {PATIENT} = ''")


def batches(starts: Sequence[str]) -> tuple[Batch, ...]:
    """Batches that begin at these patients, and one before them; together they hold every row."""
    bounds = [None, *starts, None]
    return tuple(Batch(first, past) for first, past in pairwise(bounds))


@dataclass(frozen=True)
class Lies:
    """How the rows of a table lie: `apart`, each in one batch, or all in every batch; `patient` are the columns that
    hold the patient whose batch it is."""

    apart: bool
    patient: frozenset[str] = frozenset()


WHOLE = Lies(False)
Found = Lies | None  # None: rows of several patients may be put together


def divisible(table: Table, stored: Collection[str]) -> bool:
    """The rows of `table` are those of all batches together; `stored` are the tables that lie in batches."""
    found = _Finder(stored).of(table)
    return found is not None and found.apart and PATIENT in found.patient


class _Finder:
    """Looks at each table once, from those that are stored upwards."""

    def __init__(self, stored: Collection[str]) -> None:
        self.stored = stored
        self._known: dict[int, Found] = {}

    def of(self, table: Table) -> Found:
        if id(table) not in self._known:
            self._known[id(table)] = OPS[type(table.op)](self, table.op)
        return self._known[id(table)]

    def kept(self, values: Iterable[Node], parent: Table) -> Found:
        """How the parent's rows lie, if the values look at no other patient's."""
        lies = self.of(parent)
        if lies is None or not all(self._near(value, lies) for value in each_part(values)):
            return None
        return lies

    def _near(self, value: Node, lies: Lies) -> bool:
        window = _WINDOW.search(value.form)
        if window is not None and lies.apart:
            by = [value.args[int(place)] for place in _PLACE.findall(window[1] or "")]
            return any(_column(one) in lies.patient for one in by)
        if value.args and isinstance(value.table, Table):  # looked up in another table
            other = self.of(value.table)
            if other is None:
                return False
            own = lies.apart and _column(value.args[0]) in lies.patient
            return not other.apart or (own and value.column in other.patient)
        return True


def _stored(finder: _Finder, op: Stored) -> Found:
    return Lies(True, frozenset({PATIENT})) if op.name in finder.stored else WHOLE


def _selected(finder: _Finder, op: Selected) -> Found:
    lies = finder.kept(op.columns.values(), op.parent)
    if lies is None:
        return None
    passed = lies.patient - set(op.columns) - set(op.dropped) if op.kept else frozenset[str]()
    return Lies(lies.apart, passed | {name for name, value in op.columns.items() if _column(value) in lies.patient})


def _filtered(finder: _Finder, op: Filtered) -> Found:
    return finder.kept([op.where], op.parent)


def _gathered(finder: _Finder, op: Gathered) -> Found:
    lies = finder.kept([*op.keys.values(), *op.columns.values()], op.parent)
    if lies is None or not lies.apart:
        return lies
    keys = frozenset(name for name, value in op.keys.items() if _column(value) in lies.patient)
    return Lies(True, keys) if keys else None


def _joined(finder: _Finder, op: Joined) -> Found:
    left, right = finder.of(op.left), finder.of(op.right)
    if left is None or right is None or any(value.table and value.args for value in each_part([op.on])):
        return None
    if not left.apart:
        inner = op.how in ("INNER", "CROSS")
        return right if not right.apart else Lies(True, _named(op, right.patient)) if inner else None
    if not right.apart:
        return left
    if not any(_same_patient(value, left, right) for value in _all_of(op.on)):
        return None
    return Lies(True, left.patient | (_named(op, right.patient) if op.how == "INNER" else frozenset()))


def _named(op: Joined, columns: Iterable[str]) -> frozenset[str]:
    """Columns of the right side, as they are called in the join."""
    return frozenset(op.renamed.get(name, name) for name in columns if name not in op.dropped)


def _all_of(condition: Node) -> Iterable[Node]:
    """The conditions that must all hold."""
    if " AND ".join(f"{{{place}}}" for place in range(len(condition.args))) == condition.form.strip("()"):
        return [one for arg in condition.args for one in _all_of(arg)]
    return [condition]


def _same_patient(condition: Node, left: Lies, right: Lies) -> bool:
    if condition.form != "({0} = {1})":
        return False
    one, other = (_column(arg) for arg in condition.args)
    return (one in left.patient and other in right.patient) or (other in left.patient and one in right.patient)


def _aligned(finder: _Finder, op: Aligned) -> Found:
    found = [finder.of(part) for part in op.parts]
    if all(lies == WHOLE for lies in found):
        return WHOLE
    apart = all(lies is not None and lies.apart and op.key in lies.patient for lies in found)
    return Lies(True, frozenset({op.key})) if apart else None


def _united(finder: _Finder, op: United) -> Found:
    found = [finder.of(part) for part in op.parts]
    sure = [lies for lies in found if lies is not None]
    if len(sure) < len(found) or len({lies.apart for lies in sure}) > 1:
        return None
    return Lies(sure[0].apart, frozenset.intersection(*(lies.patient for lies in sure)))


def _distinct(finder: _Finder, op: Distinct) -> Found:
    lies = finder.of(op.parent)
    return None if lies is not None and lies.apart and not lies.patient else lies


def _ordered(finder: _Finder, op: Ordered) -> Found:
    lies = finder.kept(op.by, op.parent)
    return None if lies is not None and lies.apart else lies  # the order would be that of each batch


OPS: Mapping[type[Op], Callable[[_Finder, Any], Found]] = {
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


def _column(value: Node) -> str | None:
    """The column that is read as it stands."""
    return value.column if not value.args else None
