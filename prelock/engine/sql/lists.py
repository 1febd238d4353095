"""What can be asked of a list, or of several values in one."""

from __future__ import annotations

from typing import Self

from prelock.engine.sql import types as t
from prelock.engine.sql.node import Node
from prelock.engine.sql.types import DType, StructType


class Lists(Node):
    """The part of an expression's methods that concerns lists and structs."""

    __slots__ = ()

    def __getitem__(self, place: str | int) -> Self:
        if isinstance(place, int):
            return self.made(f"{{0}}[{place + 1}]", (self,), t.STRING)
        kind = self.dtype.fields[place] if isinstance(self.dtype, StructType) else t.UNKNOWN
        return self.made(f"STRUCT_EXTRACT({{0}}, {safe(place)})", (self,), kind)

    def at(self, place: Node, dtype: str) -> Self:
        """The member of a list at a place, the first being 0."""
        return self.made("{0}[({1} + 1)]", (self, place), DType(dtype))

    def in_order(self) -> Self:
        """The members of a list that are not null, sorted."""
        return self.made("LIST_SORT(LIST_FILTER({0}, LAMBDA x: x IS NOT NULL))", (self,), t.ARRAY)

    def intersect(self, other: Node) -> Self:
        """The members of both lists."""
        return self.made("LIST_INTERSECT({0}, {1})", (self, other), t.ARRAY)

    def unnest(self) -> Self:
        """A row for each member of a list of texts."""
        return self.made("UNNEST({0})", (self,), t.STRING, folds=True)


def safe(name: str) -> str:
    """A name as a text within a form."""
    return "'" + name.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"
