"""In what order a study is worked out: every fold has a level, one above the patient's values that its rows read."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from prelock.engine.context import conditional, conditions
from prelock.engine.folds import FOLDS, lowered
from prelock.engine.frames import measure_nodes
from prelock.engine.named import defined, named_nodes
from prelock.engine.refused import parts_of, refusing
from prelock.engine.view import slot
from prelock.rules import nodes as n
from prelock.rules.types import PATIENT
from prelock.study.definition import StudyDefinition
from prelock.study.names import all_nodes
from prelock.study.readable import readable


@dataclass
class Plan:
    """`folds` by level and relation; `named` by level, each after those it reads."""

    folds: dict[int, dict[str, list[n.Node]]] = field(default_factory=dict)
    named: dict[int, list[n.Node]] = field(default_factory=dict)

    @property
    def levels(self) -> range:
        """All levels, from the patient's own columns (0) up."""
        return range(max([0, *self.folds, *self.named]) + 1)


def make_plan(study: StudyDefinition) -> Plan:
    """The plan of everything that a study's rules read of a patient."""
    levels = Levels(study)
    plan = Plan()
    seen: set[Hashable] = set()
    for node in _all_nodes(study):
        fold = lowered(node)
        if type(fold) not in FOLDS or fold.grain != PATIENT or _already(fold, seen):
            continue
        relation = relation_of(study, fold)
        plan.folds.setdefault(levels.of(fold), {}).setdefault(relation, []).append(fold)
    for node in _in_order(study, named_nodes(study)):
        plan.named.setdefault(levels.of(node), []).append(node)
    return plan


def _already(node: n.Node, seen: set[Hashable]) -> bool:
    key = slot(node)
    if key in seen:
        return True
    seen.add(key)
    return False


def _all_nodes(study: StudyDefinition) -> Iterator[n.Node]:
    """Every node of every expression, and each measure at each declared timepoint."""
    for measure in study.measures.values():
        if not measure.derived:
            for point in study.timepoints.values():
                if point.name == point.shown and readable(measure, point):
                    yield n.AtPoint(measure=measure.name, point=point.name, type=measure.type, grain=PATIENT)
    for root in all_nodes(study):
        yield from n.walk(root)


def relation_of(study: StudyDefinition, fold: n.Node) -> str:
    """The relation whose rows a fold reads."""
    if isinstance(fold, n.AtPoint | n.PointsAggregate):
        return study.measures[fold.measure].relation
    rows: n.Rows = fold.rows  # type: ignore[attr-defined]
    return rows.relation


def _in_order(study: StudyDefinition, nodes: list[n.Node]) -> list[n.Node]:
    ordered: dict[Hashable, n.Node] = {}

    def visit(node: n.Node) -> None:
        if slot(node) in ordered:
            return
        for part in n.walk(defined(study, node)):
            if isinstance(part, n.Variable | n.Met) and _is_named(part):
                visit(part)
        ordered[slot(node)] = node

    def _is_named(part: n.Node) -> bool:
        return not (isinstance(part, n.Met) and part.section != "criterion")

    for node in nodes:
        visit(node)
    return list(ordered.values())


def _own(node: n.Node, group: str) -> bool:
    """A field of the group itself, or something made from one."""
    return any(isinstance(part, n.Column) and part.relation == group for part in n.walk(node))


class Levels:
    """Levels of nodes, each worked out once."""

    def __init__(self, study: StudyDefinition) -> None:
        self.study = study
        self._known: dict[Hashable, int] = {}

    def of(self, node: n.Node) -> int:
        """0 for what needs no fold; a fold is one above what its rows read of the patient."""
        key = slot(node)
        if key not in self._known:
            self._known[key] = self._reckon(node)
        return self._known[key]

    def _reckon(self, node: n.Node) -> int:
        found = lowered(node)
        if isinstance(node, n.Variable | n.Met):
            return self.of(defined(self.study, node))
        if isinstance(node, n.IsNormal):
            return self.of(node.value)
        if isinstance(node, n.DayOf):
            return max(self._zero(), self.of(node.value))
        if isinstance(node, n.Linked) and node.link != n.OTHER:
            target = self.study.tables[node.relation].links[node.link].target
            return max([0, *(self.of(part) for part in self._own_rules(target))])
        if isinstance(node, n.Column) and node.relation in self.study.groups:
            return max([0, *(self.of(part) for part in self._group(node.relation))])
        if type(found) in FOLDS:
            return 1 + max([0, *(self.of(part) for part in self._rows_read(found))])
        return max([0, *(self.of(part) for part in node.children())])

    def _zero(self) -> int:
        name = self.study.day_zero
        return 0 if name is None else self.of(self.study.variables[name].node)

    def _rows_read(self, fold: n.Node) -> Iterator[n.Node]:
        if isinstance(fold, n.AtPoint | n.PointsAggregate):
            measure = self.study.measures[fold.measure]
            yield from measure_nodes(measure)
            if self.study.day_zero is not None:
                yield self.study.variables[self.study.day_zero].node
            for point in self.study.timepoints.values():
                yield from point.visits.values()
        else:
            yield from fold.children()
        relation = relation_of(self.study, fold)
        if relation in self.study.groups:
            yield from self._group(relation)
        yield from self._own_rules(relation)

    def _group(self, name: str) -> Iterator[n.Node]:
        """What the rows of a group, which are worked out all at once, are made from."""
        group = self.study.groups[name]
        for made in (*group.fields.values(), *self._own_rules(group.table), *self._own_rules(name)):
            yield from (part for part in n.walk(made) if not _own(part, name))

    def _own_rules(self, relation: str) -> Iterator[n.Node]:
        """What decides which cells of a relation can be used at all."""
        for check in refusing(self.study, relation):
            yield from parts_of(check)
        for spec in conditional(self.study, relation):
            yield from conditions(spec)
