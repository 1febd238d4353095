"""A study evaluated on data: one wide row a patient, and the rows of every relation ready to be ruled on.

The work runs level by level (see `plan`): grouped passes over each relation's rows, joined to the patients, then the
names that have become known. Validators read the result through `Evaluation`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from prelock.engine import compile as compiler
from prelock.engine import sql, telling
from prelock.engine.clean import CleanTable
from prelock.engine.folds import Fold, fold_of
from prelock.engine.folds.at_point import AtPointFold
from prelock.engine.frames import Frames
from prelock.engine.measure_table import days_from_target, declared, measure_points
from prelock.engine.named import defined
from prelock.engine.passes import Pass, finish, grouped_pass
from prelock.engine.plan import make_plan, relation_of
from prelock.engine.raised import raised
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable
from prelock.engine.values import Value, store
from prelock.engine.view import View, slot
from prelock.rules import nodes as n
from prelock.rules.types import PATIENT, TRUTH
from prelock.study.definition import StudyDefinition
from prelock.study.names import all_nodes


@dataclass(frozen=True)
class RowView:
    """The rows of a relation, with `patient` and `row`, and what its rules read beside them."""

    view: View

    @property
    def table(self) -> sql.Table:
        """One row a record (or group)."""
        return self.view.table

    def truth(self, node: n.Node) -> sql.Value:
        """True, false, or null where it is unknown."""
        return compiler.truth(node, self.view)

    def value(self, node: n.Node) -> Value:
        """The value as columns of `table`."""
        return compiler.value(node, self.view)

    def shown(self, node: n.Node) -> sql.Value:
        """The value as text."""
        return telling.shown(self.value(node))

    def missing(self, node: n.Node) -> sql.Value:
        """The cells that leave the node unknown; empty where it is decided."""
        return telling.missing(node, self.view)

    def evidence(self, node: n.Node) -> sql.Value:
        """The parts the node rests on, each with its value."""
        return telling.evidence(node, self.view)

    def swaps(self, node: n.Node) -> sql.Value:
        """A censored value was counted by its limit on the way to the node's value."""
        return telling.swaps(node, self.view)


class Evaluation(RowView):
    """The patients of a study with everything that its rules read; `patients` has one row a patient."""

    def __init__(
        self,
        study: StudyDefinition,
        session: Session,
        raw: Mapping[str, RawTable],
        clean: Mapping[str, CleanTable],
    ) -> None:
        self.study, self.session, self.raw, self.clean = study, session, raw, clean
        self.frames = Frames(study, session, clean)
        self.points: dict[tuple[str, str], AtPointFold] = {}
        self._wide = _Builder(self).build()

    @property
    def view(self) -> View:
        """The view of the patients."""
        return self._wide

    @property
    def patients(self) -> sql.Table:
        """One row a patient, in column `patient`."""
        return self._wide.table

    def rows(self, relation: str, *nodes: n.Node) -> RowView:
        """The rows of a relation with what `nodes` read (beside the relation's own columns and measures)."""
        measures = [m for m in self.study.measures.values() if m.relation == relation and not m.derived]
        view = self.frames.rows(relation, nodes, measures, self._wide)
        return RowView(view)

    def measure_points(self) -> sql.Table:
        """Every measure at every declared timepoint: the chosen row, its value, or what was in the way."""
        return measure_points(self.study, self._wide, self.frames, self.points)

    def standing(self, measure: str, point: str) -> tuple[sql.Value, sql.Value] | None:
        """(the state of a measure at a declared timepoint: recorded, missing, not done, doubtful or conflict; how many
        days the chosen record lies from the target)."""
        fold = self.points.get((measure, point))
        if fold is None or not declared(fold):
            return None
        return self.patients[fold.name("status")], days_from_target(self.study, self._wide, fold)

    @property
    def findings(self) -> list[sql.Table]:
        """What was found while evaluating: units, conflicts, rows in doubt, totals that disagree."""
        return raised(self.study, self._wide, self.frames, self.points)


class _Builder:
    """Builds the wide table of patients, level by level."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.e = evaluation
        self.study, self.frames = evaluation.study, evaluation.frames
        self.extras = _extras(self.study)
        self._number = 0

    def build(self) -> View:
        plan = make_plan(self.study)
        wide = self.frames.patients()
        wide = wide.over(self.e.session.materialise(wide.table))
        for level in plan.levels:
            wide = self._folds(wide, plan.folds.get(level, {}))
            wide = self._named(wide, plan.named.get(level, []))
        return wide.over(self.e.session.materialise(wide.table))

    def _folds(self, wide: View, by_relation: Mapping[str, list[n.Node]]) -> View:
        """A relation's values are read off beside the patients alone, then all are put side by side."""
        parts: list[sql.Table] = []
        stored, whys = dict(wide.stored), dict(wide.whys)
        patients = wide.table.select("patient")
        for relation, nodes in by_relation.items():
            together = self._together([self._fold(relation, node) for node in nodes])
            passes = [self._pass(relation, folds, wide) for folds in together]
            folds = [fold for seen in passes for fold in seen.folds]
            beside = reduce(lambda table, seen: table.left_join(seen.table, "patient"), passes, patients)
            found = finish(beside, folds)
            parts.append(self.e.session.materialise(beside.select("patient", **found.columns)))
            stored, whys = stored | found.stored, whys | found.whys
            self.e.points |= {(f.node.measure, f.node.point): f for f in folds if isinstance(f, AtPointFold)}
        return self._beside(replace(wide, stored=stored, whys=whys), parts)

    def _together(self, folds: list[Fold]) -> list[list[Fold]]:
        """The folds that share a pass over a relation's rows: all; in a session `apart` each measure has its own."""
        shared: dict[str, list[Fold]] = {}
        for fold in folds:
            measure = fold.measure() if self.e.session.apart else None
            shared.setdefault("" if measure is None else measure.name, []).append(fold)
        return list(shared.values())

    def _pass(self, relation: str, folds: list[Fold], wide: View) -> Pass:
        measures = {m.name: m for m in (fold.measure() for fold in folds) if m is not None}
        inner = [part for fold in folds for part in fold.inner()]
        rows = self.frames.rows(relation, inner, measures.values(), wide, keyed=True)
        return grouped_pass(rows, folds, ("patient",), self.e.session)

    def _beside(self, wide: View, parts: list[sql.Table]) -> View:
        return wide.over(sql.side_by_side([wide.table, *parts], "patient")) if parts else wide

    def _fold(self, relation: str, node: n.Node) -> Fold:
        present = self.frames.present(relation)
        source = self.study.tables[self.frames.table_of(relation)]
        sure_empty = present and source.no_rows != "unknown"
        if isinstance(node, n.AtPoint):
            plain = n.AtPoint(measure=node.measure, point=node.point, type=node.type, grain=node.grain)
            stem = f"at:{node.measure}@{node.point}"
            extras = tuple(self.extras.get((node.measure, node.point), ()))
            return AtPointFold(stem, plain, relation, sure_empty, present, self.study, extras)
        self._number += 1
        return fold_of(node)(f"f{self._number}", node, relation, sure_empty, present, self.study)

    def _named(self, wide: View, nodes: list[n.Node]) -> View:
        """Names that have become known, each with the cells that leave it open: worked out in waves, stored once."""
        if not nodes:
            return wide
        view = wide
        for wave in _waves(self.study, nodes):
            columns: dict[str, sql.Value] = {}
            stored, whys = dict(view.stored), dict(view.whys)
            for node in wave:
                meaning = defined(self.study, node)
                name = ":".join(str(part) for part in slot(node))  # type: ignore[attr-defined]
                made, stored[slot(node)] = store(name, compiler.value(meaning, view))
                whys[slot(node)] = f"{name}|why"
                columns |= {**made, f"{name}|why": telling.missing(meaning, view)}
            view = replace(view, table=view.table.mutate(**columns), stored=stored, whys=whys)
        new = [name for name in view.table.columns if name not in wide.table.types]
        part = self.e.session.materialise(view.table.select("patient", *new))
        return self._beside(replace(view, table=wide.table), [part])


def _waves(study: StudyDefinition, nodes: list[n.Node]) -> Iterator[list[n.Node]]:
    """Names that can be worked out side by side: none reads another of its wave."""
    wave: dict[Hashable, n.Node] = {}
    for node in nodes:
        if any(slot(part) in wave for part in n.walk(defined(study, node))):
            yield list(wave.values())
            wave = {}
        wave[slot(node)] = node
    if wave:
        yield list(wave.values())


def _extras(study: StudyDefinition) -> dict[tuple[str, str], list[n.AtPoint | n.IsNormal]]:
    """What rules read of a chosen row beside its value; the normal flag wherever the measure has limits."""
    found: dict[tuple[str, str], dict[Hashable, n.AtPoint | n.IsNormal]] = {}
    for root in all_nodes(study):
        for node in n.walk(root):
            if isinstance(node, n.AtPoint) and node.field is not None:
                found.setdefault((node.measure, node.point), {})[slot(node)] = node
            if isinstance(node, n.AtPoint) and study.measures[node.measure].normal:
                plain = n.AtPoint(
                    measure=node.measure,
                    point=node.point,
                    type=study.measures[node.measure].type,
                    grain=node.grain,
                )
                normal = n.IsNormal(value=plain, type=TRUTH, grain=node.grain)
                found.setdefault((node.measure, node.point), {})[slot(normal)] = normal
    for measure in study.measures.values():
        for point in study.timepoints.values():
            if measure.normal and not measure.derived and point.name == point.shown:
                plain = n.AtPoint(measure=measure.name, point=point.name, type=measure.type, grain=PATIENT)
                normal = n.IsNormal(value=plain, type=TRUTH, grain=PATIENT)
                found.setdefault((measure.name, point.name), {}).setdefault(slot(normal), normal)
    return {key: list(nodes.values()) for key, nodes in found.items()}


__all__ = ["Evaluation", "RowView", "relation_of"]
