"""How records lie in their files where one is not one row with a cell a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prelock.errors import Location


@dataclass(frozen=True)
class Stack:
    """Repeated columns of a file as rows of a table: each row of the file gives one for each of `labels`.

    The column `label` says which; `headers` gives the headers of each column that is repeated, None where a set lacks
    it. A set without any cell is no record.
    """

    label: str
    labels: tuple[str, ...]
    headers: Mapping[str, tuple[str | None, ...]]


@dataclass(frozen=True)
class Supplement:
    """Further columns of a table's records, one row a value, as SDTM keeps them (SUPPAE): a row names its record by
    patient, IDVAR and IDVARVAL and its column by QNAM. `columns` are the declared columns that come from there."""

    file: str
    sheet: str | None
    columns: tuple[str, ...]
    location: Location
