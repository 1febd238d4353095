"""Random rules as an author writes them, of a wanted kind, over the names that are known."""

from __future__ import annotations

from tests.generative.codes import Codes
from tests.generative.dates import Dates
from tests.generative.numbers import Numbers
from tests.generative.truths import Truths


class Rules(Truths, Numbers, Dates, Codes):
    """Writes rules of every kind."""
