"""The located tree of a YAML file: every key and value with its place, every scalar as the text that was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prelock.errors import Location


@dataclass(frozen=True)
class Source:
    """One file's text; `file` is its name as the author knows it."""

    file: str
    text: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """The line with that number (from 1), empty beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(frozen=True)
class Comment:
    """What YAML took for a comment, from its `#` on."""

    text: str
    location: Location


# The style of a text that no author wrote: it says in full what stands at its place in short.
MADE = "made"


@dataclass(frozen=True)
class Scalar:
    """A text as written: `no` is "no", `012` is "012", nothing is coerced.

    `style` is "" (plain), a quote, `|`, `>` or `MADE`. `location` is the place of the first character of the text
    itself, after an opening quote. `absent` says that nothing was written at all. `comment` is what follows a plain
    text on its line after ` #`, where it could have been meant as part of the text.
    """

    text: str
    style: str
    location: Location
    source: Source
    absent: bool = False
    comment: Comment | None = None


@dataclass(frozen=True)
class Entry:
    """A key and its value."""

    key: Scalar
    value: Element


@dataclass(frozen=True)
class Mapping:
    """Keys and values in the order of the file, no key twice."""

    entries: tuple[Entry, ...]
    location: Location
    source: Source

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def get(self, key: str) -> Entry | None:
        """The entry with that key."""
        return next((e for e in self.entries if e.key.text == key), None)


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple[Element, ...]
    location: Location
    source: Source


Element = Scalar | Mapping | Sequence


def describe(element: Element) -> str:
    """What the author wrote, in words for an error: `a list`, `keys and values`, `nothing`, or the text itself."""
    if isinstance(element, Sequence):
        return "a list"
    if isinstance(element, Mapping):
        return "keys and values"
    if not element.text:
        return "nothing"
    text = " ".join(element.text.split())
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"
