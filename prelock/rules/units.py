"""Units as hospitals write them, and the exact factor from one to another.

`SPELLINGS` is the only reader of a user's text. A units library (pint) computes factors, and sees nothing but the
canonical atoms below: given `10*9/L` or `G/L` it would read 90 per litre and gauss per litre, and say nothing.

A ratio of masses keeps its number where both sides scale alike: mg/kg and µg/g are one (10^-6 of the mass), so faecal
calprotectin in mg/kg reads as µg/g with the factor 1. Per cent is no mass ratio here and converts to nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any

SPELLINGS: dict[str, tuple[str, ...]] = {
    "%": ("percent", "per cent", "pct", "％"),
    "‰": ("permille",),
    "10^12/L": ("T/L", "M/uL", "10^6/uL", "Tpt/L", "10^12/l"),
    "10^9/L": ("G/L", "K/uL", "K/mcL", "10^3/uL", "10^3/mm3", "/nL", "Gpt/L", "giga/L", "thou/uL", "10^9/l"),
    "10^6/L": ("M/L", "10^6/l"),
    "/µL": ("cells/uL", "/uL", "/mm3", "cells/mm3", "个/uL"),
    "/HPF": ("/HP", "个/HP", "per HPF"),
    "/min": ("bpm", "beats/min", "breaths/min", "per min", "次/分"),
    "mg/L": ("mg/l", "mg / L", "毫克/升"),
    "mg/dL": ("mg/dl", "mg%", "mg/100mL"),
    "mg/mL": ("mg/ml",),
    "g/L": ("g/l", "gm/L", "克/升"),
    "g/dL": ("g/dl", "gm/dL", "g%", "g/100mL"),
    "µg/L": ("ug/L", "mcg/L", "ug/l"),
    "µg/dL": ("ug/dL", "mcg/dL"),
    "µg/mL": ("ug/mL", "mcg/mL", "ug/ml"),
    "ng/mL": ("ng/ml",),
    "ng/dL": (),
    "ng/L": (),
    "pg/mL": ("pg/ml",),
    "µg/g": ("ug/g", "mcg/g", "微克/克"),
    "mg/g": (),
    "mg/kg": (),
    "g/kg": (),
    "mol/L": (),
    "mmol/L": ("mmol/l", "mM", "毫摩尔/升"),
    "µmol/L": ("umol/L", "umol/l", "mcmol/L", "微摩尔/升"),
    "nmol/L": ("nmol/l", "nM"),
    "pmol/L": ("pmol/l", "pM"),
    "mmol/mol": (),
    "mEq/L": ("meq/L",),
    "U/L": ("IU/L", "U/l", "IU/l", "u/l", "iu/l"),
    "kU/L": ("kIU/L",),
    "mU/L": ("mIU/L", "uIU/mL", "uU/mL"),
    "U/mL": ("IU/mL", "IU/ml", "U/ml"),
    "mm/h": ("mm/hr", "mm/1h", "mm/1hr", "mm/hour", "mm/小时", "mm/h."),
    "mL/min": ("ml/min",),
    "mL/min/1.73m2": ("ml/min/1.73m2", "ml/min/1.73m^2", "mL/min/1.73m^2"),
    "mmHg": ("mm Hg", "mm[Hg]"),
    "kPa": (),
    "°C": ("C", "degC", "Cel", "℃", "deg C"),
    "°F": ("degF", "℉"),
    "kg": ("kgs", "公斤", "千克"),
    "g": ("gram", "grams", "克"),
    "mg": ("毫克",),
    "µg": ("ug", "mcg"),
    "ng": (),
    "pg": (),
    "m": ("metre", "metres", "meter"),
    "cm": ("厘米", "公分"),
    "mm": ("毫米",),
    "m2": ("m^2", "sqm"),
    "cm2": ("cm^2",),
    "kg/m2": ("kg/m^2", "kg/sqm"),
    "L": ("l", "litre", "litres", "liter"),
    "dL": ("dl",),
    "mL": ("ml", "cc"),
    "µL": ("uL", "ul"),
    "fL": ("fl",),
    "mg/day": ("mg/d",),
    "g/day": ("g/24h", "g/d"),
    "years": ("year", "yr", "yrs", "岁", "年"),
    "months": ("month", "mo", "月", "个月"),
    "weeks": ("week", "wk", "wks", "周"),
    "days": ("day", "d", "天", "日"),
    "hours": ("hour", "h", "hr", "hrs", "小时"),
    "min": ("minute", "minutes", "分钟"),
    "s": ("sec", "second", "seconds", "秒"),
}

# What a canonical atom measures, and what the units library calls it; an atom that is not here converts only to itself.
ATOMS: dict[str, tuple[str, str]] = {
    "kg": ("mass", "kilogram"),
    "g": ("mass", "gram"),
    "mg": ("mass", "milligram"),
    "µg": ("mass", "microgram"),
    "ng": ("mass", "nanogram"),
    "pg": ("mass", "picogram"),
    "L": ("volume", "liter"),
    "dL": ("volume", "deciliter"),
    "mL": ("volume", "milliliter"),
    "µL": ("volume", "microliter"),
    "fL": ("volume", "femtoliter"),
    "m": ("length", "meter"),
    "cm": ("length", "centimeter"),
    "mm": ("length", "millimeter"),
    "mol": ("amount", "mole"),
    "mmol": ("amount", "millimole"),
    "µmol": ("amount", "micromole"),
    "nmol": ("amount", "nanomole"),
    "pmol": ("amount", "picomole"),
    "U": ("activity", "enzyme_unit"),
    "kU": ("activity", "kiloenzyme_unit"),
    "mU": ("activity", "millienzyme_unit"),
    "h": ("time", "hour"),
    "min": ("time", "minute"),
    "s": ("time", "second"),
    "day": ("time", "day"),
    "days": ("time", "day"),
    "weeks": ("time", "week"),
    "hours": ("time", "hour"),
    "mmHg": ("pressure", "millimeter_Hg"),
    "kPa": ("pressure", "kilopascal"),
    "10^12": ("count", "1000000000000"),
    "10^9": ("count", "1000000000"),
    "10^6": ("count", "1000000"),
}

# The conversions of everyday rules, so that a study with no others never waits for the units library to load. A test
# holds each of them against it.
COMMON: dict[tuple[str, str], Decimal] = {
    ("weeks", "days"): Decimal(7),
    ("days", "hours"): Decimal(24),
    ("weeks", "hours"): Decimal(168),
    ("mg/dL", "mg/L"): Decimal(10),
    ("mg/L", "mg/dL"): Decimal("0.1"),
    ("g/dL", "g/L"): Decimal(10),
    ("g/L", "g/dL"): Decimal("0.1"),
    ("mg/kg", "µg/g"): Decimal(1),
    ("µg/g", "mg/kg"): Decimal(1),
    ("m", "cm"): Decimal(100),
    ("cm", "m"): Decimal("0.01"),
    ("kg/m2", "kg/cm2"): Decimal("0.0001"),
    ("kg/cm2", "kg/m2"): Decimal(10000),
    ("g", "kg"): Decimal("0.001"),
    ("kg", "g"): Decimal(1000),
}

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER_OF_TEN = re.compile(r"^(?:[x×*·])?10(?:\^|\*\*|\*|[eE])(\d+)/")
_SUPERSCRIPT_RUN = re.compile(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def canonical(text: str) -> str | None:
    """The canonical spelling of a unit, None if the table does not know it.

    Case counts where it tells two units apart (`G/L` is 10^9/L, `g/L` grams); elsewhere `MG/L` is `mg/L`.
    """
    plain = _plain(text)
    found = _exact().get(plain)
    return found if found is not None else _any_case().get(plain.casefold())


def spellings() -> dict[str, str]:
    """Every spelling the table knows, with its canonical unit."""
    return {word: unit for unit, words in SPELLINGS.items() for word in (unit, *words)}


def nearest_spelling(text: str) -> str | None:
    """The known spelling nearest to a text, for a hint."""
    match = get_close_matches(_plain(text), _exact(), n=1, cutoff=0.6)
    return _exact()[match[0]] if match else None


def _plain(text: str) -> str:
    """A spelling without its accidents: blanks, the two signs for micro, superscripts, ways to write 10^9."""
    text = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run[0], text).translate(_SUPERSCRIPTS)
    text = "".join(unicodedata.normalize("NFKC", text).split())
    text = text.replace("μ", "u").replace("µ", "u").replace("\u2215", "/").replace("\u2044", "/")
    return _POWER_OF_TEN.sub(r"10^\1/", text)


@cache
def _exact() -> dict[str, str]:
    return {_plain(word): unit for word, unit in spellings().items()}


@cache
def _any_case() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for word, unit in _exact().items():
        found.setdefault(word.casefold(), set()).add(unit)
    return {word: units.pop() for word, units in found.items() if len(units) == 1}


def factor(source: str, target: str, molar_mass: Decimal | None = None) -> Decimal | None:
    """What to multiply a number in `source` by to have it in `target` (canonical units); None if they don't convert.

    `molar_mass` (g/mol) joins mass to amount: with 386.65, cholesterol in mg/dL turns into mmol/L.
    """
    if source == target:
        return Decimal(1)
    return COMMON.get((source, target)) or _factor(source, target, molar_mass)


@cache
def _factor(source: str, target: str, molar_mass: Decimal | None) -> Decimal | None:
    here, there = _powers(source), _powers(target)
    if not all(atom in ATOMS for atom in here | there):
        return None
    from pint import DimensionalityError

    registry = _registry()
    try:
        one, other = _quantity(here, registry), _quantity(there, registry)
        if molar_mass is not None and one.dimensionality != other.dimensionality:
            one = _through_amount(one, here, molar_mass, registry)
        return Decimal((one / other).to("dimensionless").magnitude).normalize() + Decimal(0)
    except DimensionalityError:
        return None


def _through_amount(one: Any, here: dict[str, int], molar_mass: Decimal, registry: Any) -> Any:
    grams_in_a_mole = registry.Quantity(molar_mass, "gram/mole")
    masses = any(ATOMS[atom][0] == "mass" for atom in here)
    return one / grams_in_a_mole if masses else one * grams_in_a_mole


def _quantity(powers: dict[str, int], registry: Any) -> Any:
    found = registry.Quantity(Decimal(1), "dimensionless")
    for atom, power in powers.items():
        _, number = ATOMS[atom]
        one = Decimal(number) if number.isdigit() else registry.Quantity(Decimal(1), number)
        found = found * one**power
    return found


@cache
def _registry() -> Any:
    from pint import UnitRegistry

    return UnitRegistry(non_int_type=Decimal, cache_folder=None)


def _powers(unit: str) -> dict[str, int]:
    """`kg/m2` as {kg: 1, m: -2}."""
    found: dict[str, int] = {}
    for place, piece in enumerate(unit.split("/")):
        for atom in filter(None, piece.split("·")):
            name, power = (atom, 1) if atom.startswith("10^") else _split(atom)
            found[name] = found.get(name, 0) + (power if place == 0 else -power)
    return found


def _split(atom: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?\D)(\d)", atom)
    return (match[1], int(match[2])) if match else (atom, 1)


def _spelled(powers: dict[str, int]) -> str | None:
    """The unit for some powers, in the table's spelling where it has one; None for a plain number."""
    above = "·".join(atom + (str(power) if power > 1 else "") for atom, power in powers.items() if power > 0)
    below = "".join(f"/{atom}{-power if power < -1 else ''}" for atom, power in powers.items() if power < 0)
    return canonical(above + below) or above + below or None


def power(unit: str, exponent: int) -> str | None:
    """The unit of a number in `unit` raised to a whole power."""
    return _spelled({atom: count * exponent for atom, count in _powers(unit).items() if exponent})


def product(left: str | None, right: str | None, *, divide: bool) -> tuple[str | None, Decimal]:
    """The unit of a product or quotient, and the factor that brings like units together (cm and m) first."""
    here, there = _powers(left or ""), _powers(right or "")
    found, scale = dict(here), Decimal(1)
    for atom, count in there.items():
        count = -count if divide else count
        like = next((mine for mine in here if mine != atom and _alike(mine, atom)), atom)
        scale *= (factor(atom, like) or Decimal(1)) ** count
        found[like] = found.get(like, 0) + count
    return _spelled({atom: count for atom, count in found.items() if count}), scale


def _alike(one: str, other: str) -> bool:
    """Whether two atoms measure the same thing."""
    return one in ATOMS and other in ATOMS and ATOMS[one][0] == ATOMS[other][0]
