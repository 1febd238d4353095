from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from declared import column

from prelock.engine.cells import PERCENTAGE, Cell, State, read_cell
from prelock.engine.dates import DAMAGED
from prelock.rules.types import Kind, Type

D = Decimal


def low(text: str | None, kind: str, **more: Any) -> Any:
    cell = read_cell(text, column("x", kind, **more))
    assert cell.exact, cell
    return cell.low if cell.state is State.RECORDED else cell.state


UNREADABLE = State.UNREADABLE

NUMBERS = {
    "5": D(5), " 5.0 ": D("5.0"), "-3.25": D("-3.25"), "+2": D(2), ".5": D("0.5"), "5.": D(5),
    "１２．５": D("12.5"), "−4": D(-4), "\u00a07\u3000": D(7), "1e+05": D(100000), "\ufeff3": D(3),
    "0.1000000000000000055511151231257827": D("0.1000000000000000055511151231257827"),
    "1,234.5": D("1234.5"), "1,234,567": D(1234567), "12,5": D("12.5"), "0,125": D("0.125"), "1.234,5": D("1234.5"),
    "1,234": UNREADABLE, "1,2,3": UNREADABLE, "12,34,567": UNREADABLE, "1 234": UNREADABLE,
    "abc": UNREADABLE, "5 mg": UNREADABLE, "nan": UNREADABLE, "inf": UNREADABLE, "∞": UNREADABLE, "0x10": UNREADABLE,
    "1_000": UNREADABLE, "--5": UNREADABLE, ".": UNREADABLE, "6-Apr": UNREADABLE, "٣": UNREADABLE, "½": UNREADABLE,
    "<5": UNREADABLE, "9" * 60: UNREADABLE, "1e999": UNREADABLE, "#N/A": UNREADABLE,
    "": State.MISSING, "  ": State.MISSING, "\u3000\u200b": State.MISSING, None: State.MISSING,
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NUMBERS.items())
def test_numbers_are_the_decimal_that_was_written_or_unreadable(text: str | None, expected: object) -> None:
    found = low(text, "number")
    assert found == expected
    if isinstance(expected, Decimal):
        assert type(found) is Decimal


DECLARED = {  # text: read with a decimal comma, read with a decimal point
    "1,234": (D("1.234"), D(1234)), "1.234": (D(1234), D("1.234")), "12,5": (D("12.5"), UNREADABLE),
    "12.5": (UNREADABLE, D("12.5")), "0,5": (D("0.5"), UNREADABLE), "0.125": (UNREADABLE, D("0.125")),
    "1.234,5": (D("1234.5"), UNREADABLE), "1,234.5": (UNREADABLE, D("1234.5")), "1 234,5": (D("1234.5"), UNREADABLE),
    "1\u00a0234\u202f567": (D(1234567), D(1234567)), "1'234'567": (D(1234567), D(1234567)), "1'23": (UNREADABLE,) * 2,
    "1’234.5": (UNREADABLE, D("1234.5")), "1.234.567": (D(1234567), UNREADABLE), "1,2,3": (UNREADABLE,) * 2,
    "－１，５": (D("-1.5"), UNREADABLE), "７": (D(7), D(7)),
    "1,5e3": (D(1500), UNREADABLE), ",5": (D("0.5"), UNREADABLE),
    "1 234.567,8": (UNREADABLE,) * 2, "": (State.MISSING,) * 2, "12,34,567": (UNREADABLE,) * 2, ",": (UNREADABLE,) * 2,
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DECLARED.items())
def test_a_declared_decimal_sign_leaves_one_reading(text: str, expected: tuple[object, object]) -> None:
    assert (low(text, "number", decimal="comma"), low(text, "number", decimal="point")) == expected
    assert (low(text, "result", decimal="comma"), low(text, "result", decimal="point")) == expected


def test_a_declared_decimal_sign_holds_for_censored_results() -> None:
    assert read_cell("<1,5", column("x", "result", decimal="comma")) == Cell(None, D("1.5"), high_open=True)
    assert read_cell("> 1 200", column("x", "result", decimal="point")) == Cell(D(1200), None, low_open=True)


@pytest.mark.parametrize("text", ["6-Apr", "6-apr", "Apr-24", "Apr 2024", "4月6日", "2024-04-06", "2024-04-06 00:00"])
@pytest.mark.parametrize("kind", ["number", "whole number", "result", "code", "yes/no"])
def test_what_a_spreadsheet_made_a_date_is_told_as_such(text: str, kind: str) -> None:
    cell = read_cell(text, column("x", kind, codes={"4 - 6": (), "7 - 9": ()} if kind == "code" else {}))
    damaged = not text.endswith("00:00")
    assert (cell.state, cell.why == DAMAGED) == (UNREADABLE, damaged)


@pytest.mark.parametrize("text", ["Day 14", "ALT-24", "6-Mai", "12-05"])
def test_other_texts_are_not_taken_for_dates(text: str) -> None:
    assert read_cell(text, column("x", "number")).why == "is not a number"


@pytest.mark.parametrize(("text", "expected"), [("3", D(3)), ("3.0", D(3)), ("3.5", UNREADABLE), ("x", UNREADABLE)])
def test_whole_numbers_have_no_fraction(text: str, expected: object) -> None:
    assert low(text, "whole number") == expected


RESULTS = {
    "4.7": Cell(D("4.7"), D("4.7")),
    "<0.5": Cell(None, D("0.5"), high_open=True),
    "＜0.5": Cell(None, D("0.5"), high_open=True),
    "< 0.5": Cell(None, D("0.5"), high_open=True),
    "<=0.5": Cell(None, D("0.5")),
    "≤0.5": Cell(None, D("0.5")),
    "≦ 3": Cell(None, D(3)),
    ">1800": Cell(D(1800), None, low_open=True),
    ">=1,800.5": Cell(D("1800.5"), None),
    "≥1800": Cell(D(1800), None),
}


@pytest.mark.parametrize(("text", "expected"), RESULTS.items())
def test_results_may_be_censored(text: str, expected: Cell) -> None:
    assert read_cell(text, column("x", "result")) == expected


@pytest.mark.parametrize("text", ["<", ">=", "<x", "<<5", "5<", "<1,234", "positive", "1-2", "+++"])
def test_a_result_that_is_no_number_is_unreadable(text: str) -> None:
    assert low(text, "result") == UNREADABLE


DAY = date(2024, 3, 5)
DATES = {
    "2024-03-05": DAY, "2024-3-5": DAY, "2024/3/5": DAY, "2024/03/05": DAY, "2024.3.5": DAY, "20240305": DAY,
    "2024年3月5日": DAY, "2024 年 3 月 5 日": DAY, "２０２４－０３－０５": DAY, " 2024-03-05 ": DAY,
    "2024-03-05 08:00": DAY, "2024-03-05T23:30:00+08:00": DAY, "2024-03-05T23:30:00Z": DAY,
    "2024-03-05 23:59:59.999": DAY, "2024/3/5 8:05": DAY, "2024-03-05 11:30 PM": DAY, "2024年3月5日 8时30分": DAY,
    "2024-02-29": date(2024, 2, 29),
    "2023-02-29": UNREADABLE, "2024-02-30": UNREADABLE, "2024-13-01": UNREADABLE, "2024-00-10": UNREADABLE,
    "03/04/2024": UNREADABLE, "3-4-24": UNREADABLE, "05.03.2024": UNREADABLE, "2024-03/05": UNREADABLE,
    "2024-03-05 25:00": UNREADABLE, "2024-03-05 08:61": UNREADABLE, "2024-03-05 13:00 PM": UNREADABLE,
    "45296": UNREADABLE, "6-Apr": UNREADABLE, "Apr-24": UNREADABLE, "3月5日": UNREADABLE, "tomorrow": UNREADABLE,
    "0024-03-05": UNREADABLE, "2024-03 08:00": UNREADABLE, "202403": UNREADABLE, "infinity": UNREADABLE,
    "epoch": UNREADABLE,
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DATES.items())
def test_dates_are_year_first_or_unreadable(text: str, expected: object) -> None:
    assert low(text, "date") == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023/2", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024年3月", date(2024, 3, 1), date(2024, 3, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024年", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_partial_dates_are_intervals(text: str, first: date, last: date) -> None:
    cell = read_cell(text, column("x", "date"))
    assert (cell.low, cell.high, cell.state) == (first, last, State.RECORDED)


@pytest.mark.parametrize(
    ("text", "moment", "timed"),
    [
        ("2024-03-05 08:09:10", datetime(2024, 3, 5, 8, 9, 10), True),
        ("2024-03-05T08:09", datetime(2024, 3, 5, 8, 9), True),
        ("2024-03-05T23:30:00+08:00", datetime(2024, 3, 5, 23, 30), True),
        ("2024-03-05T23:30Z", datetime(2024, 3, 5, 23, 30), True),
        ("2024-03-05 12:05 AM", datetime(2024, 3, 5, 0, 5), True),
        ("2024-03-05 12:05 PM", datetime(2024, 3, 5, 12, 5), True),
        ("2024-03-05 08:09:10.25", datetime(2024, 3, 5, 8, 9, 10, 250000), True),
        ("2024-03-05", datetime(2024, 3, 5), False),
        ("2024年3月5日", datetime(2024, 3, 5), False),
    ],
)
def test_moments_are_wall_clocks_that_know_whether_a_time_was_written(text: str, moment: datetime, timed: bool) -> None:
    cell = read_cell(text, column("x", "date and time"))
    assert (cell.low, cell.high, cell.timed) == (moment, moment, timed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mg per litre", "mg/L"), ("mgperlitre", "mg/L"), ("毫克每升", "mg/L"), ("MG PER LITRE", "MG PER LITRE"),
        ("mg/l", "mg/l"), ("×10９/L", "10^9/L"), ("×10^9/L", "10^9/L"), ("giga", "giga"), ("", "mg/L"),
    ],
)  # fmt: skip
def test_a_study_may_know_spellings_of_units(text: str, expected: str) -> None:
    """Case counts, as it does for all units; a unit that the study does not spell stays as written."""
    codes = {"mg/L": ("mg per litre", "毫克每升"), "10^9/L": ("×109/L",)}
    assert low(text, "unit", codes=codes, blank_means="mg/L") == expected


SEX = {"male": ("男", "M", "1"), "female": ("女", "F", "2.0")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("男", "male"), ("m", "male"), ("Ｍ", "male"), (" MALE ", "male"), ("1", "male"), ("1.0", "male"),
        ("01", "male"),
        ("2", "female"), ("female", "female"), ("X", UNREADABLE), ("3", UNREADABLE), ("ma le", UNREADABLE),
    ],
)  # fmt: skip
def test_codes_compare_folded_and_as_numbers(text: str, expected: object) -> None:
    assert low(text, "code", codes=SEX) == expected


def test_a_number_that_two_codes_write_decides_nothing() -> None:
    codes = {"grade": ("01",), "other": ("1",)}
    assert low("01", "code", codes=codes) == "grade"
    assert low("1", "code", codes=codes) == "other"
    assert low("1.0", "code", codes=codes) == UNREADABLE


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("是", {"yes": ("是",), "no": ("否",)}, True),
        ("NO", {"yes": ("是",), "no": ("否",)}, False),
        ("true", {"yes": ("是",), "no": ("否",)}, True),
        ("1", {"yes": ("是",), "no": ("否",)}, UNREADABLE),
        ("1", {}, True),
        ("n", {}, False),
        ("maybe", {}, UNREADABLE),
    ],
)
def test_yes_and_no(text: str, declared: dict[str, tuple[str, ...]], expected: object) -> None:
    assert low(text, "yes/no", codes=declared) is expected


MISSING_CODES = {
    "missing": ("-",), "not done": ("未查", "ND"),
    "not known": ("-99",), "refused": ("拒绝",), "not applicable": ("NA",),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["number", "result", "date", "text", "code", "yes/no"])
@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("-", State.MISSING),
        ("nd", State.NOT_DONE), ("未查 ", State.NOT_DONE), ("-99", State.NOT_KNOWN), ("-99.0", State.NOT_KNOWN),
        ("拒绝", State.REFUSED), ("ｎａ", State.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_missing_codes_have_their_class_in_every_kind(kind: str, text: str, state: State) -> None:
    assert low(text, kind, missing_codes=MISSING_CODES) is state


@pytest.mark.parametrize(
    ("kind", "means", "expected"),
    [
        ("date", "ongoing", date(9999, 12, 31)),
        ("date", "not applicable", State.NOT_APPLICABLE),
        ("yes/no", "no", False),
        ("code", "male", "male"),
        ("text", None, State.MISSING),
    ],
)
def test_what_a_blank_means(kind: str, means: str | None, expected: object) -> None:
    codes = SEX if kind == "code" else {}
    assert low(" ", kind, blank_means=means, codes=codes) == expected


def test_text_is_trimmed_and_otherwise_as_written() -> None:
    assert low("\u3000Ａ  b \n", "text") == "Ａ  b"


def test_why_never_holds_the_value() -> None:
    for kind in ("number", "date", "code", "yes/no", "result", "whole number"):
        why = read_cell("SECRET-1", column("x", kind)).why
        assert why is not None
        assert "SECRET" not in why


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("5%", "number", "5"),
        ("5 %", "number", "5"),
        ("４５．１２％", "number", "45.12"),
        ("5", "number", "5"),
        ("5%", "whole number", "5"),
    ],
)
def test_a_percentage_is_its_number_where_the_unit_is_percent(text: str, kind: str, value: str) -> None:
    percent = replace(column("x", kind), type=Type(Kind.NUMBER, "%"))
    assert read_cell(text, percent).low == Decimal(value)


@pytest.mark.parametrize("kind", ["number", "whole number", "result"])
def test_a_percentage_is_no_number_where_the_unit_is_another(kind: str) -> None:
    for unit in (None, "kg"):
        cell = read_cell("5%", replace(column("x", kind), type=Type(Kind.NUMBER, unit)))
        assert (cell.state, cell.why) == (State.UNREADABLE, PERCENTAGE)
    assert read_cell("x%", column("x", kind)).why != PERCENTAGE
