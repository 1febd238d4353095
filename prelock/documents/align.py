"""Where in the file a character of a scalar stands, through quotes, escapes, folded and continued lines."""

from __future__ import annotations

import re

from prelock.documents.tree import MADE, Scalar
from prelock.errors import Location

ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)


def place(scalar: Scalar, offset: int, length: int = 1) -> Location:
    """The place of the character at `offset` (from 0) of the scalar's text; the caret never leaves its line."""
    if scalar.style == MADE:
        return scalar.location
    places = _places(scalar, offset)
    number, column = places[-1]
    column += 1 if scalar.text and offset >= len(scalar.text) else 0
    line = scalar.source.line(number)
    room = max(1, len(line.rstrip()) - column)
    return Location(scalar.location.file, number, column + 1, max(1, min(length, room)))


def _places(scalar: Scalar, offset: int) -> list[tuple[int, int]]:
    """(line from 1, column from 0) of each character up to `offset`."""
    number, column = scalar.location.line, scalar.location.column - 1
    lines = scalar.source.lines
    places = []
    for character in scalar.text[: offset + 1]:
        line = lines[number - 1] if number <= len(lines) else ""
        while column >= len(line.rstrip()) and not (column < len(line) and line[column] == character):
            if number >= len(lines) or character.isspace():
                break
            number += 1
            line = lines[number - 1]
            column = len(line) - len(line.lstrip())
        places.append((number, min(column, len(line))))
        column += _width(scalar.style, line, column)
        if character.isspace():
            column = _after_blanks(line, column)
    return places or [(number, column)]


def _width(style: str, line: str, column: int) -> int:
    if style == '"' and column < len(line) and line[column] == "\\":
        match = ESCAPE.match(line, column)
        return len(match[0]) if match else 1
    if style == "'" and line[column : column + 2] == "''":
        return 2
    return 1 if column < len(line.rstrip()) else 0


def _after_blanks(line: str, column: int) -> int:
    """Trailing blanks of a line belong to its break, so the next character stands on the next line."""
    return len(line) if not line[column:].strip() else column
