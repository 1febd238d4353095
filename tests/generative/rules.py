"""Random rules as an author writes them, of a wanted kind, over the names that are known."""

from __future__ import annotations

from collections.abc import Callable

from tests.generative.declared import Sort
from tests.generative.dice import Dice
from tests.generative.known import Known, Measure
from tests.generative.words import CODES, LITERALS, PATTERNS, SPANS, WORDS

Place = str | None  # a relation, or None: one value a patient
COMPARE = ("=", "<", "<=", ">", ">=")


class Rules:
    """Writes rules. `depth` is how many steps may still be taken down."""

    def __init__(self, dice: Dice, known: Known) -> None:
        self.dice, self.known = dice, known

    # ---- truths -----------------------------------------------------------------------------------------------------
    def truth(self, place: Place, depth: int = 2) -> str:
        """A condition."""
        simple: list[Callable[[Place, int], str]] = [self._compared, self._compared, self._dated, self._coded]
        simple += [self._answered, self._stated, self._worded, self._between, self._within]
        whole = [self._joined, self._joined, self._negated, self._if_then, self._rows, self._rows, self._every]
        whole += [self._several, self._normal, self._named, self._cased_truth]
        return self.dice.one(simple if depth <= 0 else simple + whole)(place, depth)

    def _compared(self, place: Place, depth: int) -> str:
        unit = self._unit(place, depth - 1)
        left, right = self.number(place, unit, depth - 1), self._right(place, unit, depth - 1)
        right = self.dice.one(LITERALS[unit]) if right == left else right
        return f"{left} {self.dice.one(COMPARE)} {right}"

    def _right(self, place: Place, unit: str | None, depth: int) -> str:
        return self.dice.one(LITERALS[unit]) if self.dice.chance(60) else self.number(place, unit, depth)

    def _between(self, place: Place, depth: int) -> str:
        unit = self._unit(place, depth - 1)
        low, high = self.dice.one(LITERALS[unit][:2]), self.dice.one(LITERALS[unit][2:4])
        return f"{self.number(place, unit, depth - 1)} is {self._not()}between {low} and {high}"

    def _within(self, place: Place, depth: int) -> str:
        if self.dice.chance(50):
            length = f"{self.dice.whole(0, 20)} {self.dice.one(('days', 'weeks', 'months'))}"
            return f"{self.date(place, depth - 1)} is within {length} of {self.date(place, depth - 1)}"
        unit = self._unit(place, depth - 1)
        near = self.dice.one(LITERALS[unit][1:3])
        return f"{self.number(place, unit, depth - 1)} is within {near} of {self.number(place, unit, depth - 1)}"

    def _dated(self, place: Place, depth: int) -> str:
        left = self.date(place, depth - 1)
        written = self.dice.one(("2024-01-01", "2024-01-10", "2024-02-29"))
        right = written if self.dice.chance(40) else self.date(place, depth - 1)
        return f"{left} {self.dice.one(COMPARE)} {written if right == left else right}"

    def _coded(self, place: Place, depth: int) -> str:
        name, sort = self._value(place, "code", depth)
        codes = sort.codes
        ways = [f"{self._not()}{self.dice.one(codes)}", f"{self._not()}one of ({', '.join(codes[:2])})"]
        if sort.ordered:
            ways += [f"at least {codes[1]}", f"at most {codes[1]}"]
        alike = [other for other, s in self.known.names(place, "code") if s == sort and other != name]
        if alike and self.dice.chance(20):
            return f"{name} = {self.dice.one(alike)}"
        return f"{name} is {self.dice.one(ways)}"

    def _answered(self, place: Place, depth: int) -> str:
        if depth <= 0 and not self.known.names(place, "truth"):
            return self._coded(place, depth)
        name, _ = self._value(place, "truth", depth)
        return name if self.dice.chance(20) else f"{name} is {self._not()}{self.dice.one(('yes', 'no'))}"

    def _stated(self, place: Place, depth: int) -> str:
        raw = place == "labs" and self.dice.chance(30)
        return (
            f"{'result' if raw else self._any(place, depth)} is {self._not()}{self.dice.one(('missing', 'recorded'))}"
        )

    def _worded(self, place: Place, depth: int) -> str:
        ticked = [name for name, _ in self.known.names(place, "codes")]
        if ticked and self.dice.chance(20):
            state = self.dice.one(("includes b2", "includes one of (a1, c3)", "is missing", "is not recorded"))
            return f"{self.dice.one(ticked)} {state}"
        if depth <= 0 and not self.known.names(place, "text"):
            return self._coded(place, depth)
        name, _ = self._value(place, "text", depth)
        tests = (f"matches {self.dice.one(PATTERNS)}", f'starts with "{self.dice.one(WORDS)}"')
        tests += (f'has the word "{self.dice.one(WORDS)}"', f'is "{self.dice.one(WORDS)}"')
        tests += (f'is {self._not()}one of ("{WORDS[0]}", "{self.dice.one(WORDS)}")',)
        alike = [other for other, _ in self.known.names(place, "text") if other != name]
        return (
            f"{name} = {self.dice.one(alike)}" if alike and self.dice.chance(15) else f"{name} {self.dice.one(tests)}"
        )

    def _joined(self, place: Place, depth: int) -> str:
        word = self.dice.one((" and ", " or "))
        return word.join(f"({self.truth(place, depth - 1)})" for _ in range(self.dice.whole(2, 3)))

    def _negated(self, place: Place, depth: int) -> str:
        return f"not ({self.truth(place, depth - 1)})"

    def _if_then(self, place: Place, depth: int) -> str:
        return f"if ({self.truth(place, depth - 1)}) then ({self.truth(place, depth - 1)})"

    def _rows(self, place: Place, depth: int) -> str:
        count = f"{self.dice.one(('at least', 'at most', 'exactly'))} {self.dice.whole(0, 3)}"
        return f"{self.dice.one(('any', 'any', 'no', count))} {self._over(depth)}"

    def _every(self, place: Place, depth: int) -> str:
        relation = self.dice.one(self.known.many())
        return f"every {self._over(depth, relation)} has ({self.truth(relation, depth - 1)})"

    def _over(self, depth: int, relation: str | None = None) -> str:
        name = relation or self.dice.one(self.known.many())
        return f"{name} where ({self.truth(name, depth - 1)})" if self.dice.chance(70) else name

    def _several(self, place: Place, depth: int) -> str:
        return f"{self._count_states(place, depth)} {self.dice.one(COMPARE)} {self.dice.whole(0, 3)}"

    def _normal(self, place: Place, depth: int) -> str:
        normal = [m for m in self.known.measures if m.normal]
        if not normal:
            return self._compared(place, depth)
        measure = self.dice.one(normal)
        return f"{measure.name} at {self.dice.one(self.known.at(measure))} is {self._not()}normal"

    def _named(self, place: Place, depth: int) -> str:
        return self.dice.one(self.known.truths) if self.known.truths else self._joined(place, depth)

    def _cased_truth(self, place: Place, depth: int) -> str:
        name, _ = self._value(place, "truth", 0)
        return f"({self._cases(place, depth, lambda: name, lambda: self._value(place, 'truth', 0)[0])}) is yes"

    # ---- values -----------------------------------------------------------------------------------------------------
    def number(self, place: Place, unit: str | None, depth: int) -> str:
        """A number in a unit."""
        leaves = [name for name, sort in self.known.names(place, "number") if sort.unit == unit]
        deep: list[Callable[[Place, str | None, int], str | None]] = [self._sum, self._times, self._cased, self._listed]
        deep += [self._aggregate, self._aggregate, self._picked_number, self._at, self._at, self._over_time, self._fall]
        deep += [self._previous_number]
        if unit is None:
            deep += [self._ratio, self._power, self._counted, self._different, self._states, self._day, self._score]
        if unit in SPANS:
            deep += [self._span] * 4
        if unit == "%":
            return self._percent() or "50 %"
        if leaves and (depth <= 0 or self.dice.chance(25)):
            return self.dice.one(leaves)
        found = self.dice.one(deep)(place, unit, depth) if depth > 0 else None
        found = found or (self._span(place, unit, depth) if unit in SPANS else None)
        return found or (self.dice.one(leaves) if leaves else self._day_or_literal(place, unit))

    def _day_or_literal(self, place: Place, unit: str | None) -> str:
        return f"day of {self._date_leaf(place)}" if unit is None else self.dice.one(LITERALS[unit])

    def _unit(self, place: Place, depth: int = 1) -> str | None:
        """A unit in which there are numbers to be had here."""
        units = [sort.unit for _, sort in self.known.names(place, "number")]
        if depth > 0:
            units += ["%", *(m.sort.unit for m in self.known.measures if m.sort.kind == "number")]
        return self.dice.one([None, *SPANS[:4], *units, *units])

    def _sum(self, place: Place, unit: str | None, depth: int) -> str:
        sides = [self.number(place, unit, depth - 1), self._right(place, unit, depth - 1)]
        return f"({sides[0]} {self.dice.one(('+', '-'))} {sides[1]})"

    def _times(self, place: Place, unit: str | None, depth: int) -> str:
        by = (
            self.dice.one(("2", "3", "-1", "0"))
            if unit or self.dice.chance(50)
            else self.number(place, None, depth - 1)
        )
        return f"({self.number(place, unit, depth - 1)} {self.dice.one(('*', '/'))} {by})"

    def _ratio(self, place: Place, unit: str | None, depth: int) -> str:
        of = self._unit(place, depth - 1)
        return f"({self.number(place, of, depth - 1)} / {self.number(place, of, depth - 1)})"

    def _power(self, place: Place, unit: str | None, depth: int) -> str:
        return f"(({self.number(place, None, depth - 1)}) ^ {self.dice.one(('2', '0', '-1', '0.5', '3'))})"

    def _cased(self, place: Place, unit: str | None, depth: int) -> str:
        return self._cases(
            place, depth, lambda: self.number(place, unit, depth - 1), lambda: self._right(place, unit, 0)
        )

    def _cases(self, place: Place, depth: int, first: Callable[[], str], more: Callable[[], str]) -> str:
        if self.dice.chance(25):
            return f"({first()} if sex is male, {more()} if sex is female)"
        otherwise = f" otherwise {more()}" if self.dice.chance(60) else ""
        branches = [f"{first()} if {self.truth(place, depth - 1)}"]
        branches += [f"{more()} if {self.truth(place, depth - 1)}"] if self.dice.chance(50) else []
        return f"({', '.join(branches)}{otherwise})"

    def _listed(self, place: Place, unit: str | None, depth: int) -> str:
        how = self.dice.one(("highest", "lowest", "sum", "mean", "median")) + self._recorded()
        values = [self.number(place, unit, depth - 1) for _ in range(self.dice.whole(2, 3))]
        return f"{how} of ({', '.join(values)})"

    def _aggregate(self, place: Place, unit: str | None, depth: int) -> str | None:
        how = self.dice.one(("highest", "lowest", "sum", "mean", "median", "only"))
        found = self._column("number", unit)
        if found is None:
            return None
        recorded = "" if how == "only" else self._recorded()
        return f"{how}{recorded} {found[1]} in {self._over(depth, found[0])}"

    def _column(self, kind: str, unit: str | None = None) -> tuple[str, str] | None:
        """(relation, a column of it) of a kind and unit."""
        many = self.known.many()
        found = [(r, n) for r in many for n, s in self.known.relation(r).sorts().items() if s[:2] == (kind, unit)]
        return self.dice.one(found) if found else None

    def _order(self, relation: str) -> str | None:
        sorts = self.known.relation(relation).sorts().items()
        found = [n for n, s in sorts if s.kind in ("number", "date", "moment") or s.scored]
        return self.dice.one(found) if found else None

    def _picked(self, relation: str, name: str, depth: int) -> str | None:
        order = self._order(relation)
        if order is None:
            return None
        which = self.dice.one(("latest", "earliest", "highest", "lowest", "first", "last"))
        where = f" where ({self.truth(relation, depth - 1)})" if self.dice.chance(50) else ""
        if self.dice.chance(30):
            return f"({self.dice.one(('first', 'last'))} {name} by {order} in {relation}{where})"
        return f"({name} of {which} {relation} by {order}{where})"

    def _picked_number(self, place: Place, unit: str | None, depth: int) -> str | None:
        found = self._column("number", unit)
        return self._picked(*found, depth) if found else None

    def _at(self, place: Place, unit: str | None, depth: int) -> str | None:
        found = self._measured(lambda m: m.sort[:2] == ("number", unit))
        fields = [
            f"{m.name}.{f}" for m in self.known.measures for f, s in m.fields.items() if s[:2] == ("number", unit)
        ]
        if fields and self.dice.chance(30):
            name = self.dice.one(fields)
            measure = next(m for m in self.known.measures if name.startswith(f"{m.name}."))
            return f"{name} at {self.dice.one(self.known.at(measure))}"
        return f"{found.name} at {self._point(found)}" if found else None

    def _point(self, measure: Measure) -> str:
        return f"day {self.dice.whole(1, 20)}" if self.dice.chance(6) else self.dice.one(self.known.at(measure))

    def _measured(self, fits: Callable[[Measure], bool]) -> Measure | None:
        found = [m for m in self.known.measures if fits(m)]
        return self.dice.one(found) if found else None

    def _over_time(self, place: Place, unit: str | None, depth: int) -> str | None:
        found = self._measured(lambda m: m.sort[:2] == ("number", unit))
        if found is None:
            return None
        how = self.dice.one(("highest", "lowest", "sum", "mean", "median", "first", "last", "earliest", "latest"))
        recorded = self._recorded()
        start, end = self.dice.one(self.known.points), self.dice.one(self.known.points)
        return f"{how}{recorded} {found.name} from {start} to {end}"

    def _fall(self, place: Place, unit: str | None, depth: int) -> str | None:
        found = self._measured(lambda m: m.sort[:2] == ("number", unit))
        return self._changed(found, "") if found else None

    def _percent(self) -> str | None:
        found = self._measured(lambda m: m.sort.kind == "number")
        return self._changed(found, "percent ") if found else None

    def _changed(self, measure: Measure, percent: str) -> str:
        points = [self.dice.one(self.known.at(measure)) for _ in range(2)]
        return (
            f"({percent}{self.dice.one(('fall', 'rise', 'change'))} in {measure.name} from {points[0]} to {points[1]})"
        )

    def _previous_number(self, place: Place, unit: str | None, depth: int) -> str | None:
        return self._previous(place, "number", unit)

    def _previous(self, place: Place, kind: str, unit: str | None = None) -> str | None:
        if place is None or place not in self.known.many():
            return None
        sorts = self.known.relation(place).sorts().items()
        found = [n for n, s in sorts if s[:2] == (kind, unit)]
        order = self._order(place)
        return f"(previous {self.dice.one(found)} by {order})" if found and order else None

    def _counted(self, place: Place, unit: str | None, depth: int) -> str:
        return f"number of {self._over(depth)}"

    def _different(self, place: Place, unit: str | None, depth: int) -> str:
        relation = self.dice.one(self.known.many())
        name = self.dice.one(list(self.known.relation(relation).sorts()))
        return f"number of different {name} in {self._over(depth, relation)}"

    def _states(self, place: Place, unit: str | None, depth: int) -> str:
        return self._count_states(place, depth)

    def _count_states(self, place: Place, depth: int) -> str:
        values = [self._any(place, depth) for _ in range(self.dice.whole(2, 3))]
        return f"number of ({', '.join(values)}) that are {self._not()}{self.dice.one(('missing', 'recorded'))}"

    def _day(self, place: Place, unit: str | None, depth: int) -> str:
        return f"day of {self._date_leaf(place)}"

    def _score(self, place: Place, unit: str | None, depth: int) -> str | None:
        scored = [name for name, sort in self.known.names(place, "code") if sort.scored]
        return f"({self.dice.one(scored)} + 0)" if scored else None

    def _span(self, place: Place, unit: str | None, depth: int) -> str | None:
        if unit == "hours":
            moments = [name for name, _ in self.known.names(place, "moment")]
            return f"hours from {self.dice.one(moments)} to {self.dice.one(moments)}" if moments else None
        exact = "exact " if unit == "months" and self.dice.chance(50) else ""
        start, end = self._date_leaf(place), self._date_leaf(place)
        return f"{exact}{unit} from {start} to {end if end != start else '2024-02-29'}"

    def date(self, place: Place, depth: int) -> str:
        """A date, or a date and time."""
        ways = [self._date_leaf, self._date_leaf]
        if depth >= 0:
            ways += [self._shifted, self._date_fold, self._date_fold, self._date_listed, self._date_previous]
        return self.dice.one(ways)(place)

    def _date_leaf(self, place: Place) -> str:
        names = self.known.names(place, "date") + self.known.names(place, "moment")
        return self.dice.one([name for name, _ in names])

    def _shifted(self, place: Place) -> str:
        length = self.dice.one(("28 days", "1 days", "2 weeks"))
        return f"({self._date_leaf(place)} {self.dice.one(('+', '-'))} {length})"

    def _date_fold(self, place: Place) -> str:
        found = self._column(self.dice.one(("date", "date", "moment")))
        if found is None:
            return self._date_leaf(place)
        if self.dice.chance(30):
            return self._picked(*found, 1) or self._date_leaf(place)
        how = self.dice.one(("earliest", "latest", "only"))
        recorded = "" if how == "only" else self._recorded()
        return f"({how}{recorded} {found[1]} in {self._over(1, found[0])})"

    def _date_listed(self, place: Place) -> str:
        values = [self._date_leaf(place), self._date_leaf(place)]
        return f"({self.dice.one(('earliest', 'latest'))}{self._recorded()} of ({', '.join(values)}))"

    def _date_previous(self, place: Place) -> str:
        return self._previous(place, "date") or self._date_leaf(place)

    def featured(self) -> str:
        """A condition on something that is seldom met by chance."""
        measure = self._measured(lambda m: m.sort.kind == "number")
        unit = measure.sort.unit if measure else None
        over_time = self._over_time(None, unit, 1) or "1"
        column = self._column("number", None)
        median = f"median {column[1]} in {self._over(1, column[0])}" if column else "1"
        ways = [f"{over_time} >= {self.dice.one(LITERALS[unit])}", f"{median} < {self.dice.one(LITERALS[None])}"]
        scored = [name for name, sort in self.known.names(None, "code") if sort.scored]
        ways += [f"{self.dice.one(scored)} + 1 > 2"] if scored else []
        ways.append(f"{self._not()}ticked includes b2")
        linked = [(r, t, link) for r, t in self.known.tables.items() for link in t.links]
        for relation, table, link in linked:
            name = self.dice.one(list(self.known.tables[table.links[link]].sorts()))
            state = self._not() + self.dice.one(("missing", "recorded"))
            ways += [f"any {relation} where ({link}.{name} is {state})"] * 2
        return self.dice.one(ways)

    def coded(self, place: Place, depth: int) -> tuple[str, Sort]:
        """A code."""
        return self._value(place, "code", depth)

    def _value(self, place: Place, kind: str, depth: int) -> tuple[str, Sort]:
        """A code, text or yes/no: by name, picked from rows, or of a chosen record."""
        leaves = self.known.names(place, kind)
        if kind == "code":
            leaves = leaves or [("sex", Sort("code", None, CODES))]
        ways: list[tuple[str, Sort]] = [self.dice.one(leaves)] * 2 if leaves else []
        if depth > 0:
            ways += self._folded(kind, depth)
            fields = [(m, f, s) for m in self.known.measures for f, s in m.fields.items() if s.kind == kind]
            fields += [(m, "", m.sort) for m in self.known.measures if m.sort.kind == kind]
            if fields:
                measure, name, sort = self.dice.one(fields)
                dotted = f"{measure.name}.{name}" if name else measure.name
                ways.append((f"{dotted} at {self.dice.one(self.known.at(measure))}", sort))
        if ways:
            return self.dice.one(ways)
        return self._fallback(kind)

    def _fallback(self, kind: str) -> tuple[str, Sort]:
        """Where no name of the kind is known: a column that every study has."""
        known = {"text": ("only exam in parts", Sort("text")), "truth": ("only planned in labs", Sort("truth"))}
        return known[kind]

    def _folded(self, kind: str, depth: int) -> list[tuple[str, Sort]]:
        many = self.known.many()
        found = [(r, n, s) for r in many for n, s in self.known.relation(r).sorts().items() if s.kind == kind]
        if not found:
            return []
        relation, name, sort = self.dice.one(found)
        picked = self._picked(relation, name, depth)
        ways = [(f"(only {name} in {self._over(depth, relation)})", sort)]
        return ways + ([(picked, sort)] if picked else [])

    def _any(self, place: Place, depth: int) -> str:
        """A value of any kind."""
        kinds = ("number", "number", "date", "code", "text", "truth")
        kind = self.dice.one(kinds if depth > 0 else kinds[:4])
        if kind == "number":
            return f"({self.number(place, self._unit(place, depth - 1), depth - 1)})"
        return self.date(place, depth - 1) if kind == "date" else self._value(place, kind, depth)[0]

    def _not(self) -> str:
        return "not " if self.dice.chance(25) else ""

    def _recorded(self) -> str:
        return " recorded" if self.dice.chance(30) else ""
