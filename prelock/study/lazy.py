"""Names that are resolved when first used, so that their order in the files is free; circles are found on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from prelock.documents.reading import note
from prelock.documents.tree import Scalar
from prelock.errors import Problem

T = TypeVar("T")
Key = tuple[str, ...]


class UnresolvedError(Exception):
    """A name whose own definition is faulty: the fault is noted there, and its users need not complain again."""


class Resolver:
    """Definitions by key, each resolved once. A key's last part is its name."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._places: dict[Key, Scalar] = {}
        self._thunks: dict[Key, Callable[[], Any]] = {}
        self._done: dict[Key, Any] = {}
        self._open: list[Key] = []

    def declare(self, key: Key, place: Scalar, thunk: Callable[[], Any]) -> None:
        """Say how `key` is resolved; `place` is where it was named. A thunk gives None for a faulty definition."""
        self._places[key], self._thunks[key] = place, thunk

    def __contains__(self, key: object) -> bool:
        return key in self._thunks

    def get(self, key: Key) -> Any:
        """What `key` stands for; raises UnresolvedError when its definition is faulty or depends on itself."""
        if key in self._open:
            self._note_circle(self._open[self._open.index(key) :])
            raise UnresolvedError
        if key not in self._done:
            self._done[key] = self._resolve(key)
        if self._done[key] is None:
            raise UnresolvedError
        return self._done[key]

    def find(self, key: Key) -> Any:
        """Like `get`, but None when the definition is faulty."""
        try:
            return self.get(key)
        except UnresolvedError:
            return None

    def _resolve(self, key: Key) -> Any:
        self._open.append(key)
        try:
            return self._thunks[key]()
        except UnresolvedError:
            return None
        finally:
            self._open.pop()

    def _note_circle(self, keys: list[Key]) -> None:
        hint = "Break the circle: one of them must not use the next."
        note(self._problems, "circle", chain([key[-1] for key in keys]), self._places[keys[0]], hint)


def chain(names: list[str]) -> str:
    """ "`a` depends on `b`, which depends on `a`" for the names of a circle."""
    if len(names) == 1:
        return f"`{names[0]}` depends on itself"
    first, *others = [f"`{name}`" for name in names]
    return f"{first} depends on " + ", which depends on ".join([*others, first])


class Names(Mapping[str, T], Generic[T]):
    """A mapping whose names are known and whose values are found on first use."""

    def __init__(self, names: Iterable[str], find: Callable[[str], T]) -> None:
        self._names = dict.fromkeys(names)
        self._find = find

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            raise KeyError(name)
        return self._find(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names
