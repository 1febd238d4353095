"""Groups: rows of a table gathered by a key (an examination), with fields worked out over their rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace

from prelock.engine import previous, sql
from prelock.engine.agreed import agreed
from prelock.engine.compile import value
from prelock.engine.folds import collect, fold_of
from prelock.engine.passes import Pass, finish, grouped_pass
from prelock.engine.refused import unusable
from prelock.engine.sources.raw import column_name
from prelock.engine.values import Stored, store, unless
from prelock.engine.view import RECORD, Relations, View, record_name, slot
from prelock.rules import nodes as n
from prelock.rules.types import PATIENT
from prelock.study.definition import Group


def build(frames: Relations, name: str, wide: View | None) -> View:
    """One row a group: `row` (its first), `patient`, key, columns that agree on every row, and the fields in order."""
    group = frames.study.groups[name]
    rows = _rows(frames, group, group.table, (), wide)
    carried, places = _carried(rows, group)
    first = {"row": rows.table["row"].min(), "line": rows.table["line"].min()}
    table = rows.table.group_by(*_keys(group)).aggregate(**first, **carried)
    stored: dict[Hashable, Stored] = {("column", name, key): Stored({"low": key}) for key in group.key}
    view = View(frames.study, name, table, frames.texts, stored)
    table = frames.session.materialise(table.mutate(**{RECORD: record_name(view, name, group.key)}))
    stored = {**stored, **{("column", name, column): place for column, place in places.items()}}
    view = View(frames.study, name, table, frames.texts, stored)
    view = attach(frames, view, group.fields.values(), wide)
    if wide is not None:
        view = frames.beside(view, group.fields.values(), wide)
    for field in group.fields:
        view = _with_field(view, name, field, f"{name}.{field}")
    return view.over(frames.session.materialise(view.table))


def marked(view: View, seen: sql.Table, marks: Mapping[Hashable, str]) -> View:
    """The rows with the marks that were set on the same groups as checks see them."""
    keys = _keys(view.study.groups[str(view.relation)])
    right = seen.select(**{f"seen {key}": seen[key] for key in keys}, **{mark: seen[mark] for mark in marks.values()})
    table = view.table.left_join(right, [view.table[key] == right[f"seen {key}"] for key in keys])
    filled = {mark: table[mark].fill_null(False) for mark in marks.values()}
    return view.over(table.mutate(**filled).drop(*(f"seen {key}" for key in keys)))


def again(frames: Relations, view: View, marks: Mapping[Hashable, str]) -> View:
    """The marked cells unreadable, and every field worked out again that rests on one of them."""
    name = str(view.relation)
    view = unusable(view, marks)
    unsure = set(marks)
    for field, node in frames.study.groups[name].fields.items():
        if unsure & {slot(part) for part in n.walk(node) if isinstance(part, n.Column)}:
            key = ("column", name, field)
            fault = view.table[marks[key]] if key in marks else None
            view = _with_field(view, name, field, f"{name}.{field}|again", fault)
            unsure.add(key)
    return view.over(frames.session.materialise(view.table))


def _with_field(view: View, group: str, field: str, name: str, fault: sql.Value | None = None) -> View:
    """The rows with a field under `name`, unreadable where `fault`."""
    node = view.study.groups[group].fields[field]
    looking_back = [part for part in n.walk(node) if isinstance(part, n.Previous) and part.relation == group]
    view = replace(view, stored={key: place for key, place in view.stored.items() if key not in looking_back})
    view = previous.attach(view, looking_back)
    held = value(node, view)
    made, place = store(name, held if fault is None else unless(held, fault))
    stored = {**view.stored, ("column", group, field): place}
    return replace(view, table=view.table.mutate(**made), stored=stored)


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
    empty = present and frames.study.tables[group.table].no_rows != "unknown"
    stem = frames.session.unique(relation)
    folds = [fold_of(node)(f"{stem}:{i}", node, relation, empty, present, frames.study) for i, node in enumerate(nodes)]
    rows = _rows(frames, group, relation, [part for fold in folds for part in fold.inner()], wide)
    return grouped_pass(rows, folds, _keys(group), frames.session)


def _rows(frames: Relations, group: Group, relation: str, nodes: Iterable[n.Node], wide: View | None) -> View:
    """The rows that a group gathers: one whose key can't be read belongs to none."""
    view = frames.own(relation) if wide is None else frames.rows(relation, nodes, (), wide)
    return view.over(view.table.filter(*(view.table[key].notnull() for key in group.key)))


def _carried(rows: View, group: Group) -> tuple[dict[str, sql.Value], dict[str, Stored]]:
    """Columns that must agree on every row; unreadable where they do not. So is a key that was taken out of use."""
    columns: dict[str, sql.Value] = {}
    places: dict[str, Stored] = {}
    kept = [name for name in group.key if rows.stored["column", group.table, name].columns["low"] != column_name(name)]
    for name in (*group.same, *kept):
        made, places[name] = agreed(rows.table, rows.stored["column", group.table, name], f"same {name}")
        columns |= made
    return columns, places
