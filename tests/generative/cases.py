"""A random study with random rows, as Hypothesis draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import hypothesis.strategies as st

from tests.generative.dice import Dice
from tests.generative.loading import Loaded, load_what_holds
from tests.generative.rows import Row, Rows
from tests.generative.studies import draw_study

PATIENTS = 25
DIRT = (0.0, 0.03, 0.1, 0.3)  # the share of cells that are blank, wrong, partial or censored


@dataclass(frozen=True)
class Case:
    """What was loaded of the study, and its rows by table."""

    loaded: Loaded
    tables: Mapping[str, list[Row]]

    @property
    def text(self) -> CaseText:
        """The case as it can be kept."""
        return CaseText(self.loaded.text, self.tables)


@dataclass(frozen=True)
class CaseText:
    """A study as it is written, and its rows by table."""

    study: str
    tables: Mapping[str, list[Row]]


@st.composite
def cases(draw: Callable[[st.SearchStrategy[Any]], Any], patients: int = PATIENTS) -> Case:
    """Any study over any rows. The rows come from a seed: there are too many of them to draw one by one."""
    drawn = draw_study(Dice(draw))
    rows = Rows(draw(st.integers(0, 2**32 - 1)), patients, draw(st.sampled_from(DIRT)))
    return Case(load_what_holds(drawn.text), rows.write(drawn.tables))
