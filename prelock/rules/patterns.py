"""Which patterns a rule may use: a subset that every engine reads alike and in time linear in the text."""

from __future__ import annotations

import re


def trouble(pattern: str) -> str | None:
    """What keeps a pattern out of the subset, in words; None when it is fine."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"the pattern can't be read: {error.msg} at character {(error.pos or 0) + 1}"
    return None
