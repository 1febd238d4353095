"""The lock from the command line: what is refused and why, what is written, what is verified, and who may lift it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Prelock = Callable[..., Any]
DAY = ("--as-of", "2025-03-01")


def lock(prelock: Prelock, place, *arguments: object) -> Any:
    return prelock("lock", place.study, "--data", place.data, "--out", place.out, *DAY, *arguments)


def rows(place, name: str) -> list[dict[str, str]]:
    with (place.out / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def queries(prelock: Prelock, place, *arguments: object) -> list[dict[str, Any]]:
    return json.loads(prelock("queries", "list", place.study, "--format", "json", *arguments).stdout)


def history(place) -> list[tuple[str, str]]:
    from prelock.lock.record import Record

    return [(entry.what, entry.who) for entry in Record(place.folder / "study.record.sqlite").entries()]


@pytest.fixture
def locked(prelock: Prelock, place):
    """The small study, softly locked."""
    assert lock(prelock, place, "--who", "Ana Ruiz").returncode == 0
    return place


def test_a_lock_writes_results_and_a_manifest_that_verifies(prelock: Prelock, locked) -> None:
    assert {"manifest.json", "queries.csv", "blockers.csv", "findings.csv", "report.html"} <= {
        path.name for path in locked.out.iterdir()
    }
    shown = prelock("verify", locked.out, "--rerun")
    assert shown.returncode == 0, shown.stdout
    assert "evaluated again, 20 files are the same byte for byte" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "Verified."
    assert history(locked) == [("run", "Ana Ruiz"), ("locked", "Ana Ruiz")]


def test_the_manifest_lists_what_went_in_and_came_out(locked) -> None:
    body = json.loads((locked.out / "manifest.json").read_bytes())["manifest"]
    assert [file["file"] for file in body["data"]] == ["events.csv", "labs.csv", "patients.csv"]
    assert {file["file"] for file in body["rules"]} == {path.name for path in locked.study.iterdir()}
    assert body["waivers"] == []
    for kind, folder in (("data", locked.data), ("rules", locked.study), ("outputs", locked.out)):
        names = " ".join(file["file"] for file in body[kind])
        shown = subprocess.run(["sha256sum", *names.split()], cwd=folder, capture_output=True, text=True, check=True)
        assert [line.split()[0] for line in shown.stdout.splitlines()] == [file["sha256"] for file in body[kind]]
    assert (body["kind"], body["as_of"], body["record"]["entries"]) == ("soft", "2025-03-01", 0)
    assert body["counts"]["eligibility"] == {"eligible": 2, "ineligible": 2, "undetermined": 0}
    assert {"prelock", "duckdb", "polars", "pandera"} <= set(body["versions"])


def test_what_blocks_is_told_by_cell_owner_and_age(prelock: Prelock, place) -> None:
    place.change("patients.csv", ",180", ",tall")
    prelock("check", place.study, "--data", place.data, "--out", place.folder / "checked", "--enter")
    [query] = [query for query in queries(prelock, place) if query["rule"] == "patients.height: type"]
    prelock("queries", "assign", place.study, query["finding_id"], "--to", "Bo")
    result = prelock("lock", place.study, "--data", place.data, "--out", place.out)
    assert result.returncode == 1
    assert "1 finding of severity error" in result.stdout
    assert f"{query['finding_id']} · patients.height: type · P1 patient_id=P1 height · Bo · 0 d" in result.stdout
    [row] = [row for row in rows(place, "blockers.csv") if row["blocker"] == "errors"]
    assert (row["patient"], row["key"], row["column"], row["owner"], row["age"]) == (
        "P1", "patient_id=P1", "height", "Bo", "0",
    )  # fmt: skip
    assert not (place.out / "manifest.json").exists()
    assert [what for what, _ in history(place)] == ["run", "queries", "run", "lock refused"]


def test_a_refused_lock_leaves_a_former_lock_as_it_was(prelock: Prelock, locked) -> None:
    before = {path.name: path.read_bytes() for path in locked.out.iterdir()}
    locked.change("patients.csv", ",180", ",tall")
    assert lock(prelock, locked).returncode == 1
    assert {path.name: path.read_bytes() for path in locked.out.iterdir()} == before


def test_a_check_never_writes_over_a_lock(prelock: Prelock, locked) -> None:
    result = prelock("check", locked.study, "--data", locked.data, "--out", locked.out)
    assert result.returncode == 2
    assert "holds a lock" in result.stderr


def test_under_a_soft_lock_data_and_rules_stay(prelock: Prelock, locked) -> None:
    assert lock(prelock, locked).returncode == 0
    locked.change("patients.csv", ",180", ",181")
    locked.change("eligibility.yaml", "18 and 75", "18 and 74")
    result = lock(prelock, locked)
    assert result.returncode == 1
    assert "eligibility.yaml, patients.csv changed since the soft lock of" in result.stdout
    assert prelock("unlock", locked.study, "--why", "A height was mended").returncode == 0
    assert lock(prelock, locked).returncode == 0


def test_under_a_hard_lock_nothing_is_entered(prelock: Prelock, locked) -> None:
    assert lock(prelock, locked, "--hard", "--who", "Dr Chen").returncode == 0
    entered = history(locked)
    check = ("check", locked.study, "--data", locked.data, "--out", locked.folder / "checked")
    [query] = queries(prelock, locked)
    for command in (
        ("lock", locked.study, "--data", locked.data, "--out", locked.out),
        (*check, "--enter"),
        ("queries", "close", locked.study, query["finding_id"], "--why", "fine"),
        ("queries", "import", locked.study, locked.folder / "sheet.xlsx"),
    ):
        if "import" in command:
            prelock("queries", "export", locked.study, locked.folder / "sheet.xlsx")
        result = prelock(*command)
        assert (result.returncode, "Dr Chen made a hard lock" in result.stderr) == (2, True), command
    assert history(locked) == entered
    assert prelock(*check).returncode == 0
    assert prelock("unlock", locked.study, "--why", " ").returncode == 2
    assert prelock("unlock", locked.study, "--why", "A late adverse event").returncode == 0
    assert prelock("unlock", locked.study, "--why", "again").returncode == 2
    shown = prelock("verify", locked.out)
    assert shown.returncode == 0
    assert "A late adverse event" in shown.stdout
    assert lock(prelock, locked).returncode == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("labs.csv", "0.47", "0.48", "data: labs.csv was changed"),
        ("endpoints.yaml", "CRP normal", "CRP  normal", "rules: endpoints.yaml was changed"),
    ],
)
def test_what_changed_after_the_lock_is_named(
    prelock: Prelock, locked, file: str, old: str, new: str, told: str
) -> None:
    locked.change(file, old, new)
    result = prelock("verify", locked.out)
    assert result.returncode == 1
    assert f"NOT  {told}" in result.stdout


def test_files_lost_added_or_never_entered_are_named(prelock: Prelock, locked) -> None:
    (locked.out / "eligibility.csv").unlink()
    (locked.out / "other.csv").write_text("", encoding="utf-8")
    (locked.study / "checks.yaml").write_text("", encoding="utf-8")
    (locked.folder / "study.record.sqlite").unlink()
    shown = prelock("verify", locked.out).stdout
    for told in (
        "eligibility.csv can't be read",
        "other.csv is not in the manifest",
        "checks.yaml is not in the manifest",
        "There is no record",
    ):
        assert told in shown


def test_a_lock_moved_elsewhere_is_verified_there(prelock: Prelock, locked, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere"
    for name in ("out", "data", "study"):
        shutil.copytree(locked.folder / name, there / name)
    for path in locked.folder.glob("study.record.sqlite*"):
        shutil.copy(path, there)
    assert prelock("verify", there / "out", "--rerun").returncode == 0
    (there / "data").rename(there / "moved")
    assert prelock("verify", there / "out").returncode == 1
    assert prelock("verify", there / "out", "--data", there / "moved").returncode == 0


def test_a_folder_without_a_lock(prelock: Prelock, place) -> None:
    result = prelock("verify", place.data)
    assert (result.returncode, "There is no lock in" in result.stderr) == (2, True)


def test_a_lock_that_did_not_reach_the_record_is_not_verified(prelock: Prelock, locked) -> None:
    copy = locked.folder / "copy"
    shutil.copytree(locked.out, copy)
    for path in locked.folder.glob("study.record.sqlite*"):
        path.unlink()
    locked.change("study.yaml", "version: 1.0.0", "version: 1.0.1")
    assert lock(prelock, locked).returncode == 0
    locked.change("study.yaml", "version: 1.0.1", "version: 1.0.0")
    result = prelock("verify", copy)
    assert "this lock is not in the record" in result.stdout


# ---- waivers --------------------------------------------------------------------------------------------------------
def test_a_waiver_lets_a_finding_pass_until_data_rule_or_day_say_otherwise(prelock: Prelock, place) -> None:
    place.change("patients.csv", "2024-01-15,165", "1989-01-15,165")
    assert lock(prelock, place).returncode == 1
    [query] = [query for query in queries(prelock, place) if query["severity"] == "error"]
    call = ("--by", "Dr Chen", "--why", "The date is right: it's the site's first patient", "--until", "2099-12-31")
    lines = prelock("queries", "waiver", place.study, query["finding_id"][:6], *call).stdout
    lines = re.sub(r"(?<=  on: )\S+", "2025-02-01", lines)  # it was given before the day of the lock
    (place.study / "waivers.yaml").write_text(lines, encoding="utf-8")
    assert prelock("lint", place.study).returncode == 0
    result = lock(prelock, place)
    told = json.loads((place.out / "summary.json").read_text(encoding="utf-8"))
    assert "errors" not in result.stdout
    assert told["waivers"]["waived"]["error"] == 1
    assert told["findings"]["error"] == 1
    assert "Dr Chen" in (place.out / "report.html").read_text(encoding="utf-8")
    assert any(row["waived"] for row in rows(place, "queries.csv"))

    late = prelock("lock", place.study, "--data", place.data, "--out", place.out, "--as-of", "2100-01-01")
    assert "1 finding whose waiver has ended" in late.stdout
    assert "1 finding of severity error" in late.stdout
    place.change("patients.csv", "1989-01-15,165", "1989-01-16,165")
    assert "1 finding whose waiver has ended" in lock(prelock, place).stdout
    place.change("patients.csv", "1989-01-16,165", "1989-01-15,165")
    place.change("tables.yaml", "birth_date: date", "birth_date: {type: date, required: yes}")
    assert "1 finding whose waiver has ended" in lock(prelock, place).stdout


# ---- signatures -----------------------------------------------------------------------------------------------------
@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A key as OpenSSH makes it, one as OpenSSL does, and one with a passphrase."""
    folder = tmp_path / "keys"
    folder.mkdir()
    make = ("ssh-keygen", "-q", "-t", "ed25519", "-C", "", "-f")
    subprocess.run([*make, folder / "ana", "-N", ""], check=True)
    subprocess.run([*make, folder / "secret", "-N", "open sesame"], check=True)
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / "chen.pem"], check=True)
    subprocess.run(["openssl", "pkey", "-in", folder / "chen.pem", "-pubout", "-out", folder / "chen.pub"], check=True)
    return folder


@pytest.mark.skipif(not shutil.which("ssh-keygen") or not shutil.which("openssl"), reason="needs OpenSSH and OpenSSL")
def test_signatures_by_name_and_meaning(prelock: Prelock, locked, keys: Path) -> None:
    def sign(name: str, meaning: str, key: Path) -> Any:
        return prelock("sign", locked.out, "--name", name, "--meaning", meaning, "--sign-key", key)

    assert sign("Ana Ruiz", "author", keys / "ana").returncode == 0
    assert sign("Dr Chen", "approver", keys / "chen.pem").returncode == 0
    shown = prelock("verify", locked.out)
    assert shown.returncode == 0
    assert "Dr Chen (approver, " in shown.stdout
    assert "was not asked" in shown.stdout
    both = ("--key", keys / "ana.pub", "--key", keys / "chen.pub")
    assert "was not asked" not in prelock("verify", locked.out, *both).stdout
    assert prelock("verify", locked.out, *both).returncode == 0
    one = prelock("verify", locked.out, "--key", keys / "ana.pub")
    assert (one.returncode, "Dr Chen" in one.stdout, "not among those trusted" in one.stdout) == (1, True, True)

    path = locked.out / "signatures.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Dr Chen", "Dr Bohr"), encoding="utf-8")
    assert "Dr Bohr (approver" in prelock("verify", locked.out).stdout
    assert "did not sign this" in prelock("verify", locked.out).stdout


@pytest.mark.skipif(not shutil.which("ssh-keygen") or not shutil.which("openssl"), reason="needs OpenSSH and OpenSSL")
def test_keys_that_are_refused(prelock: Prelock, locked, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(keys / "ana", locked.study / "key")
    for key, told in (
        (locked.study / "key", "kept elsewhere"),
        (keys / "nobody", "can't be read"),
        (keys / "chen.pub", "no private key"),
    ):
        result = prelock("sign", locked.out, "--name", "A", "--meaning", "author", "--sign-key", key)
        assert (result.returncode, told in result.stderr) == (2, True), result.stderr
    (locked.study / "key").unlink()
    monkeypatch.setattr("click.prompt", lambda *arguments, **options: "open sesame")
    arguments = ("--name", "Bo", "--meaning", "reviewer", "--sign-key", keys / "secret")
    assert prelock("sign", locked.out, *arguments).returncode == 0
    monkeypatch.setattr("click.prompt", lambda *arguments, **options: "wrong")
    assert prelock("sign", locked.out, *arguments).returncode == 2
