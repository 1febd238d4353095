"""What a check found: how many it looked at, how many it could judge, and the findings it raised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from prelock.engine import sql

NOTHING_JUDGED = "none could be judged: the cells it reads are blank or unreadable"


@dataclass(frozen=True)
class Counted:
    """One check. `error` says why it could not run (''; it did). `findings` are contract rows without their id."""

    name: str
    grain: str
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    not_applicable: int = 0
    error: str = ""
    findings: tuple[sql.Table, ...] = field(default=(), compare=False)

    @property
    def checked(self) -> int:
        """All that it looked at."""
        return self.passed + self.failed + self.unknown + self.not_applicable

    @property
    def why_not(self) -> str:
        """Why it gives no verdict: it could not run, or could judge nothing of what it applies to."""
        if not self.error and self.unknown and not (self.passed or self.failed):
            return NOTHING_JUDGED
        return self.error

    @property
    def status(self) -> str:
        """The verdict, by precedence: error, not applicable, failed, passed."""
        if self.why_not:
            return "error"
        if self.checked == self.not_applicable:
            return "not applicable"
        return "failed" if self.failed else "passed"

    def row(self) -> dict[str, Any]:
        """The check's row of `checks`."""
        return {
            "check": self.name,
            "grain": self.grain,
            "checked": self.checked,
            "passed": self.passed,
            "failed": self.failed,
            "unknown": self.unknown,
            "not_applicable": self.not_applicable,
            "error": self.why_not,
            "status": self.status,
        }
