"""Random studies over random rows: every engine answers as the reference does. For a long run see `long`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies

from tests.generative.cases import cases
from tests.generative.covered import WANTED, covered
from tests.generative.dice import Dice
from tests.generative.loading import load_what_holds
from tests.generative.studies import draw_study
from tests.generative.tried import Tried

STUDIES = 4
QUIET = settings(
    derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
def test_engines_agree_on_random_studies(record_property: Callable[[str, object], None]) -> None:
    found = Tried()

    @settings(QUIET, max_examples=STUDIES)
    @given(cases())
    def tried(case) -> None:
        found.add(case)

    tried()
    record_property("tried", str(found))
    assert found.cases > 500 * (STUDIES - 1)
    assert not found.different, "\n".join(found.different[:3])


@pytest.mark.slow
def test_random_studies_use_the_whole_language(record_property: Callable[[str, object], None]) -> None:
    """Sooner or later every node, type of column, aggregate, way of choosing and tie is drawn."""
    used: set[str] = set()
    drawn = refused = lines = 0

    @settings(QUIET, max_examples=40, derandomize=False)
    @given(strategies.data())
    def tried(data) -> None:
        nonlocal drawn, refused, lines
        text = draw_study(Dice(data.draw)).text
        if used >= WANTED:
            return
        loaded = load_what_holds(text)
        drawn, lines = drawn + 1, lines + text.count("\n")
        refused += sum(loaded.refused.values())
        used.update(covered(loaded.study) if loaded.study is not None else ())

    for number in range(5, 11):
        seed(number)(tried)()
    record_property("tried", f"{drawn} random studies drawn until they used the whole language")
    assert WANTED - used == set()
    assert refused < lines / 10  # what the language refuses is a small part of what is drawn
