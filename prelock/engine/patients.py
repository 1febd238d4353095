"""Whose record it is: patients' keys compared as texts or numbers, and shown as the patient table writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa

from prelock.engine import sql
from prelock.engine.canonical import full, is_blank, plain_text
from prelock.engine.cells import missing_class
from prelock.engine.session import Session, quoted
from prelock.engine.sources.raw import RawTable
from prelock.engine.spellings import BLANKS, key_of, tidy
from prelock.study.definition import ColumnSpec, Table

PLAIN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"


@dataclass(frozen=True)
class PatientKeys:
    """The patients of the patient table: `table` has `text` (each spelling), `same` (how it compares), `shown`.

    `as_written`: every patient has one spelling, which needs no trimming.
    """

    table: str
    as_written: bool

    @staticmethod
    def of(raw: RawTable, table: Table, session: Session) -> PatientKeys:
        """The keys in the patient table. Of two spellings of one key the first row's is shown."""
        name = session.unique("patient keys")
        spec = key_spec(raw, table)
        if spec is None:
            session.store("SELECT '' AS text, '' AS same, '' AS shown WHERE false", name)
            return PatientKeys(name, True)
        text = raw.text(spec.header)
        first = raw.rel.filter(~is_blank(text)).group_by(text=text).aggregate(row=raw.rel.row.min())
        plain = full(first.text, PLAIN) & plain_text(first.text, spec)
        odd = session.rows(first.filter(~plain).select("text", "row"))
        known = first.filter(plain).select("text", "row", same=same_text(first.text), own=first.text)
        every = known.union(_odd(odd, spec, session)) if odd else known
        shown = every.group_by("same").aggregate(shown=every.own.argmin(every.row))
        session.materialise(every.inner_join(shown, "same").select("text", "same", "shown"), name)
        unlike = session.rows(f"SELECT count(*) FROM {quoted(name)} WHERE text <> shown")[0][0]
        return PatientKeys(name, unlike == 0)

    def shown(self, session: Session) -> sql.Table:
        """The patients as they are shown, in column `patient`."""
        return session.table(self.table).rename(patient="shown").select("patient")


def same_text(text: sql.Value) -> sql.Value:
    """`key_of` for texts that match `PLAIN`."""
    number = sql.cases((text.startswith("0"), text.re_replace(r"\A0+([0-9])", r"\1")), else_=text)
    return sql.cases((full(text, r"[0-9]+"), number), else_=text.lower())


def _odd(rows: Iterable[tuple[str, int]], spec: ColumnSpec, session: Session) -> sql.Table:
    kept = [(text, row) for text, row in rows if tidy(text) and missing_class(spec, tidy(text)) is None]
    columns = {
        "text": pa.array([text for text, _ in kept], pa.string()),
        "row": pa.array([row for _, row in kept], pa.int64()),
        "same": pa.array([key_of(text) for text, _ in kept], pa.string()),
        "own": pa.array([text.strip(BLANKS) for text, _ in kept], pa.string()),
    }
    return session.register_arrow(session.unique("odd keys"), pa.table(columns))


def key_spec(raw: RawTable, table: Table) -> ColumnSpec | None:
    """The declared column with the patient's key, if the file has it."""
    if table.patient_column is None or not raw.present:
        return None
    spec = table.columns[table.patient_column]
    return spec if spec.header in raw.columns else None


Patient = Callable[[sql.Table], sql.Value]


def patient_column(
    raw: RawTable, table: Table, session: Session, keys: PatientKeys | None
) -> tuple[Patient, sql.Table]:
    """How to read the patient off the rows, and the rows to read it from."""
    spec = key_spec(raw, table)
    if spec is None:
        return (lambda rel: sql.null("string")), raw.rel
    keys = keys or PatientKeys.of(raw, table, session)
    source = raw.columns[spec.header]
    known = session.table(keys.table)
    text = raw.rel[source]
    strange = raw.rel.filter(~is_blank(text)).select(text=text).distinct().anti_join(known, "text")
    others = _others([text for (text,) in session.rows(strange)], spec, known, session)
    if others is None and keys.as_written:
        return (lambda rel: rel[source].nullif("")), raw.rel
    spellings = known.select(**{"patient|text": known.text, "patient|shown": known.shown})
    spellings = spellings if others is None else spellings.union(others)
    return (lambda rel: rel["patient|shown"]), raw.rel.left_join(spellings, text == spellings["patient|text"])


def _others(texts: list[str], spec: ColumnSpec, known: sql.Table, session: Session) -> sql.Table | None:
    """Spellings that the patient table does not have: another spelling of its key, or an unknown patient's own."""
    kept = [text for text in texts if tidy(text) and missing_class(spec, tidy(text)) is None]
    if not texts:
        return None
    same = [key_of(text) for text in kept]
    wanted = session.register_arrow(session.unique("wanted"), pa.table({"same": pa.array(same, pa.string())}))
    found = known.semi_join(wanted, "same").group_by("same").aggregate(shown=known.shown.min())
    shown = dict(session.rows(found))
    first: dict[str, str] = {}
    for text in sorted(kept):
        first.setdefault(key_of(text), text.strip(BLANKS))
    columns = {
        "patient|text": pa.array(kept, pa.string()),
        "patient|shown": pa.array([shown.get(key, first[key]) for key in same], pa.string()),
    }
    return session.register_arrow(session.unique("other keys"), pa.table(columns))
