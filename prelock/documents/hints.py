"""The nearest name to a misspelt one, and the list of what exists."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_LISTED = 24


def nearest(name: str, known: Iterable[str], lead: str) -> str:
    """ "Did you mean `x`? The keys are: …"; `lead` opens the list."""
    names = list(dict.fromkeys(known))
    spoken = ""
    match = closest(name, names)
    if match:
        spoken = f"Did you mean `{match}`? "
    if not names:
        return f"{spoken}{lead}: none."
    shown = ", ".join(names[:MOST_LISTED]) + (", …" if len(names) > MOST_LISTED else "")
    return f"{spoken}{lead}: {shown}."


def closest(name: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """The one known name that `name` is most likely meant to be, if any; `alike` (0 to 1) says how near it must be."""
    by_folded = {k.casefold().replace("_", " "): k for k in known}
    matches = get_close_matches(name.casefold().replace("_", " ").strip(), by_folded, 1, alike)
    return by_folded[matches[0]] if matches else None
