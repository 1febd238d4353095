"""The nodes by which validators ask of a patient what the evaluation has already worked out."""

from __future__ import annotations

from prelock.rules.nodes import Node, Variable
from prelock.rules.types import PATIENT, TRUTH
from prelock.study.names import ELIGIBLE

__all__ = ["ELIGIBLE", "belongs"]


def belongs(population: str) -> Node:
    """Membership of a population, by name."""
    return Variable(name=population, type=TRUTH, grain=PATIENT)
