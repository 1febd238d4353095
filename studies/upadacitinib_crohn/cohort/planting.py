"""Errors put into the clean cohort on purpose, each written down: where, what was done, and what should be found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from cohort.person import Person

Row = dict[str, str]
KEYS = {
    "patients": ("patient_id",),
    "follow_up": ("patient_id",),
    "visits": ("visit_id",),
    "endoscopy": ("exam_id", "segment", "item"),
    "cdai": ("cdai_id",),
    "labs": ("lab_id",),
    "biologic_history": ("bio_id",),
    "exposure": ("dose_id",),
    "adverse_events": ("ae_id",),
    "medical_history": ("mh_id",),
    "procedures": ("proc_id",),
    "concomitant_medication": ("med_id",),
}
# What the study calls a column whose header in the file is another.
NAMES = {"gender": "sex", "病案号": "mrn", "test_name": "test"}
COLUMNS = ("id", "file", "row", "patient", "key", "column", "done", "kind", "rule", "effect")


@dataclass
class Planting:
    """The tables being spoiled. Each error gets a patient of its own, so that effects don't mix."""

    tables: dict[str, list[Row]]
    people: Sequence[Person]
    log: list[Row] = field(default_factory=list)
    broken: dict[tuple[str, int], str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def take(self, suits: Callable[[Person], bool] = lambda p: True, last: bool = False) -> Person:
        """The first (or last) patient of the plan who has no error yet and suits."""
        people = reversed(self.people) if last else self.people
        found = next(p for p in people if p.slot not in self.used and suits(p))
        self.used.add(found.slot)
        return found

    def index(self, table: str, person: Person, suits: Callable[[Row], bool] = lambda r: True) -> int:
        """Where the patient's first row that suits stands."""
        return next(i for i, r in enumerate(self.tables[table]) if r["patient_id"] == person.key and suits(r))

    def has(self, table: str, suits: Callable[[Row], bool] = lambda r: True) -> Callable[[Person], bool]:
        """A condition on a patient: there is such a row."""
        owners = {r["patient_id"] for r in self.tables[table] if suits(r)}
        return lambda person: person.key in owners

    def change(
        self,
        table: str,
        index: int,
        column: str,
        value: str,
        done: str,
        kind: str = "",
        rule: str = "",
        effect: str = "",
    ) -> None:
        """Overwrite a cell and write it down."""
        self.tables[table][index][column] = value
        self.note(table, index, column, done, kind, rule, effect)

    def append(
        self, table: str, row: Row, column: str, done: str, kind: str = "", rule: str = "", effect: str = ""
    ) -> None:
        """Add a row at the end and write it down."""
        self.tables[table].append(row)
        self.note(table, len(self.tables[table]) - 1, column, done, kind, rule, effect)

    def note(self, table: str, index: int, column: str, done: str, kind: str, rule: str, effect: str) -> None:
        """Write an error down. `kind` blank: nothing is wrong with the record, only its `effect` is seen."""
        row = self.tables[table][index]
        entry = (
            f"P{len(self.log) + 1:02d}",
            f"{table}.csv",
            str(index + 1),
            row["patient_id"],
            ", ".join(f"{k}={row[k]}" for k in KEYS[table]),
            NAMES.get(column, column),
            done,
            kind,
            rule,
            effect,
        )
        self.log.append(dict(zip(COLUMNS, entry, strict=True)))


def read_day(text: str) -> date:
    """The date in a cell of the clean cohort."""
    year, month, day = (int(n) for n in re.findall(r"\d+", text)[:3])
    return date(year, month, day)


def whole_date(text: str) -> bool:
    """The cell has year, month and day."""
    return len(re.findall(r"\d+", text)) >= 3
