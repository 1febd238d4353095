"""Pandera, and how to import it and Great Expectations where PySpark is installed too, which both import in turn.

PySpark takes a main module without a file (`python -c`, a worker of a test runner) for its own doctests and ends the
process with exit code 0. A second opinion that silently was not asked would look like one that agrees.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def beside_pyspark() -> Iterator[None]:
    """Within, the main module has a file, and PySpark's notices about other libraries are not shown."""
    main = sys.modules["__main__"]
    bare = not hasattr(main, "__file__")
    if bare:
        main.__file__ = "<command>"
    try:
        with warnings.catch_warnings(record=True):
            yield
    finally:
        if bare:
            del main.__file__


with beside_pyspark():
    import pandera.polars as pandera

__all__ = ["beside_pyspark", "pandera"]
