"""A supplement attached: its rows become columns of the records that they name by patient, IDVAR and IDVARVAL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa

from prelock.engine.session import Session, literal, quoted
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
        told = [replace(problem, column=problem.column or specs[0].name) for problem in raw.problems[:1]]
        gone = [
            SourceProblem(
                "missing column", f"{spec.name} comes from {raw.file}, which can't be read.", column=spec.name
            )
            for spec in specs
            if not spec.optional
        ]
        return replace(records, problems=[*records.problems, *told, *gone])
    lies = _Lying(table, records, raw, session)
    if lies.lacking:
        return replace(records, problems=[*records.problems, *raw.problems])
    values = lies.values()
    cells = ", ".join(
        f"string_agg(DISTINCT value, '; ' ORDER BY value) FILTER (name = {literal(spec.header.casefold())}) "
        f"AS {quoted(column_name(spec.name))}"
        for spec in specs
    )
    rel = session.store(
        f"SELECT r.*, v.* EXCLUDE (record) FROM {quoted(lies.records)} r LEFT JOIN "
        f"(SELECT record, {cells} FROM {quoted(values)} GROUP BY record) v ON r.row = v.record ORDER BY r.row"
    )
    columns = {**records.columns, **{spec.header: column_name(spec.name) for spec in specs}}
    told = lies.problems(values, {spec.header.casefold() for spec in specs})
    return replace(records, rel=rel, columns=columns, problems=[*records.problems, *told])


class _Lying:
    """The two tables in the database, and the forms in which their texts compare."""

    def __init__(self, table: Table, records: RawTable, raw: RawTable, session: Session) -> None:
        self.raw, self.session = raw, session
        self.patient = table.columns[table.patient_column].header if table.patient_column else None
        self.lacking = [h for h in (self.patient, RECORD, NUMBER, NAME, VALUE) if h and h not in raw.columns]
        self.columns = records.columns
        self.file = records.file
        self.records = session.store(session.sql(records.rel)).get_name()
        self.rows = session.store(session.sql(raw.rel)).get_name()

    def _own(self, header: str) -> str:
        return quoted(self.raw.columns[header])

    def values(self) -> str:
        """`record` (its row), `name`, `value`, `row` (the supplement's): one row for each record that it names."""
        told = self.session.rows(
            f"SELECT DISTINCT trim({self._own(RECORD)}) FROM {quoted(self.rows)} WHERE trim({self._own(RECORD)}) <> ''"
        )
        named = sorted(header for (header,) in told if header in self.columns)
        parts = [self._joined(None), *(self._joined(header) for header in named)]
        return str(self.session.store(" UNION ALL ".join(parts)).get_name())

    def _joined(self, header: str | None) -> str:
        """The rows whose IDVAR is `header` (None: blank, of the patient as a whole) beside the records they name."""
        pairs = [(self.patient, self.patient), (header, NUMBER)]
        keys = [(self.columns[own], theirs) for own, theirs in pairs if own and theirs]
        forms = [self._forms(own, self._own(theirs)) for own, theirs in keys]
        mine = self._keyed(self.records, [quoted(own) for own, _ in keys], forms)
        theirs = self._keyed(self.rows, [self._own(name) for _, name in keys], forms)
        on = " AND ".join(f"r.key{i} = s.key{i}" for i in range(len(keys))) or "true"
        return (
            f"SELECT r.row AS record, lower(trim(s.{self._own(NAME)})) AS name, nullif(trim(s.{self._own(VALUE)}), '') "
            f"AS value, s.row FROM ({mine}) r JOIN ({theirs}) s ON {on} "
            f"WHERE coalesce(trim(s.{self._own(RECORD)}), '') = {literal(header or '')}"
        )

    @staticmethod
    def _keyed(table: str, cells: list[str], forms: list[str]) -> str:
        """A table with the forms of its key columns beside it."""
        keys = "".join(f", f{i}.same AS key{i}" for i in range(len(cells)))
        joins = "".join(f" JOIN {forms[i]} f{i} ON f{i}.text = t.{cell}" for i, cell in enumerate(cells))
        return f"SELECT t.*{keys} FROM {quoted(table)} t{joins}"

    def _forms(self, own: str, theirs: str) -> str:
        """The texts of two columns with the form in which they compare, as keys do."""
        query = f"SELECT {quoted(own)} FROM {quoted(self.records)} UNION SELECT {theirs} FROM {quoted(self.rows)}"
        texts = [text for (text,) in self.session.rows(query) if text is not None and text.strip()]
        forms = pa.table([pa.array(texts, pa.string()), pa.array(map(key_of, texts), pa.string())], ["text", "same"])
        name = self.session.unique("forms")
        self.session.register_arrow(name, forms)
        return quoted(name)

    def problems(self, values: str, declared: Iterable[str]) -> list[SourceProblem]:
        """Rows that belong to no record, cells that two rows give, names that are not declared."""
        file, rows = self.raw.file, quoted(self.rows)
        found = [p for p in self.raw.problems if p.kind != "unexpected column" or p.column not in BESIDE]
        lost = self._numbers(f"SELECT row FROM {rows} WHERE row NOT IN (SELECT row FROM {quoted(values)})")
        if lost:
            message = (
                f"{named_rows(lost)} of {file} belong to no record of {self.file}; please check IDVAR and IDVARVAL."
            )
            found.append(SourceProblem(KIND, message))
        twice = self._numbers(
            f"SELECT max(row) FROM {quoted(values)} GROUP BY record, name HAVING count(DISTINCT value) > 1"
        )
        if twice:
            found.append(
                SourceProblem(KIND, f"{named_rows(twice)} of {file} give a second value; please check which is right.")
            )
        names = self.session.rows(f"SELECT DISTINCT trim({self._own(NAME)}) FROM {rows} ORDER BY 1")
        for (name,) in names:
            if name and name.casefold() not in declared:
                message = f"The column '{name}' of {file} is not declared and is not read."
                found.append(SourceProblem("unexpected column", message, "note", column=name))
        return found

    def _numbers(self, query: str) -> list[int]:
        return sorted(row for (row,) in self.session.rows(query))
