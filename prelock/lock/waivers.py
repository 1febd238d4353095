"""Waivers held against the findings of a run: which are in force, which have ended and why. They hide no finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from prelock.lock.canonical import canonical, digest
from prelock.lock.queries import Found
from prelock.study.definition import Waiver

IN_FORCE, NOT_YET, EXPIRED, NOTHING = "in force", "not yet in force", "expired", "matches no finding"
DATA_CHANGED, RULE_CHANGED = "the data changed", "the rule changed"
ENDED = (EXPIRED, DATA_CHANGED, RULE_CHANGED)


@dataclass(frozen=True)
class Judged:
    """A waiver, its state, the findings that it is about, and a sentence for people."""

    waiver: Waiver
    state: str
    findings: tuple[Found, ...]
    text: str

    @property
    def ended(self) -> bool:
        """It held once, and its findings are still there."""
        return self.state in ENDED


def judge(
    waivers: Iterable[Waiver], found: Sequence[Found], rule_digest: Callable[[str], str], day: date
) -> tuple[Judged, ...]:
    """The state of every waiver on a day, given the findings and the digest of each rule by name."""
    return tuple(_judge(waiver, found, rule_digest, day) for waiver in waivers)


def bound_to(found: Sequence[Found]) -> str:
    """What stands for the cells of the findings that one waiver is about."""
    cells = sorted(finding.cells for finding in found)
    return cells[0] if len(cells) == 1 else digest(canonical(cells))[:16]


def _judge(waiver: Waiver, found: Sequence[Found], rule_digest: Callable[[str], str], day: date) -> Judged:
    about = tuple(finding for finding in found if _is_about(waiver, finding))
    state = _state(waiver, about, rule_digest, day)
    return Judged(waiver, state, about, _TEXTS[state].format(waiver=waiver, rule=about[0].rule if about else ""))


def _is_about(waiver: Waiver, finding: Found) -> bool:
    if waiver.finding:
        return finding.finding_id == waiver.finding
    return (finding.rule, finding.patient) == (waiver.rule, waiver.patient)


def _state(waiver: Waiver, about: Sequence[Found], rule_digest: Callable[[str], str], day: date) -> str:
    if not about:
        return NOTHING
    if rule_digest(about[0].rule) != waiver.rule_hash:
        return RULE_CHANGED
    if bound_to(about) != waiver.cells:
        return DATA_CHANGED
    if day < waiver.on:
        return NOT_YET
    return EXPIRED if day > waiver.until else IN_FORCE


_TEXTS = {
    IN_FORCE: "in force until {waiver.until}",
    NOT_YET: "begins on {waiver.on}",
    EXPIRED: "ended on {waiver.until}",
    NOTHING: "no finding matches it; it may be deleted",
    DATA_CHANGED: "ended: the cells do not hold what was waived",
    RULE_CHANGED: "ended: the rule `{rule}`, or something that it reads, is not the one that was waived",
}
