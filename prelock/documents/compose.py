"""YAML text to a located tree, from PyYAML's events: no tag is obeyed, no alias followed, nothing coerced."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from prelock.documents import traps
from prelock.documents.mend import mend_list, mend_mapping
from prelock.documents.tree import Comment, Element, Entry, Mapping, Scalar, Sequence, Source
from prelock.errors import Location, Problem

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 40
MOST_SYNTAX_PROBLEMS = 20
CUT = re.compile(r" +#\S.*| # .*")
EMPTY_CUT = re.compile(r" *#[^\s#].*")


class RefusedError(Exception):
    """The file can't be read further; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass
class _Open:
    """A collection whose end has not been seen."""

    is_mapping: bool
    flow: bool
    location: Location
    parts: list[Element] = field(default_factory=list)


def compose(source: Source, problems: list[Problem]) -> tuple[Element | None, bool]:
    """The tree of the file (None: empty or unreadable), and whether the file was read whole.

    After a fault in its syntax the block (from one unindented key to the next) is set aside and the rest read, so that
    one run shows the fault of every block.
    """
    lines, whole = list(source.lines), True
    for _ in range(MOST_SYNTAX_PROBLEMS):
        current = Source(source.file, "\n".join(lines) + "\n", source.lines)
        try:
            return _tree(current, problems), whole
        except RefusedError as refused:
            problems.append(refused.problem)
            whole = False
            if not _blank_block(lines, refused.problem):
                break
    return None, False


def _blank_block(lines: list[str], problem: Problem) -> bool:
    """Empty the block where the problem lies; False when nothing would be left to read."""
    start = end = min(problem.location.line if problem.location else 1, len(lines)) - 1
    while start > 0 and not _opens_block(lines[start]):
        start -= 1
    end += 1
    while end < len(lines) and not _opens_block(lines[end]):
        end += 1
    lines[start:end] = [""] * (end - start)
    return any(line.strip() and not line.lstrip().startswith("#") for line in lines)


def _opens_block(line: str) -> bool:
    return bool(line) and not line[0].isspace() and line[0] not in "#]}-" and ":" in line


def _tree(source: Source, problems: list[Problem]) -> Element | None:
    loader = PARSER(source.text)
    try:
        return _Builder(source, problems).read(loader)
    except yaml.MarkedYAMLError as error:
        raise RefusedError(traps.explain(error, source)) from None
    except yaml.YAMLError:
        where = Location(source.file, 1, 1)
        raise RefusedError(Problem("yaml-syntax", "the file is not YAML", where, None, source.line(1))) from None
    finally:
        loader.dispose()


class _Builder:
    """Builds the tree of one file from its events."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.open: list[_Open] = []
        self.root: Element | None = None

    def read(self, loader: Any) -> Element | None:
        """The root of the file's tree."""
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.NodeEvent):
                self._refuse_special(event)
            if isinstance(event, yaml.ScalarEvent):
                self._add(self._scalar(event))
            elif isinstance(event, yaml.CollectionStartEvent):
                self._start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._add(self._close(self.open.pop()))
            elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                self._refuse(
                    event,
                    "two-documents",
                    "a second document begins here (`---`)",
                    "Delete this line: a file holds one document.",
                )
        return self.root

    def _refuse(self, event: Any, code: str, message: str, hint: str) -> None:
        raise RefusedError(self._problem(code, message, self._at(event.start_mark), hint))

    def _problem(self, code: str, message: str, where: Location, hint: str | None) -> Problem:
        return Problem(code, message, where, hint, self.source.line(where.line))

    def _at(self, mark: Any, length: int = 1) -> Location:
        return Location(self.source.file, mark.line + 1, mark.column + 1, length)

    def _refuse_special(self, event: Any) -> None:
        if event.anchor is not None:
            raise RefusedError(traps.anchor(event, self.source))
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise RefusedError(traps.tag(event, self.source))

    def _start(self, event: Any) -> None:
        if len(self.open) >= DEEPEST:
            self._refuse(
                event, "too-deep", f"more than {DEEPEST} levels inside one another", "A study needs about six."
            )
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.open.append(_Open(is_mapping, bool(event.flow_style), self._at(event.start_mark)))

    def _add(self, element: Element) -> None:
        if self.open:
            self.open[-1].parts.append(element)
        else:
            self.root = element

    def _scalar(self, event: Any) -> Scalar:
        style = event.style or ""
        start, end = event.start_mark, event.end_mark
        absent = not event.value and style == ""
        if style in ("|", ">"):
            if any(c.isdigit() for c in self.source.line(start.line + 1)[start.column :]):
                raise RefusedError(traps.indented(event, self.source))
            return Scalar(event.value, style, traps.block_start(start, self.source), self.source)
        shift = 1 if style else 0
        width = end.column - start.column - 2 * shift if start.line == end.line else len(event.value)
        where = Location(self.source.file, start.line + 1, start.column + 1 + shift, max(1, width))
        comment = None
        if not style:
            rest = self.source.line(end.line + 1)[end.column :]
            match = (EMPTY_CUT if absent else CUT).match(rest)
            comment = self._comment(end, match) if match else None
        return Scalar(event.value, style, where, self.source, absent, comment)

    def _comment(self, end: Any, match: re.Match[str]) -> Comment:
        text = match[0].strip()
        shift = len(match[0]) - len(match[0].lstrip())
        return Comment(text, Location(self.source.file, end.line + 1, end.column + shift + 1, len(text)))

    def _close(self, opened: _Open) -> Element:
        parts = opened.parts
        if not opened.is_mapping:
            items = mend_list(parts, self.problems) if opened.flow else parts
            return Sequence(tuple(items), opened.location, self.source)
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        entries = [Entry(key, value) for key, value in pairs if isinstance(key, Scalar)]
        if len(entries) < len(pairs):
            hint = "Each key is a plain name; put a name that holds brackets or braces in quotes."
            self.problems.append(
                self._problem("key-not-text", "a key here is a list or a mapping", opened.location, hint)
            )
        if opened.flow:
            entries = mend_mapping(entries, self.problems)
        return Mapping(tuple(self._once(entries)), opened.location, self.source)

    def _once(self, entries: list[Entry]) -> list[Entry]:
        seen: dict[str, Entry] = {}
        for entry in entries:
            first = seen.setdefault(entry.key.text, entry)
            if first is not entry:
                message = f"`{entry.key.text}` stands twice; first on line {first.key.location.line}"
                hint = "Keep one of them, or give each its own name."
                self.problems.append(self._problem("duplicate-key", message, entry.key.location, hint))
        return list(seen.values())
