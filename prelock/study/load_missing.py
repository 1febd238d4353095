"""What stands for a value that is not there, by kind: not done, not known, refused, missing, not applicable."""

from __future__ import annotations

from collections.abc import Mapping

from prelock.documents.reading import read_choice, read_items, read_mapping, read_text
from prelock.documents.tree import Element
from prelock.rules.text import fold
from prelock.study.building import Building

MISSING_CLASSES = ("missing", "not done", "not known", "refused", "not applicable")
Spellings = Mapping[str, tuple[str, ...]]


def read_missing_codes(b: Building, element: Element | None) -> dict[str, tuple[str, ...]]:
    """Texts by class of missing value; a text that two classes claim is noted."""
    found: dict[str, tuple[str, ...]] = {}
    owner: dict[str, str] = {}
    for entry in read_mapping(element, b.problems, "missing codes by class") if element else ():
        name = read_choice(entry.key, MISSING_CLASSES, b.problems)
        read = [(item, read_text(item, b.problems, "a spelling")) for item in read_items(entry.value)]
        texts = tuple(text for _, text in read if text is not None)
        for item, text in read if name else ():
            first = owner.setdefault(fold(text), name or "") if text is not None else name
            if first != name:
                b.note("spelling-twice", f"`{text}` is a missing code of both `{first}` and `{name}`", item)
        if name:
            found[name] = texts
    return found


def overridden(table: Spellings, own: Spellings) -> dict[str, tuple[str, ...]]:
    """A table's missing codes as a column overrides them: class by class, and a text of the column's own is no other's.

    So `-99` may be *not done* in one column of a table where it is *not known*.
    """
    claimed = {fold(text) for texts in own.values() for text in texts}
    kept = {name: tuple(t for t in texts if fold(t) not in claimed) for name, texts in table.items() if name not in own}
    return {**{name: texts for name, texts in kept.items() if texts}, **own}
