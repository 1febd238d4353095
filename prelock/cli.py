"""The command line: arguments, one call, an exit code.

0 clean · 1 the gate is closed · 2 the study or the call is wrong · 3 the data can't be read · 4 a defect of prelock.
Results go to stdout, messages to stderr. What a command needs is imported by the command.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prelock.cli_lock import COMMANDS, RECORD, WHO, record_of, who_is
from prelock.errors import PrelockError
from prelock.version import __version__

if TYPE_CHECKING:
    from prelock.lock.record import Record

STUDY = click.argument("study", type=click.Path(path_type=Path))
DATA_HELP = "The folder with the study's tables, or postgresql://…."
DATA = click.option("--data", required=True, metavar="DIR_OR_URL", help=DATA_HELP)
# What `--format` names, as the writers of a run call it.
FILES = {"parquet": "parquet", "csv": "csv", "junit": "xml"}
TEXT_OR_JSON = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="prelock")
def cli() -> None:
    """Check clinical-study data against rules written in YAML, patient by patient.

    Start with `prelock demo`.
    """


@cli.command()
@click.argument("folder", metavar="[DIR]", default="prelock-demo", type=click.Path(path_type=Path))
@TEXT_OR_JSON
def demo(folder: Path, form: str) -> int:
    """Write the example study with its data into DIR and check it.

    What already stands in DIR is kept, so you can change a rule there and run it again.
    """
    from prelock.starting import copy_demo

    study, data = copy_demo(folder)
    return _check(study, data, folder / "results", (form,), None)


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--from", "data", metavar="DATA", type=click.Path(path_type=Path), help="A data folder to read tables from."
)
def init(folder: Path, data: Path | None) -> int:
    """Start a study in DIR, from a template or from the columns of a data folder."""
    from prelock.starting import init_from, init_template

    written = init_template(folder) if data is None else init_from(folder, data)
    for path in written:
        click.echo(str(path))
    click.echo(f"Next: edit the files, then run `prelock lint {folder}`.", err=True)
    return 0


@cli.command()
@click.argument("studies", metavar="STUDY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
def lint(studies: tuple[Path, ...], form: str) -> int:
    """Check the rules alone: every problem with its file, line and column.

    A file of a study stands for its folder. github: print annotations.
    """
    from prelock import app
    from prelock.cli_text import problems_text

    found = {study: app.lint(study) for study in dict.fromkeys(p.parent if p.is_file() else p for p in studies)}
    shown, said = problems_text(found, form)
    if shown:
        click.echo(shown)
    if said:
        click.echo(said, err=True)
    return 2 if any(found.values()) else 0


@cli.command()
@STUDY
@DATA
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Where the results go.")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--threads", type=click.IntRange(1), help="Worker threads (default: one a core).")
@click.option("--memory", metavar="SIZE", help="What may be held at once, as 8GB (default: 80 % of the machine's).")
@click.option(
    "--format",
    "forms",
    type=click.Choice(["text", "json", "parquet", "csv", "junit", "github"]),
    multiple=True,
    help="parquet, csv, junit: write Parquet or CSV files, or junit.xml, too. json: print the summary as JSON. "
    "github: print annotations too.",
)
@click.option("--top", type=click.IntRange(1), metavar="N", help="Show the N findings that could change most.")
@click.option("--second-opinion", is_flag=True, help="Let Great Expectations judge every cell too, and compare.")
@click.option(
    "--enter", is_flag=True, help="Enter the run in the study's record, so that its queries go on from there."
)
@WHO
@RECORD
def check(
    study: Path,
    data: str,
    out: Path,
    engine: str,
    threads: int | None,
    memory: str | None,
    forms: tuple[str, ...],
    second_opinion: bool,
    enter: bool,
    who: str | None,
    record: Path | None,
    top: int | None,
) -> int:
    """Validate the records, evaluate every patient, write the results and the report."""
    into = (record_of(study, record), who_is(who)) if enter else None
    return _check(study, data, out, forms, threads, memory, engine, second_opinion, into, top)


@cli.command()
@STUDY
@DATA
@click.option("--patient", required=True, metavar="ID", help="The patient's key, as in the patient table.")
@click.option("--rule", metavar="NAME", help="A criterion, endpoint, variable or population (default: all).")
@TEXT_OR_JSON
def explain(study: Path, data: str, patient: str, rule: str | None, form: str) -> int:
    """Say why a patient's status is what it is, with the cells used and their place in the files."""
    from prelock import app

    tree = app.load(study).explain(data, patient, rule)
    if form == "json":
        click.echo(json.dumps(tree.as_dict(), ensure_ascii=False, indent=2))
    else:
        from prelock.engine.explain_text import render

        click.echo(render(tree))
    return 0


@cli.command()
@click.argument("study", required=False, type=click.Path(path_type=Path))
@click.option(
    "--section", metavar="NAME", help="The schema of one section's own file, as tables (default: study.yaml)."
)
@click.option("--pandera", "table", metavar="TABLE", help="Print the Pandera schema of a table of STUDY, as Python.")
def schema(study: Path | None, section: str | None, table: str | None) -> int:
    """Print the JSON Schema of a study's YAML, for editors; or the Pandera schema of one of its tables."""
    from prelock import app

    if (study is None) != (table is None) or (section and table):
        raise click.UsageError("Give a section or nothing for editors; --pandera TABLE and STUDY for a table.")
    if study is not None and table is not None:
        click.echo(app.load(study).pandera_script(table), nl=False)
    else:
        click.echo(json.dumps(app.json_schema(section), ensure_ascii=False, indent=2))
    return 0


for command in COMMANDS:
    cli.add_command(command)


def _check(
    study: Path,
    data: str | Path,
    out: Path,
    forms: Sequence[str],
    threads: int | None,
    memory: str | None = None,
    engine: str = "duckdb",
    second_opinion: bool = False,
    into: tuple[Record, str] | None = None,
    top: int | None = None,
) -> int:
    from prelock import app
    from prelock.cli_text import progress, run_json, run_text
    from prelock.reports.cases import cases
    from prelock.reports.github import case_annotations

    loaded = app.load(study)
    files = [FILES[form] for form in forms if form in FILES]
    with (
        progress() as told,
        loaded.check(
            data,
            out,
            formats=files,
            engine=engine,
            threads=threads,
            memory=memory,
            second_opinion=second_opinion,
            progress=told,
        ) as run,
    ):
        if into is not None:
            from prelock.locking import enter

            enter(run, *into)
        shown = run_json(run, top) if "json" in forms else run_text(run, out, top)
        annotations = case_annotations(cases(run.report), study) if "github" in forms else ""
        exit_code = run.exit_code
    for notice in run.notices:
        click.echo(notice, err=True)
    click.echo(shown)
    if annotations:
        click.echo(annotations, err="json" in forms)
    return exit_code


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns its exit code."""
    try:
        result: Any = cli.main(args=arguments, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo("Stopped. What was there before is as it was.", err=True)
        return 128 + getattr(error.__cause__ or error, "signal", signal.SIGINT)
    except PrelockError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("PRELOCK_DEBUG"):
            raise
        from prelock.cli_text import defect

        click.echo(defect(error), err=True)
        return 4


class StoppedError(KeyboardInterrupt):
    """Another process asked this one to end, by `signal`."""

    signal: int


def _stop(number: int, frame: object) -> None:
    error = StoppedError()
    error.signal = number
    raise error


def main() -> None:
    """The entry point."""
    gc.set_threshold(100_000, 50, 50)  # a command makes a great many objects, few of them in circles, and ends
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    code = run()
    gc.freeze()  # else the interpreter looks through all of them once more on its way out
    sys.exit(code)
