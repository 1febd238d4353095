"""Errors put into the clean cohort on purpose, each written down: where, what was done, and what should be found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from cohort.person import Person
from cohort.planted_kinds import ERRORS

Row = dict[str, str]
KEYS = {
    "patients": ("patient_id",),
    "follow_up": ("patient_id",),
    "screening": ("patient_id",),
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
NAMES = {"gender": "sex", "病案号": "mrn", "test_name": "test", "HBsAg": "hbsag"}
COLUMNS = ("id", "file", "row", "patient", "key", "column", "done", "error", "kind", "rule", "effect")


def anyone(_: object) -> bool:
    """Every patient, every row."""
    return True


@dataclass(frozen=True)
class Cell:
    """A cell to be overwritten: in the first row that suits (`row`) of a patient who suits (`who`) and has one."""

    table: str
    column: str
    value: str | Callable[[Person, Row], str]
    done: str
    kind: str = ""
    rule: str = ""
    effect: str = ""
    who: Callable[[Person], bool] = anyone
    row: Callable[[Row], bool] = anyone


@dataclass(frozen=True)
class Added:
    """A row to be added for a patient who suits; `cells` make it from the patient and a `row` of his that suits.

    Without a condition on `row` no row of his is needed.
    """

    table: str
    cells: Callable[[Person, Row], Row]
    column: str
    done: str
    kind: str = ""
    rule: str = ""
    effect: str = ""
    who: Callable[[Person], bool] = anyone
    row: Callable[[Row], bool] = anyone


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

    def spoil(self, errors: Iterable[Cell | Added]) -> None:
        """Plant a list of errors, each in a patient of its own."""
        for error in errors:
            said = (error.done, error.kind, error.rule, error.effect)
            fresh = isinstance(error, Added) and error.row is anyone
            person = self.take(partial(_suits, error, anyone if fresh else self.has(error.table, error.row)))
            index = -1 if fresh else self.index(error.table, person, error.row)
            row = {"patient_id": person.key} if fresh else self.tables[error.table][index]
            if isinstance(error, Added):
                self.append(error.table, row | error.cells(person, row), error.column, *said)
            else:
                value = error.value if isinstance(error.value, str) else error.value(person, row)
                self.change(error.table, index, error.column, value, *said)

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
        key = ", ".join(f"{k}={row[k]}" for k in KEYS[table])
        what = (NAMES.get(column, column), done, ERRORS[done], kind, rule, effect)
        self._enter(table, str(index + 1), row["patient_id"], key, *what)

    def note_table(self, table: str, column: str, done: str, kind: str) -> None:
        """Write down an error of a whole table."""
        self._enter(table, "", "", "", column, done, ERRORS[done], kind, "", "")

    def _enter(self, table: str, *cells: str) -> None:
        entry = (f"P{len(self.log) + 1:02d}", f"{table}.csv", *cells)
        self.log.append(dict(zip(COLUMNS, entry, strict=True)))


def _suits(error: Cell | Added, owns: Callable[[Person], bool], person: Person) -> bool:
    return error.who(person) and owns(person)


def read_day(text: str) -> date:
    """The date in a cell of the clean cohort."""
    year, month, day = (int(n) for n in re.findall(r"\d+", text)[:3])
    return date(year, month, day)


def whole_date(text: str) -> bool:
    """The cell has year, month and day."""
    return len(re.findall(r"\d+", text)) >= 3
