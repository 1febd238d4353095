"""How a database writes what DuckDB writes otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from prelock.engine.sql.node import Node


def _same(value: Node) -> Node:
    return value


@dataclass(frozen=True)
class Dialect:
    """`rewritten` gives an expression (its arguments not yet looked at) in the database's own forms; `joins` are the
    kinds of join that have another name.
    """

    rewritten: Callable[[Node], Node] = _same
    joins: Mapping[str, str] = field(default_factory=dict)


DUCKDB = Dialect()
