"""Random conditions."""

from __future__ import annotations

from collections.abc import Callable

from tests.generative.author import Author, Place
from tests.generative.words import LITERALS, PATTERNS, WORDS

COMPARE = ("=", "<", "<=", ">", ">=")


class Truths(Author):
    """Writes conditions."""

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
