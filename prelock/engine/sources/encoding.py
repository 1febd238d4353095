"""Which encoding a text file is in: told by its bytes, guessed only where the guess is safe."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

CHUNK = 1 << 22
Reopen = Callable[[], Iterable[bytes]]  # the bytes, from the start each time it is called
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The bytes that Western text written in cp1252 has, apart from ASCII: accented letters and typographic signs.
WESTERN = set("ÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüýœŒšŠžŽµ°±²³×‘’“”–—…€§®™«»½¼¾¹¿¡·´¨")


def by_mark(head: bytes) -> str | None:
    """The encoding that the first bytes tell: a byte-order mark, or the zero bytes of UTF-16; None if they do not."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[0:400:2].count(0), head[1:400:2].count(0)
    half = max(1, min(len(head), 400) // 2)
    if odd > 0.2 * half and odd > 5 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.2 * half and even > 5 * odd else None


def detect(path: Path) -> str | None:
    """The encoding of the whole file: UTF-8, GB18030 or cp1252; None if the bytes allow no safe answer."""
    return told_by(lambda: _file(path))


def told_by(reopen: Reopen) -> str | None:
    """The encoding of some bytes, as `detect` tells it."""
    if _decodes(reopen, "utf-8"):
        return "utf-8"
    chinese = _decodes(reopen, "gb18030") and _looks_chinese(reopen)
    western = _decodes(reopen, "cp1252") and _looks_western(reopen)
    if chinese == western:
        return None
    return "gb18030" if chinese else "cp1252"


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _chunks(reopen: Reopen, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in reopen():
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _decodes(reopen: Reopen, encoding: str) -> bool:
    try:
        for _ in _chunks(reopen, encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(reopen: Reopen) -> bool:
    """Nearly all that is not ASCII is a common Chinese character or full-width sign (GB 2312's own)."""
    common = other = 0
    for text in _chunks(reopen, "gb18030"):
        for char in text:
            if ord(char) > 127:
                pair = char.encode("gb18030")
                usual = len(pair) == 2 and 0xA1 <= pair[0] <= 0xF7 and pair[1] >= 0xA1
                common, other = common + usual, other + (not usual)
    return common > 0 and other <= 0.02 * common


def _looks_western(reopen: Reopen) -> bool:
    """Each character that is not ASCII is usual in Western text, and most stand alone between ASCII characters."""
    alone = together = 0
    for text in _chunks(reopen, "cp1252"):
        if not text.isascii():
            if any(ord(char) > 127 and char not in WESTERN for char in text):
                return False
            runs = "".join(" " if ord(char) < 128 else "x" for char in text).split()
            alone += sum(len(run) == 1 for run in runs)
            together += sum(len(run) > 1 for run in runs)
    return alone > 9 * together
