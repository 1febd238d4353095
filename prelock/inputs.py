"""The files that a run read, each by its digest, and the assurance that they did not change while it read them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from prelock.errors import DataError
from prelock.lock.manifest import listed

Stamps = dict[str, tuple[int, int]]


class Inputs:
    """A data folder as it is when the run begins; `read` names the files that the run then reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = self._stamps()
        self.read: tuple[str, ...] = ()

    def files(self) -> list[dict[str, Any]]:
        """Every file read, with size and digest. DataError where one changed since the run began."""
        found = listed(self.folder, self._beneath())
        after = self._stamps()
        changed = sorted(name for name in self._beneath() if self._before.get(name) != after.get(name))
        if changed:
            raise DataError(f"{', '.join(changed)} changed while the run was reading. Nothing was locked; run again.")
        return found

    def _beneath(self) -> Iterable[str]:
        """The files read; of a folder of files each."""
        for name in dict.fromkeys(self.read):
            path = self.folder / name
            inside = path.rglob("*") if path.is_dir() else [path]
            yield from (part.relative_to(self.folder).as_posix() for part in inside if part.is_file())

    def _stamps(self) -> Stamps:
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            path.relative_to(self.folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns) for path in files
        }
