"""What can be asked of a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from prelock.engine.sql import types as t
from prelock.engine.sql.node import Node, listing
from prelock.engine.sql.types import DType


class Texts(Node):
    """The part of an expression's methods that concerns texts."""

    __slots__ = ()

    def _text(self, form: str, *args: Any, dtype: DType = t.STRING) -> Self:
        return self.made(form, (self, *(self.of(arg) for arg in args)), dtype)

    def lower(self) -> Self:
        """In small letters."""
        return self._text("LOWER({0})")

    def strip(self) -> Self:
        """Without blanks, tabs and line ends at either side."""
        return self._text("TRIM({0}, {1})", " \t\n\r\v\f")

    def length(self) -> Self:
        """How many characters (or members of a list)."""
        return self._text("LENGTH({0})", dtype=t.INT)

    def substr(self, start: int, length: Any) -> Self:
        """`length` characters from place `start`, the first being 0."""
        return self._text("SUBSTR({0}, {1}, {2})", start + 1, length)

    def contains(self, other: Any) -> Self:
        """Holds the text `other`."""
        return self._text("CONTAINS({0}, {1})", other, dtype=t.BOOLEAN)

    def startswith(self, other: Any) -> Self:
        """Begins with `other`."""
        return self._text("STARTS_WITH({0}, {1})", other, dtype=t.BOOLEAN)

    def endswith(self, other: Any) -> Self:
        """Ends with `other`."""
        return self._text("ENDS_WITH({0}, {1})", other, dtype=t.BOOLEAN)

    def re_search(self, pattern: str) -> Self:
        """The pattern matches somewhere."""
        return self._text("REGEXP_MATCHES({0}, {1}, 's')", pattern, dtype=t.BOOLEAN)

    def re_replace(self, pattern: str, by: str) -> Self:
        """Every match of the pattern replaced."""
        return self._text("REGEXP_REPLACE({0}, {1}, {2}, 'g')", pattern, by)

    def sha256(self) -> Self:
        """The digest, in hexadecimal."""
        return self._text("SHA256({0})")

    def split(self, at: str) -> Self:
        """The list of parts between `at`."""
        return self._text("STR_SPLIT({0}, {1})", at, dtype=t.ARRAY)

    def join(self, parts: Sequence[Node]) -> Self:
        """The parts with this text between them; those that are null are left out."""
        return self.made(listing("CONCAT_WS({0}, ", ")", len(parts), 1), (self, *parts), t.STRING, self.sure)
