"""Which names an author may give, and that no two things that a rule could mean bear one name."""

from __future__ import annotations

import re

from prelock.documents.tree import Scalar
from prelock.study.building import Building

# What a rule at patient grain could mean by a bare name; and what stands before `at`, before `.`, after `at`.
RIVALS = {
    "tables": ("tables", "groups"),
    "groups": ("tables", "groups"),
    "facts": ("facts", "variables", "populations"),
    "variables": ("facts", "variables", "populations", "measures"),
    "populations": ("facts", "variables", "populations"),
    "measures": ("measures", "variables"),
}
RESERVED = {
    "populations": ("eligible",),
    "variables": ("eligible",),
    "facts": ("eligible", "data_cutoff"),
    "tables": ("patient",),
}
SINGULAR = {
    "tables": "a table",
    "groups": "a group",
    "facts": "a fact",
    "variables": "a variable",
    "populations": "a population",
    "measures": "a measure",
    "timepoints": "a timepoint",
    "criteria": "a criterion",
    "endpoints": "an endpoint",
}
NOT_IN_NAMES = re.compile(r'["\n/|:]')


def allowed_name(b: Building, key: Scalar, section: str) -> bool:
    """Note a name that can't be used in a rule or that something else bears; record it as declared."""
    name = key.text
    what = SINGULAR.get(section, "a name")
    if not name.strip() or name != name.strip():
        b.note("bad-name", f"`{name}` can't name {what}: it is empty or has blanks around it", key)
        return False
    if NOT_IN_NAMES.search(name) or (section != "timepoints" and "." in name):
        hint = 'A name may hold letters of any script, digits, blanks, "-" and "_".'
        bad = NOT_IN_NAMES.search(name)
        b.note("bad-name", f"`{name}` can't name {what}: it holds `{bad[0] if bad else '.'}`", key, hint)
        return False
    if name in RESERVED.get(section, ()):
        b.note("name-clash", f"`{name}` has a meaning of its own and can't name {what}", key)
        return False
    for other in RIVALS.get(section, (section,)):
        first = b.declared.get(other, {}).get(name)
        if first is not None:
            hint = "Rename one of them: a rule could not say which it means."
            b.note("name-clash", f"`{name}` is already {SINGULAR.get(other, other)} ({first.location})", key, hint)
            return False
    b.declared.setdefault(section, {})[name] = key
    return True
