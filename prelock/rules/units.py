"""Units as hospitals write them, and the exact factor from one to another.

The table of spellings is the only reader of a user's text. A units library (pint) computes factors, and sees nothing
but canonical atoms: given `10*9/L` or `G/L` it would read 90 per litre and gauss per litre, and say nothing.

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

from prelock.rules.unit_table import ATOMS, BASES, COMMON, SPELLINGS

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER_OF_TEN = re.compile(r"^(?:[x×*·])?10(?:\^|\*\*|\*|[eE])(\d+)/")
_SUPERSCRIPT_RUN = re.compile(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def canonical(text: str) -> str | None:
    """The canonical spelling of a unit, None if the table does not know it.

    Case counts where it tells two units apart (`G/L` is 10^9/L, `g/L` grams); elsewhere `MG/L` is `mg/L`.
    """
    spelling = plain(text)
    found = _exact().get(spelling)
    return found if found is not None else _any_case().get(spelling.casefold())


def spellings() -> dict[str, str]:
    """Every spelling the table knows, with its canonical unit."""
    return {word: unit for unit, words in SPELLINGS.items() for word in (unit, *words)}


def nearest_spelling(text: str) -> str | None:
    """The known spelling nearest to a text, for a hint."""
    match = get_close_matches(plain(text), _exact(), n=1, cutoff=0.6)
    return _exact()[match[0]] if match else None


def plain(text: str) -> str:
    """A spelling in its own case without its accidents: blanks, the two signs for micro, superscripts, 10^9."""
    text = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run[0], text).translate(_SUPERSCRIPTS)
    text = "".join(unicodedata.normalize("NFKC", text).split())
    text = text.replace("μ", "u").replace("µ", "u").replace("\u2215", "/").replace("\u2044", "/")
    return _POWER_OF_TEN.sub(r"10^\1/", text)


@cache
def _exact() -> dict[str, str]:
    return {plain(word): unit for word, unit in spellings().items()}


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
    here, there = powers(source), powers(target)
    if not all(atom in ATOMS for atom in here | there):
        return None
    if molar_mass is None and measured(here) != measured(there):
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


def measured(powers: dict[str, int]) -> dict[str, int]:
    """What a unit measures, in base quantities, so that unlike units are told apart without the units library."""
    found: dict[str, int] = {}
    for atom, count in powers.items():
        for base, power in BASES[ATOMS[atom][0]].items():
            found[base] = found.get(base, 0) + power * count
    return {base: power for base, power in found.items() if power}


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


def powers(unit: str) -> dict[str, int]:
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


def is_size(unit: str) -> bool:
    """Whether a unit is one of mass, length or volume alone, such as cm or mg."""
    return unit in ATOMS and ATOMS[unit][0] in {"mass", "length", "volume"}


def power(unit: str, exponent: int) -> str | None:
    """The unit of a number in `unit` raised to a whole power."""
    return _spelled({atom: count * exponent for atom, count in powers(unit).items() if exponent})


def product(left: str | None, right: str | None, *, divide: bool) -> tuple[str | None, Decimal]:
    """The unit of a product or quotient, and the factor that brings like units together (cm and m) first."""
    here, there = powers(left or ""), powers(right or "")
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
