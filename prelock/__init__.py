"""Rules for clinical-study data, written in YAML and checked patient by patient.

    study = prelock.load("studies/upadacitinib_crohn")
    run = study.check("data")
    run.eligibility                     # a pandas DataFrame

Importing prelock is cheap: what a call needs is imported by the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prelock.errors import CallError, DataError, PrelockError, Problem, StudyError
from prelock.version import __version__

if TYPE_CHECKING:
    from prelock.app import Run, Study, load

__all__ = ["CallError", "DataError", "PrelockError", "Problem", "Run", "Study", "StudyError", "__version__", "load"]

_USE_CASES = frozenset({"Run", "Study", "load"})


def __getattr__(name: str) -> Any:
    if name in _USE_CASES:
        from prelock import app

        return getattr(app, name)
    raise AttributeError(f"module 'prelock' has no attribute {name!r}")
