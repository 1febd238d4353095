"""Links: columns of another table, looked up by a declared to-one key before anything is counted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from prelock.engine import sql
from prelock.engine.compile import DTYPES, value
from prelock.engine.spellings import key_of
from prelock.engine.values import Stored, Value, either
from prelock.engine.view import Relations, View, slot
from prelock.rules import nodes as n
from prelock.rules.types import Kind
from prelock.study.definition import Link

FLAGS = ("low_open", "high_open", "unreadable", "na", "timed")


def attach(frames: Relations, view: View, wanted: Sequence[n.Linked], wide: View | None) -> View:
    """The view with every linked column beside it; no match, or more than one, is unknown; no key, no value."""
    for link in dict.fromkeys(node.link for node in wanted):
        nodes = list({slot(node): node for node in wanted if node.link == link}.values())
        view = _attach(frames, view, frames.study.tables[nodes[0].relation].links[link], nodes, wide)
    return view


def reached(rows: sql.Table, link: Link) -> tuple[sql.Value, sql.Value, sql.Value]:
    """Of rows with a link attached: it reaches a row (or several), it reaches none, its own cells can't be read."""
    there = rows[f"l:{link.name}|n"].notnull()
    unread = rows[f"l:{link.name}|unread"]
    return there, rows[f"l:{link.name}|bad"] & ~there & ~unread, unread & ~there


def _attach(frames: Relations, view: View, link: Link, nodes: Sequence[n.Linked], wide: View | None) -> View:
    if not (frames.present(nodes[0].relation) and frames.present(link.target)):
        return _unknown(view, nodes)
    right, stored = _target(frames, link, nodes, wide)
    sources = [value(source, view) for source in link.sources]
    keys = [_key(view, source, link.target_columns[i], frames, link) for i, source in enumerate(link.sources)]
    names = [f"l:{link.name}|key {i}" for i in range(len(keys))]
    table = view.table.mutate(**dict(zip(names, keys, strict=True)))
    matched = table.left_join(right, [table[name] == right[f"{name} of it"] for name in names])
    one = (matched[f"l:{link.name}|n"] == 1).fill_null(False)
    kept = {
        column: sql.cases((one, matched[column]), else_=sql.null(matched[column].type()))
        for place in stored.values()
        for part, column in place.columns.items()
        if part not in FLAGS
    }
    flags = {
        column: one & matched[column].fill_null(False)
        for place in stored.values()
        for part, column in place.columns.items()
        if part in FLAGS
    }
    unread, blank, na = _empty(sources)
    bad, inapt = f"l:{link.name}|bad", f"l:{link.name}|na"
    nowhere = {bad: unread | (~one & ~blank & ~na), inapt: ~unread & na, f"l:{link.name}|unread": unread}
    table = matched.mutate(**kept, **flags, **nowhere)
    table = table.drop(*names, *(f"{name} of it" for name in names))
    return _with_flags(View(view.study, view.relation, table, view.texts, view.stored, view.whys), stored, bad, inapt)


def _with_flags(view: View, stored: dict[Hashable, Stored], bad: str, inapt: str) -> View:
    """A linked cell can't be read where its own can't, or where the link leads nowhere."""
    columns: dict[str, sql.Value] = {}
    places: dict[Hashable, Stored] = {}
    for key, place in stored.items():
        low = place.columns["low"]
        own = {part: place.columns.get(part) for part in ("unreadable", "na")}
        for part, flag in (("unreadable", bad), ("na", inapt)):
            mine = own[part]
            columns[f"{low}|{part} here"] = view.table[flag] if mine is None else view.table[flag] | view.table[mine]
        here = {part: f"{low}|{part} here" for part in ("unreadable", "na")}
        places[key] = Stored({**place.columns, **here}, place.computed)
    return View(
        view.study, view.relation, view.table.mutate(**columns), view.texts, {**view.stored, **places}, view.whys
    )


def _target(
    frames: Relations, link: Link, nodes: Sequence[n.Linked], wide: View | None
) -> tuple[sql.Table, dict[Hashable, Stored]]:
    """One row for each key of the target: how many rows have it, and the cells of the one that does."""
    target = frames.own(link.target, wide)
    by = {}
    for i, name in enumerate(link.target_columns):
        home = frames.study.tables[link.target].columns[name]
        looked_up = n.Column(type=home.type, grain=frozenset(), relation=link.target, name=name)
        by[f"l:{link.name}|key {i} of it"] = _key(target, looked_up, "", frames, link)
    columns: dict[str, sql.Value] = {f"l:{link.name}|n": target.table.count()}
    stored: dict[Hashable, Stored] = {}
    for node in nodes:
        place = target.stored["column", link.target, node.name]
        moved = {part: f"l:{link.name}:{column}" for part, column in place.columns.items()}
        for part, column in place.columns.items():
            held = target.table[column]
            columns[moved[part]] = held.any() if part in FLAGS else held.min()
        stored[slot(node)] = Stored(moved, place.computed)
    return target.table.group_by(**by).aggregate(**columns), stored


def _key(view: View, column: n.Node, other: str, frames: Relations, link: Link) -> sql.Value:
    """A column in the form in which keys compare; null where it holds no certain value."""
    assert isinstance(column, n.Column)
    if _is_patient(frames, column) and (not other or _patients(frames, link.target) == other):
        return view.table["patient"]
    held = value(column, view)
    known = sql.cases((held.known() & ~either(held.unreadable, held.na), held.low), else_=sql.null(held.low.type()))
    if column.type.kind not in (Kind.TEXT, Kind.CODE):
        return known
    fold = f"{view.stored[slot(column)].columns['low']}|fold"
    if fold in view.table.columns:
        return view.table[fold]
    texts = column.type.codes or view.texts(column.relation, column.name)
    changed = {text: key_of(text) for text in texts if key_of(text) != text}
    return known.substitute(changed) if changed else known


def _is_patient(frames: Relations, column: n.Column) -> bool:
    return _patients(frames, column.relation) == column.name


def _patients(frames: Relations, relation: str) -> str | None:
    return frames.study.tables[relation].patient_column


def _empty(sources: Sequence[Value]) -> tuple[sql.Value, sql.Value, sql.Value]:
    """Where what is looked up can't be read, is blank, does not apply."""
    unreadable = either(*(source.unreadable for source in sources))
    blank = either(*(~source.some() & ~either(source.unreadable, source.na) for source in sources))
    return unreadable, blank, either(*(source.na for source in sources))


def _unknown(view: View, nodes: Sequence[n.Linked]) -> View:
    """One of the two tables could not be read."""
    made: dict[str, sql.Value] = {}
    stored = dict(view.stored)
    for node in nodes:
        name = f"l:{node.link}:{node.name}"
        made |= {name: sql.null(DTYPES.get(node.type.kind, "string")), f"{name}|bad": sql.literal(True)}
        stored[slot(node)] = Stored({"low": name, "unreadable": f"{name}|bad"})
    return View(view.study, view.relation, view.table.mutate(**made), view.texts, stored, view.whys)
