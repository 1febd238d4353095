"""One way to write a value as JSON, so that equal values have equal bytes, and the digest of those bytes.

Keys are sorted by code point, nothing is indented, text is UTF-8 and unescaped but for what JSON demands. Numbers are
whole: a fraction is written as the text that a result file holds.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def canonical(value: Any) -> bytes:
    """The bytes of a value made of dicts, lists, texts, whole numbers, booleans and None."""
    _refuse_fractions(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def is_canonical(data: bytes) -> bool:
    """The bytes are those that `canonical` writes."""
    try:
        return canonical(json.loads(data)) == data
    except (ValueError, TypeError, RecursionError):
        return False


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_fractions(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a fraction has no one way to be written; give it as text")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _refuse_fractions(part)
