"""How the database of a run is set up."""

from __future__ import annotations

import duckdb
import pytest

from prelock.engine.session import OFF, Session
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
