"""What is said once for many codes: `fields for each` item of a group's rows, and `each test in labs` of measures.

Both are written out on the tree, one entry a code, where the codes are declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from prelock.documents.hints import nearest
from prelock.documents.reading import note, read_mapping, read_text, read_texts
from prelock.documents.tree import MADE, Element, Entry, Scalar, Sequence
from prelock.documents.tree import Mapping as Tree
from prelock.errors import Problem
from prelock.rules.words import quoted
from prelock.study.definition import ColumnKind, ColumnSpec, Table

FIELDS_FOR_EACH = "fields for each"
EACH = re.compile(r"each (?P<column>.+) in (?P<table>.+)")
ONLY, EXCEPT = "only", "except"


def spread_fields(table: Table, element: Element, problems: list[Problem]) -> Iterator[Entry]:
    """`fields for each: {item: score}`: a field named after each code of `item`, the only `score` of its rows."""
    for entry in read_mapping(element, problems, "a column of codes and the column that is spread"):
        column = _coded(table, entry.key.text, entry.key, problems)
        value = read_text(entry.value, problems, "a column's name")
        if value is not None and value not in table.columns:
            hint = nearest(value, table.columns, f"The columns of {table.name} are")
            note(problems, "unknown-name", f"`{value}` is no column of {table.name}", entry.value, hint)
        elif column is not None and value is not None:
            for code in column.codes:
                where = f"{quoted(column.name)} is {quoted(code)}"
                rule = f"only {quoted(value)} in {quoted(table.name)} where ({where})"
                yield Entry(replace(entry.key, text=code), _said(entry.key, rule))


def spread_measures(section: Element, tables: Mapping[str, Table], problems: list[Problem]) -> Element:
    """`each test in labs`: a measure named after each code, where the column has that code; others stand beside it."""
    if not isinstance(section, Tree):
        return section
    own = {e.key.text for e in section}
    found: list[Entry] = []
    for entry in section:
        match = EACH.fullmatch(entry.key.text)
        found += _measures(entry, match, tables, own, problems) if match else [entry]
    return replace(section, entries=tuple(found))


def _measures(
    entry: Entry, match: re.Match[str], tables: Mapping[str, Table], own: set[str], problems: list[Problem]
) -> Iterator[Entry]:
    table = tables.get(match["table"])
    if table is None:
        hint = nearest(match["table"], tables, "The tables are")
        note(problems, "unknown-name", f"`{match['table']}` is no table", entry.key, hint)
        return
    column = _coded(table, match["column"], entry.key, problems)
    if not isinstance(entry.value, Tree):
        note(problems, "expected-keys", f"expected keys and values for `{entry.key.text}`", entry.value)
        return
    if column is None:
        return
    chosen = _chosen(entry.value, column, problems)
    if not chosen:
        note(problems, "empty", f"no code of {column.name} is left to be measured", entry.key)
    for code in chosen:
        if code not in own:
            yield Entry(replace(entry.key, text=code), _of_code(entry.value, column, code, entry.key, problems))


def _chosen(measure: Tree, column: ColumnSpec, problems: list[Problem]) -> list[str]:
    """The codes that are meant: `only` some, or all `except` some."""
    named: dict[str, list[str]] = {ONLY: [], EXCEPT: []}
    for key, codes in named.items():
        said = measure.get(key)
        for item in _items(said):
            for code in read_texts(item, problems, "a code"):
                if code not in column.codes:
                    hint = nearest(code, column.codes, "The codes are")
                    note(problems, "unknown-code", f"`{code}` is no code of {column.name}", item, hint)
                codes.append(code)
    return [c for c in column.codes if c not in named[EXCEPT] and (not named[ONLY] or c in named[ONLY])]


def _items(entry: Entry | None) -> tuple[Element, ...]:
    if entry is None:
        return ()
    return entry.value.items if isinstance(entry.value, Sequence) else (entry.value,)


def _of_code(measure: Tree, column: ColumnSpec, code: str, at: Scalar, problems: list[Problem]) -> Element:
    """The measure of one code: its rows, and its own unit where units are told by code."""
    own = _said(at, f"{quoted(column.name)} is {quoted(code)}")
    rules: tuple[Element, ...] = (own,)
    kept = []
    for entry in measure:
        if entry.key.text == "where":
            rules = (own, entry.value)
        elif entry.key.text == "unit" and isinstance(entry.value, Tree):
            unit = entry.value.get(code)
            _known_units(entry.value, column, problems)
            if unit is None:
                note(problems, "missing-key", f"no unit is told for {code}", entry.key, f"Add `{code}: …`.")
            kept += [Entry(entry.key, unit.value)] if unit else []
        elif entry.key.text not in (ONLY, EXCEPT):
            kept.append(entry)
    where = Entry(replace(at, text="where"), Sequence(rules, at.location, at.source))
    return replace(measure, entries=(*kept, where))


def _known_units(units: Tree, column: ColumnSpec, problems: list[Problem]) -> None:
    for entry in units:
        if entry.key.text not in column.codes:
            hint = nearest(entry.key.text, column.codes, "The codes are")
            problem = f"`{entry.key.text}` is no code of {column.name}"
            if not any(p.location == entry.key.location for p in problems):
                note(problems, "unknown-code", problem, entry.key, hint)


def _coded(table: Table, name: str, at: Scalar, problems: list[Problem]) -> ColumnSpec | None:
    column = table.columns.get(name)
    if column is None:
        hint = nearest(name, table.columns, f"The columns of {table.name} are")
        note(problems, "unknown-name", f"`{name}` is no column of {table.name}", at, hint)
    elif column.kind is not ColumnKind.CODE:
        hint = "Declare it as `{type: code, values: […]}`, which lists the codes."
        note(problems, "wrong-type", f"`{name}` is no column of codes", at, hint)
        return None
    return column


def _said(at: Scalar, text: str) -> Scalar:
    """A rule that the author did not write out, standing where he said it shortly."""
    return replace(at, text=text, style=MADE, comment=None)
