"""What is read of each file: the columns that a table declares, and those that its shape is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prelock.rules.types import TEXT
from prelock.study.definition import ColumnKind, ColumnSpec, FileFormat, StudyDefinition, Table
from prelock.study.filed import Supplement

# SDTM: the variables of a supplemental qualifier that say where a value belongs; those that only tell of it.
RECORD, NUMBER, NAME, VALUE = "IDVAR", "IDVARVAL", "QNAM", "QVAL"
BESIDE = ("STUDYID", "RDOMAIN", "QLABEL", "QORIG", "QEVAL")


def supplement_name(table: str) -> str:
    """The name under which a table's supplement is read; frames are given under it."""
    return f"{table} supplement"


def all_filed(study: StudyDefinition) -> dict[str, Table]:
    """The tables of a study as they lie in their files, the patient table's supplement among them."""
    return {name: table for own in study.tables.values() for name, table in filed_tables(own).items()}


def filed_tables(table: Table) -> dict[str, Table]:
    """A table as it lies in its file, and its supplement as it lies in its own."""
    made = table.made
    if not made and not table.part:
        return {table.name: table}
    columns = {name: spec for name, spec in table.columns.items() if name not in made}
    taken = {spec.header for spec in columns.values()}
    for header, spec in _further(table):
        if header not in taken:
            taken.add(header)
            name = f"{header}|filed" if header in columns else header
            columns[name] = _text(name, header, spec)
    key = tuple(name for name in table.key if name in columns)
    found = {table.name: replace(table, columns=columns, key=key)}
    if table.supplement is not None:
        found[supplement_name(table.name)] = _supplement(table, table.supplement)
    return found


def _further(table: Table) -> Iterator[tuple[str, ColumnSpec]]:
    """Headers that declared columns are made of, each with such a column."""
    for spec in table.columns.values():
        for header in spec.parts.values():
            yield header, spec
    for header in table.part:
        yield header, _always(table, header)
    for name, headers in table.stack.headers.items() if table.stack else ():
        for stacked in headers:
            if stacked is not None:
                yield stacked, table.columns[name]


def _text(name: str, header: str, like: ColumnSpec) -> ColumnSpec:
    return ColumnSpec(name, header, ColumnKind.TEXT, TEXT, like.location, optional=like.optional)


def _always(table: Table, header: str) -> ColumnSpec:
    """A header by which rows are told apart: the file must have it."""
    return ColumnSpec(header, header, ColumnKind.TEXT, TEXT, table.location)


def _supplement(table: Table, supplement: Supplement) -> Table:
    patient = table.columns[table.patient_column].header if table.patient_column else ""
    headers = [header for header in (patient, RECORD, NUMBER, NAME, VALUE) if header]
    like = table.columns[supplement.columns[0]]
    columns = {header: replace(_text(header, header, like), optional=False) for header in headers}
    name = supplement_name(table.name)
    return Table(
        name=name,
        file=supplement.file,
        key=(),
        unique=(),
        patient_column=None,
        no_rows=None,
        columns=columns,
        links={},
        location=supplement.location,
        file_format=FileFormat(sheet=supplement.sheet),
    )
