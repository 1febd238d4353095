"""Texts that tell one record from another, in the form in which they compare: `c|fold` beside the column `c`."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from prelock.engine import sql
from prelock.engine.canonical import full, is_blank
from prelock.engine.leftovers import Reading
from prelock.engine.patients import PLAIN, same_text
from prelock.engine.session import Session
from prelock.engine.sources.raw import RawTable
from prelock.engine.spellings import key_of
from prelock.study.definition import ColumnKind, StudyDefinition, Table


def keyed_columns(study: StudyDefinition, table: Table) -> tuple[str, ...]:
    """The text columns of a table by which records are told apart or linked; patients have a form of their own."""
    names = [*table.key, *(name for key in table.unique for name in key)]
    names += [name for link in table.links.values() for name in link.columns]
    for other in study.tables.values():
        names += [c for link in other.links.values() if link.target == table.name for c in link.target_columns]
    kept = [name for name in dict.fromkeys(names) if name != table.patient_column and name in table.columns]
    return tuple(name for name in kept if table.columns[name].kind is ColumnKind.TEXT)


@dataclass(frozen=True)
class KeyForm:
    """How one column's texts compare: plain ones by SQL, `odd` ones by `key_of`, joined back."""

    reading: Reading
    odd: sql.Table | None

    @property
    def name(self) -> str:
        """Where the clean table holds the form."""
        return f"{self.reading.name}|fold"

    @staticmethod
    def of(raw: RawTable, reading: Reading, session: Session) -> KeyForm:
        """The form of a column of a large table."""
        if reading.source is None:
            return KeyForm(reading, None)
        text = raw.rel[reading.source]
        left = raw.rel.filter(~is_blank(text) & ~full(text, PLAIN)).select(text=text).distinct()
        texts = [found for (found,) in session.rows(left)]
        if not texts:
            return KeyForm(reading, None)
        names = [reading.part("written"), reading.part("fold")]
        forms = pa.table([pa.array(texts, pa.string()), pa.array([key_of(t) for t in texts], pa.string())], names=names)
        return KeyForm(reading, session.register_arrow(session.unique("folds"), forms))

    def join(self, rel: sql.Table) -> sql.Table:
        """The rows with the odd texts' forms beside them."""
        if self.odd is None or self.reading.source is None:
            return rel
        return rel.left_join(self.odd, rel[self.reading.source] == self.odd[self.reading.part("written")])

    def column(self, rel: sql.Table, cell: sql.Value) -> sql.Value:
        """The form of each row's cell; null where the clean cell is."""
        if self.odd is None:
            return same_text(cell)
        odd = rel[self.reading.part("fold")]
        return sql.cases((cell.isnull(), sql.null("string")), (odd.notnull(), odd), else_=same_text(cell))
