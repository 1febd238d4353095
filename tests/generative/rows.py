"""Random rows for a random study's tables, drawn from few values so that ties, conflicts and boundaries are common."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.generative.declared import Column, Table

Row = dict[str, str]
# What may stand in any cell by mistake or for want of a value; NK, ND, RF and NA have a meaning only if declared.
WANTING = ("", "", " ", "NK", "ND", "RF", "NA", "?")
WRONG: dict[str, tuple[str, ...]] = {
    "date": ("2024-01", "2024", "2023-12", "31/12", "2024-02-30"),
    "date and time": ("2024-01", "2024-01-10", "2024", "soon"),
    "number": ("lots", "<3"),
    "whole number": ("2.5", "many"),
    "result": ("haemolysed", "<0.5", ">1800", "<8.2"),
    "code": ("other", "lo w"),
    "yes/no": ("perhaps",),
    "unit": ("boxes", "kg"),
    "reference range": ("6-Apr", "5", "-5--1", "40-5"),
    "text": ("  rash ",),
    "several codes": ("a1; d4", ";"),
}
MOST_ROWS = {"doses": 4, "signs": 3, "labs": 9, "parts": 7}


class Rows:
    """Writes rows from a seed. `dirt` is the share of cells that are blank, wrong, partial or censored."""

    def __init__(self, seed: int, patients: int, dirt: float) -> None:
        self.random, self.dirt = Random(seed), dirt
        self.patients = [f"P{number}" for number in range(1, patients + 1)]

    def write(self, tables: Mapping[str, Table]) -> dict[str, list[Row]]:
        """All tables; now and then one has no file."""
        written = {table.name: self._table(table) for table in tables.values()}
        absent = [
            name for name in ("signs", "sheet", "doses") if name in tables and self.random.random() < self.dirt / 6
        ]
        return {name: rows for name, rows in written.items() if name not in absent}

    def _table(self, table: Table) -> list[Row]:
        lost = {c.name for c in table.columns.values() if c.optional and self.random.random() < 0.3}
        columns = [column for column in table.columns.values() if column.name not in lost]
        rows = [self._row(table, columns, patient, line) for line, patient in enumerate(self._whose(table), start=1)]
        if table.name == "parts":
            self._gather(rows)
        return rows

    def _whose(self, table: Table) -> list[str]:
        if not table.about_patients:
            return [""] * 5
        if table.name == "people":
            return [*self.patients, *(self.patients[:1] if self.random.random() < self.dirt else [])]
        if table.one_row:
            return [p for p in self.patients for _ in range(self.random.choice((0, 1, 1, 1, 1 + (self.dirt > 0))))]
        most = MOST_ROWS[table.name]
        found = [p for p in self.patients for _ in range(self.random.randint(0, most))]
        if self.random.random() < self.dirt:
            found += ["", "nobody"]
        self.random.shuffle(found)
        return found

    def _row(self, table: Table, columns: list[Column], patient: str, line: int) -> Row:
        row = {"id": patient} if table.about_patients else {}
        row |= {column.name: self._cell(column) for column in columns}
        if not table.about_patients:
            row["number"] = str(min(line, 4))  # the last number stands twice
        return row if table.one_row or not table.about_patients else {**row, "line": str(line)}

    def _cell(self, column: Column) -> str:
        if self.random.random() < self.dirt:
            return self.random.choice((*WANTING, *WRONG[column.word]))
        return self.random.choice(column.cells) if column.cells else ""

    def _gather(self, rows: list[Row]) -> None:
        """Give the parts their examinations: a few rows of one patient each, which mostly agree on day and total."""
        first: dict[str, Row] = {}
        for row in rows:
            row["exam"] = f"{row['id']}-{self.random.randint(1, 3)}" if self.random.random() >= self.dirt / 4 else ""
            leader = first.setdefault(row["exam"], row)
            if self.random.random() >= self.dirt / 2:
                row["done"], row["total"] = leader["done"], leader["total"]
