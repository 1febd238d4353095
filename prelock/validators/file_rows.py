"""From the number of a record to that of its row in the file: several records may come from one row."""

from __future__ import annotations

from prelock.engine import sql
from prelock.study.definition import StudyDefinition, Table


def file_row(table: Table, row: sql.Value) -> sql.Value:
    """As `Table.file_row`, for a column of a table's record numbers."""
    return row if table.sets == 1 else (row - 1) // table.sets + 1


def with_file_rows(study: StudyDefinition, rows: sql.Table) -> sql.Table:
    """`rows` (columns `table` and `row`, among others) with the rows of the files."""
    cases = [
        (rows["table"] == table.name, file_row(table, rows["row"]).cast("int64"))
        for table in study.tables.values()
        if table.sets > 1
    ]
    return rows.mutate(row=sql.cases(*cases, else_=rows["row"])) if cases else rows
