"""The names that a random rule may use, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tests.generative.declared import Sort, Table


class Relation(Protocol):
    """A table or a group: what rules may read of a row, and whether a patient has many."""

    name: str
    one_row: bool
    about_patients: bool

    def sorts(self) -> Mapping[str, Sort]:
        """By name."""


@dataclass
class Group:
    """Rows of the table of examinations, gathered."""

    name: str
    fields: dict[str, Sort]
    one_row: bool = False
    about_patients: bool = True

    def sorts(self) -> Mapping[str, Sort]:
        """Its keys, shared columns and fields."""
        return self.fields


@dataclass
class Measure:
    """What rules may do with a measure."""

    name: str
    sort: Sort
    relation: str
    fields: dict[str, Sort] = field(default_factory=dict)
    normal: bool = False


@dataclass
class Known:
    """All names so far. `points` have a window and suit every measure; `visits` suit those read from the laboratory."""

    tables: dict[str, Table]
    groups: dict[str, Group] = field(default_factory=dict)
    variables: dict[str, Sort] = field(default_factory=dict)
    facts: dict[str, Sort] = field(default_factory=dict)
    measures: list[Measure] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    truths: list[str] = field(default_factory=list)  # whole conditions: `c1 is met`, `complete(baseline)`

    def relation(self, name: str) -> Relation:
        """A table or group."""
        return self.tables[name] if name in self.tables else self.groups[name]

    def many(self) -> list[str]:
        """Relations of which a patient has many rows."""
        found: list[Relation] = [*self.tables.values(), *self.groups.values()]
        return [r.name for r in found if r.about_patients and not r.one_row]

    def names(self, place: str | None, kind: str) -> list[tuple[str, Sort]]:
        """What a rule at a place may call by name, of one kind."""
        return [(name, sort) for name, sort in self._all(place) if sort.kind == kind]

    def _all(self, place: str | None) -> list[tuple[str, Sort]]:
        own = dict(self.relation(place).sorts()) if place else {}
        bare = {n: s for t in self.tables.values() if t.one_row for n, s in t.sorts().items()}
        found = list(({**bare, **self.facts, **self.variables} | own).items())
        if place in self.tables:
            for link, target in ((k, t) for k, t in self.tables[place].links.items() if t in self.tables):
                found += [(f"{link}.{name}", sort) for name, sort in self.tables[target].sorts().items()]
        if place in ("parts", "piece") and "exam" in self.groups:
            found += [(f"exam.{name}", sort) for name, sort in self.groups["exam"].fields.items() if name != "exam"]
        return found

    def at(self, measure: Measure) -> list[str]:
        """Timepoints at which a measure may be read."""
        return self.points + (self.visits if measure.relation == "labs" else [])
