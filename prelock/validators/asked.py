"""The nodes by which validators ask of a patient what the evaluation has already worked out."""

from __future__ import annotations

from prelock.rules.nodes import Met, Node, Variable
from prelock.rules.types import PATIENT, TRUTH
from prelock.study.definition import Criterion
from prelock.study.names import ELIGIBLE, negated

__all__ = ["ELIGIBLE", "belongs", "gets_past"]


def belongs(population: str) -> Node:
    """Membership of a population, by name."""
    return Variable(name=population, type=TRUTH, grain=PATIENT)


def gets_past(criterion: Criterion) -> Node:
    """The patient gets past the criterion: an inclusion's rule holds, an exclusion's does not."""
    met = Met(section="criterion", name=criterion.name, type=TRUTH, grain=PATIENT)
    return negated(met) if criterion.kind == "exclude" else met
