"""What a handler may ask of the interpreter, and the place where a node is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from prelock.engine.reference.records import Row, Store, relation_of
from prelock.engine.reference.trace import Part
from prelock.rules.nodes import Node
from prelock.study.definition import StudyDefinition

T = TypeVar("T")


@dataclass(frozen=True)
class Here:
    """A place: the patient, and the rows at hand by relation, the innermost last (none: one value a patient)."""

    patient: str
    rows: Mapping[str, Row] = field(default_factory=dict)

    def at(self, row: Row) -> Here:
        """The same place with one more row at hand."""
        outer = {relation: other for relation, other in self.rows.items() if relation != relation_of(row)}
        return Here(self.patient, {**outer, relation_of(row): row})

    def from_within(self) -> tuple[Row, ...]:
        """The rows at hand, the innermost first."""
        return tuple(self.rows.values())[::-1]


class Run(Protocol):
    """The interpreter as handlers see it."""

    study: StudyDefinition
    store: Store

    def evaluate(self, node: Node, here: Here) -> Part:
        """The node's value here, with its trace."""

    def rows(self, relation: str, here: Here) -> tuple[Row, ...]:
        """The rows of a relation that a fold reads here: the patient's, or those of the group row at hand."""

    def no_telling(self, relation: str, here: Here) -> bool:
        """There are no rows to read here, and that does not mean there is nothing."""

    def tainted(self, relation: str, row: Row, column: str) -> bool:
        """The cell was read by a failed check with `on fail: unknown`."""

    def outside(self, key: object, make: Callable[[], T], inside: T) -> T:
        """`make()`; where that asks for itself, `inside`."""

    def once(self, key: object, make: Callable[[], T]) -> T:
        """`make()`, remembered under `key`."""
