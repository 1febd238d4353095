"""The lock: a run entered in the record, held against it, and if nothing blocks written with a manifest."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from prelock.errors import CallError
from prelock.itemise import waived
from prelock.lock.gate import Verdict
from prelock.lock.history import LOCKED, REFUSED, RUN, UNLOCKED, History
from prelock.lock.manifest import FORMAT, NAME, files_beneath, listed, manifest_bytes, read_manifest
from prelock.lock.record import Record, Writing
from prelock.reports.listing_file import BLOCKERS, QUERIES, write_listing
from prelock.reports.writers import write_folder
from prelock.run import Run
from prelock.seen import found, unchecked
from prelock.standing import with_record
from prelock.version import __version__

LIBRARIES = ("duckdb", "pandas", "pandera", "polars", "pyarrow")
WAIVERS = "waivers.yaml"


@dataclass(frozen=True)
class Asked:
    """What is asked of a lock: where results go, of which `kind` it is (soft or hard), who asks and why, and which
    further formats are written."""

    out: Path
    kind: str
    who: str
    why: str = ""
    formats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The verdict, and the digest of the manifest where the lock was made, else empty."""

    verdict: Verdict
    manifest: str = ""


def record_path(study: Path) -> Path:
    """Where the record of a study lies: beside its folder."""
    folder = study.resolve()
    return folder.with_name(f"{folder.name}.record.sqlite")


def enter(run: Run, record: Record, who: str, why: str = "") -> History:
    """Enter a run in the record: its queries go on from there."""
    with record.writing() as writing:
        history = History.of(writing.entries)
        refuse_hard_locked(history)
        return _enter(run, writing, history, who, why)


def lock(run: Run, record: Record, asked: Asked) -> Outcome:
    """Lock, or say what blocks. The record is held until the results are in place: no other run slips between."""
    with record.writing() as writing:
        head = {"entries": len(writing.entries), "head": writing.head}
        history = History.of(writing.entries)
        refuse_hard_locked(history)
        inputs = _inputs(run)
        standing = history.lock
        _enter(run, writing, history, asked.who, asked.why)
        history.lock = standing
        kept = waived(run.waivers)
        verdict = with_record(run.lock(), run.study.gate, history, kept, inputs, run.as_of)
        if not verdict.ready:
            _write_refused(run, asked, verdict, history)
            told = [{"rule": b.rule, "count": b.count, "text": b.text} for b in verdict.blockers]
            writing.append(REFUSED, asked.who, asked.why, {"kind": asked.kind, "blockers": told})
            return Outcome(verdict)
        digest = _write(run, asked, verdict, history, {"inputs": inputs, "record": head, "path": record.path})
        body = {"kind": asked.kind, "manifest": digest, "inputs": inputs}
        writing.append(LOCKED, asked.who, asked.why, body)
        return Outcome(verdict, digest)


def unlock(record: Record, who: str, why: str) -> None:
    """Lift the lock in force. CallError where there is none, or no reason."""
    if not why.strip():
        raise CallError("Unlocking needs a reason: --why.")
    with record.writing() as writing:
        held = History.of(writing.entries).lock
        if held is None:
            raise CallError("No lock is in force.")
        writing.append(UNLOCKED, who, why, {"kind": held.body["kind"], "manifest": held.body["manifest"]})


def refuse_hard_locked(history: History) -> None:
    """Under a hard lock nothing is entered."""
    if history.hard_locked and history.lock is not None:
        day = history.lock.at[:10]
        raise CallError(f"{history.lock.who} made a hard lock on {day}. `prelock unlock STUDY --why …` lifts it.")


def _enter(run: Run, writing: Writing, history: History, who: str, why: str) -> History:
    if run.record_keys is None:
        raise CallError("A run without its records can't be entered.")
    seen = found(run.results)
    blind = unchecked(run.study, run.results, run.record_keys, history, seen)
    history.take(writing.append(RUN, who, why, history.run_body(seen, blind, run.as_of.isoformat())))
    return history


def _inputs(run: Run) -> dict[str, list[dict[str, Any]]]:
    if run.inputs is None:
        raise CallError("A lock needs the data in a folder of files, which others can check again.")
    rules = listed(Path(run.study.folder), run.study.digests)
    if {file["file"]: file["sha256"] for file in rules} != dict(run.study.digests):
        raise CallError("The rules changed while the run was going on. Nothing was locked; run again.")
    kinds = {"rules": [file for file in rules if file["file"] != WAIVERS]}
    kinds["waivers"] = [file for file in rules if file["file"] == WAIVERS]
    return {"data": run.inputs.files(), **kinds}


def _write_refused(run: Run, asked: Asked, verdict: Verdict, history: History) -> None:
    """The results and what blocks; where a former lock lies in the folder it stays."""
    if (asked.out / NAME).exists():
        return

    def fill(folder: Path) -> None:
        run.fill(folder, asked.formats)
        write_listings(folder, run, verdict, history)

    write_folder(asked.out, fill)


def _write(run: Run, asked: Asked, verdict: Verdict, history: History, went_in: Mapping[str, Any]) -> str:
    """Results, listings and the manifest, put in place in one step; the manifest's digest."""

    def fill(folder: Path) -> None:
        run.fill(folder, asked.formats, locked=True)
        write_listings(folder, run, verdict, history)
        outputs = listed(folder, files_beneath(folder))
        (folder / NAME).write_bytes(manifest_bytes(_manifest(run, asked, outputs, went_in)))

    write_folder(asked.out, fill)
    return read_manifest(asked.out)[1]


def write_listings(folder: Path, run: Run, verdict: Verdict, history: History) -> None:
    """`blockers.csv` and `queries.csv`."""
    blockers = [{"blocker": b.rule, **asdict(item)} for b in verdict.blockers for item in b.items]
    write_listing(folder / "blockers.csv", BLOCKERS, blockers)
    write_listing(folder / "queries.csv", QUERIES, query_rows(run, history))


def query_rows(run: Run, history: History) -> Iterable[dict[str, Any]]:
    """Every query as `queries.csv` has it, in the order of ids."""
    names = {f.finding_id: j.waiver.name for j in run.waivers for f in j.findings if f.finding_id in waived((j,))}
    for number, query in sorted(history.queries.items()):
        yield {**asdict(query), **asdict(query.found), "age": query.age(run.as_of), "waived": names.get(number, "")}


def _manifest(run: Run, asked: Asked, outputs: Any, went_in: Mapping[str, Any]) -> dict[str, Any]:
    summary = run.summary
    checks, found_ = summary["checks"], summary["findings"]
    return {
        "format": FORMAT,
        "study": {key: summary["study"][key] for key in ("title", "version", "data_cutoff")},
        "as_of": run.as_of.isoformat(),
        "kind": asked.kind,
        "verdict": "ready",
        "formats": list(asked.formats),
        **went_in["inputs"],
        "outputs": outputs,
        "counts": {
            "patients": summary["patients"],
            "eligibility": summary["eligibility"],
            "checks": checks,
            "findings": {severity: found_[severity] for severity in ("error", "warning", "note")},
            "waived": summary["waivers"]["waived"],
        },
        "versions": {"prelock": __version__, **{name: version(name) for name in LIBRARIES}},
        "record": went_in["record"],
        "run": {
            "started": run.entries["started"],
            "who": asked.who,
            "why": asked.why,
            "python": platform.python_version(),
            "system": platform.platform(),
            "study": _from(asked.out, Path(run.study.folder)),
            "data": _from(asked.out, run.inputs.folder if run.inputs else Path()),
            "record": _from(asked.out, went_in["path"]),
        },
    }


def _from(out: Path, path: Path) -> str:
    """The way from the lock's folder to another place."""
    try:
        return Path(os.path.relpath(path.resolve(), out.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()
