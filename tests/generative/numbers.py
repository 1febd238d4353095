"""Random numbers: columns, arithmetic, folds, spans of time."""

from __future__ import annotations

from collections.abc import Callable

from tests.generative.author import Place
from tests.generative.measured import Measured
from tests.generative.words import LITERALS, SPANS


class Numbers(Measured):
    """Writes numbers."""

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

    def _picked_number(self, place: Place, unit: str | None, depth: int) -> str | None:
        found = self._column("number", unit)
        return self._picked(*found, depth) if found else None

    def _previous_number(self, place: Place, unit: str | None, depth: int) -> str | None:
        return self._previous(place, "number", unit)

    def _counted(self, place: Place, unit: str | None, depth: int) -> str:
        return f"number of {self._over(depth)}"

    def _different(self, place: Place, unit: str | None, depth: int) -> str:
        relation = self.dice.one(self.known.many())
        name = self.dice.one(list(self.known.relation(relation).sorts()))
        return f"number of different {name} in {self._over(depth, relation)}"

    def _states(self, place: Place, unit: str | None, depth: int) -> str:
        return self._count_states(place, depth)

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
