"""Spellings of codes: which text stands for what, folded, and as a number where both write one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from prelock.engine.numbers import numeric_key
from prelock.rules.text import fold

V = TypeVar("V")
# What counts as blank at the ends of a cell: Unicode's white space, and marks that no one sees.
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200e\u200f\u2060\ufeff"
Pairs = tuple[tuple[str, tuple[str, ...]], ...]


def tidy(text: str | None) -> str:
    """The text after NFKC without outer blanks; empty for a blank cell."""
    return "" if text is None else unicodedata.normalize("NFKC", text).strip(BLANKS)


def key_of(text: str) -> str:
    """The form by which keys compare: a plain number as a number (`3` is `3.0`), else the folded text."""
    clean = tidy(text)
    number = numeric_key(clean)
    return fold(clean) if number is None else format(number + 0, "f")


def pairs(mapping: Mapping[str, tuple[str, ...]]) -> Pairs:
    """A mapping of spellings as a value that can be remembered."""
    return tuple((name, tuple(texts)) for name, texts in mapping.items())


@dataclass(frozen=True)
class Spellings(Generic[V]):
    """What spellings stand for: by folded text first, then by the number that the text writes."""

    texts: Mapping[str, V]
    numbers: Mapping[Decimal, V | None]


def spellings(listed: list[tuple[str, V]]) -> Spellings[V]:
    """A lookup of spellings. A number that two spellings with different meanings write decides nothing."""
    texts: dict[str, V] = {}
    numbers: dict[Decimal, V | None] = {}
    for text, meaning in listed:
        texts.setdefault(fold(text), meaning)
        number = numeric_key(tidy(text))
        if number is not None:
            numbers[number] = meaning if numbers.get(number, meaning) == meaning else None
    return Spellings(texts, numbers)


def lookup(table: Spellings[V], clean: str) -> V | None:
    """What `clean` stands for, None if nothing."""
    meaning = table.texts.get(fold(clean))
    if meaning is not None:
        return meaning
    number = numeric_key(clean)
    return None if number is None else table.numbers.get(number)
