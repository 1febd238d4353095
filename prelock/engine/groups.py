"""Groups: rows of a table gathered by a key (an examination), with fields worked out over their rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace

from prelock.engine import sql
from prelock.engine.agreed import agreed
from prelock.engine.compile import value
from prelock.engine.folds import collect, fold_of
from prelock.engine.passes import Pass, finish, grouped_pass
from prelock.engine.values import Stored, store
from prelock.engine.view import RECORD, Relations, View, record_name
from prelock.rules import nodes as n
from prelock.rules.types import PATIENT
from prelock.study.definition import Group


def build(frames: Relations, name: str, wide: View | None) -> View:
    """One row a group: `row` (its first), `patient`, key, columns that agree on every row, and the fields in order."""
    group = frames.study.groups[name]
    rows = _rows(frames, group, group.table, (), wide)
    carried, places = _carried(rows, group)
    first = {"row": rows.table["row"].min(), "line": rows.table["line"].min()}
    table = frames.session.materialise(rows.table.group_by(*_keys(group)).aggregate(**first, **carried))
    stored: dict[Hashable, Stored] = {("column", name, key): Stored({"low": key}) for key in group.key}
    stored |= {("column", name, column): place for column, place in places.items()}
    view = View(frames.study, name, table, frames.texts, stored)
    view = attach(frames, view, group.fields.values(), wide)
    if wide is not None:
        view = frames.beside(view, group.fields.values(), wide)
    for field, node in group.fields.items():
        made, place = store(f"{name}.{field}", value(node, view))
        kept = {**view.stored, ("column", name, field): place}
        view = replace(view, table=view.table.mutate(**made), stored=kept)
    named = view.table.mutate(**{RECORD: record_name(view, name, group.key)})
    return view.over(frames.session.materialise(named))


def attach(frames: Relations, view: View, nodes: Iterable[n.Node], wide: View | None) -> View:
    """A group's rows with what the nodes count over the records (or finer groups) that make each of them up."""
    group = frames.study.groups[str(view.relation)]
    folds: dict[str, list[n.Node]] = {}
    for node in dict.fromkeys(fold for root in nodes for fold in collect(root)):
        if node.grain != PATIENT and not view.has(node):
            folds.setdefault(node.rows.relation, []).append(node)  # type: ignore[attr-defined]
    by, table = _keys(group), view.table
    for relation, wanted in folds.items():
        seen = _pass(frames, group, relation, wanted, wide)
        right = seen.table.rename({f"r:{key}": key for key in by})
        beside = table.left_join(right, [table[key] == right[f"r:{key}"] for key in by])
        done = finish(beside, seen.folds)
        table = beside.mutate(**done.columns).drop(*(f"r:{key}" for key in by))
        view = replace(view, stored={**view.stored, **done.stored}, whys={**view.whys, **done.whys})
    return view.over(table)


def _keys(group: Group) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("patient", *group.key)))


def _pass(frames: Relations, group: Group, relation: str, nodes: list[n.Node], wide: View | None) -> Pass:
    present = frames.present(group.name)
    stem = frames.session.unique(relation)
    folds = [
        fold_of(node)(f"{stem}:{i}", node, relation, present, present, frames.study) for i, node in enumerate(nodes)
    ]
    rows = _rows(frames, group, relation, [part for fold in folds for part in fold.inner()], wide)
    return grouped_pass(rows, folds, _keys(group), frames.session, extra={})


def _rows(frames: Relations, group: Group, relation: str, nodes: Iterable[n.Node], wide: View | None) -> View:
    """The rows that a group gathers: one whose key can't be read belongs to none."""
    view = frames.own(relation) if wide is None else frames.rows(relation, nodes, (), wide)
    return view.over(view.table.filter(*(view.table[key].notnull() for key in group.key)))


def _carried(rows: View, group: Group) -> tuple[dict[str, sql.Value], dict[str, Stored]]:
    """Columns that must agree on every row; unreadable where they do not."""
    columns: dict[str, sql.Value] = {}
    places: dict[str, Stored] = {}
    for name in group.same:
        made, places[name] = agreed(rows.table, rows.stored["column", group.table, name], f"same {name}")
        columns |= made
    return columns, places
