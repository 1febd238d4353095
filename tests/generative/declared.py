"""What a random study declares: tables with columns of every kind, and what their cells may hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tests.generative.dice import Dice


class Sort(NamedTuple):
    """What a value is, as far as rules must know to use it: `kind` is number, date, moment, code, text or truth."""

    kind: str
    unit: str | None = None
    codes: tuple[str, ...] = ()
    ordered: bool = False
    scored: bool = False


@dataclass(frozen=True)
class Column:
    """A column: its YAML, what rules see in it (None: they may only ask whether it is recorded), its good cells."""

    name: str
    word: str  # its declared type
    sort: Sort | None
    keys: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    optional: bool = False

    def yaml(self) -> str:
        """One line of `columns:`."""
        return f"{self.name}: {{{', '.join((f'type: {self.word}', *self.keys))}}}"


@dataclass
class Table:
    """A table of `one_row` or many rows a patient. `keys` are further keys of its YAML, each on a line of its own."""

    name: str
    key: str
    columns: dict[str, Column]
    one_row: bool = False
    about_patients: bool = True
    no_rows: str | None = None
    keys: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)  # link → target table
    derived: dict[str, Sort] = field(default_factory=dict)

    def sorts(self) -> dict[str, Sort]:
        """What rules may read of a row."""
        return {c.name: c.sort for c in self.columns.values() if c.sort is not None} | self.derived


UNITS = (None, None, "kg", "cm")
DRAWN = ("text", "code", "yes/no", "number", "whole number", "date", "date and time")
MISSING_CODES = "missing codes: {not done: [ND], not known: [NK], refused: [RF], not applicable: [NA]}"
NUMBERS = ("0", "1", "2", "3", "5", "4.1", "8.2", "0.1", "-2", "10", "10.0", " 5 ", "５")
DAYS = ("2023-12-28", "2024-01-01", "2024-01-01", "2024-01-02", "2024-01-10", "2024-01-15", "2024-02-29", "2024-03-01")
TIMES = ("", "", " 08:00", " 09:30", "T23:59")
MOMENTS = tuple(day + TIMES[n % len(TIMES)] for n, day in enumerate(DAYS * 2))
TEXTS = ("rash", "Rash, skin", "皮疹rash", "crash", "ＡＬＴ raised", "alt2", "a-b", "naïve")


def column(dice: Dice, name: str, word: str) -> Column:
    """A column of one declared type, with attributes that suit it."""
    made = BY_WORD[word](dice, name)
    if dice.chance(15):
        made = replace(made, keys=(*made.keys, f"blank means: {_blank(dice, made)}"))
    if dice.chance(8):
        made = replace(made, keys=(*made.keys, "optional: yes"), optional=True)
    return made


def _blank(dice: Dice, made: Column) -> str:
    choices = ["not applicable"]
    if made.word in ("date", "date and time"):
        choices.append("ongoing")
    if made.sort is not None and made.sort.kind == "code":
        choices.append(made.sort.codes[0])
    if made.word == "yes/no":
        choices.append("no")
    return dice.one(choices)


def _text(dice: Dice, name: str) -> Column:
    return Column(name, "text", Sort("text"), (), TEXTS)


def _code(dice: Dice, name: str) -> Column:
    codes = ("low", "middle", "high")
    ordered, scored = dice.chance(40), dice.chance(40)
    keys = ["values: {low: [L], middle: [中, m], high: []}"]
    keys += ["ordered: yes"] if ordered else []
    keys += ["scores: {low: 0, middle: 1.5, high: 4}"] if scored else []
    cells = ("low", "L", "middle", "中", "M", "high", " HIGH", "ｌｏｗ")
    return Column(name, "code", Sort("code", None, codes, ordered, scored), tuple(keys), cells)


def _yes_no(dice: Dice, name: str) -> Column:
    return Column(name, "yes/no", Sort("truth"), ("yes: [J]", "no: [N]"), ("J", "N", "j", "yes", "no"))


def _number(dice: Dice, name: str) -> Column:
    unit = dice.one(UNITS)
    return Column(name, "number", Sort("number", unit), (f"unit: {unit}",) if unit else (), NUMBERS)


def _whole(dice: Dice, name: str) -> Column:
    unit = dice.one(UNITS)
    keys = (f"unit: {unit}",) if unit else ()
    return Column(name, "whole number", Sort("number", unit), keys, ("0", "1", "2", "2", "3", "7", "-1"))


def _date(dice: Dice, name: str) -> Column:
    return Column(name, "date", Sort("date"), (), DAYS)


def _moment(dice: Dice, name: str) -> Column:
    return Column(name, "date and time", Sort("moment"), (), MOMENTS)


BY_WORD = {
    "text": _text,
    "code": _code,
    "yes/no": _yes_no,
    "number": _number,
    "whole number": _whole,
    "date": _date,
    "date and time": _moment,
}


def columns(dice: Dice, letter: str, most: int) -> dict[str, Column]:
    """Up to `most` columns of any types, named after their table's letter, their type and their place."""
    found = {}
    for place in range(dice.whole(1, most)):
        word = dice.one(DRAWN)
        name = f"{letter}{word.split(chr(47))[0].split()[0]}{place}"
        found[name] = column(dice, name, word)
    return found


# ---- the tables of a study ------------------------------------------------------------------------------------------
def people(dice: Dice) -> Table:
    """The patients, with the columns that every study has."""
    fixed = {
        "sex": Column(
            "sex", "code", Sort("code", None, ("male", "female")), ("values: [male, female]",), ("male", "female")
        ),
        "start": Column("start", "date", Sort("date"), (), ("2024-01-01", "2024-01-01", "2024-01-02", "2023-12-31")),
        "birth": Column("birth", "date", Sort("date"), (), ("1990-05-06", "2004-02-29", "2006-01-01", "1948-02-29")),
    }
    ticked = Sort("codes", None, ("a1", "b2", "c3"))
    cells = ("a1", "a1; b2", "B2,c3", "c3;c3", "a1|b2|c3")
    fixed["ticked"] = Column("ticked", "several codes", ticked, ("values: [a1, b2, c3]",), cells)
    return Table("people", "id", fixed | columns(dice, "p", 5), one_row=True)


def events(dice: Dice, name: str, letter: str) -> Table:
    """A table of many rows a patient, with a date and a number at least."""
    fixed = {
        f"{letter}day": column(dice, f"{letter}day", "date"),
        f"{letter}size": column(dice, f"{letter}size", "number"),
    }
    return Table(name, "line", fixed | columns(dice, letter, 5), no_rows=dice.one(("none", "unknown")))


def laboratory(dice: Dice) -> Table:
    """Results of two tests, with their own units and printed limits."""
    taken = dice.one(("date", "date and time"))
    fixed = [
        Column(
            "test", "code", Sort("code", None, ("CRP", "ESR")), ("values: [CRP, ESR]",), ("CRP", "CRP", "ESR", "crp")
        ),
        Column("taken", taken, Sort("moment" if " " in taken else "date"), (), MOMENTS if " " in taken else DAYS),
        Column(
            "result", "result", None, (), ("5", "5", "5.1", "4.9", "8.2", "4.1", "15", "20", "0", "<5", ">20", "≤4.1")
        ),
        Column("unit", "unit", None, (), ("mg/L", "mg/L", "mg/dL", "mm/h", "mm/hr")),
        Column("planned", "yes/no", Sort("truth"), (), ("yes", "no")),
        Column("lower", "number", Sort("number"), (), ("0", "1", "4.1")),
        Column("printed", "reference range", None, (), ("0-5", "1 – 8,2", "<5", "≥4.1", "-1 - 5", "5–5", "0~20")),
        Column("upper", "number", Sort("number"), (), ("5", "8.2", "4.1")),
    ]
    return Table(
        "labs", "line", {c.name: c for c in fixed} | columns(dice, "l", 2), no_rows=dice.one(("none", "unknown"))
    )


def examinations(dice: Dice) -> Table:
    """Parts of examinations: rows that a group gathers."""
    fixed = [
        Column("exam", "text", Sort("text")),
        Column("done", "date", Sort("date"), (), DAYS),
        Column("total", "number", Sort("number"), (), ("1", "2", "3", "4")),
        Column("part", "code", Sort("code", None, ("upper", "lower")), ("values: [upper, lower]",), ("upper", "lower")),
        Column("score", "whole number", Sort("number"), (), ("0", "1", "1", "2", "3")),
    ]
    return Table(
        "parts",
        "[exam, part, line]",
        {c.name: c for c in fixed} | columns(dice, "e", 2),
        no_rows=dice.one(("none", "unknown")),
    )


def sheet(dice: Dice) -> Table:
    """A second table with one row a patient."""
    return Table("sheet", "id", columns(dice, "s", 3), one_row=True, no_rows="none")


def catalogue(dice: Dice) -> Table:
    """A table about no patient, which others look up."""
    fixed = {"number": Column("number", "whole number", Sort("number"))}
    return Table("catalogue", "number", fixed | columns(dice, "c", 3), about_patients=False, keys=["patient: none"])
