"""Misspelt studies by the hundred, in bearable time."""

from __future__ import annotations

import functools

import pytest

from prelock.rules import complaints

_parse = functools.cache(complaints.parse)


@pytest.fixture
def parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most rules stay as they are from slip to slip: parse each text once."""
    monkeypatch.setattr(complaints, "parse", _parse)
