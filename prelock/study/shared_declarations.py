"""What tables.yaml says once for many columns: `column types`, and `every table`.

Both are written out, on the tree, where they hold: whoever reads a table's declaration then finds it whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Sections
from dataclasses import dataclass, field, replace

from prelock.documents.reading import Fields, note, read_mapping
from prelock.documents.tree import Element, Entry, Mapping, Scalar
from prelock.errors import Problem
from prelock.study.definition import ColumnKind

TYPES, EVERY = "column types", "every table"
DEFAULTS = ("missing codes", "patient without rows")
EVERY_KEYS = (*DEFAULTS, "text")


def column_types(sections: Sections[str, Element]) -> tuple[str, ...]:
    """The names of the study's own types of column."""
    tables = sections.get("tables")
    types = tables.get(TYPES) if isinstance(tables, Mapping) else None
    return tuple(e.key.text for e in read_mapping(types.value, [], "")) if types else ()


def written_out(section: Element, problems: list[Problem]) -> Element:
    """The tables, each with what holds for it written out."""
    if not isinstance(section, Mapping):
        return section
    types = _Types(dict(_named(section.get(TYPES), problems)))
    defaults = tuple(_defaults(section.get(EVERY), problems))
    tables = (entry for entry in section if entry.key.text not in (TYPES, EVERY))
    entries = tuple(Entry(entry.key, _with_defaults(_columns(entry.value, types), defaults)) for entry in tables)
    for name, entry in types.known.items():
        if name not in types.used:
            note(problems, "not-used", f"no column is of the type `{name}`", entry.key, "Use it, or delete it.")
    return replace(section, entries=entries)


def _named(types: Entry | None, problems: list[Problem]) -> Iterator[tuple[str, Entry]]:
    """The types of column by name, those that can be used."""
    for entry in read_mapping(types.value, problems, "types of column by name") if types else ():
        name = entry.key.text
        if name in set(ColumnKind):
            hint = "Give it a name of its own."
            note(problems, "name-clash", f"`{name}` is already a type of column", entry.key, hint)
        elif not isinstance(entry.value, Mapping):
            message = f"column type {name} needs keys and values, as a column has"
            note(problems, "expected-keys", message, entry.value, "Write {type: yes/no, yes: [Y], no: [N]}.")
        else:
            yield name, entry


def _defaults(every: Entry | None, problems: list[Problem]) -> Iterator[Entry]:
    """What every table says that does not say it itself."""
    if every is not None:
        fields = Fields(every.value, EVERY_KEYS, f"`{EVERY}`", problems, at=every.key)
        yield from (Entry(fields.key(key), value) for key in DEFAULTS if (value := fields.get(key)) is not None)


@dataclass
class _Types:
    """The types of column, and which of them were used."""

    known: Sections[str, Entry]
    used: set[str] = field(default_factory=set)

    def of(self, column: Element) -> Element:
        """The column with the keys of its named type, its own first."""
        named = column.get("type") if isinstance(column, Mapping) else None
        word = column if isinstance(column, Scalar) else named.value if named else None
        if not isinstance(word, Scalar) or word.text not in self.known:
            return column
        self.used.add(word.text)
        shared = self.known[word.text].value
        assert isinstance(shared, Mapping)
        if not isinstance(column, Mapping):
            return replace(shared, location=column.location, source=column.source)
        return _over(shared, replace(column, entries=tuple(e for e in column if e is not named)))


def _columns(table: Element, types: _Types) -> Element:
    """A table, or its supplement, with its columns' types written out."""
    if not isinstance(table, Mapping):
        return table
    entries = []
    for part in table:
        value = part.value
        if part.key.text == "columns" and isinstance(value, Mapping):
            value = replace(value, entries=tuple(Entry(e.key, types.of(e.value)) for e in value))
        elif part.key.text == "supplement":
            value = _columns(value, types)
        entries.append(Entry(part.key, value))
    return replace(table, entries=tuple(entries))


def _with_defaults(table: Element, defaults: tuple[Entry, ...]) -> Element:
    """The table with what every table says; missing codes are put together, the table's own first."""
    for entry in defaults if isinstance(table, Mapping) else ():
        assert isinstance(table, Mapping)
        own = table.get(entry.key.text)
        if own is None:
            table = replace(table, entries=(*table.entries, entry))
        elif isinstance(own.value, Mapping) and isinstance(entry.value, Mapping):
            both = Entry(own.key, _over(entry.value, own.value))
            table = replace(table, entries=tuple(both if e is own else e for e in table))
    return table


def _over(base: Mapping, own: Mapping) -> Mapping:
    """Both, a key of `own` in place of the same key of `base`."""
    names = {e.key.text for e in own}
    return replace(own, entries=(*(e for e in base if e.key.text not in names), *own.entries))
