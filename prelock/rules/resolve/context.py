"""Where a part of a rule is resolved: the names in reach, and the problems found so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from prelock.errors import Location, Problem
from prelock.rules.nodes import Node
from prelock.rules.scope import Relation, Scope
from prelock.rules.syntax import Syntax
from prelock.rules.text import fold
from prelock.rules.types import Grain

Place = Callable[[int, int], Location]
Handler = Callable[["Context", Syntax], Node]


class BrokenRuleError(Exception):
    """This part can't be resolved; its problem is already in the list."""


@dataclass(frozen=True)
class Context:
    """The scope and the list of problems; `place` maps (offset, length) in the rule's text to the file."""

    scope: Scope
    text: str
    place: Place
    problems: list[Problem]
    handlers: Mapping[str, Handler]

    def node(self, part: Syntax) -> Node:
        """The typed node of a part. Raises `BrokenRuleError` once its problem is recorded."""
        return self.handlers[part.kind](self, part)

    def broken(self, code: str, part: Syntax, message: str, hint: str | None = None) -> BrokenRuleError:
        """Record a problem at the part; raising what is returned gives the part up."""
        self.note(code, part, message, hint)
        return BrokenRuleError()

    def note(self, code: str, part: Syntax, message: str, hint: str | None = None) -> None:
        """Record a problem at the part and go on."""
        self.problems.append(Problem(code, message, self.place(part.start, part.length), hint))

    def all_of(self, parts: Iterable[Syntax], read: Callable[[Syntax], Node]) -> tuple[Node, ...]:
        """Every part read, so that each one's problem is recorded before the whole is given up."""
        found: list[Node] = []
        broken = False
        for part in parts:
            try:
                found.append(read(part))
            except BrokenRuleError:
                broken = True
        if broken:
            raise BrokenRuleError
        return tuple(found)

    def at_row(self, relation: str | None) -> Context:
        """The same place seen from a row of `relation`."""
        return replace(self, scope=self.scope.at_row(relation))

    def relation(self, part: Syntax) -> Relation:
        """The table or group that a name means."""
        name = name_text(part)
        found = self.scope.relations.get(name)
        if found is None:
            hint = nearest(name, self.scope.relations) or listing("tables and groups", self.scope.relations)
            raise self.broken("unknown-table", part, f"there is no table or group `{name}`", hint)
        return found

    def grain_of(self, *parts: Node) -> Grain:
        """The grain of a value made of several: all their keys."""
        return frozenset().union(*(part.grain for part in parts))


def name_text(part: Syntax) -> str:
    """The name that is written, without its quotes."""
    if part.parts:
        return "".join(name_text(word) for word in part.rest())
    return part.text.replace('"', "")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """`did you mean …?` for the nearest known name, None if none is near."""
    found = nearest_name(name, known)
    return f"did you mean `{found}`?" if found else None


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to the one written, compared after folding; None if none is near."""
    folded = {fold(item): item for item in known}
    match = get_close_matches(fold(name), folded, n=1, cutoff=0.7)
    return folded[match[0]] if match else None


def listing(what: str, known: Iterable[str], most: int = 12) -> str | None:
    """`tables: a, b, c` for a hint, None where there is nothing to list."""
    names = list(known)
    if not names:
        return None
    return f"{what}: {', '.join(names[:most])}{', …' if len(names) > most else ''}"


def each(scope: Scope, relation: str | None) -> str:
    """`patient`, `lab row` or `exam`: what a relation has one value for each of."""
    if relation is None:
        return "patient"
    if scope.relations[relation].rows_of:
        return relation
    single = relation[:-1] if relation.endswith("s") and not relation.endswith("ss") else relation
    return f"{single} row"
