"""A Pandera schema as Python source that needs Pandera alone: what a user takes into a pipeline of their own.

Pandera's own `to_script` leaves out, with a mere warning, what it can't write, and needs a formatter to be installed.
"""

from __future__ import annotations

from prelock.schemas.libraries import pandera

HEAD = '''"""{title}: the table `{table}`, its columns typed and under their declared names.

Written by prelock {version}.
"""

import pandera.polars as pa
import polars as pl

schema = pa.DataFrameSchema(
    {{
{columns}
    }},
    name={table!r},
    strict=False,
)
'''


def script(schema: pandera.DataFrameSchema, title: str, version: str) -> str:
    """Source that, executed, binds `schema` to an equal schema. Raises ValueError for a check that has no source."""
    columns = "\n".join(_column(name, column) for name, column in schema.columns.items())
    shown = title.replace("\\", "/").replace('"', "'")
    return HEAD.format(title=shown, table=schema.name, version=version, columns=columns)


def _column(name: str, column: pandera.Column) -> str:
    checks = "".join(f"\n                {_check(check)}," for check in column.checks)
    listed = f"[{checks}\n            ]" if checks else "[]"
    dtype = column.dtype.type
    parts = (f"pl.{dtype!r}", listed, f"nullable={column.nullable}", f"required={column.required}")
    inner = "".join(f"\n            {part}," for part in parts)
    return f"        {name!r}: pa.Column({inner}\n        ),"


def _check(check: pandera.Check) -> str:
    if not hasattr(pandera.Check, check.name or ""):
        raise ValueError(f"the check {check.name} can't be written as source")
    arguments = [f"{name}={value!r}" for name, value in (check.statistics or {}).items()]
    warns = ["raise_warning=True"] if check.raise_warning else []
    return f"pa.Check.{check.name}({', '.join([*arguments, *warns])})"
