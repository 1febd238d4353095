"""Links: one row of another table, looked up by one column or by several."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_mapping, read_text
from prelock.documents.tree import Element, Entry
from prelock.rules.nodes import Column, Node
from prelock.rules.types import Kind, Type
from prelock.study.building import Building
from prelock.study.definition import Link, Table

FORM = re.compile(r"(?P<columns>.+) in (?P<target>.+)")
EXAMPLE = "a link, as `unit_id in concept` or `patients.site and test in limits`"
WORDS = (Kind.TEXT, Kind.CODE)
Declare = Callable[[str, Element], None]


def read_links(b: Building, fields: Fields, declare: Declare) -> dict[str, Link]:
    """The links of a table as written; `declare` lets a column that is not described be a text column."""
    found = {}
    section = fields.get("links")
    for entry in read_mapping(section, b.problems, "links by name") if section else ():
        text = read_text(entry.value, b.problems, EXAMPLE)
        match = FORM.fullmatch(text or "")
        if text and not match:
            b.note("wrong-form", f"expected {EXAMPLE}, found `{text}`", entry.value)
        elif match:
            columns = tuple(part.strip() for part in match["columns"].split(" and "))
            for column in columns:
                if "." not in column:
                    declare(column, entry.value)
            link = Link(entry.key.text, columns, match["target"].strip(), (), (), entry.value.location)
            found[entry.key.text] = link
    return found


def find_links(b: Building, table: Table, fields: Fields) -> dict[str, Link]:
    """The links whose target and columns exist, with the expressions that they look up."""
    found = {}
    section = fields.get("links")
    for entry in read_mapping(section, [], "links") if section else ():
        link = table.links.get(entry.key.text)
        target = b.tables.get(link.target) if link else None
        if link and target is None:
            hint = nearest(link.target, b.tables, "The tables are")
            b.note("unknown-name", f"`{link.target}` is no table", entry.value, hint)
        elif link and target and len(target.key) != len(link.columns):
            hint = "A link names a column for each column of its target's key, in that order, joined by `and`."
            b.note("link-many", f"{target.name} has one row for each {' and '.join(target.key)}", entry.value, hint)
        elif link and target:
            pairs = zip(link.columns, target.key, strict=True)
            known = tuple(n for column, key in pairs if (n := _source(b, table, column, key, target, entry)))
            if len(known) == len(link.columns):
                found[link.name] = replace(link, target_columns=target.key, sources=known)
    return found


def _source(b: Building, table: Table, column: str, key: str, target: Table, entry: Entry) -> Node | None:
    """The column that is looked up: the record's own, or the patient's."""
    home, dot, name = column.partition(".")
    relation, name = (home, name) if dot else (table.name, column)
    place = b.relations.get(relation)
    if place is None or name not in place.columns:
        near = place.columns if place else [c for r in b.relations.values() if r.one_row for c in r.columns]
        hint = nearest(name, near, "There are")
        b.note("unknown-name", f"`{column}` is no column of {table.name} or of the patient", entry.value, hint)
        return None
    if relation != table.name and not (place.one_row and table.patient_column):
        hint = "A link looks up the record's own columns, and those of its patient."
        b.note("wrong-form", f"{relation} may have several rows for one record of {table.name}", entry.value, hint)
        return None
    if not b.resolves(relation, name) or not b.resolves(target.name, key):
        return None
    have, want = place.columns[name], b.relations[target.name].columns[key]
    if not _alike(have, want):
        b.note("wrong-type", f"`{column}` is a {have} and {target.name}.{key} a {want}", entry.value)
        return None
    return b.written_out(Column(type=have, grain=place.grain, relation=relation, name=name))


def _alike(one: Type, other: Type) -> bool:
    return one.kind is other.kind or (one.kind in WORDS and other.kind in WORDS)
