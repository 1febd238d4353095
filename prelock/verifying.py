"""Whether a lock is still what it was: its manifest, files, rules, data, record and signatures; and evaluated again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from prelock.app import load
from prelock.errors import PrelockError
from prelock.lock.canonical import file_digest
from prelock.lock.history import LOCKED, UNLOCKED, History
from prelock.lock.intact import Inspection, inspect
from prelock.lock.manifest import NAME, files_beneath, read_manifest
from prelock.lock.signing import NAME as SIGNATURES
from prelock.lock.signing import read_signatures
from prelock.locking import write_listings
from prelock.run import Run
from prelock.standing import with_record


@dataclass(frozen=True)
class Checked:
    """One thing that was verified: `what`, whether it is as it was, and a sentence. A notice is good and says more."""

    what: str
    good: bool
    text: str


@dataclass(frozen=True)
class Places:
    """Where study, data and record lie now (None: where the manifest says), and the public keys that are trusted."""

    study: Path | None = None
    data: Path | None = None
    record: Path | None = None
    keys: tuple[str, ...] = ()


def verify(folder: Path, places: Places, rerun: bool = False, threads: int | None = None) -> list[Checked]:
    """Everything that was verified, in a fixed order. ManifestError where the folder holds no lock or a changed one."""
    body, digest = read_manifest(folder)
    study, data, record = (
        given or folder / body["run"][name]
        for name, given in (("study", places.study), ("data", places.data), ("record", places.record))
    )
    inspected = _inspected(record)
    found = [Checked("manifest", True, f"{NAME} is whole ({digest[:16]})")]
    found += _outputs(folder, body)
    found += _files("rules", study, [*body["rules"], *body["waivers"]], _strangers(study))
    found += _files("data", data, body["data"])
    found += _record(inspected, record, digest, body)
    found += _signatures(folder, digest, places.keys)
    if rerun and all(checked.good for checked in found):
        found += _again(folder, body, study, data, inspected, digest, threads)
    elif rerun:
        found.append(Checked("rerun", False, "not evaluated again, since something above is not as it was"))
    return found


def _outputs(folder: Path, body: Mapping[str, Any]) -> Iterator[Checked]:
    known = {file["file"] for file in body["outputs"]} | {NAME, SIGNATURES}
    yield from _files("outputs", folder, body["outputs"], lambda: sorted(set(files_beneath(folder)) - known))


def _strangers(study: Path) -> Callable[[], list[str]]:
    """YAML files of the study; one that the manifest does not list would be read too."""
    return lambda: sorted(path.name for path in study.glob("*.yaml"))


def _files(
    what: str, folder: Path, listed: Iterable[Mapping[str, Any]], there: Callable[[], Iterable[str]] = lambda: ()
) -> Iterator[Checked]:
    """Every listed file by its digest, and files that are there and not listed."""
    files = {file["file"]: file["sha256"] for file in listed}
    wrong = [text for name, sha in files.items() if (text := _differs(folder / name, name, sha))]
    wrong += [f"{name} is not in the manifest" for name in there() if name not in files]
    if wrong:
        yield from (Checked(what, False, text) for text in wrong)
    else:
        yield Checked(what, True, f"{len(files)} files as they were")


def _differs(path: Path, name: str, sha256: str) -> str:
    try:
        return "" if file_digest(path) == sha256 else f"{name} was changed"
    except OSError as error:
        return f"{name} can't be read: {error.strerror}"


def _inspected(record: Path) -> Inspection:
    try:
        return inspect(record)
    except PrelockError as error:
        return Inspection((str(error),), (), ())


def _record(found: Inspection, path: Path, digest: str, body: Mapping[str, Any]) -> Iterator[Checked]:
    """The record is whole, and holds this lock after the entries that the manifest names."""
    yield from (Checked("record", False, problem) for problem in found.problems)
    yield from (Checked("record", True, notice) for notice in found.notices)
    if found.problems:
        return
    before, entries = body["record"], found.entries
    if before["entries"] and (
        len(entries) < before["entries"] or entries[before["entries"] - 1].hash != before["head"]
    ):
        yield Checked("record", False, "it is not the record that this lock was entered in")
    made = [entry for entry in entries if entry.what == LOCKED and entry.body["manifest"] == digest]
    if not made:
        yield Checked("record", False, "this lock is not in the record: it was stopped before it was entered")
        return
    yield Checked("record", True, f"{len(entries)} entries as they were; {made[-1].who} locked on {made[-1].at}")
    for entry in entries[made[-1].number :]:
        if entry.what == UNLOCKED and entry.body["manifest"] == digest:
            yield Checked("record", True, f"lifted by {entry.who} on {entry.at}: {entry.why}")


def _signatures(folder: Path, digest: str, keys: tuple[str, ...]) -> Iterator[Checked]:
    signatures = read_signatures(folder)
    if signatures is None:
        yield Checked("signatures", False, f"{SIGNATURES} was changed")
        return
    for one in signatures:
        good = one.holds() and one.manifest == digest
        who = f"{one.name} ({one.meaning}, {one.at})"
        if not good:
            yield Checked("signatures", False, f"{who} did not sign this")
        elif keys and one.key not in keys:
            yield Checked("signatures", False, f"{who} signed with a key that is not among those trusted")
        else:
            trust = "" if keys else f"; whether the key {one.key[:16]} is theirs was not asked (--key)"
            yield Checked("signatures", True, f"{who} signed{trust}")
    if keys and not signatures:
        yield Checked("signatures", False, "nobody signed")


def _again(
    folder: Path, body: Mapping[str, Any], study: Path, data: Path, record: Inspection, digest: str, threads: int | None
) -> Iterator[Checked]:
    """Evaluate again, and compare every byte of every output."""
    with tempfile.TemporaryDirectory(prefix="prelock-") as name:
        new = Path(name)
        with load(study).check(data, threads=threads, as_of=date.fromisoformat(body["as_of"])) as run:
            run.fill(new, body["formats"], locked=True)
            _listings(new, run, record, digest)
        wrong = [f["file"] for f in body["outputs"] if _differs(new / f["file"], f["file"], f["sha256"])]
    if wrong:
        yield Checked("rerun", False, f"evaluated again, these differ: {', '.join(wrong)}")
    else:
        yield Checked("rerun", True, f"evaluated again, {len(body['outputs'])} files are the same byte for byte")


def _listings(folder: Path, run: Run, record: Inspection, digest: str) -> None:
    """`blockers.csv` and `queries.csv` as the record stood when the lock was made."""
    made = next(e for e in reversed(record.entries) if e.what == LOCKED and e.body["manifest"] == digest)
    history = History.of(record.entries[: made.number - 1])
    verdict = with_record(run.lock(), run.study.gate, history, (), made.body["inputs"], run.as_of)
    write_listings(folder, run, verdict, history)
