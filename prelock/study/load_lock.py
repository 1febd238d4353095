"""The gate: what keeps the data from being locked, and how much may be missing."""

from __future__ import annotations

import re
from decimal import Decimal

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_choice, read_mapping, read_text
from prelock.documents.tree import Element, Entry
from prelock.study.building import Building
from prelock.study.definition import Gate

KEYS = ("block on", "allow", "may be empty", "text")
BLOCKS = (
    *("errors", "warnings", "undetermined eligibility", "missing required items"),
    *("checks not run", "empty checks", "ended waivers", "open queries"),
)
SHARE = re.compile(r"at most (\d+(?:\.\d+)?) ?% missing", re.ASCII)


def declare(b: Building, section: Element) -> None:
    """Nothing of this section is named by rules."""


def finish(b: Building, section: Element) -> None:
    """Read the gate, after completeness."""
    fields = Fields(section, KEYS, "lock", b.problems)
    blocks = [read_choice(item, BLOCKS, b.problems) for item in fields.items("block on")]
    allowed = fields.get("allow")
    entries = read_mapping(allowed, b.problems, "shares by item") if allowed else ()
    shares = [share for entry in entries if (share := _share(b, entry))]
    kept = tuple(dict.fromkeys(block for block in blocks if block))
    empty = tuple(name for item in fields.items("may be empty") if (name := _may_be_empty(b, item)))
    b.gate = Gate(kept if "block on" in fields else Gate().block_on, dict(shares), empty)


def _may_be_empty(b: Building, element: Element) -> str | None:
    columns = (name for table in b.tables.values() for name in table.columns)
    known = dict.fromkeys((*(check.name for check in b.checks), *b.tables, *b.measures, *columns))
    return read_choice(element, known, b.problems)


def _share(b: Building, entry: Entry) -> tuple[tuple[str, str], Decimal] | None:
    item, word, point = entry.key.text.rpartition(" at ")
    text = read_text(entry.value, b.problems, "a share, as `at most 45 % missing`")
    match = SHARE.fullmatch(text or "")
    if text and not match:
        b.note("wrong-form", f"expected a share, as `at most 45 % missing`, found `{text}`", entry.value)
    if match and Decimal(match[1]) > 100:
        b.note("wrong-form", f"{match[1]} % is more than all", entry.value)
    if not word:
        b.note(
            "wrong-form", f"expected an item at a timepoint, as `FC at week 12`, found `{entry.key.text}`", entry.key
        )
        return None
    known = {(i.name, p.point) for p in b.completeness for i in p.items}
    if (item, point) not in known:
        hint = nearest(entry.key.text, [f"{i} at {p}" for i, p in sorted(known)], "Completeness lists")
        b.note("unknown-name", f"`{entry.key.text}` is no item of completeness", entry.key, hint)
        return None
    return ((item, point), Decimal(match[1])) if match else None
