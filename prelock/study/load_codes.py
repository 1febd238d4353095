"""The codes of a column: their spellings, their numbers, and what stands between several in one cell."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from prelock.documents.hints import nearest
from prelock.documents.reading import Fields, read_mapping, read_number, read_text, read_texts
from prelock.documents.tree import Element, Scalar, Sequence
from prelock.rules.text import BESIDE, fold
from prelock.study.building import Building
from prelock.study.definition import ColumnKind
from prelock.study.load_missing import Spellings
from prelock.study.load_units import read_unit_spellings

CODED = (ColumnKind.CODE, ColumnKind.CODES)
# What may stand between the answers of a cell, after NFKC, unless the column says it.
SEPARATORS = ";,|、\n"


def read_codes(b: Building, fields: Fields, kind: ColumnKind) -> dict[str, tuple[str, ...]]:
    """The spellings of each code, of yes and no, or of units."""
    if kind is ColumnKind.YES_NO:
        return {answer: fields.texts(answer) for answer in ("yes", "no")}
    spelled = fields.get("values") if kind is ColumnKind.UNIT else None
    if spelled is not None:
        return read_unit_spellings(b, spelled)
    values = fields.need("values") if kind in CODED else None
    if values is None:
        return {}
    if isinstance(values, Sequence):
        return dict.fromkeys((text for item in values.items if (text := read_text(item, b.problems, "a code"))), ())
    hint = "List the codes: {male: [M], female: [F]} or [male, female]."
    entries = read_mapping(values, b.problems, "codes", hint)
    return {e.key.text: _spellings(b, e.value) for e in entries}


def _spellings(b: Building, element: Element) -> tuple[str, ...]:
    if isinstance(element, Scalar) and element.absent and element.comment is None:
        return ()
    return read_texts(element, b.problems, "a spelling")


def spelled_once(b: Building, fields: Fields, codes: Spellings, missing: Spellings) -> None:
    """Each spelling, after folding, belongs to one code, and to no class of missing values."""
    owner: dict[str, str] = {}
    place = fields.get("values") or fields.get("yes") or fields.get("no") or fields.get("missing codes")
    for code, spellings in codes.items():
        for spelling in dict.fromkeys(fold(s) for s in (code, *spellings)):
            first = owner.setdefault(spelling, code)
            if first != code and place is not None:
                message = f"`{spelling}` is a spelling of both `{first}` and `{code}`"
                hint = "Spellings compare without regard to case, width and outer blanks; keep it under one code."
                b.note("spelling-twice", message, _place(place, code, spelling), hint)
    for name, texts in missing.items():
        for text in texts:
            taken = owner.get(fold(text))
            if taken is not None and place is not None:
                message = f"`{text}` is both the code `{taken}` and a missing code ({name})"
                b.note("spelling-twice", message, _place(place, taken, fold(text)))


def _place(element: Element, code: str, spelling: str) -> Element:
    """The spelling in the file, else the code's entry, else the element."""
    entries = [e for e in read_mapping(element, [], "") if e.key.text == code]
    for entry in entries:
        items = entry.value.items if isinstance(entry.value, Sequence) else (entry.value,)
        found = [i for i in items if isinstance(i, Scalar) and fold(i.text) == spelling]
        return found[0] if found else entry.key
    if isinstance(element, Sequence):
        return next((i for i in reversed(element.items) if isinstance(i, Scalar) and fold(i.text) == spelling), element)
    return element


def read_separator(b: Building, fields: Fields, codes: Spellings) -> str:
    """What stands between two answers; no spelling may hold it, or the answer would be cut in two."""
    said = fields.text("separator")
    signs = (unicodedata.normalize("NFKC", said),) if said else tuple(SEPARATORS)
    for code, spellings in codes.items():
        for spelling in (code, *spellings):
            written = unicodedata.normalize("NFKC", spelling)
            held = next((sign for sign in (*signs, BESIDE.strip()) if sign in written), None)
            if held:
                place = _place(fields.get("values") or fields.at, code, fold(spelling))
                hint = 'Say what else stands between two answers, as `separator: "/"`.'
                b.note("separator", f"`{spelling}` holds `{held}`, which stands between two answers", place, hint)
    return "|".join(re.escape(sign) for sign in signs)


def read_scores(b: Building, fields: Fields, codes: Spellings) -> tuple[Decimal, ...]:
    """The number of each code, in the order of the codes; none where not every code has one."""
    section = fields.get("scores")
    if section is None:
        return ()
    scores: dict[str, Decimal] = {}
    for entry in read_mapping(section, b.problems, "a number for each code"):
        if entry.key.text not in codes:
            hint = nearest(entry.key.text, codes, "The codes are")
            b.note("unknown-code", f"`{entry.key.text}` is no code of this column", entry.key, hint)
        number = read_number(entry.value, b.problems)
        if number is not None:
            scores[entry.key.text] = number
    without = [code for code in codes if code not in scores]
    if without:
        b.note("missing-score", f"no score for {', '.join(without)}", section, "Give every code its number.")
        return ()
    return tuple(scores[code] for code in codes)
