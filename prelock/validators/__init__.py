"""Each section of a study, evaluated into result rows: eligibility, outcomes, events, completeness, records."""

from prelock.validators.registry import run_all

__all__ = ["run_all"]
