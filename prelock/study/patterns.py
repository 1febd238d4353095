"""Patterns on the side of the study: every one is checked as the rule language checks its own."""

from __future__ import annotations

from prelock.documents.reading import read_text
from prelock.documents.tree import Element
from prelock.rules.patterns import trouble
from prelock.study.building import Building


def read_pattern(b: Building, element: Element | None) -> str | None:
    """A pattern (with or without slashes around it) of the linear-time subset; a fault is noted."""
    text = read_text(element, b.problems, "a pattern") if element else None
    if element is None or text is None:
        return None
    pattern = text[1:-1] if len(text) > 1 and text.startswith("/") and text.endswith("/") else text
    return pattern if check_pattern(b, element, pattern) else None


def check_pattern(b: Building, element: Element, pattern: str) -> bool:
    """Whether a pattern keeps to the subset; a fault is noted."""
    wrong = trouble(pattern)
    if wrong:
        b.note("pattern", wrong, element)
    return wrong is None
