"""A supplement attached: its rows become columns of the records that they name by patient, IDVAR and IDVARVAL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow as pa

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable, SourceProblem, column_name, named_rows
from prelock.engine.sources.shapes.filed import BESIDE, NAME, NUMBER, RECORD, VALUE
from prelock.engine.spellings import key_of
from prelock.study.definition import Table
from prelock.study.filed import Supplement

KIND = "supplement"


def with_supplement(
    table: Table, supplement: Supplement, records: RawTable, raw: RawTable, session: Session
) -> RawTable:
    """The records with the supplement's columns beside them. A row that belongs to no record is told, never dropped
    in silence; where two rows give one cell both are in it."""
    specs = [table.columns[name] for name in supplement.columns]
    if not raw.present:
        why = [replace(problem, column=problem.column or specs[0].name) for problem in raw.problems[:1]]
        gone = [
            SourceProblem(
                "missing column", f"{spec.name} comes from {raw.file}, which can't be read.", column=spec.name
            )
            for spec in specs
            if not spec.optional
        ]
        return replace(records, problems=[*records.problems, *why, *gone])
    lies = _Lying(table, records, raw, session)
    if lies.lacking:
        return replace(records, problems=[*records.problems, *raw.problems])
    values = lies.values()
    told = values.filter(values["value"].notnull()).select("record", "name", "value").distinct()
    cells = {
        column_name(spec.name): told["value"].group_concat(
            "; ", where=told["name"] == spec.header.casefold(), order_by=[told["value"]]
        )
        for spec in specs
    }
    beside = told.group_by("record").aggregate(**cells)
    joined = records.rel.left_join(beside, [records.rel["row"] == beside["record"]]).drop("record")
    rel = session.materialise(joined.order_by("row"))
    columns = {**records.columns, **{spec.header: column_name(spec.name) for spec in specs}}
    found = lies.problems(values, {spec.header.casefold() for spec in specs})
    return replace(records, rel=rel, columns=columns, problems=[*records.problems, *found])


class _Lying:
    """The two tables in the database, and the forms in which their texts compare."""

    def __init__(self, table: Table, records: RawTable, raw: RawTable, session: Session) -> None:
        self.raw, self.session = raw, session
        self.patient = table.columns[table.patient_column].header if table.patient_column else None
        self.lacking = [h for h in (self.patient, RECORD, NUMBER, NAME, VALUE) if h and h not in raw.columns]
        self.columns = records.columns
        self.file = records.file
        self.records, self.rows = records.rel, session.materialise(raw.rel)

    def _own(self, header: str) -> sql.Value:
        return self.rows[self.raw.columns[header]].fill_null("").strip()

    def values(self) -> sql.Table:
        """`record` (its row), `name`, `value`, `row` (the supplement's): one row for each record that it names."""
        told = self.session.rows(self.rows.select(header=self._own(RECORD)).distinct())
        named = sorted(header for (header,) in told if header in self.columns)
        parts = [self._joined(None), *(self._joined(header) for header in named)]
        return self.session.materialise(sql.union(*parts))

    def _joined(self, header: str | None) -> sql.Table:
        """The rows whose IDVAR is `header` (None: blank, of the patient as a whole) beside the records they name."""
        pairs = [(self.patient, self.patient), (header, NUMBER)]
        keys = [(self.columns[own], self.raw.columns[theirs]) for own, theirs in pairs if own and theirs]
        forms = [self._forms(own, theirs) for own, theirs in keys]
        about = self.rows.filter(self._own(RECORD) == (header or "")).select(
            **{f"their{i}": self.rows[theirs] for i, (_, theirs) in enumerate(keys)},
            row=self.rows["row"],
            name=self._own(NAME).lower(),
            value=self._own(VALUE).nullif(""),
        )
        mine = self.records.select(
            **{f"own{i}": self.records[own] for i, (own, _) in enumerate(keys)}, record=self.records["row"]
        )
        mine = self._keyed(mine, [f"own{i}" for i in range(len(keys))], forms)
        theirs = self._keyed(about, [f"their{i}" for i in range(len(keys))], forms)
        found = mine.inner_join(theirs, [f"key{i}" for i in range(len(keys))]) if keys else mine.cross_join(theirs)
        return found.select("record", "name", "value", "row")

    @staticmethod
    def _keyed(table: sql.Table, cells: Sequence[str], forms: Sequence[sql.Table]) -> sql.Table:
        """A table with the forms of its key columns beside it."""
        for i, (cell, form) in enumerate(zip(cells, forms, strict=True)):
            beside = form.select(**{f"text{i}": form["text"], f"key{i}": form["same"]})
            table = table.inner_join(beside, [table[cell] == beside[f"text{i}"]])
        return table

    def _forms(self, own: str, theirs: str) -> sql.Table:
        """The texts of two columns with the form in which they compare, as keys do."""
        both = sql.union(self.records.select(text=self.records[own]), self.rows.select(text=self.rows[theirs]))
        texts = [text for (text,) in self.session.rows(both.distinct()) if text is not None and text.strip()]
        forms = pa.table([pa.array(texts, pa.string()), pa.array(map(key_of, texts), pa.string())], ["text", "same"])
        return self.session.register_arrow(self.session.unique("forms"), forms)

    def problems(self, values: sql.Table, declared: Iterable[str]) -> list[SourceProblem]:
        """Rows that belong to no record, cells that two rows give, names that are not declared."""
        file = self.raw.file
        found = [p for p in self.raw.problems if p.kind != "unexpected column" or p.column not in BESIDE]
        lost = self._numbers(self.rows.anti_join(values, "row").select("row"))
        if lost:
            message = (
                f"{named_rows(lost)} of {file} belong to no record of {self.file}; please check IDVAR and IDVARVAL."
            )
            found.append(SourceProblem(KIND, message))
        cells = values.group_by("record", "name").aggregate(row=values["row"].max(), n=values["value"].nunique())
        twice = self._numbers(cells.filter(cells["n"] > 1).select("row"))
        if twice:
            found.append(
                SourceProblem(KIND, f"{named_rows(twice)} of {file} give a second value; please check which is right.")
            )
        for (name,) in sorted(self.session.rows(self.rows.select(name=self._own(NAME)).distinct())):
            if name and name.casefold() not in declared:
                message = f"The column '{name}' of {file} is not declared and is not read."
                found.append(SourceProblem("unexpected column", message, "note", column=name))
        return found

    def _numbers(self, rows: sql.Table) -> list[int]:
        return sorted(row for (row,) in self.session.rows(rows))
