"""Tables from a real PostgreSQL server, named by PRELOCK_TEST_DATABASE (`.ci/with_postgresql` starts one)."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from declared import column, study, table
from psycopg.conninfo import conninfo_to_dict
from table_files import formatted, rows

from prelock.engine.session import Session
from prelock.engine.sources import database, open_data
from prelock.engine.sources.database_address import Address
from prelock.errors import CallError, DataError

URL = os.environ.get("PRELOCK_TEST_DATABASE", "")
server = pytest.mark.skipif(not URL, reason="PRELOCK_TEST_DATABASE names no PostgreSQL server")
PATIENTS = table("patients", column("id"), patient_column="id")


@pytest.fixture
def session() -> Any:
    with Session(threads=2) as opened:
        yield opened


@pytest.fixture
def own() -> Iterator[Any]:
    """A connection to a database of the test's own, with a patient table."""
    name = f"prelock_{os.getpid()}"
    with psycopg.connect(URL, autocommit=True) as keeper:
        keeper.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        keeper.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(URL, dbname=name, autocommit=True) as connection:
            connection.execute("CREATE TABLE patients (id text); INSERT INTO patients VALUES ('P1')")
            yield connection
        keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")


def url_of(connection: Any, **other: str) -> str:
    parts = {**conninfo_to_dict(URL), "dbname": connection.info.dbname, **other}
    password = str(parts["password"]).replace(" ", "%20")
    return f"postgresql://{parts['user']}:{password}@{parts['host']}:{parts['port']}/{parts['dbname']}"


def opened(connection: Any, session: Session, *tables: Any) -> dict[str, Any]:
    return open_data(study(PATIENTS, *tables), url_of(connection), session)


KINDS = {
    "text": ("' ＜0.5 '::text", " ＜0.5 "),
    "char(8)": ("'ab'::char(8)", "ab"),
    "integer": ("7::int", "7"),
    "numeric": ("2.50::numeric", "2.50"),
    "no numeric": ("'NaN'::numeric", None),
    "double": ("0.1::float8", "0.1"),
    "whole double": ("5::float8", "5"),
    "small double": ("1e-7::float8", "1e-07"),
    "no number": ("'NaN'::float8", None),
    "infinite": ("'Infinity'::float8", "Infinity"),
    "true": ("true", "true"),
    "day": ("date '2024-03-05'", "2024-03-05"),
    "no day": ("'infinity'::date", "infinity"),
    "moment": ("timestamp '2024-03-05 08:09:10'", "2024-03-05 08:09:10"),
    "midnight": ("timestamp '2024-03-05 00:00:00'", "2024-03-05"),
    "zoned": ("timestamptz '2024-03-05 08:00+08'", "2024-03-05"),
    "time": ("time '08:30'", "08:30:00"),
    "array": ("array[1,2]", "{1,2}"),
    "json": ("""'{"a":1}'::json""", '{"a":1}'),
    "null": ("null::text", None),
    "blank": ("''::text", ""),
}  # fmt: skip


@server
def test_every_type_comes_as_a_person_would_write_it(own: Any, session: Session) -> None:
    cells = ", ".join(f'{value} AS "{name}"' for name, (value, _) in KINDS.items())
    own.execute(f"SET TimeZone = 'Asia/Tokyo'; CREATE TABLE kinds AS SELECT {cells}")
    raw = opened(own, session, table("kinds", *(column(name) for name in KINDS)))["kinds"]
    [found] = rows(raw, session)
    assert dict(zip(KINDS, found[2:], strict=True)) == {name: text for name, (_, text) in KINDS.items()}
    assert (found[:2], raw.file, raw.problems) == ((1, None), "public.kinds", [])


@server
def test_rows_are_numbered_in_the_order_of_the_key_whatever_their_place(own: Any, session: Session) -> None:
    own.execute("""
        CREATE TABLE labs (crp text, id integer, extra text);
        INSERT INTO labs VALUES ('9', 10, 'x'), ('<5', 2, 'x'), ('8', NULL, 'x'), ('7', 2, 'x'), ('Ä', 1, 'x');
    """)
    labs = table("labs", column("id"), column("crp"), column("gone", optional=True))
    expected = [
        (1, None, "1", "Ä"),
        (2, None, "2", "7"),
        (3, None, "2", "<5"),
        (4, None, "10", "9"),
        (5, None, None, "8"),
    ]
    assert rows(opened(own, session, labs)["labs"], session) == expected
    own.execute("UPDATE labs SET crp = crp WHERE id = 1")
    raw = opened(own, session, labs)["labs"]
    assert (rows(raw, session), raw.rows, raw.refused, raw.left_out) == (expected, 5, 0, 0)
    assert [(p.kind, p.column) for p in raw.problems] == [("unexpected column", "extra")]


@server
def test_many_rows_come_in_several_parts(own: Any, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BATCH", 400)
    own.execute("CREATE TABLE labs AS SELECT n AS id, n * 2 AS crp FROM generate_series(1000, 1, -1) n")
    raw = opened(own, session, table("labs", column("id"), column("crp")))["labs"]
    assert rows(raw, session) == [(n, None, str(n), str(2 * n)) for n in range(1, 1001)]


@server
def test_tables_are_found_by_schema_view_and_file_name(own: Any, session: Session) -> None:
    own.execute("""
        CREATE SCHEMA crf;
        CREATE TABLE crf."Labs" (id text, crp text); INSERT INTO crf."Labs" VALUES ('P1', '5'), ('Total', '5');
        CREATE VIEW lab_view AS SELECT * FROM crf."Labs";
        CREATE TABLE crf.empty (id text);
        CREATE TABLE strange (other text);
    """)
    crp = column("crp")
    named = formatted(column("id"), crp, file="labs.csv", database="crf.Labs", left_out={"id": ("total",)})
    found = opened(own, session, named)["t"]
    assert (rows(found, session), found.file, found.left_out) == ([(1, None, "P1", "5")], "crf.Labs", 1)
    assert len(rows(opened(own, session, table("lab_view", column("id"), crp))["lab_view"], session)) == 2
    empty = opened(own, session, formatted(column("id"), file="t.csv", database="crf.empty"))["t"]
    assert (empty.present, rows(empty, session)) == (True, [])
    for name, said in (
        ("lab_vew", "has no table or view 'lab_vew'. It has lab_view."),
        ("strange", "none of the decl"),
    ):
        absent = opened(own, session, table(name, column("id"), crp))[name]
        assert not absent.present
        assert said in absent.problems[0].message


@server
def test_a_table_that_fails_leaves_the_others_readable(own: Any, session: Session) -> None:
    own.execute("""
        CREATE VIEW bad AS SELECT 1 / (length(id) - 2) AS id FROM patients;
        CREATE TABLE good (id text); INSERT INTO good VALUES ('1');
        CREATE TABLE secret (id text); DROP ROLE IF EXISTS prelock_reader;
        CREATE ROLE prelock_reader LOGIN PASSWORD 'x'; GRANT SELECT ON patients, bad, good TO prelock_reader;
    """)
    tables = [table(name, column("id")) for name in ("bad", "good", "secret")]
    found = open_data(study(PATIENTS, *tables), url_of(own, user="prelock_reader", password="x"), session)
    assert {name: raw.present for name, raw in found.items()} == {
        "patients": True, "bad": False, "good": True, "secret": False,
    }  # fmt: skip
    assert "does not let this user read" in found["secret"].problems[0].message
    own.execute("DROP OWNED BY prelock_reader; DROP ROLE prelock_reader")


@server
def test_all_tables_stand_as_at_one_moment(own: Any, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    own.execute("CREATE TABLE labs (id text); INSERT INTO labs VALUES ('L1')")
    read = database._read

    def then_write(connection: Any, declared: Any, opened: Session) -> Any:
        found = read(connection, declared, opened)
        own.execute("DELETE FROM labs; INSERT INTO labs VALUES ('L2'), ('L3')")
        return found

    monkeypatch.setattr(database, "_read", then_write)
    assert rows(opened(own, session, table("labs", column("id")))["labs"], session) == [(1, None, "L1")]


@server
def test_nothing_can_be_written(own: Any) -> None:
    """A function behind a view, run with the reader's own rights, can change nothing."""
    own.execute("""
        CREATE TABLE log (at text);
        CREATE FUNCTION noted() RETURNS text LANGUAGE sql AS $$ INSERT INTO log VALUES ('read') RETURNING at $$;
        CREATE VIEW spy AS SELECT noted() AS id;
    """)
    with Session() as session:
        assert not opened(own, session, table("spy", column("id")))["spy"].present
    assert own.execute("SELECT count(*) FROM log").fetchone() == (0,)


@server
def test_a_lost_connection_is_a_data_error(own: Any, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BATCH", 10)
    own.execute("CREATE TABLE labs AS SELECT n AS id FROM generate_series(1, 100000) n")
    store = database._store

    def cut(batches: Any, *rest: Any) -> int:
        own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'prelock'")
        return store(batches, *rest)

    monkeypatch.setattr(database, "_store", cut)
    with pytest.raises(DataError, match=r"The connection to the database prelock_\d+ on 127.0.0.1 was lost") as caught:
        opened(own, session, table("labs", column("id")))
    assert caught.value.exit_code == 3
    assert caught.value.__suppress_context__


@server
@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"password": "S3cret"}, "the server refused the user or the password"),
        ({"dbname": "nowhere"}, "it has no such database or user"),
        ({"port": "1"}, "no server answers there"),
        ({"host": "nowhere.invalid"}, "there is no such host"),
    ],
)
def test_why_there_is_no_connection(own: Any, session: Session, other: dict[str, str], reason: str) -> None:
    with pytest.raises(DataError) as caught:
        open_data(study(PATIENTS), url_of(own, **other), session)
    shown = str(caught.value)
    assert shown.endswith(f": {reason}.")
    assert "S3cret" not in shown


WRONG = [
    "postgresql://doctor:S3c@ret@host/db",
    "postgresql://doctor:S3c/ret@host/db",
    "postgresql://doctor:S3c%zzret@host/db",
    "postgresql://host/db?pasword=S3cret",
    "mysql://doctor:S3cret@host/db",
]


@pytest.mark.parametrize("url", WRONG)
def test_a_url_that_cannot_be_read_is_a_call_error_without_its_password(
    url: str, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CallError) as caught:
        open_data(study(PATIENTS), url, session)
    for text in (str(caught.value), repr(caught.value), caplog.text):
        assert "S3c" not in text
        assert "ret@" not in text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_an_address_shows_no_password() -> None:
    address = Address.of("postgresql://doctor:S3cret@db.hospital.org:5433/trial?sslmode=require")
    assert f"{address} {address!r}".count("S3cret") == 0
    assert str(address) == "the database trial on db.hospital.org"
