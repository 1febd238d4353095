"""Checks that hold two rows against each other: of one patient, or of different ones."""

from __future__ import annotations

import re
from dataclasses import replace

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_text
from prelock.documents.tree import Element, Scalar
from prelock.rules.nodes import OTHER, Column, Linked, Node, walk
from prelock.rules.scope import Scope
from prelock.rules.types import Kind
from prelock.study.building import Building, source_text
from prelock.study.definition import Check, Table
from prelock.study.lazy import Names

TABLE = r"(?P<table>[^\s\"]+|\"[^\"]+\")(?: with the same (?P<same>.+))?"
OF_A_PATIENT = re.compile(rf"patient's {TABLE}")
OF_ALL = re.compile(TABLE)
OVERLAP = re.compile(r"two rows overlap from (?P<start>.+) to (?P<end>.+)")
ANY_TWO = "two rows"
EXAMPLES = {
    "in each": "patient's exposure with the same drug",
    "across patients": "patients with the same birth_date",
    "never": "two rows overlap from start_date to end_date",
}


def two_rows(b: Building, fields: Fields) -> Check | None:
    """`{in each: patient's T with the same C, never: two rows …}`, or `{across patients: T with the same C, …}`."""
    if "in each" in fields and "across patients" in fields:
        hint = "Two rows are of one patient or of different ones: keep one of the two keys."
        b.note("key-without-use", "`across patients` does not go with `in each`", fields.key("across patients"), hint)
    across = "across patients" in fields and "in each" not in fields
    key = "across patients" if across else "in each"
    rows, never = fields.need(key), fields.need("never")
    table, same = _rows(b, key, rows) if rows else (None, ())
    text = read_text(never, b.problems, f"`{EXAMPLES['never']}`") if never else None
    if rows is None or table is None or never is None or text is None:
        return None
    if across and not same:
        hint = f"Say what they have in common, as `{EXAMPLES['across patients']}`."
        b.note("same-not-said", "rows of different patients are compared where they agree on something", rows, hint)
    base = Check(table.name, "two rows", "two rows", source_text(never), same=same, across=across)
    if text == ANY_TWO:
        return _where(b, fields, base)
    if "where" in fields:
        hint = "Write `never: two rows` beside `where`."
        b.note("key-without-use", "`where` does not go with rows that overlap", fields.key("where"), hint)
    return _overlap(b, never, table, base)


def _rows(b: Building, key: str, element: Element) -> tuple[Table | None, tuple[str, ...]]:
    """The table whose rows are compared, and the columns on which they agree."""
    match = _matched(b, element, OF_A_PATIENT if key == "in each" else OF_ALL, EXAMPLES[key])
    if match is None:
        return None, ()
    name = match["table"].strip('"')
    table = b.tables.get(name)
    if table is None:
        b.note("unknown-name", f"`{name}` is no table", element, nearest(name, b.tables, "The tables are"))
        return None, ()
    same = tuple(part.strip() for part in re.split(r",| and ", match["same"] or "") if part.strip())
    for name in same:
        _known(b, element, table, name)
    return table, same


def _where(b: Building, fields: Fields, check: Check) -> Check | None:
    """Any two rows, or any two for which the rule holds."""
    element = fields.get("where")
    if element is None:
        if not check.same:
            hint = "Say on what they agree (`with the same …`), or which they are (`where: …`)."
            b.note("same-not-said", "any two rows of a patient would be a finding", fields.key("never"), hint)
        return check
    table = b.tables[check.relation]
    if OTHER in b.relations or OTHER in table.links:
        hint = f"Rename the table or link: in a check of two rows `{OTHER}` is the second row."
        b.note("name-clash", f"`{OTHER}` is already a table or a link", element, hint)
        return None
    node = b.rule(element, table.name, Kind.TRUTH, scope=_with_other(b, table))
    if node is None:
        return None
    if not any(isinstance(part, Linked) and part.link == OTHER for part in walk(node)):
        hint = f"Name a column of the other row, as `{OTHER}.{next(iter(table.columns))}`."
        b.note("other-not-read", "this rule reads one row alone", element, hint)
    return replace(check, rule=node, source=source_text(element))


def _with_other(b: Building, table: Table) -> Scope:
    """The study's names, and the declared columns of the other row beside those of this one."""
    home = b.relations[table.name]
    declared = Names(tuple(table.columns), home.columns.__getitem__)
    other = replace(home, columns=declared, links={}, one_row=False)
    linked = replace(home, links={**home.links, OTHER: OTHER})
    return replace(b.scope, relations={**b.relations, table.name: linked, OTHER: other})


def _overlap(b: Building, never: Element, table: Table, check: Check) -> Check | None:
    span = _matched(b, never, OVERLAP, EXAMPLES["never"])
    if span is None:
        return None
    start, end = _date(b, never, table, span["start"]), _date(b, never, table, span["end"])
    if start is None or end is None:
        return None
    return replace(check, form="overlap", kind="overlap", start=start, end=end)


def _matched(b: Building, element: Element, form: re.Pattern[str], example: str) -> re.Match[str] | None:
    text = read_text(element, b.problems, f"`{example}`")
    match = form.fullmatch(text or "")
    if text and not match:
        b.note("wrong-form", f"expected `{example}`, found `{text}`", element)
    return match


def _known(b: Building, element: Element, table: Table, name: str) -> bool:
    if name in table.columns:
        return True
    hint = nearest(name, table.columns, f"The columns of {table.name} are")
    b.note("unknown-name", f"`{name}` is no column of {table.name}", element, hint)
    return False


def _date(b: Building, element: Element, table: Table, name: str) -> Node | None:
    if not isinstance(element, Scalar) or not _known(b, element, table, name):
        return None
    kind = table.columns[name].type
    if ("column", table.name, name) in b.unreadable:
        return None
    if kind.kind not in (Kind.DATE, Kind.MOMENT):
        b.note("wrong-type", f"`{name}` is a {kind}; rows overlap from a date to a date", element)
        return None
    return Column(type=kind, grain=b.relations[table.name].grain, relation=table.name, name=name)
