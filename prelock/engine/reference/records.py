"""Records as the reference reads them: rows of tables, gathered by patient, and rows of groups built from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from prelock.engine.cells import Cell, read_cell
from prelock.engine.interval import State, Val
from prelock.engine.reference.shapes import records_of
from prelock.engine.spellings import key_of
from prelock.study.definition import ColumnSpec, Group, StudyDefinition


@dataclass(frozen=True)
class Record:
    """A row of a table: its 1-based number in the file, its cells by declared name, and their text as written."""

    table: str
    row: int
    cells: Mapping[str, Val]
    raw: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupRow:
    """A row of a group: the records of one patient that agree on the group's key."""

    group: str
    key: tuple[str, ...]
    members: tuple[Record, ...]

    @property
    def row(self) -> int:
        """The number of its first record, by which it is shown."""
        return self.members[0].row


Row = Record | GroupRow


def relation_of(row: Row) -> str:
    """The table or group that a row belongs to."""
    return row.table if isinstance(row, Record) else row.group


def records_in(row: Row) -> tuple[Record, ...]:
    """The records of a group row, or the record itself."""
    return row.members if isinstance(row, GroupRow) else (row,)


def key_text(value: Val | None) -> str | None:
    """A cell as part of a key: folded, numbers as numbers (`3` is `3.0`); None if it is blank or unreadable."""
    if value is None or value.state is not State.RECORDED or value.low is None:
        return None
    return key_of(str(value.low))


def records_from(
    study: StudyDefinition,
    raw: Mapping[str, Sequence[Mapping[str, str | None]]],
    reader: Callable[[str | None, ColumnSpec], Cell] = read_cell,
) -> dict[str, list[Record]]:
    """Records from rows of text by header. A table that is not in `raw` is absent: all it could tell is unknown."""
    found: dict[str, list[Record]] = {}
    for name, rows in records_of(study, raw).items():
        columns = study.tables[name].columns
        found[name] = [
            Record(
                name,
                number,
                {c.name: Val.of_cell(reader(row[c.header], c)) for c in columns.values() if c.header in row},
                {c.name: row[c.header] for c in columns.values() if c.header in row},
            )
            for number, row in rows
        ]
    return found


class Store:
    """The records of a study by table and patient. Patients are the distinct keys of the patient table, in order."""

    def __init__(self, study: StudyDefinition, records: Mapping[str, Sequence[Record]]) -> None:
        self.study = study
        self.tables = records
        self.shown: dict[str, str] = {}
        for record in records.get(study.patient_table, ()):
            key = self.patient_of(record)
            if key is not None:
                self.shown.setdefault(key, str(record.cells[study.patient_column].low))

    def present(self, table: str) -> bool:
        """Is there a file for this table at all?"""
        return table in self.tables

    def patient_of(self, record: Record) -> str | None:
        """The key of the record's patient; None for a table about no patient, and where the key can't be read."""
        column = self.study.tables[record.table].patient_column
        return key_text(record.cells.get(column)) if column else None

    def of_patient(self, table: str, patient: str) -> tuple[Record, ...]:
        """The patient's records of a table, in file order; of a table about no patient, all its records."""
        rows = self.tables.get(table, ())
        if self.study.tables[table].patient_column is None:
            return tuple(rows)
        return tuple(record for record in rows if self.patient_of(record) == patient)

    def groups(self, group: Group, patient: str) -> tuple[GroupRow, ...]:
        """The patient's rows of a group; a record with no readable key belongs to none."""
        gathered: dict[tuple[str, ...], list[Record]] = {}
        for record in self.of_patient(group.table, patient):
            parts = [key_text(record.cells.get(column)) for column in group.key]
            if None not in parts:
                gathered.setdefault(tuple(str(part) for part in parts), []).append(record)
        return tuple(GroupRow(group.name, key, tuple(members)) for key, members in gathered.items())

    def rows(self, relation: str, patient: str) -> tuple[Row, ...]:
        """The patient's rows of a table or group."""
        group = self.study.groups.get(relation)
        return self.groups(group, patient) if group else self.of_patient(relation, patient)

    def table_of(self, relation: str) -> str:
        """The table that a relation's rows come from."""
        group = self.study.groups.get(relation)
        return group.table if group else relation
