"""Every planted error is found at its record; nothing is found at patients without one, who keep their statuses."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import pytest
from plain_tables import STUDY

import prelock

with (STUDY / "planted_errors.csv").open(encoding="utf-8", newline="") as _file:
    PLANTED = list(csv.DictReader(_file))
RAISING = [p for p in PLANTED if p["kind"]]
ACTING = [p for p in PLANTED if p["effect"]]


def run_on(folder: str) -> Iterator[prelock.Run]:
    with prelock.load(STUDY).check(STUDY / folder) as made:
        yield made


@pytest.fixture(scope="module")
def spoiled() -> Iterator[prelock.Run]:
    yield from run_on("data_with_errors")


@pytest.fixture(scope="module")
def clean() -> Iterator[prelock.Run]:
    yield from run_on("data")


@pytest.fixture(scope="module")
def findings(spoiled: prelock.Run) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in f.items()} for f in spoiled.findings.fillna("").to_dict("records")]


def names(finding: dict[str, Any], planted: dict[str, str]) -> bool:
    """The finding is about the planted record: its row, a related row, or the group that its row belongs to."""
    if finding["file"] != planted["file"]:
        return False
    if finding["grain"] == "group":
        exam = finding["key"].split(", ")[0]
        return exam in planted["key"].split(", ")
    related = re.search(rf"{re.escape(planted['file'])} row {planted['row']}(?!\d)", finding["related_cells"])
    return str(finding["row"]).split(".")[0] == planted["row"] or related is not None


def tells(finding: dict[str, Any], planted: dict[str, str]) -> bool:
    """The finding is the expected one: its kind, its check, its column."""
    if finding["kind"] != planted["kind"] or planted["rule"] not in ("", finding["rule"]):
        return False
    if finding["grain"] == "group" or not planted["column"]:
        return True
    return finding["column"] == planted["column"] or f" {planted['column']} =" in finding["related_cells"]


def test_the_list_is_long_and_varied() -> None:
    assert len(PLANTED) >= 90
    assert len({p["kind"] for p in RAISING}) >= 14
    assert len({p["file"] for p in PLANTED}) == 12


@pytest.mark.parametrize("planted", RAISING, ids=lambda p: f"{p['id']} {p['done']}")
def test_each_error_is_found_at_its_record(findings: list[dict[str, Any]], planted: dict[str, str]) -> None:
    near = [f for f in findings if names(f, planted)]
    assert [f for f in near if tells(f, planted)], [(f["kind"], f["rule"], f["column"]) for f in near]


@pytest.mark.parametrize("planted", ACTING, ids=lambda p: f"{p['id']} {p['effect']}")
def test_each_effect(spoiled: prelock.Run, planted: dict[str, str]) -> None:
    name, _, status = planted["effect"].partition(" ")
    if name in set(spoiled.criteria["criterion"]):
        frame = spoiled.criteria[spoiled.criteria["criterion"] == name]
    else:
        frame = spoiled.outcomes[(spoiled.outcomes["endpoint"] == name) & (spoiled.outcomes["definition"] == "main")]
    row = frame.fillna("")[frame["patient"] == planted["patient"]].iloc[0]
    assert row["status"] == status
    assert (row["missing"] != "") is (status in ("unknown", "undetermined"))


def test_an_event_without_onset_may_or_may_not_count(spoiled: prelock.Run) -> None:
    planted = next(p for p in PLANTED if p["done"] == "onset not recorded")
    event = spoiled.adverse_events[spoiled.adverse_events["key"] == planted["key"]].iloc[0]
    assert event["treatment_emergent"] == "unknown"


def touched(findings: list[dict[str, Any]]) -> set[str]:
    """Patients with a planted error, or whose record is the other of a repeated pair."""
    with_error = {p["patient"] for p in PLANTED}
    return with_error | {f["patient"] for f in findings if any(names(f, p) for p in PLANTED)}


def test_no_false_alarm(findings: list[dict[str, Any]]) -> None:
    others = [f for f in findings if f["patient"] not in touched(findings)]
    assert others == []


def test_patients_without_errors_keep_their_statuses(
    clean: prelock.Run, spoiled: prelock.Run, findings: list[dict[str, Any]]
) -> None:
    away = touched(findings)
    for table, key in (("criteria", "criterion"), ("outcomes", "endpoint")):
        shown = []
        for run in (clean, spoiled):
            frame = getattr(run, table)
            frame = frame[~frame["patient"].isin(away)]
            shown.append(dict(zip(zip(frame["patient"], frame[key], strict=True), frame["status"], strict=True)))
        assert shown[0] == shown[1]
        assert shown[0]


def test_the_gate_is_closed(spoiled: prelock.Run) -> None:
    assert spoiled.exit_code == 1
    assert not spoiled.lock().ready
