"""A text file as it is being read: what was found out about it, and what was met besides readable rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from prelock.engine.sources.careful import Record
from prelock.engine.sources.raw import Layout, SourceProblem

LISTED = 10_000  # refused rows that get a problem of their own
SHOWN = 200  # characters of a refused line


@dataclass(frozen=True)
class Text:
    """A text file found readable: its encoding, delimiter, columns, and the last line of its header."""

    path: Path
    name: str
    encoding: str
    delimiter: str
    layout: Layout
    header_line: int

    def stream(self) -> TextIO:
        """The file's characters, line ends as they are; a byte that is no character is kept as a surrogate."""
        return self.path.open(encoding=self.encoding, errors="surrogateescape", newline="")


@dataclass
class Seen:
    """What was met besides readable rows: refused rows, and rows of nothing but separators."""

    listed: list[SourceProblem] = field(default_factory=list)
    rows: int = 0
    refused: int = 0
    blank: int = 0

    def refuse(self, number: int, record: Record, places: Mapping[str, int]) -> None:
        """Take note of a refused row; the first ones get a problem of their own."""
        self.refused += 1
        if self.refused <= LISTED:
            self.listed.append(_refusal(number, record, places))

    def problems(self) -> list[SourceProblem]:
        """Everything met, as problems."""
        found = list(self.listed)
        if self.refused > LISTED:
            more = f"{self.refused - LISTED} more rows of the file could not be read."
            found.append(SourceProblem("refused row", more))
        if self.blank:
            message = f"{self.blank} rows without any value were left out."
            found.append(SourceProblem("blank rows", message, "note"))
        return found


def _refusal(number: int, record: Record, places: Mapping[str, int]) -> SourceProblem:
    message = f"A row could not be read: {record.refused}. Please correct the line."
    shown = record.text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")[:SHOWN]
    cells = {header: record.cells[place] for header, place in places.items() if place < len(record.cells)}
    return SourceProblem("refused row", message, row=number, line=record.line, value=shown, cells=cells)
