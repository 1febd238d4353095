"""Types of columns: a name of its own for each, and the DuckDB type it stands for; a decimal has its DuckDB name."""

from __future__ import annotations

from collections.abc import Mapping


class DType(str):
    """A column's type by name, as in `DUCKDB`; what is in none of its groups is `unknown`."""

    __slots__ = ()

    def is_boolean(self) -> bool:
        """True or false."""
        return self == "boolean"

    def is_string(self) -> bool:
        """Text."""
        return self == "string"

    def is_integer(self) -> bool:
        """A whole number."""
        return self in WHOLE

    def is_floating(self) -> bool:
        """A double, or a float."""
        return self in ("float64", "float32")

    def is_numeric(self) -> bool:
        """A number of any kind."""
        return self.is_integer() or self.is_floating() or self.startswith("decimal")

    def is_date(self) -> bool:
        """A day."""
        return self == "date"

    def is_timestamp(self) -> bool:
        """A date and time."""
        return self.startswith("timestamp")

    def is_struct(self) -> bool:
        """Several values in one."""
        return self.startswith("struct")


class StructType(DType):
    """A struct; `fields` gives the types of its parts."""

    fields: Mapping[str, DType]

    @staticmethod
    def of(fields: Mapping[str, DType]) -> StructType:
        """The type of a struct with these parts."""
        made = StructType("struct")
        made.fields = dict(fields)
        return made


WHOLE = frozenset({"int8", "int16", "int32", "int64", "int128", "uint8", "uint16", "uint32", "uint64"})

# name → how DuckDB writes it
DUCKDB: Mapping[str, str] = {
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "int128": "HUGEINT",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "float32": "FLOAT",
    "float64": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamp(tz)": "TIMESTAMP WITH TIME ZONE",
    "time": "TIME",
}
_NAMES = {written: DType(name) for name, written in DUCKDB.items()}

UNKNOWN = DType("unknown")
STRING, BOOLEAN, FLOAT, INT = DType("string"), DType("boolean"), DType("float64"), DType("int64")
DATE, MOMENT, STRUCT, ARRAY = DType("date"), DType("timestamp"), DType("struct"), DType("array")


def of_duckdb(written: str) -> DType:
    """The type of a column that DuckDB describes as `written`."""
    if written.startswith("TIMESTAMP") and written not in _NAMES:
        return MOMENT
    if written.startswith("STRUCT"):
        return STRUCT
    if written.endswith("[]"):
        return ARRAY
    return _NAMES.get(written, DType(written.lower()))


def in_sql(dtype: str) -> str:
    """The type as DuckDB writes it."""
    return DUCKDB[dtype] if dtype in DUCKDB else dtype.upper()


def joint(types: list[DType]) -> DType:
    """The type that holds values of all `types`: the first that is known, a double where numbers are mixed."""
    known = [kind for kind in types if kind != UNKNOWN]
    if not known:
        return UNKNOWN
    if any(kind.is_floating() for kind in known) and all(kind.is_numeric() for kind in known):
        return FLOAT
    if any(kind != known[0] for kind in known) and all(kind.is_integer() for kind in known):
        return INT
    return known[0]
