"""prelock: the rules as a study (`study/*.yaml`), checked by the public call; the answers are its findings."""

from __future__ import annotations

from pathlib import Path

import prelock.engine.evaluate
import prelock.reports.writers
import prelock.schemas
import prelock.validators  # noqa: F401  (what a check imports where it is used is told as its start)
from prelock import app

STUDY = Path(__file__).parents[1] / "study"


def load(data: Path) -> tuple[app.Study, Path]:
    """The study is read; of the data nothing yet."""
    return app.load(STUDY), data


def validate(given: tuple[app.Study, Path], out: Path) -> app.Run:
    """Every check of the study, with a finding for each failing record, in the database."""
    study, data = given
    return study.check(data)


def write(run: app.Run, out: Path) -> None:
    """All result files, among them `findings.csv`, `checks.csv` and the report."""
    run.write(out)
    run.close()
