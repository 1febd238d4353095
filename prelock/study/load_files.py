"""How a table lies in its file: sheet, header, encoding, delimiter, and what in it is no record."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from pathlib import PurePosixPath

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_choice, read_mapping, read_text, read_texts
from prelock.documents.tree import Element
from prelock.study.building import Building
from prelock.study.definition import FileFormat

KEYS = (
    "sheet",
    "header row",
    "data ends at",
    "not records",
    "encoding",
    "delimiter",
    "quote",
    "database table",
)
HEADER = re.compile(r"([1-9]\d{0,3})(?: to ([1-9]\d{0,3}))?", re.ASCII)
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
QUOTES = {"double": '"', "single": "'", "none": ""}
# Names of encodings to propose for one that Python does not know.
ENCODINGS = ("utf-8", "utf-16", "gb18030", "gbk", "big5", "shift_jis", "euc-kr", "cp1250", "cp1252", "latin-1")


def read_file_format(b: Building, fields: Fields, columns: Collection[str]) -> FileFormat:
    """What a table's description says about its file; `columns` are the declared ones."""
    return FileFormat(
        sheet=fields.text("sheet"),
        header=_header(b, fields.get("header row")),
        ends=fields.texts("data ends at"),
        left_out=_left_out(b, fields.get("not records"), columns),
        encoding=_encoding(b, fields.get("encoding")),
        delimiter=_word(b, fields.get("delimiter"), DELIMITERS),
        quote=_word(b, fields.get("quote"), QUOTES),
        database=fields.text("database table"),
    )


def inside(b: Building, element: Element) -> str:
    """A file's name, which must lie in the data folder."""
    text = read_text(element, b.problems, "a file's name") or ""
    path = PurePosixPath(text.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in text:
        b.note("file-outside", f"`{text}` leaves the data folder", element, "Name a file in the data folder.")
    return text


def _header(b: Building, element: Element | None) -> tuple[int, int] | None:
    text = read_text(element, b.problems, "the header's row, as 3 or 2 to 3") if element else None
    if element is None or text is None:
        return None
    match = HEADER.fullmatch(text)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        message = f"expected the header's row, as 3 or 2 to 3, found `{text}`"
        b.note("wrong-form", message, element, "Rows count from 1.")
        return None
    return int(match[1]), int(match[2] or match[1])


def _left_out(b: Building, element: Element | None, columns: Collection[str]) -> dict[str, tuple[str, ...]]:
    found = {}
    what = "texts by column, as {site: [Total]}"
    for entry in read_mapping(element, b.problems, what) if element else ():
        if entry.key.text not in columns:
            hint = nearest(entry.key.text, columns, "The columns are")
            b.note("unknown-name", f"`{entry.key.text}` is no column described here", entry.key, hint)
        else:
            found[entry.key.text] = read_texts(entry.value, b.problems)
    return found


def _encoding(b: Building, element: Element | None) -> str | None:
    text = read_text(element, b.problems, "an encoding, as gb18030") if element else None
    if element is None or text is None:
        return None
    try:
        b"".decode(text)  # some codecs are no encodings of text
        return codecs.lookup(text).name
    except (LookupError, UnicodeError):
        b.note("unknown-word", f"`{text}` is no encoding", element, nearest(text, ENCODINGS, "Common ones are"))
        return None


def _word(b: Building, element: Element | None, words: dict[str, str]) -> str | None:
    text = read_choice(element, words, b.problems) if element else None
    return None if text is None else words[text]
