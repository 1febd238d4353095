"""The commands about the lock: lock, unlock, queries, sign, verify."""

from __future__ import annotations

import getpass
import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from prelock.lock.record import Record

PATH = click.Path(path_type=Path)
STUDY = click.argument("study", type=PATH)
WHO = click.option("--who", help="Who does it (default: the user's name on this machine).")
WHY = click.option("--why", default="", help="Why.")
RECORD = click.option("--record", type=PATH, help="The record (default: beside the study, STUDY.record.sqlite).")
DAY = click.DateTime(["%Y-%m-%d"])
IDS = click.argument("queries", nargs=-1, required=True, metavar="QUERY...")


@click.command()
@STUDY
@click.option("--data", required=True, metavar="DIR", help="The folder with the study's tables.")
@click.option("--out", required=True, metavar="DIR", type=PATH, help="Where the results and the manifest go.")
@click.option("--hard", is_flag=True, help="A hard lock: nothing is entered until it is lifted (default: soft).")
@WHO
@WHY
@RECORD
@click.option("--as-of", type=DAY, help="The day on which waivers are judged and ages counted (default: today, UTC).")
@click.option("--threads", type=click.IntRange(1), help="Worker threads (default: one a core).")
@click.option("--format", "forms", type=click.Choice(["parquet"]), multiple=True, help="Write Parquet files too.")
@click.option("--second-opinion", is_flag=True, help="Let Great Expectations judge every cell too, and compare.")
def lock(
    study: Path,
    data: str,
    out: Path,
    hard: bool,
    who: str | None,
    why: str,
    record: Path | None,
    as_of: datetime | None,
    threads: int | None,
    forms: tuple[str, ...],
    second_opinion: bool,
) -> int:
    """Check, and lock the data if nothing blocks: results with a manifest, entered in the study's record."""
    from prelock import app, locking
    from prelock.cli_lock_text import outcome_text
    from prelock.cli_text import progress
    from prelock.lock.history import HARD, SOFT, History

    app.refuse_folder(out, data, study, locks=True)
    locking.refuse_hard_locked(History.of(record_of(study, record).entries()))
    loaded, day = app.load(study), as_of.date() if as_of else None
    asked = locking.Asked(out, HARD if hard else SOFT, who_is(who), why, tuple(forms))
    with (
        progress() as told,
        loaded.check(data, threads=threads, progress=told, as_of=day, second_opinion=second_opinion) as run,
    ):
        outcome = locking.lock(run, record_of(study, record), asked)
        exit_code = run.exit_code if run.notices else outcome.verdict.exit_code
        for notice in run.notices:
            click.echo(notice, err=True)
    click.echo(outcome_text(outcome, asked))
    return exit_code


@click.command()
@STUDY
@click.option("--why", required=True, help="Why; it is kept in the record.")
@WHO
@RECORD
def unlock(study: Path, why: str, who: str | None, record: Path | None) -> int:
    """Lift the lock in force, with a reason."""
    from prelock.locking import unlock as lift

    lift(record_of(study, record), who_is(who), why)
    click.echo("Unlocked.")
    return 0


@click.command()
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("--name", required=True, help="Whose signature it is.")
@click.option("--meaning", required=True, type=click.Choice(["author", "reviewer", "approver"]))
@click.option("--sign-key", required=True, type=PATH, help="An Ed25519 private key, PEM or OpenSSH.")
def sign(folder: Path, name: str, meaning: str, sign_key: Path) -> int:
    """Sign the lock in DIR."""
    from prelock.signing import sign_folder

    sign_folder(folder, name, meaning, sign_key, lambda: click.prompt("Passphrase", hide_input=True, err=True))
    click.echo(f"{name} signed as {meaning}.")
    return 0


@click.command()
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("--rerun", is_flag=True, help="Evaluate again too, and compare every byte.")
@click.option("--study", type=PATH, help="Where the rules lie now (default: where they lay).")
@click.option("--data", type=PATH, metavar="DIR", help="Where the data lie now (default: where they lay).")
@RECORD
@click.option("--key", "keys", type=PATH, multiple=True, help="A public key that is trusted; all must sign with one.")
@click.option("--threads", type=click.IntRange(1), help="Worker threads (default: one a core).")
def verify(
    folder: Path,
    rerun: bool,
    study: Path | None,
    data: Path | None,
    record: Path | None,
    keys: tuple[Path, ...],
    threads: int | None,
) -> int:
    """Check that the lock in DIR is still what it was: files, rules, data, record, signatures."""
    from prelock import verifying
    from prelock.cli_lock_text import verified_text
    from prelock.lock.signing import public_key

    places = verifying.Places(study, data, record, tuple(public_key(key) for key in keys))
    found = verifying.verify(folder, places, rerun, threads)
    click.echo(verified_text(found))
    return 0 if all(checked.good for checked in found) else 1


@click.group()
def queries() -> None:
    """What became of each finding from run to run, and who answers for it."""


def _wanted(command: Any) -> Any:
    """The options that choose queries."""
    for option in (
        click.option("--all", "everything", is_flag=True, help="Settled ones too."),
        click.option("--rule", default="", help="Only those of a rule."),
        click.option("--patient", default="", help="Only those of a patient."),
        click.option("--owner", default="", help="Only those of an owner."),
        click.option("--state", default="", help="Only those in a state, as `reopened`."),
    ):
        command = option(command)
    return command


@queries.command("list")
@STUDY
@_wanted
@RECORD
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_queries(study: Path, record: Path | None, form: str, **wanted: Any) -> int:
    """List queries, the oldest first."""
    from prelock import querying
    from prelock.cli_lock_text import queries_text

    rows = querying.listed(record_of(study, record), querying.Wanted(**wanted))
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2) if form == "json" else queries_text(rows))
    return 0


@queries.command()
@STUDY
@IDS
@click.option("--to", "text", required=True, metavar="NAME", help="Who answers for them.")
@WHO
@RECORD
def assign(study: Path, queries: tuple[str, ...], text: str, who: str | None, record: Path | None) -> int:
    """Say who answers for queries."""
    return _change(study, record, who, "assign", queries, text)


@queries.command()
@STUDY
@IDS
@click.option("--text", required=True, help="What the site says.")
@WHO
@RECORD
def answer(study: Path, queries: tuple[str, ...], text: str, who: str | None, record: Path | None) -> int:
    """Answer queries; they stay until the data are mended, or somebody closes them."""
    return _change(study, record, who, "answer", queries, text)


@queries.command()
@STUDY
@IDS
@click.option("--why", "text", required=True, help="Why nothing is left to do.")
@WHO
@RECORD
def close(study: Path, queries: tuple[str, ...], text: str, who: str | None, record: Path | None) -> int:
    """Close queries with a reason. An error still keeps the gate closed: that takes a waiver."""
    return _change(study, record, who, "close", queries, text)


@queries.command()
@STUDY
@click.argument("file", type=PATH)
@_wanted
@RECORD
def export(study: Path, file: Path, record: Path | None, **wanted: Any) -> int:
    """Write queries to an Excel FILE, to be filled in."""
    from prelock import querying

    written = querying.export(record_of(study, record), file, querying.Wanted(**wanted))
    click.echo(f"{written} in {file}")
    return 0


@queries.command("import")
@STUDY
@click.argument("file", type=PATH)
@WHO
@RECORD
def take_back(study: Path, file: Path, who: str | None, record: Path | None) -> int:
    """Take back an Excel FILE that was filled in; says of each line that could not be taken why."""
    from prelock import querying
    from prelock.cli_text import count

    taken = querying.take_back(record_of(study, record), who_is(who), file)
    for problem in taken.problems:
        click.echo(f"{file}: {problem}", err=True)
    click.echo(f"{count(taken.changes, 'change')} made, {count(len(taken.problems), 'line')} not taken")
    return 1 if taken.problems else 0


@queries.command()
@STUDY
@click.argument("query")
@click.option("--by", required=True, help="Who accepts the finding.")
@click.option("--why", required=True, help="Why it is right as it is.")
@click.option("--until", required=True, type=DAY, help="The last day on which that holds.")
@click.option("--add", is_flag=True, help="Add them to the study's waivers.yaml.")
@RECORD
def waiver(study: Path, query: str, by: str, why: str, until: datetime, add: bool, record: Path | None) -> int:
    """Print the lines for waivers.yaml that accept a finding as it stands."""
    from prelock import app, querying

    day: date = until.date()
    lines = querying.waiver(record_of(study, record), app.load(study).definition, query, by, why, day)
    if add:
        with (study / "waivers.yaml").open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"{lines}\n")
    click.echo(lines)
    return 0


def _change(study: Path, record: Path | None, who: str | None, action: str, names: tuple[str, ...], text: str) -> int:
    from prelock import querying

    changed = querying.change(record_of(study, record), who_is(who), action, names, text)
    click.echo(f"{changed} changed")
    return 0


def record_of(study: Path, record: Path | None) -> Record:
    """The record that is meant."""
    from prelock.lock.record import Record
    from prelock.locking import record_path

    return Record(record or record_path(study))


def who_is(who: str | None) -> str:
    """Who is at work."""
    return who or getpass.getuser()


COMMANDS = (lock, unlock, queries, sign, verify)
