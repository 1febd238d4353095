"""From a file's bytes to text that YAML may read: UTF-8 only, no tabs, nothing invisible."""

from __future__ import annotations

import re
from pathlib import Path

from prelock.documents.tree import Source
from prelock.errors import Location, Problem

LARGEST = 4_000_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Control characters, the line breaks that no editor shows, and marks that reorder or hide text.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def read_source(path: Path, file: str, problems: list[Problem]) -> Source | None:
    """The text of a study file (a leading byte-order mark dropped), or None with the problems noted."""
    data = _bytes(path, file, problems)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(_undecodable(data, error, file))
        return None
    source = Source(file, text, tuple(text.splitlines()))
    unusable = [*_tabs(source), *_unseen(source)]
    problems.extend(unusable)
    return None if unusable else source


def _bytes(path: Path, file: str, problems: list[Problem]) -> bytes | None:
    start = Location(file, 1, 1)
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.append(Problem("file-unreadable", f"the file can't be read: {error.strerror}", start))
        return None
    if len(data) > LARGEST:
        problems.append(
            Problem("file-too-large", f"a study file of {len(data)} bytes: at most {LARGEST} are read", start)
        )
        return None
    if data[:2] in UTF16:
        hint = "Save it as UTF-8 (in Excel: `CSV UTF-8`; in Notepad: encoding UTF-8)."
        problems.append(Problem("not-utf8", "the file is UTF-16, not UTF-8", start, hint))
        return None
    return data


def _undecodable(data: bytes, error: UnicodeDecodeError, file: str) -> Problem:
    before = data[: error.start].decode("utf-8", "replace")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    here = data[data.rfind(b"\n", 0, error.start) + 1 :].split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r")
    message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
    hint = "Save the file as UTF-8; it may be GBK or Windows-1252 now."
    return Problem("not-utf8", message, Location(file, line, column), hint, here)


def _tabs(source: Source) -> list[Problem]:
    found = []
    for number, line in enumerate(source.lines, 1):
        column = line.find("\t")
        if column >= 0:
            hint = "Use spaces: YAML forbids tabs in front of a key, and elsewhere nobody sees them."
            where = Location(source.file, number, column + 1)
            found.append(Problem("tab", "a tab character", where, hint, line))
    return found


def _unseen(source: Source) -> list[Problem]:
    found = []
    for number, line in enumerate(source.text.split("\n"), 1):
        match = UNSEEN.search(line.rstrip("\r"))
        if match:
            where = Location(source.file, number, match.start() + 1)
            shown = UNSEEN.sub("\ufffd", line.rstrip("\r"))
            message = f"a character that can't be seen (U+{ord(match[0]):04X})"
            found.append(Problem("unseen-character", message, where, "Delete it, or type the line anew.", shown))
    return found
