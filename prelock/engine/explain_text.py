"""An explanation as text: one line a step, indented, marked ✓ ✗ or ?."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine.explain import ExplainTree
from prelock.engine.interval import Truth

MARKS: dict[Truth, str] = {True: "✓", False: "✗", None: "?"}
MANY = 4  # rows of one kind beyond this are counted, not listed


def render(tree: ExplainTree) -> str:
    """The whole tree as text."""
    return "\n".join(_lines(tree, 0))


def _lines(tree: ExplainTree, depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield indent + _line(tree)
    if tree.title and tree.missing:
        yield f"{indent}    would be settled by:"
        yield from (f"{indent}      {text}" for text in tree.missing)
    yield from _parts(tree, depth + 1)


def _line(tree: ExplainTree) -> str:
    mark = f"{MARKS[tree.truth]} " if tree.is_rule else "· " if not tree.title else ""
    value = f" — {tree.value}" if tree.title and tree.value else f" = {tree.value}" if tree.value else ""
    if tree.is_rule and not tree.title:
        value = ""
    cells = f"   [{'; '.join(tree.cells)}]" if tree.cells else ""
    return mark + tree.words + value + cells


def _parts(tree: ExplainTree, depth: int) -> Iterator[str]:
    """The steps below; what did not hold in row after row is only counted."""
    left_out = 0
    listed = 0
    for part in tree.parts:
        if _constant(part):
            continue
        if part.is_rule and part.truth is False and " row " in part.words and not part.title:
            listed += 1
            if listed > MANY:
                left_out += 1
                continue
        yield from _lines(part, depth)
    if left_out:
        yield f"{'  ' * depth}… and {left_out} more rows that do not hold"


def _constant(part: ExplainTree) -> bool:
    """A value that rests on nothing and is only what the rule itself says."""
    return not part.parts and not part.cells and not part.is_rule and not part.missing and part.words == part.value
