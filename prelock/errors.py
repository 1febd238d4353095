"""What can be wrong, said once: places, problems and the exceptions that carry them.

A `Problem` is a fault in what an author wrote; a finding (see `results`) is a fault in a patient's record. They never
mix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

NO_MEMORY = (
    "needs more memory than it may take. Give more with --memory, or more room in the system's folder for temporary "
    "files (TMPDIR), where what memory can't hold is kept."
)


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file: `line` and `column` count from 1, `length` is the width of the caret in characters."""

    file: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def moved(self, by: int, length: int = 1) -> Location:
        """The place `by` characters further on the same line."""
        return Location(self.file, self.line, self.column + by, length)


@dataclass(frozen=True)
class Problem:
    """One fault in a study's text: a stable code, the place, what is wrong, and how to mend it."""

    code: str
    message: str
    location: Location | None = None
    hint: str | None = None
    source_line: str | None = None

    def render(self) -> str:
        """The problem as a block of text: place, code, message, the line with a caret, the hint."""
        lines = [f"{self.location}: {self.code}: {self.message}" if self.location else f"{self.code}: {self.message}"]
        if self.location and self.source_line is not None:
            gutter = f"{self.location.line:>5} | "
            before = self.source_line[: self.location.column - 1]
            pad = "".join("\t" if c == "\t" else "\u3000" if ord(c) > 0x2E7F else " " for c in before)
            lines += [gutter + self.source_line, " " * 5 + " | " + pad + "^" * max(1, self.location.length)]
        if self.hint:
            lines.append(f"        {self.hint}")
        return "\n".join(lines)


class PrelockError(Exception):
    """Root of the errors prelock raises on purpose; `exit_code` is the process's exit code."""

    exit_code = 2


class CallError(PrelockError):
    """The call itself is wrong: a folder that is not there, a patient that is not in the data."""


class StudyError(PrelockError):
    """The study's text is wrong; `problems` lists every fault found, in the order of the source."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.location is None, p.location, p.code)))
        super().__init__("\n\n".join(p.render() for p in self.problems))


class DataError(PrelockError):
    """The data as a whole can't be read: no folder, no patient table, a database that does not answer."""

    exit_code = 3


class RecordError(PrelockError):
    """The record beside the study can't be read, or is not what was entered."""

    exit_code = 3


class ManifestError(PrelockError):
    """A folder holds no lock (`exit_code` 2), or its manifest was changed (1)."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code
