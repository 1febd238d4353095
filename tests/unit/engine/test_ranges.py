"""Reference ranges as laboratories print them. The expected limits are read by eye."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from declared import column

from prelock.engine.cells import State, read_cell
from prelock.engine.dates import DAMAGED
from prelock.engine.numbers import Bound
from prelock.engine.ranges import NO_RANGE, TWO_RANGES, read_reference_range


def between(low: str, high: str) -> Bound:
    return Bound(Decimal(low), Decimal(high))


def read(text: str, decimal: str | None = None) -> Bound | str:
    return read_reference_range(unicodedata.normalize("NFKC", text).strip(), decimal)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("0-5", between("0", "5")),
        ("0–5", between("0", "5")),
        ("0 — 5", between("0", "5")),
        ("5 - 40", between("5", "40")),
        ("5 -40", between("5", "40")),
        ("0~5", between("0", "5")),
        ("０～５", between("0", "5")),
        ("３．５－９．５", between("3.5", "9.5")),
        ("3.5--9.5", between("3.5", "9.5")),
        ("0--5", between("0", "5")),
        ("3.5至9.5", between("3.5", "9.5")),
        ("0 to 5", between("0", "5")),
        ("0...5", between("0", "5")),
        ("0,5-1,2", between("0.5", "1.2")),
        ("5-5", between("5", "5")),
        ("-2-3", between("-2", "3")),
        ("−2–3", between("-2", "3")),
        ("-2.5 - 2.5", between("-2.5", "2.5")),
        ("-5–-1", between("-5", "-1")),
        ("-5 - -1", between("-5", "-1")),
        ("-5 to -1", between("-5", "-1")),
        ("1,000.5-2,000.5", between("1000.5", "2000.5")),
        ("<5", Bound(None, Decimal(5), high_open=True)),
        ("＜5", Bound(None, Decimal(5), high_open=True)),
        ("≤5", Bound(None, Decimal(5))),
        ("<=0,5", Bound(None, Decimal("0.5"))),
        (">60", Bound(Decimal(60), None, low_open=True)),
        ("≥ 60", Bound(Decimal(60), None)),
        (">-2", Bound(Decimal(-2), None, low_open=True)),
    ],
)
def test_a_range_is_read(text: str, limits: Bound) -> None:
    assert read(text) == limits


NO_RANGES = ("", "5", "45387", "40-5", "0-", "-5", "a-b", "0-5 mg/L", "1-2-3", "<", "negative", "0-5-")


@pytest.mark.parametrize("text", NO_RANGES)
def test_what_is_no_range_is_none(text: str) -> None:
    assert read(text) == NO_RANGE


def test_two_readings_are_none() -> None:
    assert read("-5--1") == TWO_RANGES


def test_a_comma_that_could_be_either_needs_the_declaration() -> None:
    assert read("1,000-2,000") == NO_RANGE
    assert read("1,000-2,000", "point") == between("1000", "2000")
    assert read("1,000-2,000", "comma") == between("1", "2")


@pytest.mark.parametrize("text", ["6-Apr", "Apr-06", "4月6日", "2024-04-06"])
def test_what_a_spreadsheet_made_of_a_range_is_told(text: str) -> None:
    cell = read_cell(text, column("reference", "reference range"))
    assert (cell.state, cell.why) == (State.UNREADABLE, DAMAGED)


def test_a_missing_code_is_no_fault() -> None:
    cell = read_cell("阴性", column("reference", "reference range", missing_codes={"not applicable": ("阴性",)}))
    assert cell.state is State.NOT_APPLICABLE
