"""Where a database is, and what may be said of it: never the password, nor what might be a part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prelock.errors import CallError, DataError

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMES = ("postgresql://", "postgres://")
WAIT = 10  # seconds for a server to answer, unless the URL says otherwise
FORM = "postgresql://USER:PASSWORD@HOST/DATABASE"
# What libpq says → what is told. Its own words may hold a password that was written wrongly.
REASONS = {
    "password authentication failed": "the server refused the user or the password",
    "no password supplied": "the server asks for a password",
    "no pg_hba.conf entry": "the server does not let this user in from here",
    "does not exist": "it has no such database or user",
    "Connection refused": "no server answers there",
    "failed to resolve host": "there is no such host",
    "timeout": "no server answers there",
    "SSL": "no encrypted connection could be agreed on",
}


@dataclass(frozen=True)
class Address:
    """A database's URL. Its text is host and database alone."""

    url: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown

    @staticmethod
    def of(url: str) -> Address:
        """The address that a URL gives; `CallError` if it is of no PostgreSQL database, or can't be taken apart."""
        import psycopg
        from psycopg.conninfo import conninfo_to_dict

        if not url.startswith(SCHEMES):
            raise CallError(f"Tables are read from a folder or from PostgreSQL, as {FORM}.")
        try:
            parts = conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            parts = {"host": "@"}
        host, name = str(parts.get("host") or "localhost"), str(parts.get("dbname") or parts.get("user") or "")
        if "@" in f"{host}{parts.get('port', '')}{name}":
            hint = "Write signs of a password that have a meaning in URLs, such as @ : / ? #, as %40 %3A %2F %3F %23."
            raise CallError(f"The database's URL can't be read; it looks as {FORM}. {hint}")
        return Address(url, f"the database {name} on {host}")

    def connection(self) -> Connection:
        """A connection, to be closed; `DataError` if there is none to be had."""
        import psycopg
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        given = {"application_name": "prelock", "connect_timeout": str(WAIT), **conninfo_to_dict(self.url)}
        try:
            return psycopg.connect(make_conninfo("", **{**given, "client_encoding": "UTF8"}))
        except psycopg.Error as error:
            said = str(error)
            reason = next((told for words, told in REASONS.items() if words in said), "it could not be reached")
            raise DataError(f"There is no connection to {self}: {reason}.") from None
