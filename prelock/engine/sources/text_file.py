"""A text file as it is being read: what was found out about it, and what was met besides readable rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from prelock.engine.sources.careful import Dialect, Record
from prelock.engine.sources.raw import Layout, SourceProblem

LISTED = 10_000  # refused rows that get a problem of their own
SHOWN = 200  # characters of a refused line


@dataclass(frozen=True)
class Text:
    """A text file found readable: its encoding, dialect, columns, and the lines at which its header starts and ends.

    Of a header of several rows, `header_start` is where the last of them starts.
    """

    path: Path
    name: str
    encoding: str
    dialect: Dialect
    layout: Layout
    header_start: int
    header_line: int

    def stream(self) -> TextIO:
        """The file's characters, line ends as they are; a byte that is no character is kept as a surrogate."""
        return self.path.open(encoding=self.encoding, errors="surrogateescape", newline="")


@dataclass
class Seen:
    """What was met besides readable rows: refused rows, rows of nothing but separators, rows below the records."""

    listed: list[SourceProblem] = field(default_factory=list)
    rows: int = 0
    refused: int = 0
    blank: int = 0
    below: int = 0
    like_records: bool = False

    def refuse(self, number: int, record: Record, places: Mapping[str, int]) -> None:
        """Take note of a refused row; the first ones get a problem of their own."""
        self.refused += 1
        if self.refused <= LISTED:
            self.listed.append(_refusal(number, record, places))

    def pass_by(self, cells: Sequence[str | None], places: Collection[int]) -> None:
        """Take note of a row below the records; one with most cells of a record looks like one."""
        held = [bool(cell and cell.strip()) for cell in cells]
        self.below += any(held)
        filled = sum(held[place] for place in places if place < len(held))
        self.like_records = self.like_records or 2 * filled > len(places) > 1

    def problems(self) -> list[SourceProblem]:
        """Everything met, as problems."""
        found = list(self.listed)
        if self.refused > LISTED:
            more = f"{self.refused - LISTED} more rows of the file could not be read."
            found.append(SourceProblem("refused row", more))
        if self.blank:
            message = f"{self.blank} rows without any value were left out."
            found.append(SourceProblem("blank rows", message, "note"))
        if self.below:
            found.append(rows_below(self.below, self.like_records))
        return found


def rows_below(count: int, like_records: bool) -> SourceProblem:
    """What is said of the rows below the end that the study declares."""
    message = f"{count} rows below the records were left out, as `data ends at` says."
    if not like_records:
        return SourceProblem("rows below", message, "note")
    doubt = f"{message} Some look like records; please check where the data ends."
    return SourceProblem("rows below", doubt, "warning")


def _refusal(number: int, record: Record, places: Mapping[str, int]) -> SourceProblem:
    message = f"A row could not be read: {record.refused}. Please correct the line."
    shown = record.text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")[:SHOWN]
    cells = {header: record.cells[place] for header, place in places.items() if place < len(record.cells)}
    return SourceProblem("refused row", message, row=number, line=record.line, value=shown, cells=cells)
