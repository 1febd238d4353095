"""The same input gives the same bytes; rows in another order give the same results but for row numbers."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prelock.results import TABLES

Prelock = Callable[..., Any]
PLACES = ("row", "line", "related_cells")


def spoil(place) -> None:
    """Plant findings of several kinds, so that there is something to put in order."""
    place.change("patients.csv", ",180", ",tall")
    place.change("patients.csv", "P3,F", "P3,x")
    place.change("labs.csv", "5,P3,CRP,2024-02-01,3,mg/L", "5,P3,CRP,2024-02-01,3,mg/X\n5,P9,CRP,2024-13-01,3,mg/L")
    place.change("events.csv", "E3,P2,headache,2024-02-02", "E3,P2,headache,\nE4,P2,acne,2024-02-30")


def check(prelock: Prelock, place, out: str, *arguments: object, **settings: str) -> Path:
    result = prelock("check", place.study, "--data", place.data, "--out", place.folder / out, *arguments, **settings)
    assert result.returncode in (0, 1), result.stderr
    return place.folder / out


def tables(folder: Path, suffix: str = "csv") -> dict[str, bytes]:
    return {name: (folder / f"{name}.{suffix}").read_bytes() for name in TABLES}


def summary(folder: Path) -> dict[str, object]:
    whole = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return {key: value for key, value in whole.items() if key != "run"}


def page(folder: Path) -> str:
    text = (folder / "report.html").read_text(encoding="utf-8")
    return text[: text.index("<footer>")]


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (("--threads", "1"), {"PYTHONHASHSEED": "1"}),
        (("--threads", "7"), {"PYTHONHASHSEED": "2", "TZ": "Asia/Shanghai"}),
        ((), {"LC_ALL": "C", "TZ": "America/St_Johns", "PYTHONUTF8": "0"}),
        ((), {"LC_ALL": "de_DE.UTF-8", "LANG": "zh_CN.GB18030"}),
    ],
)
def test_bytes_do_not_depend_on_the_machine(
    process: Prelock, place, arguments: tuple[str, ...], settings: dict[str, str]
) -> None:
    spoil(place)
    plain = check(process, place, "plain", "--format", "parquet", PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    other = check(process, place, "other", "--format", "parquet", *arguments, **settings)
    assert tables(plain) == tables(other)
    assert tables(plain, "parquet") == tables(other, "parquet")
    assert summary(plain) == summary(other)
    assert page(plain) == page(other)
    assert (plain / "report.xlsx").read_bytes() == (other / "report.xlsx").read_bytes()


def without_places(folder: Path, name: str) -> list[list[tuple[str, str]]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [[cell for cell in row.items() if cell[0] not in PLACES] for row in csv.DictReader(stream)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_changes_only_their_places(prelock: Prelock, place, seed: int) -> None:
    spoil(place)
    before = check(prelock, place, "before")
    for path in sorted(place.data.glob("*.csv")):
        header, *records = path.read_text(encoding="utf-8").splitlines(keepends=True)
        random.Random(seed).shuffle(records)
        path.write_text(header + "".join(records), encoding="utf-8")
    after = check(prelock, place, "after")
    assert len(without_places(before, "findings")) >= 6
    for name in TABLES:
        assert without_places(before, name) == without_places(after, name), name
