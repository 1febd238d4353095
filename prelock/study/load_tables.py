"""The tables of the study: their files, keys, columns, links and derived fields."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from prelock.documents.hints import closest, nearest
from prelock.documents.reading import Fields, read_items, read_mapping, read_text
from prelock.documents.tree import Element, Scalar
from prelock.rules.scope import Relation
from prelock.rules.types import PATIENT, Type
from prelock.study import load_files
from prelock.study.building import Building
from prelock.study.definition import ColumnSpec, Table
from prelock.study.lazy import Names, UnresolvedError
from prelock.study.load_columns import DECIMALS, CellDefaults, column_rules, implicit_column, read_column
from prelock.study.load_files import inside
from prelock.study.load_links import find_links, read_links
from prelock.study.load_missing import read_missing_codes
from prelock.study.load_shapes import (
    PART,
    STACK,
    SUPPLEMENT,
    read_part,
    read_stack,
    read_supplement,
    supplement_columns,
)
from prelock.study.names_allowed import allowed_name

KEYS = (
    "file",
    *load_files.KEYS,
    "one row for each",
    "also unique",
    "patient",
    "patient without rows",
    "visit",
    "missing codes",
    "decimal",
    "columns",
    "links",
    "fields",
    PART,
    STACK,
    SUPPLEMENT,
    "text",
)
NO_ROWS = ("none", "unknown")

# How near a key that is not described must come to a column that is, to be taken for it misspelt.
ALIKE = 0.85


def declare(b: Building, section: Element) -> None:
    """Declare each table with its columns; rules of columns and links are read by `finish`."""
    drafts = {}
    for entry in read_mapping(section, b.problems, "tables by name"):
        if allowed_name(b, entry.key, "tables"):
            drafts[entry.key.text] = Fields(entry.value, KEYS, f"table {entry.key.text}", b.problems, at=entry.key)
            b.tables[entry.key.text] = _table(b, entry.key, drafts[entry.key.text])
    check_patient(b)
    linked = [link for table in b.tables.values() for link in table.links.values() if link.target in b.tables]
    targets = {link.target for link in linked if len(b.tables[link.target].key) == len(link.columns)}
    for name, fields in drafts.items():
        table = _with_patient(b, b.tables[name], fields, targets)
        filed = [column for column in table.columns if column not in table.made]
        b.tables[name] = replace(table, file_format=load_files.read_file_format(b, fields, filed))
        _declare_fields(b, name, fields)
        b.relations[name] = _relation(b, b.tables[name])


def check_patient(b: Building) -> None:
    """The patient key exists; where it does not, the table's own key stands in, so that the rest can be read."""
    table, at = b.tables.get(b.header.patient_table), b.header.patient_at
    if at is None:
        return
    if table is None:
        hint = nearest(b.header.patient_table, b.tables, "The tables are")
        b.note("unknown-name", f"`{b.header.patient_table}` is no table", at, hint)
    elif b.header.patient_column not in table.columns:
        hint = nearest(b.header.patient_column, table.columns, f"The columns of {table.name} are")
        b.note("unknown-name", f"`{b.header.patient_column}` is no column of {table.name}", at, hint)
        b.header.patient_column = table.key[0] if table.key else ""


def _table(b: Building, key: Scalar, fields: Fields) -> Table:
    name = key.text
    missing = read_missing_codes(b, fields.get("missing codes"))
    defaults = CellDefaults(missing, fields.choice("decimal", DECIMALS))
    columns: dict[str, ColumnSpec] = {}
    described = fields.get("columns")
    own = read_mapping(described, b.problems, "columns by name") if described else ()
    for entry in (*own, *supplement_columns(fields, b)):
        if allowed_name(b, entry.key, f"columns of {name}"):
            with b.told_once():
                columns[entry.key.text] = read_column(b, entry, name, defaults)
            b.declared.setdefault(f"columns of {name}", {})[entry.key.text] = entry.key
    names = tuple(columns)
    row_key = _names(b, fields.need("one row for each"), columns, names)
    unique = tuple(_names(b, item, columns, names) for item in fields.items("also unique"))
    links = read_links(b, fields, partial(_declare_key, b, columns, names))
    supplement = read_supplement(b, fields, columns)
    stack = read_stack(b, fields, columns)
    for column in row_key:
        columns[column] = replace(columns[column], required=True)
    file = fields.need("file")
    return Table(
        name=name,
        file=inside(b, file) if file else "",
        key=row_key,
        unique=unique,
        patient_column=None,
        no_rows=fields.choice("patient without rows", NO_ROWS),
        columns=columns,
        links=links,
        location=key.location,
        visit=_visit(b, name, columns, fields),
        supplement=supplement,
        stack=stack,
        part=read_part(b, fields),
    )


def _visit(b: Building, name: str, columns: dict[str, ColumnSpec], fields: Fields) -> str | None:
    """The column that names a row's visit: the table's own, else the one that the study names in this table."""
    element = fields.get("visit")
    column = read_text(element, b.problems, "a column's name") if element else None
    if element is not None and column is not None and column not in columns:
        b.note("unknown-name", f"`{column}` is no column of {name}", element, nearest(column, columns, "It has"))
        return None
    table, of_study = b.header.visit or ("", "")
    return column or (of_study if table == name and of_study in columns else None)


def _names(
    b: Building, element: Element | None, columns: dict[str, ColumnSpec], described: tuple[str, ...]
) -> tuple[str, ...]:
    """Column names of a key; one that is not declared is a text column of that name."""
    names = []
    for item in read_items(element) if element else ():
        name = read_text(item, b.problems, "a column's name")
        if name:
            _declare_key(b, columns, described, name, item)
            names.append(name)
    return tuple(names)


def _declare_key(
    b: Building, columns: dict[str, ColumnSpec], described: tuple[str, ...], name: str, at: Element
) -> None:
    """Let a key that is not described be a text column, unless it looks like a described one misspelt."""
    near = closest(name, described, ALIKE)
    if name not in columns and near:
        hint = f"Did you mean `{near}`? If not, describe it under `columns`: `{name}: text`."
        b.note("unknown-name", f"`{name}` is no column described here", at, hint)
    columns.setdefault(name, implicit_column(name, at.location))


def _with_patient(b: Building, table: Table, fields: Fields, targets: set[str]) -> Table:
    """The table with its patient column: named, or the one called like the patient table's key.

    A table that others look up and that does not name the patient's key is about no patient.
    """
    default = b.header.patient_column
    named = fields.text("patient")
    if named == "none" and table.name == b.header.patient_table:
        b.note("patient-key", f"{table.name} is the patient table, so it has a patient", fields.key("patient"))
        return replace(table, patient_column=default or None)
    if named == "none" or (named is None and table.name in targets and default not in table.columns):
        return table
    column = named or default
    columns = dict(table.columns)
    if column:
        place = fields.get("patient")
        _declare_key(b, columns, tuple(c for c in columns if c not in table.key), column, place or fields.at)
    if column in columns and not columns[column].optional:
        columns[column] = replace(columns[column], required=True)
    return replace(table, patient_column=column or None, columns=columns)


def _declare_fields(b: Building, name: str, fields: Fields) -> None:
    section = fields.get("fields")
    for entry in read_mapping(section, b.problems, "fields by name") if section else ():
        if entry.key.text in b.tables[name].columns:
            b.note("name-clash", f"`{entry.key.text}` is already a column of {name}", entry.key)
        elif allowed_name(b, entry.key, f"fields of {name}"):
            b.declared.setdefault("table fields", {})[f"{name}.{entry.key.text}"] = entry.key
            b.declare_rule(("field", name, entry.key.text), entry.key, entry.value, name)


def _relation(b: Building, table: Table) -> Relation:
    derived = [f.split(".", 1)[1] for f in b.declared.get("table fields", {}) if f.startswith(f"{table.name}.")]
    one_row = table.name == b.header.patient_table or (
        table.patient_column is not None and table.key == (table.patient_column,)
    )
    keys = frozenset(f"{table.name}.{column}" for column in table.key if column != table.patient_column)
    finer = (PATIENT | keys) if table.patient_column else (keys or frozenset({table.name}))
    return Relation(
        name=table.name,
        grain=PATIENT if one_row else finer,
        columns=Names([*table.columns, *derived], partial(_type_of, b, table)),
        links={name: link.target for name, link in table.links.items()},
        one_row=one_row,
        no_rows=table.no_rows,
    )


def _type_of(b: Building, table: Table, name: str) -> Type:
    """The type of a column or derived field; raises UnresolvedError where its declaration is faulty."""
    if ("column", table.name, name) in b.unreadable:
        raise UnresolvedError
    return table.columns[name].type if name in table.columns else b.type_of("field", table.name, name)


def finish(b: Building, section: Element) -> None:
    """Read the rules of columns, and find where links lead."""
    for entry in read_mapping(section, [], "tables"):
        table = b.tables.get(entry.key.text)
        if table is not None:
            b.tables[table.name] = _finished(b, table, entry.value)


def _finished(b: Building, table: Table, element: Element) -> Table:
    fields = Fields(element, KEYS, f"table {table.name}", [])
    columns = dict(table.columns)
    described = fields.get("columns")
    own = read_mapping(described, [], "columns") if described else ()
    for entry in (*own, *supplement_columns(fields, b)):
        if entry.key.text in columns:
            with b.told_once():
                columns[entry.key.text] = column_rules(b, columns[entry.key.text], entry.value, table.name)
    for name in b.relations[table.name].columns:
        if name not in columns:
            b.resolver.find(("field", table.name, name))
    return replace(table, columns=columns, links=find_links(b, table, fields))
