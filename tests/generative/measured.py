"""Random numbers read off measures: at a timepoint, and their change from one to another."""

from __future__ import annotations

from tests.generative.author import Author, Place
from tests.generative.known import Measure


class Measured(Author):
    """Writes what measures say."""

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
