"""Flow collections that YAML split elsewhere than their author: noted, and put together as was surely meant.

So one slip is one problem, and the rest of the study is read.
"""

from __future__ import annotations

import re
from typing import Any

from prelock.documents.tree import Entry, Scalar
from prelock.errors import Problem


def mend_list(items: list[Any], problems: list[Problem]) -> list[Any]:
    """The items of `[…]` with a rule that its own comma split put together again; each split is noted."""
    mended: list[Any] = []
    for item in items:
        before = mended[-1] if mended else None
        if isinstance(before, Scalar) and isinstance(item, Scalar) and _is_open(before):
            mended[-1] = _rejoined(before, item, problems)
            continue
        if isinstance(item, Scalar) and not item.style and ("，" in item.text or "、" in item.text):
            problems.append(_wide_comma(item))
        mended.append(item)
    return mended


def mend_mapping(entries: list[Entry], problems: list[Problem]) -> list[Entry]:
    """The entries of `{…}`: split rules together again, keys without a value noted."""
    mended: list[Entry] = []
    for entry in entries:
        before = mended[-1] if mended else None
        key, value = entry.key, entry.value
        bare = (
            isinstance(value, Scalar) and value.absent and value.location.column == key.location.column + len(key.text)
        )
        if not bare or key.style:
            mended.append(entry)
        elif before and isinstance(before.value, Scalar) and _is_open(before.value):
            mended[-1] = Entry(before.key, _rejoined(before.value, key, problems))
        else:
            mended += _valueless(key, before, problems)
    return mended


def _is_open(scalar: Scalar) -> bool:
    return not scalar.style and scalar.text.count("(") > scalar.text.count(")")


def _rejoined(first: Scalar, rest: Scalar, problems: list[Problem]) -> Scalar:
    text = f"{first.text}, {rest.text}"
    whole = Scalar(text, "", first.location, first.source, False, rest.comment)
    comma = first.location.moved(len(first.text))
    if not any(p.code == "yaml-comma" and p.location and p.location.line == comma.line for p in problems):
        line = first.source.line(comma.line)
        message = "inside {…} and […] YAML splits at every comma, so this rule fell apart"
        hint = "Put the whole rule in quotes, or write it on a line of its own: `rule: x is one of (a, b)`."
        problems.append(Problem("yaml-comma", message, comma, hint, line))
    return whole


def _wide_comma(item: Scalar) -> Problem:
    column = min(i for i in (item.text.find("，"), item.text.find("、")) if i >= 0)
    text = re.sub("[，、]", ", ", item.text)
    message = f"`{item.text[column]}` is a full-width comma, so YAML sees one text here"
    hint = f"Write [{text}]; if the text holds the comma itself, put it in quotes."
    where = item.location.moved(column)
    return Problem("yaml-fullwidth-comma", message, where, hint, item.source.line(where.line))


def _valueless(key: Scalar, before: Entry | None, problems: list[Problem]) -> list[Entry]:
    """Note a key without a value; what was surely meant is given back, so that one slip is one problem."""
    line = key.source.line(key.location.line)
    match = re.match(r"(?P<key>[\w .\-]+)(?P<colon>[:：])(?P<value>.*)", key.text)
    if not match:
        message = f"`{key.text}` has no value"
        first, _, rest = key.text.partition(" ")
        colon = f"if it means `{first}: {rest}`, the colon is missing; " if rest and " " not in rest else ""
        hint = f"Inside {{…}} every entry is `key: value`; {colon}a text with a comma needs quotes."
        problems.append(Problem("yaml-no-value", message, key.location, hint, line))
        return []
    name, value = match["key"], match["value"].strip()
    wide = match["colon"] == "："
    code = "yaml-fullwidth-colon" if wide else "yaml-tight-colon"
    message = "`：` is a full-width colon, which YAML does not see" if wide else "a colon needs a blank after it"
    hint = f"Write `{name}: {value}`" + (" with an ordinary colon." if wide else ".")
    problems.append(Problem(code, message, key.location.moved(len(name)), hint, line))
    shift = len(key.text) - len(match["value"].lstrip())
    meant = Scalar(value, "", key.location.moved(shift, max(1, len(value))), key.source, not value, key.comment)
    return [Entry(Scalar(name, "", key.location.moved(0, len(name)), key.source), meant)]
