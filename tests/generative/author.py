"""What every random rule is written with: choices among known names, and the phrases that several kinds share."""

from __future__ import annotations

from collections.abc import Callable

from tests.generative.declared import Sort
from tests.generative.dice import Dice
from tests.generative.known import Known, Measure
from tests.generative.words import LITERALS, SPANS

Place = str | None  # a relation, or None: one value a patient


class Author:
    """`depth` is how many steps may still be taken down. The kinds of rule are written by those who inherit this."""

    truth: Callable[[Place, int], str]
    number: Callable[[Place, str | None, int], str]
    date: Callable[[Place, int], str]
    _value: Callable[[Place, str, int], tuple[str, Sort]]
    _any: Callable[[Place, int], str]

    def __init__(self, dice: Dice, known: Known) -> None:
        self.dice, self.known = dice, known

    def _over(self, depth: int, relation: str | None = None) -> str:
        name = relation or self.dice.one(self.known.many())
        return f"{name} where ({self.truth(name, depth - 1)})" if self.dice.chance(70) else name

    def _right(self, place: Place, unit: str | None, depth: int) -> str:
        return self.dice.one(LITERALS[unit]) if self.dice.chance(60) else self.number(place, unit, depth)

    def _cases(self, place: Place, depth: int, first: Callable[[], str], more: Callable[[], str]) -> str:
        if self.dice.chance(25):
            return f"({first()} if sex is male, {more()} if sex is female)"
        otherwise = f" otherwise {more()}" if self.dice.chance(60) else ""
        branches = [f"{first()} if {self.truth(place, depth - 1)}"]
        branches += [f"{more()} if {self.truth(place, depth - 1)}"] if self.dice.chance(50) else []
        return f"({', '.join(branches)}{otherwise})"

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

    def _previous(self, place: Place, kind: str, unit: str | None = None) -> str | None:
        if place is None or place not in self.known.many():
            return None
        sorts = self.known.relation(place).sorts().items()
        found = [n for n, s in sorts if s[:2] == (kind, unit)]
        order = self._order(place)
        return f"(previous {self.dice.one(found)} by {order})" if found and order else None

    def _measured(self, fits: Callable[[Measure], bool]) -> Measure | None:
        found = [m for m in self.known.measures if fits(m)]
        return self.dice.one(found) if found else None

    def _unit(self, place: Place, depth: int = 1) -> str | None:
        """A unit in which there are numbers to be had here."""
        units = [sort.unit for _, sort in self.known.names(place, "number")]
        if depth > 0:
            units += ["%", *(m.sort.unit for m in self.known.measures if m.sort.kind == "number")]
        return self.dice.one([None, *SPANS[:4], *units, *units])

    def _count_states(self, place: Place, depth: int) -> str:
        values = [self._any(place, depth) for _ in range(self.dice.whole(2, 3))]
        return f"number of ({', '.join(values)}) that are {self._not()}{self.dice.one(('missing', 'recorded'))}"

    def _over_time(self, place: Place, unit: str | None, depth: int) -> str | None:
        found = self._measured(lambda m: m.sort[:2] == ("number", unit))
        if found is None:
            return None
        how = self.dice.one(("highest", "lowest", "sum", "mean", "median", "first", "last", "earliest", "latest"))
        recorded = self._recorded()
        start, end = self.dice.one(self.known.points), self.dice.one(self.known.points)
        return f"{how}{recorded} {found.name} from {start} to {end}"

    def _not(self) -> str:
        return "not " if self.dice.chance(25) else ""

    def _recorded(self) -> str:
        return " recorded" if self.dice.chance(30) else ""
