"""An explanation as text: one line a step, indented, marked ✓ ✗ or ?."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.engine.explain import ExplainTree
from prelock.engine.interval import Truth

MARKS: dict[Truth, str] = {True: "✓", False: "✗", None: "?"}
MANY = 3  # rows beyond this are counted, not listed


def render(tree: ExplainTree) -> str:
    """The whole tree as text. A value that was taken apart once is not taken apart again."""
    return "\n".join(_lines(tree, 0, set()))


def _lines(tree: ExplainTree, depth: int, told: set[tuple[str, str]]) -> Iterator[str]:
    indent = "  " * depth
    again = _is_value(tree) and (tree.words, tree.value) in told
    yield indent + _line(tree) + (" (as above)" if again else "")
    if tree.title and tree.missing:
        yield f"{indent}    would be settled by:"
        yield from (f"{indent}      {text}" for text in tree.missing)
    if again:
        return
    if _is_value(tree):
        told.add((tree.words, tree.value))
    yield from _parts(tree, depth + 1, told)


def _is_value(tree: ExplainTree) -> bool:
    """A value of the patient that has parts; one of a row may differ from row to row."""
    return not tree.is_rule and not tree.title and bool(tree.parts) and not tree.cells and " row " not in tree.words


def _line(tree: ExplainTree) -> str:
    mark = f"{MARKS[tree.truth]} " if tree.is_rule else "" if tree.title else "· "
    value = ""
    if tree.value and tree.title:
        value = f" — {tree.value}"
    elif tree.value and not tree.is_rule:
        value = f" = {tree.value}"
    cells = f"   [{'; '.join(tree.cells)}]" if tree.cells else ""
    if tree.missing and not tree.parts and not tree.cells:
        cells = f"   ({'; '.join(tree.missing)})"
    return mark + tree.words + value + cells


def _parts(tree: ExplainTree, depth: int, told: set[tuple[str, str]]) -> Iterator[str]:
    """The steps below; of many rows that settle nothing the first few are listed, and the others counted."""
    plain = 0
    for part in tree.parts:
        if _constant(part):
            continue
        plain += _plain_row(part)
        if not _plain_row(part) or plain <= MANY:
            yield from _lines(part, depth, told)
    if plain > MANY:
        yield f"{'  ' * depth}… and {plain - MANY} more rows"


def _plain_row(part: ExplainTree) -> bool:
    """A row that is neither in doubt nor what makes a rule true."""
    rowlike = " row " in part.words or any(" row " in cell for cell in part.cells[:1])
    return rowlike and not part.title and not part.missing and part.truth is not True


def _constant(part: ExplainTree) -> bool:
    """A value that is only what the rule itself says."""
    return not (part.parts or part.cells or part.is_rule or part.missing or part.title)
