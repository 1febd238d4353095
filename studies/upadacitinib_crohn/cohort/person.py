"""One synthetic patient: what the tables will be written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from cohort.outcomes import Endoscopy

CUTOFF = date(2025, 2, 28)
INDUCTION = 84


@dataclass
class Person:
    """`slot` is the place in the plan: 0 to 93 analysed, 94 and 95 incomplete baseline, from 96 on short follow-up.

    CDAI in tenths. `labs` maps (test, "baseline" or "week 12") to hundredths of the reported unit. Days count from
    the first dose.
    """

    slot: int
    first_dose: date
    sex: str = "male"
    birth: date = date(1990, 1, 1)
    diagnosis: date = date(2020, 1, 1)
    height: int = 170
    weight: float = 60.0
    montreal_age: str = "A2"
    location: str = "L3"
    behaviour: str = "B1"
    perianal: bool = False
    smoking: str = "never"
    drinking: str = "never"
    prefers: bool = False
    endoscopy: Endoscopy = field(default_factory=lambda: Endoscopy(None))
    cdai: tuple[int | None, int | None] = (None, None)
    clinical: str = "unseen"
    labs: dict[tuple[str, str], int] = field(default_factory=dict)
    last_contact: date = CUTOFF
    base_day: int = -3
    week12_day: int = 84
    resected: frozenset[str] = frozenset()
    number: int = 0

    @property
    def key(self) -> str:
        """The patient's identifier in every table."""
        return f"CD{self.number:03d}"

    @property
    def analysed(self) -> bool:
        """One of the 94."""
        return self.slot < 94

    @property
    def horizon(self) -> int:
        """The last day on which anything is known."""
        return (self.last_contact - self.first_dose).days

    @property
    def normal_weight(self) -> float:
        """The standard weight of the CDAI, kg."""
        return (22.1 if self.sex == "male" else 20.8) * self.height * self.height / 10000

    def on(self, day: int) -> date:
        """The date of a study day."""
        return self.first_dose + timedelta(days=day)


def years(start: date, end: date) -> int:
    """Completed years; 29 February counts as 1 March."""
    birthday = (3, 1) if (start.month, start.day) == (2, 29) else (start.month, start.day)
    return end.year - start.year - ((end.month, end.day) < birthday)


def years_before(day: date, count: int) -> date:
    """The same day of the year, `count` years earlier (28 February for the 29th)."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - count, 2, 28)
    return date(day.year - count, day.month, day.day)
