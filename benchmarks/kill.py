"""Kill locks and checks at random moments, and see that nothing is half: `python -m benchmarks.kill --times 200`.

Each time a small study is locked, or checked, in a process of its own that is killed with SIGKILL. Then the record must
verify, the results must be those of the former run or of the new one, whole, and the next run must complete.
Half of the moments are drawn from the whole run, half from the time in which results and record are written.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

STUDY = """\
study: To be killed
version: 1.0.0
language: 1
patient: people.id
tables:
  people:
    file: people.csv
    one row for each: id
    columns: {age: {type: whole number, plausible: 0 to 60}}
eligibility:
  include: {adult: {text: Adult, rule: age >= 18}}
"""
WRITING = b"w"
ALIKE = "people.csv"


def data(folder: Path, version: int) -> None:
    """Data of which every version gives other results."""
    rows = "".join(f"{n},{20 + (n * version) % 50}\n" for n in range(1, 40))
    (folder / ALIKE).write_text(f"id,age\n{rows}", encoding="utf-8")


def work(folder: Path, what: str, told: int = -1) -> None:
    """One lock or one entered check of the study in `folder`; a byte is written to `told` before results are."""
    import prelock
    from prelock.lock.record import Record
    from prelock.locking import Asked, enter, lock

    record = Record(folder / "study.record.sqlite")
    with prelock.load(folder / "study").check(folder / "data", threads=1) as run:
        assert run.summary["patients"] == 39
        if told >= 0:
            os.write(told, WRITING)
        if what == "lock":
            lock(run, record, Asked(folder / "lock", "soft", "killer"))
        else:
            enter(run, record, "killer")
            run.write(folder / "check")


def _started(folder: Path, what: str, told: int) -> int:
    """The number of a new process that does the work."""
    child = os.fork()
    if child == 0:
        try:
            work(folder, what, told)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    return child


def killed(folder: Path, what: str, moment: float, from_writing: bool) -> str:
    """Start the work in a process of its own and kill it `moment` seconds after it began, or began to write."""
    reading, writing = os.pipe()
    child = _started(folder, what, writing)
    os.close(writing)
    if from_writing:
        select.select([reading], [], [], 60)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(reading)
    return "killed" if os.WIFSIGNALED(status) else "ended before"


def whole(folder: Path) -> str:
    """What is wrong with the record and the results; empty if nothing is."""
    from prelock.lock.intact import inspect

    record = folder / "study.record.sqlite"
    if record.exists() and (problems := inspect(record).problems):
        return f"record: {problems}"
    for name in ("lock", "check"):
        out = folder / name
        if out.exists() and (wrong := _mixed(out)):
            return f"{name}: {wrong}"
    return ""


def _mixed(out: Path) -> str:
    """All files of a folder come from one run: as many patients of each status in the table as in the summary."""
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    lines = (out / "eligibility.csv").read_text(encoding="utf-8").splitlines()[1:]
    counted = Counter(line.split(",")[1] for line in lines)
    if {status: counted[status] for status in told["eligibility"]} != told["eligibility"]:
        return "eligibility.csv and summary.json come from different runs"
    findings = (out / "findings.csv").read_text(encoding="utf-8").count("\n") - 1
    if findings != sum(told["findings"][severity] for severity in ("error", "warning", "note")):
        return "findings.csv and summary.json come from different runs"
    if (out / "manifest.json").exists():
        from prelock.lock.manifest import listed, read_manifest

        body, _ = read_manifest(out)
        if body["outputs"] != listed(out, [file["file"] for file in body["outputs"]]):
            return "the manifest lists other files"
    return ""


def attempts(folder: Path, times: int, seed: int, say: Callable[[str], None] = lambda text: None) -> Counter[str]:
    """Kill `times` runs, not counting those that ended first; what happened. AssertionError where something is half."""
    draw = random.Random(seed)
    for name in ("study", "data"):
        (folder / name).mkdir()
    (folder / "study" / "study.yaml").write_text(STUDY, encoding="utf-8")
    data(folder / "data", 0)
    _warm()
    longest = {(what, late): lasted for what in ("lock", "check") for late, lasted in enumerate(_lasts(folder, what))}
    happened: Counter[str] = Counter()
    while happened["killed"] < times:
        number = happened.total() + 1
        what, late = draw.choice(["lock", "check"]), draw.random() < 0.5
        _lift(folder)
        data(folder / "data", number)
        end = killed(folder, what, draw.uniform(0, longest[what, late]), late)
        happened[end] += 1
        if end != "killed":  # the machine has become faster than when the run was timed
            longest[what, late] *= 0.9
        wrong = whole(folder)
        assert not wrong, f"attempt {number} ({what}): {wrong}"
        if number % 10 == 0:
            _lift(folder)
            _lasts(folder, what)
            assert not whole(folder)
            left = [path.name for path in folder.iterdir() if path.name.startswith(f".{what}-")]
            assert not left, left
            say(f"{happened['killed']} of {times}, after {number} attempts")
    return happened


def _lasts(folder: Path, what: str) -> tuple[float, float]:
    """Let the work be done to its end; how long it lasts, whole and from when it begins to write, in seconds.

    In a process of its own too: a child of one that has threads may hang.
    """
    reading, writing = os.pipe()
    begun = time.perf_counter()
    child = _started(folder, what, writing)
    os.read(reading, 1)
    late = time.perf_counter()
    _, status = os.waitpid(child, 0)
    assert status == 0, "the next run did not complete"
    ended = time.perf_counter()
    os.close(reading)
    os.close(writing)
    return ended - begun, ended - late


def _lift(folder: Path) -> None:
    """Every version of the data may be locked: a soft lock of the former one is lifted."""
    from prelock.lock.history import History
    from prelock.lock.record import Record
    from prelock.locking import unlock

    record = Record(folder / "study.record.sqlite")
    if History.of(record.entries()).lock is not None:
        unlock(record, "killer", "the next version")


def _warm() -> None:
    """Import what the work needs, so that a child begins at once; nothing is opened."""
    import prelock.locking
    import prelock.reports.writers
    import prelock.schemas
    import prelock.validators  # noqa: F401


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        happened = attempts(Path(folder), given.times, given.seed, lambda text: print(text, file=sys.stderr))
    print(f"{given.times} attempts: {dict(happened)}; nothing was left half")


if __name__ == "__main__":
    main()
