"""How a study begins: the example with its data, a template, or tables proposed from the columns of a data folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from prelock.errors import CallError

HERE = Path(__file__).parent
TEMPLATE = HERE / "study" / "template"


def copy_demo(folder: Path) -> tuple[Path, Path]:
    """The example study and its data in `folder`: (study, data). What already stands there is kept."""
    study, data = folder / "study", folder / "data"
    _room(folder, study)
    source = _example()
    for target, pattern, origin in ((study, "*.yaml", source), (data, "*.csv", source / "data")):
        if not target.exists():
            target.mkdir(parents=True)
            for path in sorted(origin.glob(pattern)):
                shutil.copyfile(path, target / path.name)
    return study, data


def init_template(folder: Path) -> list[Path]:
    """A small study with a comment on every part."""
    _new(folder)
    return list(
        _write(folder, {path.name: path.read_text(encoding="utf-8") for path in sorted(TEMPLATE.glob("*.yaml"))})
    )


def init_from(folder: Path, data: Path) -> list[Path]:
    """A study whose tables are proposed from the files of a data folder; every guess is marked as one."""
    from prelock.engine.peek import peek
    from prelock.study.guess import guess_study

    _new(folder)
    tables = peek(data)
    if not tables:
        raise CallError(f"{data} holds no table that can be read (CSV, TSV, Excel or Parquet).")
    return list(_write(folder, guess_study(tables)))


def _example() -> Path:
    """The example study: in the installed package, or in the repository it is built from."""
    for folder in (HERE / "_demo", HERE.parent / "studies" / "upadacitinib_crohn"):
        if (folder / "study.yaml").is_file():
            return folder
    raise CallError("This installation of prelock lacks its example study; install it again.")


def _room(folder: Path, study: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CallError(f"{folder} is a file; give a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (study / "study.yaml").is_file():
        raise CallError(f"{folder} is not empty and holds no earlier demo. Give another folder: prelock demo DIR")


def _new(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallError(f"{folder} exists and is not empty. Give a new folder.")


def _write(folder: Path, files: dict[str, str]) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        yield folder / name
