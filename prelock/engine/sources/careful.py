"""A slow, exact reader of delimited text, for files that the fast reader will not vouch for.

A record that cannot be read loses its own line and nothing else: after an unclosed quote, reading goes on at the next
line, not at the next quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TextIO

SURROGATE = re.compile("[\ud800-\udfff]")
NEVER = "\udfff"  # no file holds it: bytes that are no text become other surrogates
LONGEST_RECORD = 2000  # lines; a quote that stays open longer was never meant to

OPEN = "a quotation mark is opened and not closed"
BAD_QUOTE = "there is text between a closing quotation mark and the next separator"
NUL = "it holds a NUL character"
UNDECODABLE = "it holds bytes that are no text in the file's encoding"


class Record(NamedTuple):
    """A record: its first line (from 1), its cells if they can be told apart, or why it is refused, with its text."""

    line: int
    cells: list[str]
    refused: str | None = None
    text: str = ""


class Lines:
    """The lines of a text, one at a time, that can be put back. `number` is that of the line given last."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._back: list[str] = []
        self.number = 0

    def take(self) -> str | None:
        """The next line with its line end; None after the last."""
        line = self._back.pop() if self._back else self._stream.readline()
        if not line:
            return None
        self.number += 1
        return line

    def put_back(self, lines: list[str]) -> None:
        """Give lines back, to be taken again in the same order."""
        self._back.extend(reversed(lines))
        self.number -= len(lines)


@dataclass(frozen=True)
class Dialect:
    """What separates cells and what encloses them; `quote` is '' where nothing does."""

    delimiter: str
    quote: str = '"'


def records(
    stream: TextIO, dialect: Dialect, width: int | None = None, skip: int = 0, *, blank_lines: bool = False
) -> Iterator[Record]:
    """The records of `stream` (opened with `newline=""`) after `skip` lines; blank lines are none unless asked for.

    `width` is the number of cells that a record must have (None: any).
    """
    lines, (delimiter, quote) = Lines(stream), (dialect.delimiter, dialect.quote or NEVER)
    for _ in range(skip):
        lines.take()
    while (line := lines.take()) is not None:
        if quote not in line and "\0" not in line and line.isascii():  # most lines, without a call
            cells = line.rstrip("\r\n").split(delimiter)
            if len(cells) == width and width != 1:
                yield Record(lines.number, cells)
                continue
        if line.strip():
            yield _record(lines, line, Dialect(delimiter, quote), width)
        elif blank_lines:
            yield Record(lines.number, [])


def _record(lines: Lines, first: str, dialect: Dialect, width: int | None) -> Record:
    start, text, more = lines.number, first, list[str]()
    cells = split(_ended(text), dialect)
    while cells == OPEN and len(more) < LONGEST_RECORD:
        line = lines.take()
        if line is None:
            break
        more.append(line)
        text += line
        if dialect.quote in line:
            cells = split(_ended(text), dialect)
    refused = _fault(text, cells, width)
    if refused is None and isinstance(cells, list):
        return Record(start, cells)
    lines.put_back(more)
    return Record(start, cells if isinstance(cells, list) and not more else [], refused, _ended(first))


def _fault(text: str, cells: list[str] | str, width: int | None) -> str | None:
    if isinstance(cells, str):
        return cells
    if width is not None and len(cells) != width:
        return f"it has {len(cells)} cells where the header has {width}"
    if "\0" in text:
        return NUL
    return UNDECODABLE if not text.isascii() and SURROGATE.search(text) else None


def _ended(text: str) -> str:
    return text[:-2] if text.endswith("\r\n") else text[:-1] if text.endswith(("\n", "\r")) else text


def split(text: str, dialect: Dialect) -> list[str] | str:
    """The cells of one record, or what is wrong with its quoting."""
    delimiter, quote = dialect.delimiter, dialect.quote
    if quote not in text:
        return text.split(delimiter)
    cells: list[str] = []
    place = 0
    while True:
        if text.startswith(quote, place):
            end = _closing(text, place + 1, quote)
            if end < 0:
                return OPEN
            if not text.startswith(delimiter, end + 1) and end + 1 < len(text):
                return BAD_QUOTE
            cells.append(text[place + 1 : end].replace(quote + quote, quote))
            place = end + 1
        else:
            end = text.find(delimiter, place)
            end = len(text) if end < 0 else end
            cells.append(text[place:end])
            place = end
        if place >= len(text):
            return cells
        place += 1
        if place == len(text):
            return [*cells, ""]


def _closing(text: str, place: int, quote: str) -> int:
    """Where the quote that is open at `place` closes; -1 if it does not."""
    while True:
        place = text.find(quote, place)
        if place < 0 or not text.startswith(quote, place + 1):
            return place
        place += 2
