"""A PostgreSQL database, by URL: every table as text, all of them as they stood at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple

import pyarrow as pa

from prelock.engine.session import Session, quoted
from prelock.engine.sources.database_address import Address
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.not_records import without_others
from prelock.engine.sources.raw import Layout, RawTable, SourceError, match_headers
from prelock.errors import DataError
from prelock.study.definition import Table

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.sql import Composable

BATCH = 50_000
SETTINGS = "SET LOCAL DateStyle = 'ISO'; SET LOCAL TimeZone = 'UTC'; SET LOCAL bytea_output = 'hex'"
NUMBER: LiteralString = "nullif({}::text, 'NaN')"  # no number is a blank
DAY: LiteralString = "regexp_replace({}::text, ' 00:00:00$', '')"  # midnight is no time of day
# PostgreSQL's number of a type → its cells as the text that a person would have written; other types as they cast
AS_TEXT: Mapping[int, LiteralString] = {
    **dict.fromkeys((700, 701, 1700), NUMBER),
    1114: DAY,
    1184: DAY.format("({} AT TIME ZONE 'UTC')"),
}
IN_ORDER = (20, 21, 23, 700, 701, 1082, 1114, 1184, 1700)  # types that order rows by their value, others by their text
FIND = """
    SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT')
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND (n.nspname = %(schema)s OR (%(schema)s IS NULL AND pg_catalog.pg_table_is_visible(c.oid)))
"""


class _Column(NamedTuple):
    header: str
    kind: int


def read_database(tables: Mapping[str, Table], url: str, session: Session) -> dict[str, RawTable]:
    """Every declared table of the database at `url`. A row's number is its place in the order of the declared key.

    `DataError` if the server does not answer or the connection is lost, `CallError` if the URL cannot be used; neither
    holds a password.
    """
    import psycopg

    address = Address.of(url)
    try:
        with address.connection() as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            with connection.transaction():
                connection.execute(SETTINGS)
                return {name: _read(connection, table, session) for name, table in tables.items()}
    except psycopg.Error:
        message = f"The connection to {address} was lost while tables were read. Nothing was checked; run it again."
        raise DataError(message) from None


def _read(connection: Connection, table: Table, session: Session) -> RawTable:
    name = table.file_format.database or PurePath(table.file).stem or table.name
    try:
        schema, relation = _found(connection, name)
        shown = f"{schema}.{relation}"
        with _one_table(connection, shown):
            return without_others(_table(connection, (schema, relation), shown, table, session), table, session)
    except SourceError as error:
        return nothing(table, name, session, error.problem)


def _found(connection: Connection, name: str) -> tuple[str, str]:
    """Schema and name of a table or view that may be read."""
    schema, _, relation = name.rpartition(".")
    there = {str(row[1]): row for row in connection.execute(FIND, {"schema": schema or None})}
    if relation not in there:
        near = get_close_matches(relation, there, 2, 0.6)
        hint = f" It has {', '.join(near)}." if near else ""
        raise SourceError("missing file", f"The database has no table or view '{name}'.{hint}")
    own_schema, own_name, readable = there[relation]
    if not readable:
        raise SourceError("unreadable file", f"The database does not let this user read the table '{name}'.")
    return own_schema, own_name


@contextmanager
def _one_table(connection: Connection, shown: str) -> Iterator[None]:
    """What goes wrong with one table leaves the others readable, unless the connection is gone."""
    import psycopg

    try:
        with connection.transaction():
            yield
    except (psycopg.Error, UnicodeDecodeError):
        if connection.broken or connection.closed:
            raise
        message = f"The table {shown} could not be read from the database; please ask who keeps it."
        raise SourceError("unreadable file", message) from None


def _table(connection: Connection, place: tuple[str, str], shown: str, table: Table, session: Session) -> RawTable:
    from psycopg import sql

    source = sql.Identifier(*place)
    described = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(source)).description or []
    columns = [_Column(column.name, column.type_code) for column in described]
    layout = match_headers(table, [column.header for column in columns])
    if not layout.usable:
        raise SourceError("missing header", f"The table {shown} has none of the declared columns.")
    chosen = [columns[spot] for spot in layout.places.values()]
    keys = [table.columns[name].header for name in table.key]
    ordered = sorted(chosen, key=lambda column: column.header not in keys)
    query = sql.SQL("SELECT {} FROM {} AS r ORDER BY {}").format(
        sql.SQL(", ").join(_as_text(column) for column in chosen),
        source,
        sql.SQL(", ").join(_by(column) for column in ordered),
    )
    with connection.cursor("prelock") as cursor:
        cursor.execute(query)
        stored = session.unique(f"raw {table.name}")
        rows = _store(iter(lambda: cursor.fetchmany(BATCH), []), layout, stored, session)
    rel = session.view(f"SELECT * FROM {quoted(stored)}")
    return RawTable(table.name, shown, rel, layout.headers, list(layout.problems), True, dict(layout.names), rows=rows)


def _as_text(column: _Column) -> Composable:
    from psycopg import sql

    return sql.SQL(AS_TEXT.get(column.kind, "{}::text")).format(sql.Identifier("r", column.header))


def _by(column: _Column) -> Composable:
    from psycopg import sql

    by: LiteralString = "{}" if column.kind in IN_ORDER else '{}::text COLLATE "C"'
    return sql.SQL(by).format(sql.Identifier("r", column.header))


def _store(batches: Iterator[list[tuple[Any, ...]]], layout: Layout, name: str, session: Session) -> int:
    """Store the rows as a raw table; how many there are."""
    names = list(layout.names.values())
    schema = pa.schema([("row", pa.int64()), ("line", pa.int64()), *((column, pa.string()) for column in names)])
    session.duck.register("batch", schema.empty_table())
    session.run(f"CREATE TEMP TABLE {quoted(name)} AS SELECT * FROM batch")
    count = 0
    for batch in batches:
        columns = [pa.array(cells, pa.string()) for cells in zip(*batch, strict=True)]
        numbers = pa.array(range(count + 1, count + len(batch) + 1), pa.int64())
        arrays = [numbers, pa.nulls(len(batch), pa.int64()), *columns]
        session.duck.register("batch", pa.Table.from_arrays(arrays, schema=schema))
        session.run(f"INSERT INTO {quoted(name)} SELECT * FROM batch")
        count += len(batch)
    session.duck.unregister("batch")
    return count
