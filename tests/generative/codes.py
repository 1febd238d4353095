"""Random codes, texts and yes/no values: by name, picked from rows, or of a chosen record."""

from __future__ import annotations

from tests.generative.author import Author, Place
from tests.generative.declared import Sort
from tests.generative.words import CODES


class Codes(Author):
    """Writes codes, texts and yes/no values."""

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
