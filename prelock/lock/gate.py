"""The gate: what stands between a run and data lock. A pure function of counts; it opens only when nothing blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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
    """What a run found, as far as the gate asks. `checks_not_run` are names; `items` are told by (item, timepoint)."""

    errors: int = 0
    warnings: int = 0
    undetermined: int = 0
    checks_not_run: tuple[str, ...] = ()
    items: Mapping[tuple[str, str], ItemCount] = field(default_factory=lambda: _NONE)


@dataclass(frozen=True)
class Blocker:
    """One reason why the gate stays closed: the rule of the gate, how many, and a sentence."""

    rule: str
    count: int
    text: str


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


def verdict(gate: Gate, counts: Counts) -> Verdict:
    """Every reason why `counts` do not pass `gate`, in the gate's order, shares allowed to be missing last."""
    blockers = [blocker for rule in gate.block_on for blocker in _RULES[rule](gate, counts)]
    return Verdict((*blockers, *_allowances(gate, counts)))


def _errors(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    if counts.errors:
        yield Blocker("errors", counts.errors, f"{_many(counts.errors, 'finding')} of severity error")


def _warnings(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    if counts.warnings:
        yield Blocker("warnings", counts.warnings, f"{_many(counts.warnings, 'finding')} of severity warning")


def _undetermined(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    if counts.undetermined:
        text = f"{_many(counts.undetermined, 'patient')} whose eligibility is undetermined"
        yield Blocker("undetermined eligibility", counts.undetermined, text)


def _not_run(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    names = counts.checks_not_run
    if names:
        shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        yield Blocker("checks not run", len(names), f"{_many(len(names), 'check')} could not run: {shown}")


def _required(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    for (item, point), count in counts.items.items():
        if count.required and count.missing and (item, point) not in gate.allow:
            text = f"{item} at {point} is required and missing for {_many(count.missing, 'patient')}"
            yield Blocker("missing required items", count.missing, f"{text} of {count.expected}")


def _allowances(gate: Gate, counts: Counts) -> Iterator[Blocker]:
    for (item, point), share in gate.allow.items():
        count = counts.items.get((item, point))
        if count is None:
            yield Blocker("allow", 0, f"{item} at {point} was not counted, so its share of missing values is not known")
        elif count.missing * 100 > share * count.expected:
            text = f"{item} at {point} is missing for {count.missing} of {count.expected} patients"
            yield Blocker("allow", count.missing, f"{text}; at most {_plain(share)} % may be")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _plain(share: Decimal) -> str:
    return f"{share.normalize():f}"


_RULES: dict[str, Callable[[Gate, Counts], Iterator[Blocker]]] = {
    "errors": _errors,
    "warnings": _warnings,
    "undetermined eligibility": _undetermined,
    "missing required items": _required,
    "checks not run": _not_run,
}
