"""The reference interpreter: plain Python, slow and obvious. What it gives is what the language means.

Engines are held to it by tests; `prelock explain` shows its trace. One file a concern: `leaves` (cells, names, links),
`truths`, `numbers`, `spans`, `cases`, `folds` and `listed` (many rows), `pick`, `readings`, `order` and `points` (the
value at a timepoint), `normal`, `spread`, `checks`, `statuses`; `handlers` is the register.
"""

from prelock.engine.reference.interpreter import Reference
from prelock.engine.reference.records import GroupRow, Record, records_from
from prelock.engine.reference.run import Here
from prelock.engine.reference.trace import CellRef, Lack, Note, Part, cells_read, missing_cells, notes_raised

__all__ = [
    "CellRef",
    "GroupRow",
    "Here",
    "Lack",
    "Note",
    "Part",
    "Record",
    "Reference",
    "cells_read",
    "missing_cells",
    "notes_raised",
    "records_from",
]
