"""Spellings and factors; the factors by hand, and held against the units library."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prelock.rules import units
from prelock.rules.unit_table import ATOMS, COMMON, SPELLINGS

SPELLED = {
    "10^9/L": [
        "10^9/L",
        "×10^9/L",
        "*10^9/L",
        "x10^9/L",
        "10*9/L",
        "10**9/L",
        "10⁹/L",
        "10E9/L",
        "G/L",
        "K/uL",
        "K/µL",
    ],
    "10^12/L": ["10^12/L", "10¹²/L", "T/L"],
    "µg/g": ["µg/g", "μg/g", "ug/g", "mcg/g", "UG/G"],
    "mg/kg": ["mg/kg"],
    "mg/L": ["mg/L", "mg/l", "MG/L", " mg / L "],
    "g/L": ["g/L", "g/l"],
    "U/L": ["U/L", "IU/L", "u/l"],
    "mm/h": ["mm/h", "mm/1h", "mm/hr", "mm/1 h"],
    "kg/m2": ["kg/m2", "kg/m²", "kg/m^2"],
    "%": ["%", "％"],
    "°C": ["°C", "℃"],
    "days": ["day", "days", "天"],
    "years": ["years", "岁"],
    "/min": ["/min", "bpm"],
    "µmol/L": ["umol/L", "µmol/L", "μmol/L"],
}


@pytest.mark.parametrize(("text", "unit"), [(text, unit) for unit, texts in SPELLED.items() for text in texts])
def test_spellings(text, unit):
    assert units.canonical(text) == unit


@pytest.mark.parametrize("text", ["", "mgg/L", "gauss/L", "10^9", "G/l/L", "banana"])
def test_unknown_spellings(text):
    assert units.canonical(text) is None


def test_case_counts_where_it_tells_units_apart():
    assert units.canonical("G/L") == "10^9/L"
    assert units.canonical("g/L") == "g/L"
    assert units.canonical("MM") is None


def test_no_spelling_has_two_meanings():
    plain = {}
    for text, unit in units.spellings().items():
        assert plain.setdefault(units.plain(text), unit) == unit
        assert units.canonical(text) == unit


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("mg/dL", "mg/L", "10"),
        ("mg/L", "mg/dL", "0.1"),
        ("g/dL", "g/L", "10"),
        ("mg/kg", "µg/g", "1"),
        ("mg/g", "µg/g", "1000"),
        ("10^9/L", "/µL", "1000"),
        ("10^12/L", "10^9/L", "1000"),
        ("µmol/L", "mmol/L", "0.001"),
        ("ng/mL", "µg/L", "1"),
        ("cm", "m", "0.01"),
        ("weeks", "days", "7"),
        ("days", "hours", "24"),
        ("mg", "µg", "1000"),
        ("U/mL", "U/L", "1000"),
    ],
)
def test_factors_are_exact(source, target, factor):
    assert units.factor(source, target) == Decimal(factor)


@pytest.mark.parametrize(
    ("source", "target"),
    [("mg/L", "U/L"), ("%", "µg/g"), ("°C", "°F"), ("years", "days"), ("months", "weeks"), ("mmol/L", "mg/dL")],
)
def test_what_does_not_convert(source, target):
    assert units.factor(source, target) is None


def test_a_molar_mass_joins_mass_to_amount():
    cholesterol = Decimal("386.65")
    assert round(units.factor("mg/dL", "mmol/L", cholesterol), 6) == Decimal("0.025863")
    assert units.factor("mmol/L", "mg/dL", cholesterol) == Decimal("38.665")


@pytest.mark.parametrize(("pair", "factor"), COMMON.items())
def test_everyday_factors_agree_with_the_units_library(pair, factor):
    assert units._factor(*pair, None) == factor


def test_unlike_units_are_told_apart_as_the_units_library_does():
    registry = units._registry()
    known = [unit for unit in SPELLINGS if all(atom in ATOMS for atom in units.powers(unit))]
    assert len(known) > 40
    for one in known:
        for other in known:
            here, there = units.powers(one), units.powers(other)
            same = units._quantity(here, registry).dimensionality == units._quantity(there, registry).dimensionality
            assert (units.measured(here) == units.measured(there)) == same, (one, other)


def test_products_and_powers():
    assert units.product("kg", "m2", divide=True) == ("kg/m2", 1)
    assert units.product("kg", "kg", divide=True) == (None, 1)
    assert units.product("m", "cm", divide=False) == ("m2", Decimal("0.01"))
    assert units.product("mg", None, divide=True) == ("mg", 1)
    assert units.power("cm", 2) == "cm2"
    assert units.power("m", 0) is None
