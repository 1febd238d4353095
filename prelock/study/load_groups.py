"""Groups: rows of a table gathered by a key, with what must agree on every row and what is computed from them."""

from __future__ import annotations

from collections.abc import Mapping

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_items, read_mapping, read_text
from prelock.documents.tree import Element, Scalar
from prelock.rules.nodes import Column, Node, walk
from prelock.rules.scope import Relation
from prelock.rules.types import PATIENT, Type
from prelock.study.building import Building
from prelock.study.definition import Group, Table
from prelock.study.lazy import Names
from prelock.study.names_allowed import allowed_name
from prelock.study.spread import FIELDS_FOR_EACH, spread_fields

KEYS = ("rows of", "one for each", "same on every row", "fields", FIELDS_FOR_EACH, "text")


def declare(b: Building, section: Element) -> None:
    """Declare each group and its fields."""
    for entry in read_mapping(section, b.problems, "groups by name"):
        if allowed_name(b, entry.key, "groups"):
            fields = Fields(entry.value, KEYS, f"group {entry.key.text}", b.problems, at=entry.key)
            _declare(b, entry.key, fields)


def _declare(b: Building, key: Scalar, fields: Fields) -> None:
    rows, keys = fields.need("rows of"), fields.need("one for each")
    name = read_text(rows, b.problems, "a table") if rows else None
    table = b.tables.get(name) if name else None
    if rows and name and table is None:
        hint = nearest(name, b.tables, "The tables are")
        b.note("unknown-name", f"`{name}` is no table", rows, hint)
    if table is None or keys is None:
        return
    group = Group(
        name=key.text,
        table=table.name,
        key=_columns(b, keys, table),
        same=_columns(b, fields.get("same on every row"), table),
        fields={},
        location=key.location,
    )
    b.groups[key.text] = group
    derived = _fields(b, group, table, fields)
    b.relations[key.text] = _relation(b, group, table, derived)


def _columns(b: Building, element: Element | None, table: Table) -> tuple[str, ...]:
    names = []
    for item in read_items(element) if element else ():
        name = read_text(item, b.problems, "a column's name")
        if name and name not in table.columns:
            hint = nearest(name, table.columns, f"The columns of {table.name} are")
            b.note("unknown-name", f"`{name}` is no column of {table.name}", item, hint)
        elif name:
            names.append(name)
    return tuple(names)


def _fields(b: Building, group: Group, table: Table, fields: Fields) -> list[str]:
    section, each = fields.get("fields"), fields.get(FIELDS_FOR_EACH)
    own = read_mapping(section, b.problems, "fields by name") if section else ()
    names = []
    for entry in (*own, *(spread_fields(table, each, b.problems) if each else ())):
        if entry.key.text in (*group.key, *group.same):
            b.note("name-clash", f"`{entry.key.text}` is already a column of group {group.name}", entry.key)
        elif allowed_name(b, entry.key, f"fields of {group.name}"):
            b.declare_rule(("field", group.name, entry.key.text), entry.key, entry.value, group.name)
            names.append(entry.key.text)
    return names


def _relation(b: Building, group: Group, table: Table, derived: list[str]) -> Relation:
    plain: Mapping[str, str] = dict.fromkeys((*group.key, *group.same), table.name)
    keys = frozenset(f"{table.name}.{column}" for column in group.key if column != table.patient_column)

    def type_of(name: str) -> Type:
        home = b.relations[table.name].columns
        return home[name] if name in plain else b.type_of("field", group.name, name)

    return Relation(
        name=group.name,
        grain=PATIENT | keys if table.patient_column else keys,
        columns=Names([*plain, *derived], type_of),
        no_rows=table.no_rows,
        rows_of=table.name,
    )


def finish(b: Building, section: Element) -> None:
    """Resolve the fields of every group, ordered so that each stands after those that it uses."""
    for group in list(b.groups.values()):
        b.groups[group.name] = Group(
            name=group.name,
            table=group.table,
            key=group.key,
            same=group.same,
            fields=_ordered(b, group),
            location=group.location,
        )


def _ordered(b: Building, group: Group) -> dict[str, Node]:
    names = [n for n in b.relations[group.name].columns if n not in (*group.key, *group.same)]
    nodes: dict[str, Node] = {n: node for n in names if (node := b.resolver.find(("field", group.name, n)))}
    ordered: dict[str, Node] = {}

    def add(name: str) -> None:
        if name in ordered or name not in nodes:
            return
        for part in walk(nodes[name]):
            if isinstance(part, Column) and part.relation == group.name:
                add(part.name)
        ordered[name] = nodes[name]

    for name in names:
        add(name)
    return ordered
