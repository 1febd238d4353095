"""Random dates, and dates and times."""

from __future__ import annotations

from tests.generative.author import Author, Place


class Dates(Author):
    """Writes dates."""

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
