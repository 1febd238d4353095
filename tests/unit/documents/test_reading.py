"""Readers give a value, or None and a located problem."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from prelock.documents.compose import compose
from prelock.documents.hints import closest, nearest
from prelock.documents.reading import Fields, read_choice, read_date, read_number, read_range, read_text, read_whole
from prelock.documents.tree import Element, Mapping, Source
from prelock.errors import Problem


def element(text: str) -> Element:
    root, _ = compose(Source("f.yaml", text, tuple(text.splitlines())), [])
    assert root is not None
    return root


def value(text: str) -> Element:
    root = element(f"a: {text}\n")
    assert isinstance(root, Mapping)
    return root.entries[0].value


@pytest.mark.parametrize(
    ("text", "expected"), [("5", "5"), ("-28", "-28"), ("0.05", "0.05"), ("+1.0", "1.0"), (".5", "0.5")]
)
def test_numbers(text: str, expected: str) -> None:
    problems: list[Problem] = []
    assert read_number(value(text), problems) == Decimal(expected)
    assert not problems


@pytest.mark.parametrize("text", ["1e3", "5 mg", "0x1F", "1,5", "٥", "nan", "inf", "[5]", "''", ""])
def test_what_is_no_number_is_refused(text: str) -> None:
    problems: list[Problem] = []
    assert read_number(value(text), problems) is None
    assert len(problems) == 1


def test_dates_and_whole_numbers() -> None:
    problems: list[Problem] = []
    assert read_date(value("2024-02-29"), problems) == date(2024, 2, 29)
    assert read_whole(value("-28"), problems) == -28
    assert not problems
    assert read_date(value("2023-02-29"), problems) is None
    assert read_date(value("29.02.2024"), problems) is None
    assert read_whole(value("8.0"), problems) is None
    assert [p.code for p in problems] == ["wrong-form"] * 3


def test_ranges_hold_something() -> None:
    problems: list[Problem] = []
    assert read_range(value("-28 to 0"), problems) == (Decimal(-28), Decimal(0))
    assert read_range(value("0 to -28"), problems) is None
    assert read_range(value("0-28"), problems) is None
    assert [p.code for p in problems] == ["empty-range", "wrong-form"]


def test_a_text_is_one_line() -> None:
    assert read_text(value("one\n  two"), []) == "one two"


def test_a_cut_text_is_refused() -> None:
    problems: list[Problem] = []
    assert read_text(value("Visit #2"), problems) is None
    assert [p.code for p in problems] == ["yaml-comment"]
    assert "'Visit #2'" in (problems[0].hint or "")


def test_a_choice_names_the_nearest() -> None:
    problems: list[Problem] = []
    assert read_choice(value("closset"), ("closest", "first"), problems) is None
    assert problems[0].hint == "Did you mean `closest`? Possible are: closest, first."


def test_fields_note_unknown_and_missing_keys_once() -> None:
    problems: list[Problem] = []
    fields = Fields(element("rul: 1\ntext: 2\n"), ("text", "rule"), "criterion x", problems)
    assert fields.need("rule") is None
    assert [p.code for p in problems] == ["unknown-key"]
    assert fields.text("text") == "2"
    Fields(element("text: 2\n"), ("text", "rule"), "criterion x", problems).need("rule")
    assert [p.code for p in problems] == ["unknown-key", "missing-key"]


def test_fields_of_a_text_are_refused_and_empty() -> None:
    problems: list[Problem] = []
    fields = Fields(value("18 to 75"), ("text", "rule"), "criterion x", problems)
    assert fields.need("rule") is None
    assert [p.code for p in problems] == ["expected-keys"]


def test_asking_for_a_key_that_is_not_listed_is_a_defect() -> None:
    with pytest.raises(KeyError):
        Fields(element("a: 1\n"), ("a",), "x", []).get("b")


def test_the_nearest_name_ignores_case_and_underscores() -> None:
    assert closest("Not_Before", ["not before", "not after"]) == "not before"
    assert closest("zzz", ["abc"]) is None
    assert nearest("zzz", [], "The keys are") == "The keys are: none."
