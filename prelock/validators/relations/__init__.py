"""What must hold between records: keys, patients, links, dates in order, cells that depend on others."""

from __future__ import annotations

from collections.abc import Iterator

from prelock.validators.counted import Counted
from prelock.validators.grain import CheckRows
from prelock.validators.measure_ranges import measure_ranges
from prelock.validators.own_history import own_history
from prelock.validators.relations.dates import date_order
from prelock.validators.relations.dependent import dependent_cells
from prelock.validators.relations.keys import keys
from prelock.validators.relations.links import links
from prelock.validators.relations.orphans import orphans
from prelock.validators.relations.sameness import sameness
from prelock.validators.relations.total_rows import total_rows

# In the order in which they are run.
RELATIONS = (keys, total_rows, orphans, links, sameness, date_order, dependent_cells, measure_ranges, own_history)


def relations(rows: CheckRows) -> Iterator[Counted]:
    """Every relation that the study declares."""
    for check in RELATIONS:
        yield from check(rows)
