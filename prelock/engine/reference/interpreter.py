"""The interpreter: it looks a node's handler up and remembers what has a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from prelock.engine.interval import Val
from prelock.engine.reference import statuses
from prelock.engine.reference.checks import Taint, tainted_cells
from prelock.engine.reference.handlers import HANDLERS
from prelock.engine.reference.records import GroupRow, Record, Row, Store, key_text, records_in
from prelock.engine.reference.run import Here
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import Node
from prelock.study.definition import StudyDefinition

T = TypeVar("T")


class Reference:
    """A study over records by table name. A table that is not in `records` has no file: what it could tell is unknown.

    Patients are the distinct keys of the patient table; `patient` arguments take a key as written or as normalised.
    """

    def __init__(self, study: StudyDefinition, records: Mapping[str, Sequence[Record]]) -> None:
        self.study = study
        self.store = Store(study, records)
        self._taint: Taint = frozenset()
        self._known: dict[object, Any] = {}
        self._within: set[object] = set()
        taint = tainted_cells(self, self.store)
        self._taint, self._known = taint, {}

    @property
    def patients(self) -> tuple[str, ...]:
        """The keys of the patients, in the order of the patient table."""
        return tuple(self.store.shown)

    def key(self, patient: str) -> str:
        """A patient's key as the reference files it."""
        return patient if patient in self.store.shown else key_text(Val.of(patient)) or patient

    def evaluate(self, node: Node, here: Here) -> Part:
        """The node's value at a place, with its trace."""
        return HANDLERS[type(node)](self, node, here)

    def at_patient(self, node: Node, patient: str) -> Part:
        """The value of a node at patient grain."""
        return self.evaluate(node, Here(self.key(patient)))

    def at_row(self, node: Node, patient: str, row: Row) -> Part:
        """The value of a node at the grain of a record or group row."""
        return self.evaluate(node, Here(self.key(patient)).at(row))

    def criteria(self, patient: str) -> dict[str, str]:
        """passes, fails or unknown, by criterion."""
        key = self.key(patient)
        return {c.name: statuses.criterion_status(self, c, key) for c in self.study.criteria}

    def eligibility(self, patient: str) -> str:
        """eligible, ineligible or undetermined."""
        return statuses.eligibility_status(self, self.key(patient))

    def endpoints(self, patient: str) -> dict[tuple[str, str], str]:
        """The status by endpoint and definition (`main` for the endpoint's own)."""
        key = self.key(patient)
        return {
            (e.name, d.name or "main"): statuses.endpoint_status(self, d, key)
            for e in self.study.endpoints
            for d in e.definitions
        }

    # ---- what handlers ask (see run.Run) ----------------------------------------------------------------------------
    def rows(self, relation: str, here: Here) -> tuple[Row, ...]:
        """The patient's rows of a relation; inside group rows, those that belong to the innermost."""
        rows = self.store.rows(relation, here.patient)
        for at_hand in here.from_within():
            if isinstance(at_hand, GroupRow) and self._gathers(at_hand.group, relation):
                own = {record.row for record in at_hand.members}
                return tuple(row for row in rows if {record.row for record in records_in(row)} <= own)
        return rows

    def _gathers(self, group: str, relation: str) -> bool:
        """Rows of `group` are made of rows of `relation`: its table, or a group with a finer key."""
        outer, inner = self.study.groups[group], self.study.groups.get(relation)
        if inner is None:
            return outer.table == relation
        return inner.table == outer.table and set(outer.key) < set(inner.key)

    def no_telling(self, relation: str, here: Here) -> bool:
        """No file, or no row of the patient (or of the group row at hand) in a table where that means nothing."""
        table = self.store.table_of(relation)
        if not self.store.present(table):
            return True
        return self.study.tables[table].no_rows == "unknown" and not self.rows(relation, here)

    def tainted(self, relation: str, row: Row, column: str) -> bool:
        """The cell was read by a failed check with `on fail: unknown`."""
        return (relation, row.row, column) in self._taint

    def outside(self, key: object, make: Callable[[], T], inside: T) -> T:
        """`make()`; where that asks for itself, `inside`."""
        if key in self._within:
            return inside
        self._within.add(key)
        try:
            return make()
        finally:
            self._within.discard(key)

    def once(self, key: object, make: Callable[[], T]) -> T:
        """`make()`, remembered under `key`."""
        if key not in self._known:
            self._known[key] = make()
        return cast(T, self._known[key])
