"""The names that a rule may use, as the rule language sees them. `study` fills it; `rules` knows no study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from prelock.rules.nodes import Literal, Node
from prelock.rules.types import PATIENT, Grain, Type

NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Relation:
    """A table or group as rules see it. `grain` includes "patient" for records of a patient.

    `links` maps a link's name to the relation it reaches. `one_row` marks the patient table and tables with one row a
    patient, whose columns read bare at patient grain. `no_rows` is none, unknown or None (not said: using the
    absence of rows is an error). `rows_of` is the table that a group gathers, None for a table.
    """

    name: str
    grain: Grain
    columns: Mapping[str, Type]
    links: Mapping[str, str] = field(default_factory=lambda: NONE)
    one_row: bool = False
    no_rows: str | None = None
    rows_of: str | None = None


@dataclass(frozen=True)
class MeasureName:
    """A measure as rules see it: its type, the other fields of its row, whether it has normal limits."""

    type: Type
    fields: Mapping[str, Type]
    has_normal: bool
    relation: str


@dataclass(frozen=True)
class Scope:
    """What names mean where a rule stands. Mappings may be lazy: looking a variable up may resolve it first.

    `row` is the relation whose row is at hand (None: one value a patient). `nodes` gives names that stand for a whole
    expression (study facts as literals, `computed` of a table). `complete` gives the required items of a timepoint.
    `shown_points` maps a timepoint to the one a rival definition reads instead. `visit` is (table, column) of visits.
    """

    relations: Mapping[str, Relation]
    measures: Mapping[str, MeasureName] = field(default_factory=lambda: NONE)
    points: Mapping[str, str] = field(default_factory=lambda: NONE)
    variables: Mapping[str, Type] = field(default_factory=lambda: NONE)
    populations: Mapping[str, Type] = field(default_factory=lambda: NONE)
    criteria: Mapping[str, Any] = field(default_factory=lambda: NONE)
    endpoints: Mapping[str, Any] = field(default_factory=lambda: NONE)
    facts: Mapping[str, Literal] = field(default_factory=lambda: NONE)
    complete: Mapping[str, tuple[Node, ...]] = field(default_factory=lambda: NONE)
    visit: tuple[str, str] | None = None
    cdisc_days: bool = False
    has_day_zero: bool = True
    row: str | None = None

    @property
    def grain(self) -> Grain:
        """The grain of the place where the rule stands."""
        return self.relations[self.row].grain if self.row else PATIENT

    def at_row(self, relation: str | None) -> Scope:
        """The same names seen from a row of `relation`."""
        return replace(self, row=relation)
