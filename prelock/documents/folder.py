"""A study folder: which file holds which section, each section once, unknown names refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Mapped
from collections.abc import Sequence as Sequenced
from dataclasses import dataclass
from pathlib import Path

from prelock.documents.compose import compose
from prelock.documents.hints import nearest
from prelock.documents.source import read_source
from prelock.documents.tree import Element, Entry, Mapping, describe
from prelock.errors import CallError, Location, Problem

MAIN = "study"


@dataclass(frozen=True)
class Folder:
    """The study's own keys (`main`), its sections by name, the digest of each file, and whether all files were read."""

    main: Mapping
    sections: Mapped[str, Element]
    digests: Mapped[str, str]
    whole: bool


def read_folder(path: Path, sections: Sequenced[str], keys: Sequenced[str], problems: list[Problem]) -> Folder | None:
    """Read `study.yaml` (whose own keys are `keys`) and the files of `sections`; None if there is no study.yaml."""
    if not path.is_dir():
        raise CallError(f"there is no study folder `{path}`")
    reader = _Reader(path, sections, keys, problems)
    return reader.read()


class _Reader:
    def __init__(self, path: Path, sections: Sequenced[str], keys: Sequenced[str], problems: list[Problem]) -> None:
        self.path, self.sections, self.keys, self.problems = path, tuple(sections), tuple(keys), problems
        self.digests: dict[str, str] = {}
        self.whole = True

    def read(self) -> Folder | None:
        files = self._files()
        if MAIN not in files:
            message = "a study folder needs this file, and it is not there"
            self.problems.append(Problem("no-study-file", message, Location("study.yaml", 1, 1)))
            return None
        roots = {name: self._root(file) for name, file in files.items()}
        main = roots.pop(MAIN)
        if not isinstance(main, Mapping):
            self._not_a_mapping(main)
            return None
        found: dict[str, Element] = {name: root for name, root in roots.items() if root is not None}
        own = self._split(main, found, files)
        return Folder(own, {n: found[n] for n in self.sections if n in found}, self.digests, self.whole)

    def _files(self) -> dict[str, str]:
        found = {}
        for file in sorted(p.name for p in self.path.iterdir() if p.is_file() and not p.name.startswith(".")):
            stem, _, suffix = file.rpartition(".")
            if suffix.lower() not in ("yaml", "yml"):
                continue
            if suffix == "yaml" and stem in (MAIN, *self.sections):
                found[stem] = file
            else:
                self._unknown_file(file, stem)
        return found

    def _unknown_file(self, file: str, stem: str) -> None:
        known = [f"{name}.yaml" for name in (MAIN, *self.sections)]
        message = f"`{file}` is no section of a study"
        hint = nearest(f"{stem}.yaml", known, "The files are")
        self.problems.append(Problem("unknown-file", message, Location(file, 1, 1), hint))

    def _root(self, file: str) -> Element | None:
        path = self.path / file
        source = read_source(path, file, self.problems)
        if source is None:
            self.whole = False
            return None
        self.digests[file] = hashlib.sha256(path.read_bytes()).hexdigest()
        root, whole = compose(source, self.problems)
        self.whole = self.whole and whole
        if root is None and whole:
            message = "the file is empty"
            hint = "Delete it, or write the section into it."
            self.problems.append(Problem("empty-file", message, Location(file, 1, 1), hint, source.line(1)))
        return root

    def _not_a_mapping(self, main: Element | None) -> None:
        self.whole = False
        if main is not None:
            hint = "Begin with `study: the study's title`."
            message = f"study.yaml holds {describe(main)}, not keys and values"
            line = main.source.line(main.location.line)
            self.problems.append(Problem("not-a-mapping", message, main.location, hint, line))

    def _split(self, main: Mapping, found: dict[str, Element], files: dict[str, str]) -> Mapping:
        """The study's own keys; keys that are sections move to `found`."""
        own: list[Entry] = []
        for entry in main:
            name, line = entry.key.text, main.source.line(entry.key.location.line)
            if name in self.keys:
                own.append(entry)
            elif name not in self.sections:
                hint = nearest(name, (*self.keys, *self.sections), "study.yaml may hold")
                message = f"`{name}` is no key of study.yaml"
                self.problems.append(Problem("unknown-key", message, entry.key.location, hint, line))
            elif name in files:
                message = f"`{name}` stands here and in {files[name]}"
                hint = "A section is a file or a key of study.yaml, never both: delete one."
                self.problems.append(Problem("section-twice", message, entry.key.location, hint, line))
            else:
                found[name] = entry.value
        return Mapping(tuple(own), main.location, main.source)
