"""Typed expressions with parts replaced: fields of a table written out, names redirected for a rival definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from prelock.rules.nodes import Node, Rows

Change = Callable[[Node], Node]


def rewrite(node: Node, change: Change) -> Node:
    """The node with `change` applied to every part and then to itself; untouched nodes stay the same objects."""
    new = {}
    for item in fields(node):
        old = getattr(node, item.name)
        value = _rewritten(old, change)
        if value is not old:
            new[item.name] = value
    return change(replace(node, **new) if new else node)


def _rewritten(value: Any, change: Change) -> Any:
    if isinstance(value, Node):
        return rewrite(value, change)
    if isinstance(value, Rows):
        where = None if value.where is None else rewrite(value.where, change)
        return value if where is value.where else replace(value, where=where)
    if isinstance(value, tuple):
        parts = tuple(_rewritten(part, change) for part in value)
        return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
    return value
