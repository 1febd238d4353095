"""The record, read: the queries as they stand, and the lock in force. One entry after another, from the first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from prelock.lock.queries import Change, Found, Queries, after_run, changed
from prelock.lock.record import Entry

RUN, LOCKED, REFUSED, UNLOCKED, CHANGES = "run", "locked", "lock refused", "unlocked", "queries"
SOFT, HARD = "soft", "hard"


@dataclass
class History:
    """`present` are the findings of the last run, `lock` the entry of the lock in force, if one is."""

    queries: Queries = field(default_factory=dict)
    present: dict[str, Found] = field(default_factory=dict)
    lock: Entry | None = None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> History:
        """What the entries come to."""
        history = cls()
        for entry in entries:
            history.take(entry)
        return history

    @property
    def hard_locked(self) -> bool:
        """A hard lock is in force: nothing changes until it is lifted."""
        return self.lock is not None and self.lock.body["kind"] == HARD

    def take(self, entry: Entry) -> None:
        """Go on by one entry."""
        if entry.what == RUN:
            self._run(entry.body)
        elif entry.what == CHANGES:
            for change in entry.body["changes"]:
                self.queries = changed(self.queries, Change(*change))
        elif entry.what == LOCKED:
            self.lock = entry
        elif entry.what == UNLOCKED:
            self.lock = None

    def run_body(self, found: Collection[Found], unchecked: Collection[str], day: str) -> dict[str, Any]:
        """What a run adds to the record: findings that were not there or not so before, and those that are gone."""
        seen = {finding.finding_id for finding in found}
        told = [asdict(f) for f in found if self.present.get(f.finding_id) != f]
        gone = sorted(set(self.present) - seen)
        return {"day": day, "found": told, "gone": gone, "unchecked": sorted(unchecked)}

    def _run(self, body: Any) -> None:
        for number in body["gone"]:
            del self.present[number]
        self.present |= {cells["finding_id"]: Found(**cells) for cells in body["found"]}
        self.queries = after_run(self.queries, self.present.values(), set(body["unchecked"]), body["day"])
