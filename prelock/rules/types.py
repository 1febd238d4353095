"""What a rule's value is: its kind, its unit, its codes, and the grain over which it varies."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of value that a rule can hold."""

    NUMBER = "number"
    DATE = "date"
    MOMENT = "date and time"
    CODE = "code"
    CODES = "set of codes"  # the answers ticked in one cell
    TEXT = "text"
    TRUTH = "yes/no"
    RESULT = "result"  # a raw result column: read through a measure, never by a rule
    RANGE = "reference range"  # the normal limits of one record: read through a measure, too


# A grain is the set of keys that a value varies over. Coarse reads freely at fine: `coarse <= fine`.
Grain = frozenset[str]
STUDY: Grain = frozenset()
PATIENT: Grain = frozenset({"patient"})


@dataclass(frozen=True)
class Substitution:
    """What a censored result counts as in arithmetic: this share of its limit, below (`<0.5`) and above (`>1800`) it.

    None: nothing stands for it, and it keeps its bounds.
    """

    below: Decimal | None = None
    above: Decimal | None = None


@dataclass(frozen=True)
class Type:
    """The type of an expression.

    `unit` is the canonical spelling of a number's unit (None: a bare number). `codes` are the canonical codes of a
    code (or of several), in their order when `ordered`; `scores`, when not empty, gives each code its number.
    `censored` is how a censored number takes part in arithmetic, None where the study does not say.
    """

    kind: Kind
    unit: str | None = None
    codes: tuple[str, ...] = ()
    ordered: bool = False
    scores: tuple[Decimal, ...] = field(default=())
    censored: Substitution | None = None

    def __str__(self) -> str:
        if self.kind is Kind.NUMBER and self.unit:
            return f"number in {self.unit}"
        return str(self.kind)


NUMBER = Type(Kind.NUMBER)
DATE = Type(Kind.DATE)
MOMENT = Type(Kind.MOMENT)
TEXT = Type(Kind.TEXT)
TRUTH = Type(Kind.TRUTH)
RESULT = Type(Kind.RESULT)
RANGE = Type(Kind.RANGE)
