"""How the database of a run is set up."""

from __future__ import annotations

import duckdb
import pytest

from prelock.engine import sql
from prelock.engine.session import OFF, Session
from prelock.engine.sql.tables import Stored
from prelock.errors import CallError

SETTING = "SELECT current_setting('{}')"


def setting(session: Session, name: str) -> str:
    return str(session.rows(SETTING.format(name))[0][0])


def test_the_optimizers_that_cost_more_than_they_gain_are_off_and_no_other() -> None:
    with Session() as session:
        known = {name for (name,) in session.rows("SELECT name FROM duckdb_optimizers()")}
        assert known.issuperset(OFF), "DuckDB has changed: see decision 24"
        assert set(setting(session, "disabled_optimizers").split(",")) == set(OFF)


def test_small_tables_are_worked_through_on_one_core() -> None:
    with Session(threads=2) as session:
        assert setting(session, "threads") == "2"
        session.as_written()
        assert setting(session, "threads") == "1"


def test_nothing_of_a_session_stays_on_disk() -> None:
    with Session() as session:
        folder = session._folder
        assert folder.is_dir()
    assert not folder.exists()


def stored(session: Session) -> set[str]:
    return {name for (name,) in session.rows("SELECT table_name FROM duckdb_tables()")}


def test_a_stored_table_is_dropped_once_nothing_reads_it() -> None:
    with Session() as session:
        rows = session.materialise(session.store("SELECT 1 AS n", "source"))
        kept = rows.mutate(twice=rows["n"] * 2).filter(rows["n"] > 0)
        name = rows.get_name()
        del rows
        session.store("SELECT 2 AS n", "another")
        assert stored(session) == {"source", "another", name}
        assert session.rows(kept) == [(1, 2)]
        del kept
        session.store("SELECT 3 AS n", "a third")
        assert stored(session) == {"source", "another", "a third"}


def test_what_a_view_is_made_of_is_kept_with_it() -> None:
    with Session() as session:
        rows = session.materialise(session.store("SELECT 1 AS n", "source"))
        seen = sql.Table(rows.types, Stored(session.view(session.sql(rows)).get_name(), rows))
        del rows
        session.store("SELECT 2 AS n", "another")
        assert session.rows(seen) == [(1,)]


def test_where_memory_is_short_tables_lie_in_a_file_and_go_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "_batches", lambda self, rows: 2)
    with Session() as session:
        patients = session.store("SELECT 'P' || range AS patient FROM range(9)", "patients")
        session.make_ready(patients, 9)
        assert len(session.batches) == 2
        by_patient = session.by_patient(patients)
        counted = session.materialise(by_patient.group_by("patient").aggregate(n=by_patient.count()))
        where = "SELECT database_name FROM duckdb_tables() WHERE table_name = '{}'"
        assert session.rows(where.format(counted.get_name())) == [("stored",)]
        assert session.scalars(counted, n=counted["n"].sum()) == {"n": 9}
        name, held = counted.get_name(), [counted]
        held.append(held)  # as tables that hold each other do
        del counted, held
        session.forget()
        assert name not in stored(session)
        folder = session._folder
    assert not folder.exists()


def test_the_room_of_what_is_dropped_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "_batches", lambda self, rows: 2)
    with Session(threads=1) as session:
        patients = session.store("SELECT 'P' || range AS patient FROM range(100_000)", "patients")
        session.make_ready(patients, 100_000)
        file, sizes = session._folder / "stored.db", []
        for number in range(6):
            told = patients.select("patient", digest=(patients["patient"] + str(number)).sha256())
            session.materialise(told)
            del told
            session.forget()
            sizes.append(file.stat().st_size)
        assert max(sizes) <= 2 * sizes[1]


def test_memory_that_does_not_suffice_is_said() -> None:
    session = Session(memory="20MB")
    session.run("SET max_temp_directory_size = '1MB'")
    with pytest.raises(CallError, match="Give more with --memory, or more room"), session:
        session.store("SELECT range AS n, repeat('x', 90) || range AS t FROM range(2000000) ORDER BY t")


@pytest.mark.parametrize(
    "error",
    [
        duckdb.TransactionException("TransactionContext Error: Failed to commit: could not allocate a block"),
        duckdb.IOException("IO Error: Could not write to file: No space left on device"),
    ],
)
def test_so_is_a_disk_that_is_full(error: duckdb.Error) -> None:
    with pytest.raises(CallError, match="more room in the system's folder"), Session():
        raise error


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(duckdb.BinderException), Session() as session:
        session.run("SELECT nothing")
