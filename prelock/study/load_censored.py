"""The study's rule for censored results (`<0.5`, `>1800`): what they count as in arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from prelock.documents.reading import Fields, read_choice
from prelock.documents.tree import Element, Scalar
from prelock.rules.types import Substitution
from prelock.study.building import Building

KEY = "censored results"
SIDES = ("below", "above")
SHARES: Mapping[str, Decimal | None] = {
    "half the limit": Decimal("0.5"),
    "at the limit": Decimal(1),
    "not substituted": None,
}
# Half of the limit of `>1800` would lie below it.
BY_SIDE: Mapping[str, tuple[str, ...]] = {"below": tuple(SHARES), "above": ("at the limit", "not substituted")}
BOTH = BY_SIDE["above"]
HINT = "Say the sides apart: {below: half the limit, above: at the limit}."


def read_censored(b: Building, element: Element | None) -> Substitution | None:
    """What results below and above a limit count as; None where nothing is said."""
    if element is None:
        return None
    if isinstance(element, Scalar):
        if element.text == "half the limit":
            message = "half of the limit of `>1800` is no value above it, so this can't be said of both sides"
            b.note("wrong-form", message, element, HINT)
            return None
        word = read_choice(element, BOTH, b.problems)
        return Substitution(SHARES[word], SHARES[word]) if word else None
    fields = Fields(element, SIDES, f"`{KEY}`", b.problems, HINT)
    words = {side: fields.choice(side, BY_SIDE[side]) for side in SIDES}
    below, above = (SHARES[word] if word else None for word in words.values())
    return Substitution(below, above)
