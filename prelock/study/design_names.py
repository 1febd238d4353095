"""Design check on names that a rule could read in two ways."""

from __future__ import annotations

from prelock.study.building import Building
from prelock.study.names_allowed import SINGULAR

BARE = ("facts", "variables", "populations")


def one_meaning(b: Building) -> None:
    """A bare name at patient grain is a fact, a variable, a population or a column with one value a patient."""
    for relation in b.relations.values():
        for column in relation.columns if relation.one_row else ():
            for section in BARE:
                key = b.declared.get(section, {}).get(column)
                if key is not None:
                    message = f"`{column}` is {SINGULAR[section]} here and a column of {relation.name}"
                    hint = "Rename one of them: a rule could not say which it means."
                    b.note("name-clash", message, key, hint)
