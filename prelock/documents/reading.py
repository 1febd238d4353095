"""Readers of the located tree. Each gives a value or None, and notes what is wrong with its place and a hint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from prelock.documents.hints import closest, nearest
from prelock.documents.tree import Element, Entry, Mapping, Scalar, Sequence, describe
from prelock.errors import Problem

T = TypeVar("T")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
WHOLE = re.compile(r"[-+]?\d+", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
RANGE = re.compile(r"(\S+)\s+to\s+(\S+)")


def note(problems: list[Problem], code: str, message: str, at: Element, hint: str | None = None) -> None:
    """Note a problem at an element."""
    problems.append(Problem(code, message, at.location, hint, at.source.line(at.location.line)))


def read_text(element: Element, problems: list[Problem], what: str = "a text") -> str | None:
    """A text, its line breaks and runs of blanks as one blank."""
    if isinstance(element, Scalar) and not cut(element, problems):
        if element.text.strip():
            return " ".join(element.text.split())
        note(problems, "empty", f"expected {what}, nothing is written here", element)
    elif not isinstance(element, Scalar):
        hint = "Put a text that begins with `[` or `{` in quotes." if _in_flow(element) else None
        note(problems, "expected-text", f"expected {what}, found {describe(element)}", element, hint)
    return None


def _in_flow(element: Element) -> bool:
    line = element.source.line(element.location.line)
    return line[element.location.column - 1 : element.location.column] in ("[", "{")


def cut(scalar: Scalar, problems: list[Problem]) -> bool:
    """Whether YAML cut the text at ` #`; noted if so."""
    if scalar.comment is None:
        return False
    text, where = scalar.comment.text, scalar.comment.location
    message = f"YAML reads `{text}` as a comment and leaves {describe(scalar)}"
    whole = f"{scalar.text} {text}".strip()
    hint = f"If `#` belongs to the text, put it in quotes: '{whole}'; for a comment, write two blanks, `#`, a blank."
    problems.append(Problem("yaml-comment", message, where, hint, scalar.source.line(where.line)))
    return True


def read_number(element: Element, problems: list[Problem], what: str = "a number") -> Decimal | None:
    """A plain decimal number."""
    return _matched(element, problems, NUMBER, Decimal, what)


def read_whole(element: Element, problems: list[Problem], what: str = "a whole number") -> int | None:
    """A whole number."""
    return _matched(element, problems, WHOLE, int, what)


def read_date(element: Element, problems: list[Problem], what: str = "a date, as 2024-03-01") -> date | None:
    """A date in ISO form."""
    return _matched(element, problems, DATE, date.fromisoformat, what)


def _matched(
    element: Element, problems: list[Problem], form: re.Pattern[str], make: Callable[[str], T], what: str
) -> T | None:
    text = read_text(element, problems, what)
    if text is None:
        return None
    if form.fullmatch(text):
        try:
            return make(text)
        except ValueError:
            pass
    note(problems, "wrong-form", f"expected {what}, found {describe(element)}", element)
    return None


def read_range(
    element: Element, problems: list[Problem], what: str = "a range, as 0 to 56"
) -> tuple[Decimal, Decimal] | None:
    """`A to B` with A at most B."""
    text = read_text(element, problems, what)
    match = RANGE.fullmatch(text or "")
    if text is None:
        return None
    if not match or not NUMBER.fullmatch(match[1]) or not NUMBER.fullmatch(match[2]):
        note(problems, "wrong-form", f"expected {what}, found {describe(element)}", element)
        return None
    low, high = Decimal(match[1]), Decimal(match[2])
    if low > high:
        note(problems, "empty-range", f"{low} to {high} holds nothing", element, f"Write `{high} to {low}`.")
        return None
    return low, high


def read_yes(element: Element, problems: list[Problem]) -> bool:
    """`yes` or `no`."""
    return read_choice(element, ("yes", "no"), problems) == "yes"


def read_choice(element: Element, choices: Iterable[str], problems: list[Problem], what: str = "one of") -> str | None:
    """One of a few words."""
    options = tuple(choices)
    text = read_text(element, problems, f"{what} {', '.join(options)}")
    if text is None or text in options:
        return text
    note(problems, "unknown-word", f"`{text}` can't stand here", element, nearest(text, options, "Possible are"))
    return None


def read_items(element: Element) -> tuple[Element, ...]:
    """The items of a list; anything else is a list of itself."""
    return element.items if isinstance(element, Sequence) else (element,)


def read_texts(element: Element, problems: list[Problem], what: str = "a text") -> tuple[str, ...]:
    """A list of texts, or one text."""
    found = (read_text(item, problems, what) for item in read_items(element))
    return tuple(text for text in found if text is not None)


def read_mapping(element: Element, problems: list[Problem], what: str, hint: str | None = None) -> tuple[Entry, ...]:
    """The entries of a mapping whose keys are the author's own names."""
    if isinstance(element, Mapping):
        return element.entries
    note(problems, "expected-keys", f"expected {what}, found {describe(element)}", element, hint)
    return ()


class Fields:
    """A mapping that may hold only `known` keys; others are noted with the nearest. `what` says what it describes.

    `at` is the key under which it stands, where what is missing is noted.
    """

    def __init__(
        self,
        element: Element,
        known: Iterable[str],
        what: str,
        problems: list[Problem],
        hint: str | None = None,
        at: Scalar | None = None,
    ) -> None:
        self.at: Element = at or element
        self._meant: set[str] = set()
        self.element, self.known, self.what, self.problems = element, tuple(known), what, problems
        self.ok = isinstance(element, Mapping)
        shown = hint or f"{what} is described by keys: {', '.join(self.known)}."
        entries = read_mapping(element, problems, f"keys and values for {what}", shown)
        self._entries = {e.key.text: e for e in entries if self._is_known(e)}

    def _is_known(self, entry: Entry) -> bool:
        name = entry.key.text
        if name in self.known:
            return True
        message = f"`{name}` is no key of {self.what}"
        note(self.problems, "unknown-key", message, entry.key, nearest(name, self.known, "The keys are"))
        self._meant.add(closest(name, self.known) or "")
        return False

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def get(self, key: str) -> Element | None:
        """The value of a key, None when it is not there."""
        if key not in self.known:
            raise KeyError(key)
        entry = self._entries.get(key)
        return entry.value if entry else None

    def key(self, key: str) -> Scalar:
        """The key itself, for its place."""
        return self._entries[key].key

    def need(self, key: str) -> Element | None:
        """The value of a key that must be there; its absence is noted."""
        value = self.get(key)
        if value is None and self.ok and key not in self._meant:
            note(self.problems, "missing-key", f"{self.what} needs `{key}`", self.at)
        return value

    def text(self, key: str) -> str | None:
        """A text, or None."""
        value = self.get(key)
        return None if value is None else read_text(value, self.problems)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts (or one); empty when not there."""
        value = self.get(key)
        return () if value is None else read_texts(value, self.problems)

    def number(self, key: str) -> Decimal | None:
        """A number, or None."""
        value = self.get(key)
        return None if value is None else read_number(value, self.problems)

    def range(self, key: str) -> tuple[Decimal, Decimal] | None:
        """A range, or None."""
        value = self.get(key)
        return None if value is None else read_range(value, self.problems)

    def yes(self, key: str) -> bool:
        """yes or no; no when not there."""
        value = self.get(key)
        return value is not None and read_yes(value, self.problems)

    def choice(self, key: str, choices: Iterable[str]) -> str | None:
        """One of a few words, or None."""
        value = self.get(key)
        return None if value is None else read_choice(value, choices, self.problems)

    def items(self, key: str) -> tuple[Element, ...]:
        """The items of a list (or the one value); empty when not there."""
        value = self.get(key)
        return () if value is None else read_items(value)
