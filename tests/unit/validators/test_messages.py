"""Every query can be asked in every language of a study, with the same parts filled in."""

from __future__ import annotations

from string import Formatter

import pytest

from prelock.schemas import messages as of_cells
from prelock.study.load_header import LANGUAGES
from prelock.validators import messages


def parts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("texts", [messages.TEXTS, of_cells.TEXTS], ids=["relations and checks", "cells"])
def test_every_language_has_every_query(texts: dict[str, dict[str, str]]) -> None:
    assert set(texts) == set(LANGUAGES)
    for language in LANGUAGES:
        assert texts[language].keys() == texts["en"].keys()
        for kind, text in texts[language].items():
            assert parts(text) == parts(texts["en"][kind]), (language, kind)
