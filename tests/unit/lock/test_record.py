"""The record: nothing entered is lost or changed unseen, by whichever byte, process or statement."""

from __future__ import annotations

import itertools
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from prelock.errors import CallError, PrelockError
from prelock.lock.canonical import canonical, is_canonical
from prelock.lock.intact import inspect
from prelock.lock.record import FIRST, Record, connect
from prelock.lock.seal import seal_path


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A record with twenty entries of different sizes."""
    record = Record(tmp_path / "record.sqlite")
    for number in range(20):
        with record.writing() as writing:
            writing.append("run", "Ana Ruiz", "", {"n": number, "text": "é男" * number * number})
    return record


def changed_by_sql(record: Record, statement: str) -> None:
    """Run a statement as somebody with a database tool would, the guards taken off."""
    connection = connect(record.path)
    connection.execute("DROP TRIGGER entries_stay")
    connection.execute("DROP TRIGGER entries_last")
    connection.execute(statement)
    connection.close()


def test_entries_follow_from_each_other(record: Record) -> None:
    entries = record.entries()
    assert [entry.number for entry in entries] == list(range(1, 21))
    assert entries[0].previous == FIRST
    assert all(later.previous == entry.hash for entry, later in itertools.pairwise(entries))
    assert inspect(record.path).problems == inspect(record.path).notices == ()


def test_a_hash_that_others_can_work_out(tmp_path: Path) -> None:
    # SHA-256 of the entry as canonical JSON, by sha256sum.
    record = Record(tmp_path / "record.sqlite")
    with record.writing() as writing:
        entry = writing.append("unlock", "Bo", "typing error", {})
    text = f'[1,"{entry.at}","Bo","unlock","typing error",{{}},"{FIRST}"]'
    shown = subprocess.run(["sha256sum"], input=text, capture_output=True, encoding="utf-8", check=True)
    assert entry.hash == shown.stdout.split()[0]


def test_the_database_itself_refuses_to_change_or_delete(record: Record) -> None:
    connection = connect(record.path)
    for statement in ("UPDATE entries SET who = 'x' WHERE number = 3", "DELETE FROM entries WHERE number = 20"):
        with pytest.raises(sqlite3.IntegrityError, match="entries are never"):
            connection.execute(statement)
    connection.close()
    assert inspect(record.path).problems == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE entries SET who = 'Eve' WHERE number = 7", "entry 7 (run, "),
        ("UPDATE entries SET body = '{\"n\":9}' WHERE number = 20", "entry 20 (run, "),
        ("DELETE FROM entries WHERE number = 7", "entry 7 is missing"),
        ("DELETE FROM entries WHERE number > 18", "the last 2 of 20 entries are gone"),
        ("DELETE FROM entries", "the last 20 of 20 entries are gone"),
        ("UPDATE entries SET hash = previous WHERE number = 4", "entry 5 does not follow from entry 4"),
    ],
)
def test_history_edited_with_a_database_tool_is_seen(record: Record, statement: str, told: str) -> None:
    changed_by_sql(record, statement)
    problems = inspect(record.path).problems
    assert any(told in problem for problem in problems), problems
    assert "the file is not built as a record is" in problems


def test_an_entry_with_its_hash_worked_out_anew_breaks_the_chain(record: Record) -> None:
    from dataclasses import replace

    forged = replace(record.entries()[6], who="Eve")
    changed_by_sql(record, f"UPDATE entries SET who = 'Eve', hash = '{forged.expected_hash()}' WHERE number = 7")
    assert "entry 8 does not follow from entry 7" in inspect(record.path).problems


def test_every_flipped_byte_is_seen(record: Record, tmp_path: Path) -> None:
    draw = random.Random(5)
    copy = tmp_path / "copy" / record.path.name
    copy.parent.mkdir()
    for path in (record.path, seal_path(record.path)):
        data = path.read_bytes()
        places = range(len(data)) if len(data) < 250 else draw.sample(range(len(data)), 250)
        for place in places:
            shutil.copy(record.path, copy)
            shutil.copy(seal_path(record.path), seal_path(copy))
            flipped = bytes([data[place] ^ (1 << draw.randrange(8))])
            (copy.parent / path.name).write_bytes(data[:place] + flipped + data[place + 1 :])
            assert inspect(copy).problems, (path.name, place)
            for left in copy.parent.iterdir():
                left.unlink()


def test_a_record_cut_off_before_its_seal_is_whole_and_goes_on(record: Record, tmp_path: Path) -> None:
    older = seal_path(record.path).read_bytes()
    with record.writing() as writing:
        writing.append("run", "Ana Ruiz", "", {})
    seal_path(record.path).write_bytes(older)
    found = inspect(record.path)
    assert found.problems == ()
    assert found.notices == ("entry 21 was cut off before it was sealed; the next entry will seal it",)
    with record.writing() as writing:
        writing.append("run", "Ana Ruiz", "", {})
    assert inspect(record.path).notices == ()
    assert len(record.entries()) == 22


def test_an_error_inside_enters_nothing(record: Record) -> None:
    def enter() -> None:
        with record.writing() as writing:
            writing.append("run", "Ana Ruiz", "", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        enter()
    assert len(record.entries()) == 20
    assert inspect(record.path).problems == ()


def test_who_only_looks_makes_no_record(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.sqlite")
    assert record.entries() == []
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CallError, match="There is no record"):
        inspect(record.path)


def test_a_second_run_waits_and_says_so_when_it_waits_too_long(record: Record) -> None:
    with record.writing() as writing:
        writing.append("run", "Ana Ruiz", "", {})
        with pytest.raises(CallError, match="Another run holds the record"):
            Record(record.path, wait=0).entries()
    assert len(Record(record.path, wait=0).entries()) == 21


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CallError, match="can't be written"), Record(tmp_path / "file" / "record.sqlite").writing():
        pass


def test_a_file_that_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    path.write_bytes(b"patients,age\n" * 500)
    with pytest.raises(PrelockError, match="is damaged"):
        Record(path).entries()
    assert inspect(path).problems


FULL = """
import resource, sys
from pathlib import Path
from prelock.lock.record import Record
record = Record(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
with record.writing() as writing:
    writing.append("run", "Ana Ruiz", "", {"text": "x" * 1_000_000})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
def test_a_full_disk_enters_nothing_and_says_so(record: Record) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FULL, record.path], capture_output=True, encoding="utf-8", check=False
    )
    assert "can't be written" in ended.stderr.splitlines()[-1]
    assert len(record.entries()) == 20
    assert inspect(record.path).problems == ()


MANY = """
import sys
from pathlib import Path
from prelock.lock.record import Record
record = Record(Path(sys.argv[1]))
for n in range(10):
    with record.writing() as writing:
        writing.append("run", sys.argv[2], "", {"n": n})
"""


def test_eight_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    commands = [[sys.executable, "-c", MANY, str(path), f"process {n}"] for n in range(8)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") for command in commands]
    assert [process.communicate()[1] for process in running] == [""] * 8
    entries = Record(path).entries()
    assert {(entry.who, entry.body["n"]) for entry in entries} == {
        (f"process {p}", n) for p in range(8) for n in range(10)
    }
    assert len(entries) == 80
    assert inspect(path).problems == inspect(path).notices == ()


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1.5}', b'{"a":"\\u00e9"}', b"{", b'{"a":1}\n'])
def test_what_is_not_canonical(data: bytes) -> None:
    assert not is_canonical(data)


def test_canonical_json_sorts_and_keeps_letters() -> None:
    assert canonical({"b": [True, None, 3], "a": "é男\n"}) == '{"a":"é男\\n","b":[true,null,3]}'.encode()
    with pytest.raises(TypeError):
        canonical({"a": [0.5]})
