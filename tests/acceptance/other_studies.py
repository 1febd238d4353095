"""The studies of other kinds and their data, which lie beside the project and are read in place."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from prelock import Run, load

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
PILOT = SHARED / "cdisc_pilot"
TRIALS = SHARED / "medicaldata"
reads_pilot = pytest.mark.skipif(not PILOT.is_dir(), reason="the CDISC pilot's tables do not lie beside the project")
reads_trials = pytest.mark.skipif(not TRIALS.is_dir(), reason="the two trials' tables do not lie beside the project")


@lru_cache(maxsize=1)
def checked(study: str, data: Path) -> Run:
    """One of the studies, checked on its data."""
    return load(ROOT / "studies" / study).check(data)


def key_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the sponsor's analysis tables."""
    with (PILOT / "adam" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
