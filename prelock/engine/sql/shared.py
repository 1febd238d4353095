"""Parts that several expressions share: each is worked out once, in a query beneath."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from prelock.engine.sql.dialect import Dialect
from prelock.engine.sql.node import Node
from prelock.engine.sql.tables import quoted

LONG = 48  # characters from which a part that stands twice is worked out beneath
Lookup = Callable[[object], str]  # a table as something that can be selected from


@dataclass(slots=True)
class Part:
    """One part, wherever it stands: `uses` counts the places, `layer` is how many queries lie beneath its own."""

    value: Node
    inside: tuple[int, ...]
    uses: int = 0
    text: str = ""
    layer: int = 0


@dataclass
class Shared:
    """Expressions over the columns of one table, as text; `layers` are the parts to be worked out beneath, in
    order, `hidden` their names."""

    lookup: Lookup
    dialect: Dialect
    layers: list[list[tuple[str, str]]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def texts(self, values: Iterable[Node]) -> list[str]:
        """The SQL of each value."""
        self._parts: list[Part] = []
        self._places: dict[tuple[object, ...], int] = {}
        self._known: dict[int, int] = {}
        roots = [self._place(value) for value in values]
        for root in roots:
            self._parts[root].uses += 1
        for part in self._parts:  # what is inside a part comes before it
            self._write(part)
        return [self._parts[root].text for root in roots]

    def _place(self, asked: Node) -> int:
        found = self._known.get(id(asked))
        if found is None:
            value = self.dialect.rewritten(asked)
            inside = tuple([self._place(arg) for arg in value.args])
            key = (value.form, *inside) if not inside or value.table is None else (value.form, id(value.table), *inside)
            found = self._places.get(key)
            if found is None:
                found = self._places[key] = len(self._parts)
                self._parts.append(Part(value, inside))
                for one in inside:
                    self._parts[one].uses += 1
            self._known[id(asked)] = found
        return found

    def _write(self, part: Part) -> None:
        value = part.value
        if not value.args:
            part.text = value.form
            return
        inside = [self._parts[place] for place in part.inside]
        part.layer = max([one.layer for one in inside])
        table = {} if value.table is None else {"table": self.lookup(value.table)}
        part.text = value.form.format(*(one.text for one in inside), **table)
        if part.uses > 1 and not value.folds and len(part.text) > LONG:
            self._beneath(part)

    def _beneath(self, part: Part) -> None:
        if part.layer == len(self.layers):
            self.layers.append([])
        own = f"~{part.layer}.{len(self.layers[part.layer])}"
        name = quoted(own)
        self.hidden.append(own)
        self.layers[part.layer].append((name, part.text))
        part.text, part.layer = name, part.layer + 1
