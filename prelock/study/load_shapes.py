"""How records lie in their files where one is not one row with a cell a column: repeated columns, a supplement, dates
in parts."""

from __future__ import annotations

from collections.abc import Mapping

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_items, read_mapping, read_text, read_texts
from prelock.documents.tree import Entry, Sequence
from prelock.documents.tree import Mapping as Tree
from prelock.errors import Problem
from prelock.study.building import Building
from prelock.study.definition import ColumnKind, ColumnSpec
from prelock.study.filed import Stack, Supplement
from prelock.study.load_files import inside

STACK, SUPPLEMENT, PART = "rows from columns", "supplement", "only rows with"
SUPPLEMENT_KEYS = ("file", "sheet", "columns")
NONE = "none"  # a set of repeated columns that lacks one of them
PARTS: Mapping[ColumnKind, tuple[str, ...]] = {
    ColumnKind.DATE: ("year", "month", "day"),
    ColumnKind.MOMENT: ("year", "month", "day", "date", "time"),
}
EXAMPLE = "Write {year: BIRTH_Y, month: BIRTH_M, day: BIRTH_D}, or {date: DAY, time: CLOCK} for a date and time."


def read_parts(b: Building, fields: Fields, kind: ColumnKind) -> dict[str, str]:
    """The headers that a date is put together from, by part."""
    element = fields.get("parts")
    if element is None or kind not in PARTS:
        return {}
    if "column" in fields:
        hint = "A date has a column of its own or is put together from parts."
        b.note("key-without-use", "`column` does not go with `parts`", fields.key("column"), hint)
    own = Fields(element, PARTS[kind], f"the parts of {fields.what}", b.problems)
    found = {part: text for part in PARTS[kind] if part in own and (text := own.text(part))}
    whole = isinstance(element, Tree) and len(found) == len(element.entries)
    if whole and not _make_a_date(set(found), kind):
        b.note("wrong-form", f"{' and '.join(found) or 'nothing'} makes no {kind}", element, EXAMPLE)
    return found


def read_part(b: Building, fields: Fields) -> dict[str, tuple[str, ...]]:
    """Which rows of a file are this table's: texts by header, one of which must stand there."""
    element = fields.get(PART)
    hint = "Write {QSCAT: MINI-MENTAL STATE}: a header of the file, and what stands there in this table's rows."
    found = {}
    for entry in read_mapping(element, b.problems, "texts by header", hint) if element is not None else ():
        found[entry.key.text] = read_texts(entry.value, b.problems)
        if not found[entry.key.text] and isinstance(entry.value, Sequence):
            b.note("empty", "no row has one of no texts", entry.value, hint)
    return found


def _make_a_date(parts: set[str], kind: ColumnKind) -> bool:
    """A year alone, a year and month, all three; a moment also from its day and its clock."""
    if kind is ColumnKind.MOMENT and parts == {"date", "time"}:
        return True
    day = parts - {"time"}
    return day in ({"year"}, {"year", "month"}, {"year", "month", "day"}) and ("time" not in parts or len(day) == 3)


def supplement_columns(fields: Fields, b: Building) -> tuple[Entry, ...]:
    """The columns that the supplement of a table describes."""
    own = _supplement(fields, [])
    described = own.get("columns") if own else None
    return read_mapping(described, b.problems, "columns by name") if described else ()


def read_supplement(b: Building, fields: Fields, columns: Mapping[str, ColumnSpec]) -> Supplement | None:
    """Where the supplement lies and which of the table's columns it brings."""
    own = _supplement(fields, b.problems)
    if own is None:
        return None
    if STACK in fields:
        message = f"a table has `{STACK}` or `{SUPPLEMENT}`, not both"
        b.note("key-without-use", message, fields.key(SUPPLEMENT), "Declare two tables.")
    file, described = own.need("file"), own.need("columns")
    names = [e.key.text for e in read_mapping(described, [], "")] if described is not None else []
    for name in names:
        if name in columns and columns[name].parts:
            b.note("key-without-use", f"{name} comes from the supplement and has no parts", fields.key(SUPPLEMENT))
    if file is None or not names:
        return None
    return Supplement(inside(b, file), own.text("sheet"), tuple(names), fields.key(SUPPLEMENT).location)


def _supplement(fields: Fields, problems: list[Problem]) -> Fields | None:
    element = fields.get(SUPPLEMENT)
    if element is None:
        return None
    return Fields(element, SUPPLEMENT_KEYS, "the supplement", problems, at=fields.key(SUPPLEMENT))


def read_stack(b: Building, fields: Fields, columns: Mapping[str, ColumnSpec]) -> Stack | None:
    """Which columns of the file are stacked into rows: the first key says which set a row comes from."""
    element = fields.get(STACK)
    if element is None:
        return None
    hint = "Write {course: [1, 2], drug: [drug_1, drug_2], start: [start_1, start_2]}."
    entries = read_mapping(element, b.problems, "columns with their headers in each set", hint)
    lists = {e.key.text: tuple(read_text(item, b.problems) or "" for item in read_items(e.value)) for e in entries}
    for entry in entries:
        _fits(b, entry, columns, lists, next(iter(lists)))
    if not entries or any(len(found) != len(next(iter(lists.values()))) for found in lists.values()):
        return None
    if len(entries) == 1:
        b.note("wrong-form", f"`{STACK}` names no column that is repeated", element, hint)
        return None
    label, *rest = lists
    headers = {name: tuple(None if h == NONE else h for h in lists[name]) for name in rest}
    return Stack(label, lists[label], headers)


def _fits(
    b: Building, entry: Entry, columns: Mapping[str, ColumnSpec], lists: Mapping[str, tuple[str, ...]], label: str
) -> None:
    name, at = entry.key.text, entry.key
    if name not in columns:
        b.note("unknown-name", f"`{name}` is no column of this table", at, nearest(name, columns, "The columns are"))
    elif columns[name].parts:
        b.note("key-without-use", f"{name} has parts, which name headers of their own", at)
    if len(lists[name]) != len(lists[label]):
        message = f"{name} has {len(lists[name])} headers, {label} {len(lists[label])} names of sets"
        b.note("wrong-form", message, entry.value, f"Write one for each set, `{NONE}` where a set has no such column.")
    twice = [h for n, h in enumerate(lists[name]) if h != NONE and h in lists[name][:n]]
    if twice:
        b.note("name-clash", f"`{twice[0]}` stands in two sets", entry.value, "Each set has columns of its own.")
