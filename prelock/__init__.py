"""Rules for clinical-study data, written in YAML and checked patient by patient.

    study = prelock.load("studies/upadacitinib_crohn")
    run = study.check("data")
    run.eligibility                     # a pandas DataFrame

Importing prelock is cheap: what a call needs is imported by the call.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from prelock.errors import CallError, DataError, PrelockError, Problem, StudyError
from prelock.version import __version__

if TYPE_CHECKING:
    from prelock.app import Study, lint, load
    from prelock.run import Run

__all__ = [
    "CallError",
    "DataError",
    "PrelockError",
    "Problem",
    "Run",
    "Study",
    "StudyError",
    "__version__",
    "lint",
    "load",
]

_USE_CASES = {"Run": "prelock.run", "Study": "prelock.app", "lint": "prelock.app", "load": "prelock.app"}


def __getattr__(name: str) -> Any:
    if name in _USE_CASES:
        return getattr(import_module(_USE_CASES[name]), name)
    raise AttributeError(f"module 'prelock' has no attribute {name!r}")
