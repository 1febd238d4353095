"""Cases that leave nothing out: `if sex is male …, if sex is female …` over a code that has no third."""

from __future__ import annotations

from collections.abc import Sequence

from prelock.rules.nodes import IsAnswer, Node, OneOf


def exhaustive(conditions: Sequence[Node]) -> bool:
    """The conditions ask for every declared code of one value, or for both answers.

    Then one of them applies even where it is unknown which: in the last, unknown counts as true.
    """
    if conditions and all(isinstance(c, IsAnswer) for c in conditions):
        answers = [c for c in conditions if isinstance(c, IsAnswer)]
        return len({c.value for c in answers}) == 1 and {c.answer for c in answers} == {True, False}
    asked = [c for c in conditions if isinstance(c, OneOf)]
    if not asked or len(asked) < len(conditions) or len({c.value for c in asked}) > 1:
        return False
    codes = asked[0].value.type.codes
    return bool(codes) and set(codes) <= {code for c in asked for code in c.values}
