"""How the database of a run is set up."""

from __future__ import annotations

from prelock.engine.session import Session

SETTING = "SELECT current_setting('{}')"


def setting(session: Session, name: str) -> str:
    return str(session.rows(SETTING.format(name))[0][0])


def test_the_optimizer_that_writes_layers_out_is_off_and_no_other() -> None:
    with Session() as session:
        known = {name for (name,) in session.rows("SELECT name FROM duckdb_optimizers()")}
        assert "partial_aggregate_pushdown" in known, "DuckDB has changed: see decision 24"
        assert setting(session, "disabled_optimizers") == "partial_aggregate_pushdown"


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
