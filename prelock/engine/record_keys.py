"""Which records a table has, by their keys as findings tell them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from prelock.engine.session import Session, literal, quoted
from prelock.engine.sources.raw import RawTable
from prelock.study.definition import StudyDefinition

_PART = re.compile(r"(?:^|, )([^=,]+)=")


class RecordKeys:
    """The keys of every table, read when they are first asked for."""

    def __init__(self, study: StudyDefinition, raw: Mapping[str, RawTable], session: Session) -> None:
        self._study, self._raw, self._session = study, raw, session
        self._known: dict[tuple[str, tuple[str, ...]], set[str]] = {}

    def has(self, table: str, key: str) -> bool:
        """Whether the table has a record with that key; yes where the key does not say which record is meant."""
        names = tuple(_PART.findall(key))
        declared = self._study.tables[table].columns if table in self._study.tables else {}
        if not names or any(name not in declared for name in names):
            return True
        if (table, names) not in self._known:
            self._known[table, names] = self._read(table, names)
        return key in self._known[table, names]

    def _read(self, table: str, names: tuple[str, ...]) -> set[str]:
        raw, columns = self._raw[table], self._study.tables[table].columns
        parts = [f"{literal(name + '=')} || {_cell(raw, columns[name].header)}" for name in names]
        text = " || ', ' || ".join(parts)
        return {key for (key,) in self._session.rows(f"SELECT DISTINCT {text} FROM ({self._session.sql(raw.rel)}) r")}


def _cell(raw: RawTable, header: str) -> str:
    return f"coalesce(r.{quoted(raw.columns[header])}, '')" if header in raw.columns else "''"
