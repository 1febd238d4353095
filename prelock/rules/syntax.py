"""From a rule's text to a tree with a place for every part. Knows words and brackets, no names and no types."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

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
    """The parser of the rule language, built on first use and kept."""
    from lark import Lark

    grammar = files("prelock.rules").joinpath("grammar.lark").read_text(encoding="utf-8")
    starts = ["start", "limits"]
    return Lark(grammar, start=starts, parser="lalr", lexer="contextual", propagate_positions=True)


def parse(text: str, start: str = "start") -> Syntax:
    """The tree of a rule, or with `start` "limits" of limits such as `at most 5 mg/L`.

    Raises lark's `UnexpectedInput`, which `complaints` words for the author.
    """
    return _kept(parser().parse(text, start=start).children[0], text)


def _kept(part: Tree[Token] | Token, text: str) -> Syntax:
    from lark import Token

    if isinstance(part, Token):
        start = part.start_pos or 0
        return Syntax(str(part.type), str(part), start, start + len(part))
    parts = tuple(None if child is None else _kept(child, text) for child in part.children)
    start, end = part.meta.start_pos, part.meta.end_pos
    return Syntax(str(part.data), text[start:end], start, end, parts)
