"""Random studies: every section of the language, one declaration a line, so that a refused one can be left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.generative import declared
from tests.generative.declared import MISSING_CODES, Sort, Table
from tests.generative.dice import Dice
from tests.generative.known import Group, Known, Measure
from tests.generative.rules import Rules

POINTS = {
    "baseline": "{day: %d, window: -10 to 1, choose: closest}",
    "week 2": "{day: 14, window: 7 to 20, choose: closest}",
    "early": "{day: 5, window: 1 to 70, choose: first}",
    "late": "{window: -5 to 70, choose: last}",
    "worst": "{day: 1, window: -5 to 70, choose: highest}",
    "best": "{window: 1 to 59, choose: lowest}",
    "that day": "{day: 9}",
}
CENSORED = (
    "at the limit",
    "not substituted",
    "{below: half the limit}",
    "{above: at the limit}",
    "{below: half the limit, above: at the limit}",
)
VISITS = {
    "planned visit": "{visit: planned is yes%s}",
    "planned week": "{day: 14, window: 1 to 20, visit: planned is yes%s}",
}
TIES = ("later day", "earlier day", "scheduled", "later time", "earlier time")


@dataclass(frozen=True)
class Drawn:
    """A random study: its YAML, and the tables that rows are to be written for."""

    text: str
    tables: dict[str, Table]


def draw_study(dice: Dice) -> Drawn:
    """A study with tables, groups, measures, and rules in every place that takes one."""
    known = _tables(dice)
    writer = _Writer(dice, known)
    return Drawn(writer.study(), known.tables)


def _tables(dice: Dice) -> Known:
    tables = [declared.people(dice), declared.events(dice, "doses", "d"), declared.events(dice, "signs", "g")]
    tables += [declared.laboratory(dice), declared.examinations(dice)]
    tables += [declared.sheet(dice)] if dice.chance(40) else []
    if dice.chance(40):
        tables.append(declared.catalogue(dice))
        doses = tables[1]
        doses.columns["item"] = declared.Column("item", "whole number", Sort("number"), (), ("1", "2", "3", "4", "02"))
        doses.links["thing"] = "catalogue"
    return Known({table.name: table for table in tables})


class _Writer:
    """Writes the sections in the order in which their names may be used."""

    def __init__(self, dice: Dice, known: Known) -> None:
        self.dice, self.known, self.rules = dice, known, Rules(dice, known)

    def study(self) -> str:
        sections = [self._header(), self._declared(), self._groups(), self._measures(), self._variables("v")]
        sections += [self._eligibility(), self._variables("w"), self._endpoints(), self._variables("x")]
        sections += [self._completeness(), self._variables("y"), self._checks()]
        variables = ["variables:", "  first_dose: start"] if self.dice.chance(60) else self._first_dose()
        lines, inner = [], []
        for section in sections:
            inner += section[1:] if section and section[0] == "variables:" else []
            lines += [] if section and section[0] == "variables:" else section
        return "\n".join([*lines, *variables, *inner]) + "\n"

    def _first_dose(self) -> list[str]:
        return ["variables:", "  first_dose: earliest dday in doses"]

    # ---- what is declared -------------------------------------------------------------------------------------------
    def _header(self) -> list[str]:
        cdisc = self.dice.chance(30)
        ties = self.dice.shuffled(self.dice.some(TIES))
        windows = self.dice.some(list(POINTS), 1)
        visits = self.dice.some(list(VISITS))
        self.known.points, self.known.visits = [_point(w) for w in windows], [_point(v) for v in visits]
        self.known.facts = {"limit": Sort("number"), "period": Sort("number", "days"), "cut": Sort("date")}
        self.known.variables["first_dose"] = Sort("date")
        lines = ["study: Random", "version: 1.0.0", "language: 1", "patient: people.id", "visit: signs.gvisit"]
        lines += [f"day_{'one' if cdisc else 'zero'}: first_dose", f"ties: [{', '.join(ties)}]", "facts:"]
        lines += ["  limit: 4.1", "  period: 28 days", "  cut: 2024-01-10", "timepoints:"]
        lines[:0] = [f"censored results: {self.dice.one(CENSORED)}"] if self.dice.chance(40) else []
        zero = 1 if cdisc else 0
        lines += [f"  {name}: {POINTS[name] % zero if '%' in POINTS[name] else POINTS[name]}" for name in windows]
        choices = [f", choose: {c}" for c in ("first", "last", "lowest", "highest", "closest")]
        return lines + [f"  {name}: {VISITS[name] % self.dice.one(choices)}" for name in visits]

    def _declared(self) -> list[str]:
        lines = ["tables:"]
        signs = self.known.tables["signs"]
        codes = ("w0", "w2")
        visit = declared.Column("gvisit", "code", Sort("code", None, codes), ("values: [w0, w2]",), codes)
        signs.columns["gvisit"] = visit
        for table in self.known.tables.values():
            lines += [f"  {table.name}:", f"    file: {table.name}.csv", f"    one row for each: {table.key}"]
            lines += [f"    patient without rows: {table.no_rows}"] if table.no_rows else []
            lines += [f"    {key}" for key in table.keys]
            lines += [f"    {MISSING_CODES}"] if self.dice.chance(60) else []
            if table.links:
                lines += ["    links:", *(f"      {link}: item in {target}" for link, target in table.links.items())]
            lines += ["    columns:", *(f"      {self._column(table, name)}" for name in table.columns)]
            lines += self._derived(table)
        return lines

    def _column(self, table: Table, name: str) -> str:
        """A column, perhaps expected or valid only where another column of the row says so."""
        column = table.columns[name]
        fixed = name in ("sex", "start", "birth", "ticked", "test", "exam", "part", "number", "gvisit")
        if fixed or not table.about_patients or table.name == "sheet" or not self.dice.chance(20):
            return column.yaml()
        before = dict(list(table.columns.items())[: list(table.columns).index(name)])
        rule = self._alone(replace(table, columns=before)).truth(table.name, 0)
        return f"{column.yaml()[:-1]}, {self.dice.one(('expected if', 'valid if'))}: {_quoted(rule)}}}"

    def _alone(self, table: Table) -> Rules:
        """Rules on a row's own cells, and its patient's."""
        return Rules(self.dice, Known({"people": self.known.tables["people"], table.name: table}))

    def _derived(self, table: Table) -> list[str]:
        """A field of the row, worked out from its columns."""
        numbers = [c.name for c in table.columns.values() if c.sort == Sort("number")]
        if table.one_row or not table.about_patients or not numbers or not self.dice.chance(50):
            return []
        name = f"{table.name}_twice"
        table.derived[name] = Sort("number")
        return ["    fields:", f"      {name}: {self.dice.one(numbers)} * 2"]

    def _groups(self) -> list[str]:
        shared = {"exam": Sort("text"), "done": Sort("date"), "total": Sort("number")}
        self.known.groups["exam"] = Group("exam", dict(shared))
        lines = ["groups:", "  exam:", "    rows of: parts", "    one for each: exam"]
        lines += ["    same on every row: [id, done, total]", "    fields:", *self._fields("exam")]
        if self.dice.chance(50):
            inner = {"exam": Sort("text"), "part": self.known.tables["parts"].columns["part"].sort or Sort("code")}
            self.known.groups["piece"] = Group("piece", inner)
            lines += ["  piece:", "    rows of: parts", "    one for each: [exam, part]", "    fields:"]
            lines += self._fields("piece")
        return lines

    def _fields(self, group: str) -> list[str]:
        only = "sum score in parts where (part is upper)"
        fields = {"summed": ("sum score in parts", Sort("number")), "upper_sum": (only, Sort("number"))}
        fields |= {"calm": ("every parts has (score <= 1)", Sort("truth"))}
        known = self.known.groups[group].fields
        for number in range(self.dice.whole(1, 3)):
            rule = self.rules.number(group, None, 2) if number % 2 else self.rules.truth(group, 2)
            fields[f"{group}{number}"] = (rule, Sort("number" if number % 2 else "truth"))
        prefix = "" if group == "exam" else group[0]
        known |= {prefix + name: sort for name, (_, sort) in fields.items()}
        return [f"      {prefix}{name}: {_quoted(rule)}" for name, (rule, _) in fields.items()]

    def _measures(self) -> list[str]:
        normal = self.dice.one(
            (
                *("at most 5 mg/L", "under 5 mg/L", "1 to 5 mg/L", "from lower to upper", "at least 4.1 mg/L"),
                *("within printed", "within printed"),
            )
        )
        lines = ["measures:"]
        crp = ["from: labs.result", "where: test is CRP", "date: taken", "unit: mg/L", "unit column: unit"]
        crp += ["scheduled: planned is yes", "with: [planned, upper]", f"normal: {normal}"]
        crp += ["range: 0 to 40"] if self.dice.chance(40) else []
        crp += [f"censored results: {self.dice.one(CENSORED)}"] if self.dice.chance(30) else []
        esr = ["from: labs.result", "where: test is ESR", "date: taken", "unit: mm/h", "unit column: unit"]
        otherwise = self.dice.one(("if sex is female: at most 15 mm/h", "otherwise: under 8.2 mm/h"))
        esr += [f"normal: {{if sex is male: at most 5 mm/h, {otherwise}}}"]
        fields = {"planned": Sort("truth"), "upper": Sort("number")}
        self._measure(lines, Measure("CRP", Sort("number", "mg/L"), "labs", fields, True), crp)
        self._measure(lines, Measure("ESR", Sort("number", "mm/h"), "labs", {}, True), esr)
        total = ["from: exam.total", "date: done", "with: [calm, summed]"]
        total += ["if missing: summed"] if self.dice.chance(50) else []
        total += ["if disagrees: {total = summed: unknown}"] if self.dice.chance(50) else []
        fields = {"calm": Sort("truth"), "summed": Sort("number")}
        self._measure(lines, Measure("TOT", Sort("number"), "exam", fields), total)
        for table in ("doses", "signs"):
            self._own_measure(lines, self.known.tables[table])
        return lines

    def _own_measure(self, lines: list[str], table: Table) -> None:
        """A measure of any column of a table of events."""
        letter = table.columns["dday" if table.name == "doses" else "gday"].name[0]
        name = self.dice.one([n for n, c in table.columns.items() if c.sort and c.sort.kind not in ("date", "moment")])
        sort = table.columns[name].sort or Sort("number")
        keys = [f"from: {table.name}.{name}", f"date: {letter}day"]
        if sort.unit == "kg" and self.dice.chance(50):
            sort = Sort("number", "g")
            keys.append("unit: g")
        fields = {n: c.sort for n, c in table.columns.items() if c.sort and n != name and self.dice.chance(50)}
        keys += [f"with: [{', '.join(fields)}]"] if fields else []
        keys += [f"where: {_quoted(self.rules.truth(table.name, 1))}"] if self.dice.chance(60) else []
        keys += [f"scheduled: {_quoted(self.rules.truth(table.name, 0))}"] if self.dice.chance(40) else []
        self._measure(lines, Measure(f"M{letter}", sort, table.name, fields), keys)

    def _measure(self, lines: list[str], measure: Measure, keys: list[str]) -> None:
        self.known.measures.append(measure)
        lines.append(f"  {measure.name}: {{{', '.join(keys)}}}")

    # ---- rules ------------------------------------------------------------------------------------------------------
    def _variables(self, letter: str) -> list[str]:
        """Variables of all kinds; later ones may read earlier ones."""
        lines = ["variables:"]
        made = [self._rule() for _ in range(self.dice.whole(3, 5))]
        made.append((self.rules.featured(), Sort("truth")))
        for number, (rule, sort) in enumerate(made):
            lines.append(f"  {letter}{number}: {_quoted(rule)}")
            self.known.variables[f"{letter}{number}"] = sort
        return lines

    def _rule(self) -> tuple[str, Sort]:
        kind = self.dice.one(("truth", "truth", "truth", "number", "number", "date", "code"))
        if kind == "truth":
            return self.rules.truth(None, 3), Sort("truth")
        if kind == "number":
            unit = self.dice.one((None, None, "kg", "mg/L", "mm/h", "days", "months", "years", "hours"))
            return self.rules.number(None, unit, 3), Sort("number", unit)
        if kind == "date":
            return f"earliest of ({self.rules.date(None, 1)}, cut)", Sort("date")
        return self.rules.coded(None, 2)

    def _eligibility(self) -> list[str]:
        lines = ["eligibility:"]
        for part, letter in (("include", "i"), ("exclude", "e")):
            lines.append(f"  {part}:")
            for number in range(self.dice.whole(1, 3)):
                lines.append(f"    {letter}{number}: {{rule: {_quoted(self.rules.truth(None, 2))}}}")
                self.known.truths.append(f"{letter}{number} is met")
        lines += ["populations:", "  treated: first_dose is recorded", f"  some: {_quoted(self.rules.truth(None, 2))}"]
        self.known.truths += ["eligible", "treated", "some", "has visit w2"]
        return lines

    def _endpoints(self) -> list[str]:
        lines, names = ["endpoints:"], []
        for number in range(self.dice.whole(1, 2)):
            keys = [f"achieved: {_quoted(self.rules.truth(None, 2))}"]
            keys += [f"evaluable: {_quoted(self.rules.truth(None, 1))}"] if self.dice.chance(50) else []
            keys += [f"population: {self.dice.one(('eligible', 'treated', 'some'))}"]
            keys += ["if missing: [as observed, last observation]"] if self.dice.chance(50) else []
            lines.append(f"  end{number}: {{{', '.join(keys)}}}")
            names.append(f"end{number} is achieved")
        self.known.truths += names
        return lines

    def _completeness(self) -> list[str]:
        lines = ["completeness:"]
        for point in self.known.points[:2]:
            self.known.truths.append(f"complete({point})")
            point = point.strip(chr(34))
            lines.append(
                f"  {point}: {{require: [CRP, TOT], expect: [ESR], due if: {_quoted(self.rules.truth(None, 1))}}}"
            )
        return lines

    def _checks(self) -> list[str]:
        """Checks that take the cells which they read out of use."""
        lines = ["checks:"]
        for relation in self.dice.some(("doses", "signs", "labs", "parts", "exam")):
            name = f"check_{relation}"
            table = self.known.tables.get(relation)
            rule = self._alone(table).truth(relation, 0) if table else "total = summed"
            lines.append(f"  {name}: {{each: {relation}, rule: {_quoted(rule)}, on fail: unknown}}")
        return lines if len(lines) > 1 else []


def _point(name: str) -> str:
    """A timepoint's name as rules write it: of several words only the last may be a number."""
    return name if name.split()[-1].isdigit() or " " not in name else f'"{name}"'


def _quoted(rule: str) -> str:
    """The rule as a YAML scalar that may stand in braces."""
    return "'" + rule.replace("'", "''") + "'"
