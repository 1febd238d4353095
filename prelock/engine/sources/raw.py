"""What a source gives: every cell as text, with the record's place in its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from prelock.engine import sql
from prelock.study.definition import Table

OWN = ("row", "line", "patient")


@dataclass(frozen=True)
class SourceProblem:
    """Something wrong with a file as a whole, with one of its columns, or with one of its rows.

    `kind`: missing file, empty file, unreadable file, missing column, duplicate column, unexpected column, refused row,
    encoding, blank rows. `column` is the declared name, or the header of a column that is not declared. `cells` are
    those of a refused row by header, as far as they stand where they should.
    """

    kind: str
    message: str
    severity: str = "error"
    column: str | None = None
    row: int | None = None
    line: int | None = None
    value: str | None = None
    cells: Mapping[str, str] = field(default_factory=dict)


class SourceError(Exception):
    """A file that gives no rows at all; `problem` says why."""

    def __init__(self, kind: str, message: str) -> None:
        self.problem = SourceProblem(kind, message)
        super().__init__(kind)


@dataclass(frozen=True)
class RawTable:
    """One table as it lies in its file.

    `rel` has `row` (the record's number from 1, the header not counted), `line` (its first line in a text file, else
    null) and one string column for each declared column that is there; `columns` maps its header to its name in `rel`.
    `typed` maps the header of a column that the file holds as numbers or days to where these lie in `rel`.
    `headers` are all headers, as written. Every row of the file is one of `rows` (those of `rel`), `refused` (those
    that could not be read) or `left_out` (blank ones, and those that the study says are no records). Nothing can be
    read where `present` is false; `rel` then has no rows.
    """

    name: str
    file: str
    rel: sql.Table
    headers: tuple[str, ...]
    problems: list[SourceProblem] = field(default_factory=list)
    present: bool = True
    columns: Mapping[str, str] = field(default_factory=dict)
    refused: int = 0
    rows: int = 0
    left_out: int = 0
    typed: Mapping[str, str] = field(default_factory=dict)

    def text(self, header: str) -> sql.Value:
        """The cells under `header`, as text."""
        return self.rel[self.columns[header]]


@dataclass(frozen=True)
class Layout:
    """Which of a file's columns are read, and under which names: position in the file → name in `rel`."""

    headers: tuple[str, ...]
    places: Mapping[str, int]
    names: Mapping[str, str]
    problems: tuple[SourceProblem, ...]

    @property
    def usable(self) -> bool:
        """At least one declared column is there."""
        return bool(self.places)


def named_rows(numbers: Sequence[int]) -> str:
    """How many rows, and the first ten by number."""
    shown = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
    return f"{len(numbers)} row{'s' if len(numbers) > 1 else ''} ({shown})"


def column_name(name: str) -> str:
    """The name of a declared column in a raw or clean table: its own, unless it is one that the tables use."""
    return f"{name}|cell" if name.casefold() in OWN else name


def match_headers(table: Table, written: Sequence[str]) -> Layout:
    """Find the declared columns among the headers of a file; outer blanks and a byte-order mark do not count."""
    headers = tuple(header.strip().strip("\ufeff").strip() for header in written)
    places: dict[str, int] = {}
    names: dict[str, str] = {}
    problems: list[SourceProblem] = []
    for spec in table.columns.values():
        count = headers.count(spec.header)
        if count == 1:
            places[spec.header] = headers.index(spec.header)
            names[spec.header] = column_name(spec.name)
        elif count > 1:
            message = f"The file has {count} columns named '{spec.header}'; please send it with one."
            problems.append(SourceProblem("duplicate column", message, column=spec.name))
        elif not spec.optional:
            problems.append(SourceProblem("missing column", _absent(spec.header, headers), column=spec.name))
    declared = {spec.header for spec in table.columns.values()}
    for header in dict.fromkeys(headers):
        if header not in declared:
            message = f"The column '{header}' is not declared and is not read."
            problems.append(SourceProblem("unexpected column", message, "note", column=header))
    return Layout(headers, places, names, tuple(problems))


def _absent(header: str, headers: Sequence[str]) -> str:
    folded = {other.casefold(): other for other in headers}
    near = get_close_matches(header.casefold(), folded, 1, 0.75)
    hint = f" (it has '{folded[near[0]]}')" if near else ""
    return f"The file has no column '{header}'{hint}; please send it with this column."
