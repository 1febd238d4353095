"""Every way to misspell one key or one name of a study, made in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import SupportsIndex

from prelock.documents.folder import Folder
from prelock.documents.tree import Element, Entry, Mapping, Scalar, Sequence
from prelock.errors import Problem
from prelock.study.load import define

WORD = re.compile(r"[^\W\d_](?:\w|-(?=\w))*")
PATTERN = re.compile(r"/(?:[^/\\]|\\.)+/")
Path = tuple[str, ...]


@dataclass(frozen=True)
class Slip:
    """One misspelling: in which section, under which keys, which word became which, and whether it is a key."""

    section: str
    path: Path
    word: str
    scalar: Scalar
    text: str
    is_key: bool

    def __str__(self) -> str:
        where = " › ".join((self.section, *self.path))
        return f"{where}: `{self.word}` in `{self.scalar.text}` ({self.scalar.location})"


def misspelt(word: str) -> str:
    """The word with a letter too many before its last."""
    return f"{word[:-1]}q{word[-1]}"


def slips(folder: Folder) -> Iterator[Slip]:
    """All misspellings: every key whole, every word of every value."""
    for entry in folder.main:
        yield from _key("study", (), entry.key)
        yield from _value("study", (entry.key.text,), entry.value)
    for name, element in folder.sections.items():
        yield from _value(name, (), element)


def _key(section: str, path: Path, key: Scalar) -> Iterator[Slip]:
    rule_key = " = " in key.text or key.text.startswith("if ")
    for match in WORD.finditer(key.text) if rule_key else ():
        yield _slip(section, path, key, match, True)
    if not rule_key:
        yield Slip(section, path, key.text, key, misspelt(key.text), True)


def _slip(section: str, path: Path, scalar: Scalar, match: re.Match[str], is_key: bool) -> Slip:
    text = scalar.text[: match.start()] + misspelt(match[0]) + scalar.text[match.end() :]
    return Slip(section, path, match[0], scalar, text, is_key)


def _value(section: str, path: Path, element: Element) -> Iterator[Slip]:
    if isinstance(element, Mapping):
        for entry in element:
            yield from _key(section, path, entry.key)
            yield from _value(section, (*path, entry.key.text), entry.value)
    elif isinstance(element, Sequence):
        for item in element.items:
            yield from _value(section, path, item)
    else:
        seen = PATTERN.sub(lambda m: " " * len(m[0]), element.text)
        for match in WORD.finditer(seen):
            yield _slip(section, path, element, match, False)


def applied(folder: Folder, slip: Slip) -> Folder:
    """The study with the slip."""
    if slip.section == "study":
        main = _replaced(folder.main, slip)
        assert isinstance(main, Mapping)
        return replace(folder, main=main)
    return replace(folder, sections={**folder.sections, slip.section: _replaced(folder.sections[slip.section], slip)})


def _replaced(element: Element, slip: Slip) -> Element:
    if element is slip.scalar:
        return replace(slip.scalar, text=slip.text)
    if isinstance(element, Sequence):
        items = tuple(_replaced(item, slip) for item in element.items)
        return (
            element if all(a is b for a, b in zip(items, element.items, strict=True)) else replace(element, items=items)
        )
    if isinstance(element, Mapping):
        entries = tuple(_entry(entry, slip) for entry in element.entries)
        same = all(a is b for a, b in zip(entries, element.entries, strict=True))
        return element if same else replace(element, entries=entries)
    return element


def _entry(entry: Entry, slip: Slip) -> Entry:
    key, value = _replaced(entry.key, slip), _replaced(entry.value, slip)
    if key is entry.key and value is entry.value:
        return entry
    assert isinstance(key, Scalar)
    return Entry(key, value)


class RefusedError(Exception):
    """The first problem is enough."""


class FirstProblem(list[Problem]):
    """A list of problems that ends the loading at the first."""

    def append(self, item: Problem) -> None:
        raise RefusedError(item.code)

    def extend(self, items: Iterable[Problem]) -> None:
        for item in items:
            self.append(item)

    def __delitem__(self, index: SupportsIndex | slice) -> None:
        raise AssertionError("problems are never taken back")


def refusal(folder: Folder) -> str | None:
    """The code of the first problem of a study; None if it loads."""
    try:
        define(folder, "study", FirstProblem())
    except RefusedError as error:
        return str(error)
    return None
