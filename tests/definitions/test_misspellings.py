"""Misspell every key and every name of the example study in turn: each slip is refused.

What only the data can tell (a header, a spelling of a code), free text, and names to which nothing refers can't be told
from what was meant; `told_elsewhere` lists these, and anything else that passes is a hole.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from prelock.documents.folder import Folder, read_folder
from prelock.documents.tree import Element, Mapping, Scalar, Sequence
from prelock.errors import Problem
from prelock.study.load import SECTIONS, define
from prelock.study.load_header import KEYS

from .misspell import WORD, Slip, applied, refusal, slips

STUDY = Path(__file__).parents[2] / "studies" / "upadacitinib_crohn"
PARTS = 4

FREE_TEXT = ("text", "say", "study", "version", "terms")
ONLY_THE_DATA_TELLS = (
    "file",
    "sheet",
    "column",
    "pattern",
    "values",
    "yes",
    "no",
    *("missing codes", "not done", "not known"),
)
# Keys under which an author names things that rules may or may not use.
NAMING = {
    "tables": ((), ("columns",), ("fields",), ("links",)),
    "groups": ((), ("fields",)),
    "measures": ((),),
    "populations": ((),),
    "eligibility": (("include",), ("exclude",), ("populations",)),
    "endpoints": ((), ("also reported as",)),
    "adverse_events": (("categories",),),
    "checks": ((),),
    "characteristics": ((),),
    "study": (("timepoints",), ("facts",)),
}
# Sections whose names stand in reports and are no values: a rule says `is met` or nothing.
OWN_NAMES = ("eligibility", "adverse_events", "checks", "characteristics")
# Words of the rule language: one slip for each word and section is enough.
LANGUAGE = """
and any are at between by complete day different every exact exactly from has if in is least matches most no not
number of one or otherwise percent previous recorded starts that the then to visit where with within word years
months weeks days hours missing yes normal achieved met fall rise change
"""


@functools.cache
def language() -> frozenset[str]:
    return frozenset(LANGUAGE.split())


@functools.cache
def folder() -> Folder:
    problems: list[Problem] = []
    found = read_folder(STUDY, tuple(SECTIONS), KEYS, problems)
    assert found is not None
    assert not problems
    return found


@functools.cache
def all_slips() -> list[Slip]:
    """Every slip; words of the language once a section."""
    kept, seen = [], set()
    for slip in slips(folder()):
        word = (slip.section, slip.word)
        if slip.is_key or slip.word not in language():
            kept.append(slip)
        elif word not in seen and slip.path[-1:] != ("text",):
            seen.add(word)
            kept.append(slip)
    return [slip for slip in kept if slip.is_key or not is_free(slip)]


def is_free(slip: Slip) -> bool:
    """Free text, and what only the data can tell."""
    if slip.section == "eligibility" and "patient" in slip.path:
        return True
    return any(key in FREE_TEXT or key in ONLY_THE_DATA_TELLS for key in slip.path[-2:])


def told_elsewhere(slip: Slip) -> bool:
    """Whether nothing in the study can tell that this is a slip."""
    if slip.is_key and slip.path[-1:] == ("values",):
        return True  # a code of the data that no rule names
    if slip.is_key and slip.section == "variables" and len(slip.path) == 1:
        return True  # a band
    if not slip.is_key:
        return slip.path[-1] == "one row for each"  # a key that is not described: a header of the data
    naming = NAMING.get(slip.section, ())
    named_by_author = slip.path in naming or (len(slip.path) > 1 and slip.path[1:] in naming)
    return named_by_author and (slip.section in OWN_NAMES or slip.word not in used_names())


@functools.cache
def used_names() -> frozenset[str]:
    """All names and words in values that refer to something, in sections that name things by their own keys."""
    values = [s for name, element in folder().sections.items() for s in _values(element, name)]
    found = {" ".join(text.split()) for text in values}
    return frozenset(found | {match[0] for text in values for match in WORD.finditer(text)})


def _values(element: Element, section: str, key: str = "") -> Iterator[str]:
    if isinstance(element, Mapping):
        for entry in element:
            yield from _values(entry.value, section, entry.key.text)
    elif isinstance(element, Sequence):
        for item in element.items:
            yield from _values(item, section, key)
    elif isinstance(element, Scalar) and key in ("rule", "when", "achieved", "evaluable", "from", "where", "date"):
        yield element.text


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("parsed_once")
def test_every_misspelt_key_and_name_is_refused(part: int) -> None:
    mine = all_slips()[part::PARTS]
    holes = [str(slip) for slip in mine if refusal(applied(folder(), slip)) is None and not told_elsewhere(slip)]
    assert not holes, "\n".join(holes)


@pytest.mark.usefixtures("parsed_once")
def test_the_study_itself_loads_and_offers_many_slips() -> None:
    assert define(folder(), "study", []) is not None
    assert len(all_slips()) > 1000
    assert sum(slip.is_key for slip in all_slips()) > 500
