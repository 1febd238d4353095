"""Headers of several rows made one, and where the records of a sheet or file end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prelock.rules.text import fold

BLANK_ROW = "blank row"


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """The headers of one or more rows: what stands above each other, joined by a blank; texts once each."""
    width = max(len(row) for row in rows)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = ([part.strip() for part in parts if part.strip()] for parts in zip(*padded, strict=True))
    return [" ".join(dict.fromkeys(parts)) for parts in columns]


def spread(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows of a text file's header, where a blank cell above the last row takes what stands to its left.

    That is what is left of a cell merged over several columns when a sheet is saved as text.
    """
    return [*(_spread(row) for row in rows[:-1]), list(rows[-1])]


def _spread(row: Sequence[str]) -> list[str]:
    found: list[str] = []
    for cell in row:
        found.append(cell if cell.strip() or not found else found[-1])
    return found


@dataclass(frozen=True)
class Ending:
    """Where the records end: `marks` are the beginnings of the first row below them, folded; or a blank row."""

    marks: tuple[str, ...]
    blank: bool

    @staticmethod
    def of(ends: Sequence[str]) -> Ending:
        """As the study declares it."""
        folded = [fold(mark) for mark in ends]
        return Ending(tuple(mark for mark in folded if mark != BLANK_ROW), BLANK_ROW in folded)

    def at(self, cells: Sequence[str | None]) -> bool:
        """Whether this row is the first below the records."""
        first = next((cell for cell in cells if cell and cell.strip()), None)
        if first is None:
            return self.blank
        return bool(self.marks) and fold(first).startswith(self.marks)
