"""What the terminal shows of a lock, of queries, and of what was verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prelock.lock.gate import Item
from prelock.locking import Asked, Outcome
from prelock.verifying import Checked

SHOWN = 10


def outcome_text(outcome: Outcome, asked: Asked) -> str:
    """The lock and its manifest, or everything that blocks with its first items."""
    if outcome.manifest:
        return f"Locked ({asked.kind}) by {asked.who}.\nManifest: {outcome.manifest}\nResults in {asked.out}"
    lines = ["Not locked."]
    for blocker in outcome.verdict.blockers:
        lines.append(f"\n{blocker.text}")
        lines += [f"  {_item(item)}" for item in blocker.items[:SHOWN]]
        more = len(blocker.items) - SHOWN
        lines += [f"  and {more:,} more: see blockers.csv"] if more > 0 else []
    return "\n".join(lines)


def _item(item: Item) -> str:
    where = " ".join(part for part in (item.patient, item.key, item.column) if part)
    age = "" if item.age is None else f"{item.age} d"
    return " · ".join(part for part in (item.finding_id, item.rule, where, item.owner, age) if part)


def queries_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Queries, one a line, with the message below."""
    if not rows:
        return "No queries."
    lines = []
    for row in rows:
        told = (row["finding_id"], row["state"], f"{row['age']} d", row["patient"], row["rule"], row["owner"])
        lines.append(" · ".join(part for part in told if part))
        lines.append(f"    {row['message']}")
        lines += [f"    {row['comment']}"] if row["comment"] else []
    return "\n".join(lines)


def verified_text(found: Sequence[Checked]) -> str:
    """Everything that was verified, and what that comes to."""
    lines = [f"{'ok ' if checked.good else 'NOT'}  {checked.what}: {checked.text}" for checked in found]
    wrong = sum(not checked.good for checked in found)
    ending = f"Not verified: {wrong} of {len(found)} are not as they were." if wrong else "Verified."
    return "\n".join([*lines, ending])
