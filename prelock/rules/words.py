"""A node in plain words."""

from __future__ import annotations

from prelock.rules.nodes import Node


def words(node: Node) -> str:
    """The node read back in English."""
    return str(node)
