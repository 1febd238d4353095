"""Nothing is half, lost or changed unseen: stopped runs, a full disk, flipped bytes, many processes at once."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from prelock.errors import PrelockError
from prelock.lock.history import History
from prelock.lock.intact import inspect
from prelock.lock.record import Record
from prelock.reports.query_sheet import COLUMNS
from prelock.verifying import Places, verify

ROOT = Path(__file__).parents[2]
Prelock = Callable[..., Any]
unix = pytest.mark.skipif(sys.platform == "win32", reason="no signals and limits as on Unix")


@unix
@pytest.mark.slow
def test_thirty_runs_killed_at_random_moments_leave_nothing_half() -> None:
    command = [sys.executable, "-m", "benchmarks.kill", "--times", "30", "--seed", "7"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "30 attempts" in ended.stdout
    assert "'killed'" in ended.stdout


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


STOPPED = """
import os, signal, sys
import prelock.cli
from prelock.reports import writers
def stop(report, folder):
    (folder / "report.html").write_text("half a page")
    os.kill(os.getpid(), signal.{signal})
writers.WRITERS[".html"] = stop
prelock.cli.main()
"""
FULL = """
import resource
import prelock.cli
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
prelock.cli.main()
"""


def spoilt(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


@unix
@pytest.mark.parametrize(
    ("code", "returncode", "told"),
    [
        (STOPPED.format(signal="SIGTERM"), 143, "Stopped."),
        (STOPPED.format(signal="SIGINT"), 130, "Stopped."),
        (FULL, 2, "can't be written"),
    ],
    ids=["SIGTERM", "SIGINT", "full disk"],
)
def test_a_run_that_is_stopped_leaves_the_former_report_and_the_record(
    prelock: Prelock, place, code: str, returncode: int, told: str
) -> None:
    lock = ("lock", place.study, "--data", place.data, "--out", place.out)
    assert prelock(*lock).returncode == 0
    entered, before = Record(place.folder / "study.record.sqlite").entries(), contents(place.out)
    ended = spoilt(code, *lock)
    assert (ended.returncode, told in ended.stderr) == (returncode, True), ended.stderr
    assert "Traceback" not in ended.stderr
    assert contents(place.out) == before
    assert Record(place.folder / "study.record.sqlite").entries() == entered
    assert inspect(place.folder / "study.record.sqlite").problems == ()
    assert not list(place.folder.glob(".out-*"))
    assert prelock(*lock).returncode == 0
    assert prelock("verify", place.out).returncode == 0


# ---- flipped bytes --------------------------------------------------------------------------------------------------
def flips(files: list[Path], times: int, draw: random.Random) -> Iterator[tuple[Path, int]]:
    """Flip one bit of one byte at a time, and put it back; which file, and where."""
    held = {path: path.read_bytes() for path in files}
    places = [(path, place) for path, data in held.items() for place in range(len(data))]
    for path, place in draw.sample(places, min(times, len(places))):
        data = held[path]
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << draw.randrange(8))]) + data[place + 1 :])
        yield path, place
        for other, data in held.items():
            other.write_bytes(data)
            for left in other.parent.glob(f"{other.name}-*"):
                left.unlink()


def intact(folder: Path) -> bool:
    try:
        return all(checked.good for checked in verify(folder, Places()))
    except PrelockError:
        return False


@pytest.mark.slow
def test_a_byte_flipped_at_any_of_a_thousand_places_is_seen(prelock: Prelock, place) -> None:
    assert prelock("lock", place.study, "--data", place.data, "--out", place.out).returncode == 0
    assert intact(place.out)
    record = place.folder / "study.record.sqlite"
    outputs = [path for path in place.out.iterdir() if path.name != "manifest.json"]
    groups = [
        [place.out / "manifest.json"],
        sorted(place.data.iterdir()),
        sorted(place.study.iterdir()),
        sorted(outputs),
        [record, record.with_name(f"{record.name}.seal")],
    ]
    draw, tried = random.Random(11), 0
    for files in groups:
        for path, where in flips(files, 210, draw):
            assert not intact(place.out), (path.name, where)
            tried += 1
    assert tried >= 1000
    assert intact(place.out)


# ---- another machine ------------------------------------------------------------------------------------------------
def test_the_same_lock_elsewhere_gives_the_same_manifest(process: Prelock, place) -> None:
    other = place.folder / "another" / "place"
    for name in ("study", "data"):
        shutil.copytree(place.folder / name, other / name)
    settings = [
        (place.folder, "1", {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
        (other, "3", {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"}),
    ]
    bodies = []
    for folder, threads, environment in settings:
        arguments = ("--out", folder / "out", "--as-of", "2025-03-01", "--threads", threads, "--who", environment["TZ"])
        result = process("lock", folder / "study", "--data", folder / "data", *arguments, **environment)
        assert result.returncode == 0, result.stderr
        bodies.append(json.loads((folder / "out" / "manifest.json").read_bytes())["manifest"])
    assert bodies[0].pop("run") != bodies[1].pop("run")
    assert bodies[0] == bodies[1]


# ---- at once --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_eight_processes_locking_and_importing_at_once_lose_nothing(prelock: Prelock, place) -> None:
    for n in range(4):
        place.change("events.csv", "E3,P2,headache", f"X{n},P2,cough,2024-02-0{n + 3}\nE3,P2,headache")
    lock = ("lock", place.study, "--data", place.data, "--as-of", "2025-03-01")
    assert prelock(*lock, "--out", place.out).returncode == 0
    record = Record(place.folder / "study.record.sqlite")
    queries = sorted(History.of(record.entries()).queries)[:4]
    commands: list[tuple[object, ...]] = []
    for n, query in enumerate(queries):
        sheet = place.folder / f"sheet{n}.xlsx"
        prelock("queries", "export", place.study, sheet)
        book = load_workbook(sheet)
        for row in book["queries"].iter_rows(min_row=2):
            if row[0].value == query:
                row[COLUMNS.index("answer")].value = f"answer {n}"
        book.save(sheet)
        commands.append(("queries", "import", place.study, sheet, "--who", f"importer {n}"))
        commands.append((*lock, "--out", place.folder / f"out{n}", "--who", f"locker {n}"))
    before = len(record.entries())
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-m", "prelock", *map(str, command)], env=environment, stdout=subprocess.PIPE)
        for command in commands
    ]
    for process in running:
        process.communicate()
    assert [process.returncode for process in running] == [0] * 8
    entries = record.entries()[before:]
    made = sorted((entry.what, entry.who) for entry in entries)
    assert made == sorted(
        [(what, f"locker {n}") for n in range(4) for what in ("run", "locked")]
        + [("queries", f"importer {n}") for n in range(4)]
    )
    after = History.of(record.entries()).queries
    assert [(after[query].state, after[query].comment) for query in queries] == [
        ("answered", f"answer {n}") for n in range(4)
    ]
    assert inspect(record.path).problems == ()
    for n in range(4):
        assert prelock("verify", place.folder / f"out{n}").returncode == 0
