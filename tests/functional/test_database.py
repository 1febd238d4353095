"""`prelock check` and `explain` on a PostgreSQL database: the same answers, and nowhere the password."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

URL = os.environ.get("PRELOCK_TEST_DATABASE", "")
pytestmark = pytest.mark.skipif(not URL, reason="PRELOCK_TEST_DATABASE names no PostgreSQL server")
PASSWORD = "S3cret of the ward"


@pytest.fixture
def url(place: Any) -> Iterator[str]:
    """A database with the study's tables, and a role that may only read them, whose password the URL holds."""
    name = f"prelock_{os.getpid()}"
    with psycopg.connect(URL, autocommit=True) as keeper:
        keeper.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        keeper.execute(f"CREATE DATABASE {name}")
        keeper.execute(f"DROP ROLE IF EXISTS {name}")
        keeper.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
        with psycopg.connect(URL, dbname=name) as connection:
            for path in place.data.glob("*.csv"):
                text = path.read_text(encoding="utf-8")
                columns = ", ".join(f'"{header}" text' for header in next(csv.reader(StringIO(text))))
                connection.execute(f"CREATE TABLE {path.stem} ({columns})")
                with connection.cursor().copy(f"COPY {path.stem} FROM STDIN (FORMAT csv, HEADER)") as copy:
                    copy.write(text)
            connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
        server = conninfo_to_dict(URL)
        yield f"postgresql://{name}:{PASSWORD.replace(' ', '%20')}@{server['host']}:{server['port']}/{name}"
        keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")
        keeper.execute(f"DROP ROLE {name}")


def hides_the_password(result: Any) -> bool:
    return "S3cret" not in result.stdout + result.stderr


def test_a_database_gives_what_the_files_give_and_no_output_holds_the_password(
    process: Any, place: Any, url: str
) -> None:
    of_files = process("check", place.study, "--data", place.data, "--out", place.folder / "files")
    result = process("check", place.study, "--data", url, "--out", place.out, PRELOCK_DEBUG="1")
    assert (result.returncode, result.stderr) == (of_files.returncode, of_files.stderr)
    for name in ("eligibility", "outcomes", "checks", "completeness_summary"):
        assert (place.out / f"{name}.csv").read_text() == (place.folder / "files" / f"{name}.csv").read_text()
    written = [path for path in place.out.rglob("*") if path.is_file()]
    assert len(written) > 10
    assert all(b"S3cret" not in path.read_bytes() for path in written)
    assert hides_the_password(result)


def test_no_file_of_a_lock_holds_the_password(process: Any, place: Any, url: str) -> None:
    result = process("lock", place.study, "--data", url, "--out", place.out, PRELOCK_DEBUG="1")
    assert result.returncode in (0, 1, 2)
    assert hides_the_password(result)
    written = [path for path in place.folder.rglob("*") if path.is_file()]
    assert all(b"S3cret" not in path.read_bytes() for path in written)


def test_explain_reads_a_database(process: Any, place: Any, url: str) -> None:
    result = process("explain", place.study, "--data", url, "--patient", "P4", "--rule", "no_crp")
    assert result.returncode == 0
    assert "No CRP at baseline" in result.stdout


@pytest.mark.parametrize("debug", ["", "1"])
def test_no_connection_is_exit_code_3_and_no_output_holds_the_password(
    process: Any, place: Any, url: str, debug: str
) -> None:
    wrong = url.replace("%20of", "%20in")
    result = process("check", place.study, "--data", wrong, "--out", place.out, PRELOCK_DEBUG=debug)
    assert result.returncode == 3
    assert "the server refused the user or the password" in result.stderr
    assert hides_the_password(result)


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_url_that_cannot_be_read_is_exit_code_2(process: Any, place: Any, url: str, debug: str) -> None:
    wrong = url.replace("%20of", "@of")
    result = process("check", place.study, "--data", wrong, "--out", place.out, PRELOCK_DEBUG=debug)
    assert result.returncode == 2
    assert "as %40 %3A %2F %3F %23" in result.stderr
    assert hides_the_password(result)


def test_a_patient_table_that_is_not_there_is_exit_code_3(process: Any, place: Any, url: str) -> None:
    place.change("tables.yaml", "file: patients.csv", "file: patient.csv")
    result = process("check", place.study, "--data", url, "--out", place.out)
    assert result.returncode == 3
    assert "The database has no table or view 'patient'. It has patients." in result.stderr
