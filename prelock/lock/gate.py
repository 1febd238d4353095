"""The gate: what stands between a run and data lock. A pure function of counts; it opens only when nothing blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from prelock.study.definition import Gate


@dataclass(frozen=True)
class ItemCount:
    """One item at one timepoint: for how many patients it is expected, how many of these lack it, is it required."""

    expected: int
    missing: int
    required: bool


_NONE: Mapping[tuple[str, str], ItemCount] = MappingProxyType({})


@dataclass(frozen=True)
class Counts:
    """What a run found, as far as the gate asks. Waived findings are not among the errors and warnings;
    `checks_not_run`, `checks_empty` and `differing` (checks on which a second opinion differs) are names; `items` are
    told by (item, timepoint); `ended_waivers` counts the findings that a waiver no longer covers."""

    errors: int = 0
    warnings: int = 0
    undetermined: int = 0
    checks_not_run: tuple[str, ...] = ()
    items: Mapping[tuple[str, str], ItemCount] = field(default_factory=lambda: _NONE)
    checks_empty: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    ended_waivers: int = 0


@dataclass(frozen=True)
class Item:
    """One thing that blocks: the rule that raised it, the patient, the cell, and what is wrong with it.

    What does not apply is empty. `owner` is who answers for the query; `age` counts the days since it was first seen,
    None where nobody has kept a record of it.
    """

    rule: str
    patient: str = ""
    table: str = ""
    key: str = ""
    column: str = ""
    finding_id: str = ""
    owner: str = ""
    age: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Blocker:
    """One reason why the gate stays closed: the rule of the gate, how many, a sentence, and if asked for each item.

    `about` is (item, timepoint) where the reason is one of completeness.
    """

    rule: str
    count: int
    text: str
    about: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The gate's answer; `ready` when nothing blocks."""

    blockers: tuple[Blocker, ...]

    @property
    def ready(self) -> bool:
        """Nothing blocks."""
        return not self.blockers

    @property
    def exit_code(self) -> int:
        """0 if the gate opens, 1 if it stays closed."""
        return 0 if self.ready else 1

    def itemised(self, items: Callable[[Blocker], Iterable[Item]]) -> Verdict:
        """The same verdict with every blocker's items."""
        return Verdict(tuple(replace(blocker, items=tuple(items(blocker))) for blocker in self.blockers))


# What no lock may lack, whatever the study's gate leaves out: what was not checked has not passed.
ALWAYS = ("checks not run", "empty checks", "second opinion", "ended waivers")
# Nor does any check of data pass where it was asked for a second opinion and that differs.
ALWAYS_CHECKED = ("second opinion",)


def verdict(gate: Gate, counts: Counts, always: Iterable[str] = ()) -> Verdict:
    """Every reason why `counts` do not pass `gate` and the rules `always`, shares allowed to be missing last."""
    rules = dict.fromkeys((*gate.block_on, *always))
    blockers = [blocker for rule in rules for blocker in _RULES[rule](gate, counts)]
    return Verdict((*blockers, *_allowances(gate, counts)))


def _errors(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    if counts.errors:
        yield Blocker("errors", counts.errors, f"{many(counts.errors, 'finding')} of severity error")


def _warnings(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    if counts.warnings:
        yield Blocker("warnings", counts.warnings, f"{many(counts.warnings, 'finding')} of severity warning")


def _undetermined(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    if counts.undetermined:
        text = f"{many(counts.undetermined, 'patient')} whose eligibility is undetermined"
        yield Blocker("undetermined eligibility", counts.undetermined, text)


def _not_run(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    names = counts.checks_not_run
    if names:
        yield Blocker("checks not run", len(names), f"{many(len(names), 'check')} could not run: {_some(names)}")


def _differing(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    names = counts.differing
    if names:
        text = f"the second opinion differs on {many(len(names), 'check')}: {_some(names)}"
        yield Blocker("second opinion", len(names), text)


def _empty(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    names = tuple(name for name in counts.checks_empty if not may_be_empty(gate, name))
    if names:
        yield Blocker("empty checks", len(names), f"{many(len(names), 'check')} had nothing to check: {_some(names)}")


def _ended(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    if counts.ended_waivers:
        text = f"{many(counts.ended_waivers, 'finding')} whose waiver has ended"
        yield Blocker("ended waivers", counts.ended_waivers, text)


def _in_the_record(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    """Only the record knows of queries, so only a lock can ask for them: see `standing`."""
    return iter(())


def may_be_empty(gate: Gate, check: str) -> bool:
    """The gate names the check, or the table, column or measure that it looks at (`labs.unit: code`, `CRP: range`)."""
    return not {check, *re.split(r"[.:] ?| ", check)}.isdisjoint(gate.may_be_empty)


def _required(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    for (item, point), count in counts.items.items():
        if count.required and count.missing and (item, point) not in gate.allow:
            text = f"{item} at {point} is required and missing for {many(count.missing, 'patient')}"
            yield Blocker("missing required items", count.missing, f"{text} of {count.expected}", (item, point))


def _allowances(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    for (item, point), share in gate.allow.items():
        count = counts.items.get((item, point))
        if count is None:
            text = f"{item} at {point} was not counted, so its share of missing values is not known"
            yield Blocker("allow", 0, text, (item, point))
        elif count.missing * 100 > share * count.expected:
            text = f"{item} at {point} is missing for {count.missing} of {count.expected} patients"
            yield Blocker("allow", count.missing, f"{text}; at most {_plain(share)} % may be", (item, point))


def many(count: int, noun: str) -> str:
    several = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else several}"


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def _plain(share: Decimal) -> str:
    return f"{share.normalize():f}"


_RULES: dict[str, Callable[[Gate, Counts], Iterator[Blocker]]] = {
    "errors": _errors,
    "warnings": _warnings,
    "undetermined eligibility": _undetermined,
    "missing required items": _required,
    "checks not run": _not_run,
    "empty checks": _empty,
    "second opinion": _differing,
    "ended waivers": _ended,
    "open queries": _in_the_record,
}
