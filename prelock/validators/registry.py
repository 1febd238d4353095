"""Every result of a run, by name: the one list of what is worked out, in the order of the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from prelock.engine import sql
from prelock.engine.evaluate import Evaluation
from prelock.validators.adverse_events import adverse_events
from prelock.validators.characteristics import characteristics
from prelock.validators.completeness import completeness
from prelock.validators.counted import Counted
from prelock.validators.derived import measures, populations, variables
from prelock.validators.eligibility import eligibility
from prelock.validators.engine_findings import engine_findings
from prelock.validators.findings import findings
from prelock.validators.grain import CheckRows
from prelock.validators.outcomes import outcomes
from prelock.validators.records import records
from prelock.validators.relations import relations
from prelock.validators.shapes import small

Rows = list[dict[str, object]]


class Validated(Protocol):
    """What the schemas found: findings with the contract's columns, and rows of `checks`."""

    @property
    def findings(self) -> sql.Table: ...
    @property
    def checks(self) -> Rows: ...


SECTIONS: Mapping[str, Callable[[Evaluation], dict[str, sql.Table]]] = {
    "eligibility": eligibility,
    "outcomes": outcomes,
    "completeness": completeness,
    "characteristics": characteristics,
    "variables": variables,
    "measures": measures,
    "populations": populations,
}


def run_all(evaluation: Evaluation, validated: Validated | None = None) -> dict[str, sql.Table]:
    """Every result table by name, with the contract's columns. `validated` is what the schemas found."""
    events = adverse_events(evaluation)
    tables = dict(events.tables)
    for section in SECTIONS.values():
        tables |= section(evaluation)
    counted = [*_checks(evaluation), *events.checks]
    schema_checks = validated.checks if validated else []
    rows = [*schema_checks, *(check.row() for check in counted)]
    raised = [table for check in counted for table in check.findings]
    raised += [*engine_findings(evaluation), *events.findings, *([validated.findings] if validated else [])]
    empty = small(evaluation.session, "findings", [])
    tables["findings"] = findings(evaluation, [empty, *raised])
    tables["checks"] = small(evaluation.session, "checks", rows)
    return tables


def _checks(evaluation: Evaluation) -> list[Counted]:
    rows = CheckRows(evaluation)
    return [*relations(rows), *records(rows)]
