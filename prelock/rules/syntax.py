"""From a rule's text to a tree with a place for every part. Knows words and brackets, no names and no types."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from prelock.version import __version__

if TYPE_CHECKING:
    from lark import Lark, Token, Tree


@dataclass(frozen=True)
class Syntax:
    """A part of a rule: `kind` is the grammar's name for it, `start` to `end` its characters in the text.

    A single word or sign has no `parts`; an optional part that was not written is None.
    """

    kind: str
    text: str
    start: int
    end: int
    parts: tuple[Syntax | None, ...] = ()

    @property
    def length(self) -> int:
        """How many characters the part covers, at least one."""
        return max(1, self.end - self.start)

    def part(self, index: int) -> Syntax:
        """The part at `index`, which the grammar says is always there."""
        found = self.parts[index]
        assert found is not None
        return found

    def rest(self, start: int = 0) -> tuple[Syntax, ...]:
        """The parts from `start` on that were written."""
        return tuple(part for part in self.parts[start:] if part is not None)


@cache
def parser() -> Lark:
    """The parser of the rule language, built on first use and kept; its tables are kept from run to run."""
    from lark import Lark

    grammar = files("prelock.rules").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        postlex=_WholeWords(),
        propagate_positions=True,
        cache=_kept_tables(),
    )


def _kept_tables() -> str | bool:
    """A file in the user's cache for the parser's tables, half of what reading a study costs; False: nowhere."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "prelock"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return False
    return str(folder / f"rules-{__version__}-{sys.version_info.major}.{sys.version_info.minor}")


class _WholeWords:
    """Refuses two words run together: where no name may stand, `orange` would read as `or ange`."""

    always_accept: tuple[str, ...] = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens as they come, up to one that begins inside a word."""
        from lark.exceptions import UnexpectedToken

        last: Token | None = None
        for token in stream:
            joined = last is not None and last.end_pos == token.start_pos and last[-1].isalpha()
            if joined and (token[0].isalnum() or token[0] == "_"):
                raise UnexpectedToken(token, set())  # type: ignore[no-untyped-call]
            last = token
            yield token


def parse(text: str) -> Syntax:
    """The tree of a rule. Raises lark's `UnexpectedInput`, which `complaints` words for the author."""
    return _kept(parser().parse(text).children[0], text)


def acceptable(beginning: str) -> set[str]:
    """The grammar's names of what may follow the beginning of a rule."""
    reading = parser().parse_interactive(beginning)
    reading.exhaust_lexer()
    return set(reading.accepts())  # type: ignore[no-untyped-call]


def _kept(part: Tree[Token] | Token, text: str) -> Syntax:
    from lark import Token

    if isinstance(part, Token):
        start = part.start_pos or 0
        return Syntax(str(part.type), str(part), start, start + len(part))
    parts = tuple(None if child is None else _kept(child, text) for child in part.children)
    start, end = part.meta.start_pos, part.meta.end_pos
    return Syntax(str(part.data), text[start:end], start, end, parts)
