"""The spellings that SQL reads by itself, each a subset of those on which it surely agrees with `read_cell`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prelock.engine import sql
from prelock.engine.cells import exactly, read_cell
from prelock.engine.numbers import numeric_key
from prelock.engine.spellings import tidy
from prelock.rules.text import fold
from prelock.study.definition import ColumnKind, ColumnSpec

NUMBER = r"-?[0-9]{1,15}(\.[0-9]{1,15})?"
WHOLE = r"-?[0-9]{1,15}"
DAY = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
ASCII_TEXT = r"[!-~]+( [!-~]+)*"
EDGES = r"(?s)[!-~\x{4e00}-\x{9fff}](.*[!-~\x{4e00}-\x{9fff}])?"

DTYPES: Mapping[ColumnKind, str] = {
    ColumnKind.TEXT: "string",
    ColumnKind.UNIT: "string",
    ColumnKind.CODE: "string",
    ColumnKind.CODES: "string",
    ColumnKind.YES_NO: "boolean",
    ColumnKind.NUMBER: "float64",
    ColumnKind.WHOLE: "float64",
    ColumnKind.RESULT: "float64",
    ColumnKind.RANGE: "float64",
    ColumnKind.DATE: "date",
    ColumnKind.MOMENT: "timestamp",
}


def full(text: sql.Value, pattern: str) -> sql.Value:
    """The whole text matches the pattern."""
    return text.re_search(rf"\A(?:{pattern})\z")


def is_blank(text: sql.Value) -> sql.Value:
    """No text at all. Texts of blanks only are left to `read_cell`."""
    return text.isnull() | (text == "")


def missing_numbers(spec: ColumnSpec) -> list[float]:
    """The missing codes that are numbers."""
    codes = [numeric_key(tidy(text)) for texts in spec.missing_codes.values() for text in texts]
    return sorted(float(code) for code in codes if code is not None)


def no_missing_number(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    """The text writes none of the missing codes that are numbers."""
    numbers = missing_numbers(spec)
    if not numbers:
        return sql.literal(True)
    return ~text.try_cast("float64").isin(numbers).fill_null(False)


def _number(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    return full(text, WHOLE if spec.decimal == "comma" else NUMBER) & no_missing_number(text, spec)


def _whole(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    return full(text, WHOLE) & no_missing_number(text, spec)


def _result(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    return sql.literal(False) if spec.codes else _number(text, spec)


def plain_text(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    """A text with nothing to trim that is no missing code."""
    if not spec.missing_codes:
        last = text.substr(-2, 1)
        plain = (text >= "!") & (text < "\x7f") & (last >= "!") & (last <= "~")  # far cheaper than the pattern
        return sql.cases((plain, True), else_=full(text, EDGES))
    folded = sorted({fold(code) for codes in spec.missing_codes.values() for code in codes})
    return full(text, ASCII_TEXT) & text.lower().notin(folded) & no_missing_number(text, spec)


def _code(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    """A code as the study writes it."""
    return text.isin([code for code in spec.codes if read_cell(code, spec) == exactly(code)])


def _unit(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    return sql.literal(False) if spec.codes else plain_text(text, spec)


def _date(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    return full(text, DAY) & text.try_cast("date").notnull() & no_missing_text(text, spec)


def _moment(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    return full(text, rf"{DAY}([ T]{CLOCK})?") & text.try_cast("timestamp").notnull() & no_missing_text(text, spec)


def no_missing_text(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    """Dates used as missing codes (1900-01-01): compared as they stand, with the T of a moment either way."""
    codes = sorted({tidy(code) for codes in spec.missing_codes.values() for code in codes})
    return text.lower().notin([fold(code) for code in codes]) if codes else sql.literal(True)


def _never(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    return sql.literal(False)


CANONICAL: Mapping[ColumnKind, Callable[[sql.Value, ColumnSpec], sql.Value]] = {
    ColumnKind.TEXT: plain_text,
    ColumnKind.UNIT: _unit,
    ColumnKind.CODE: _code,
    ColumnKind.CODES: _never,
    ColumnKind.YES_NO: _never,
    ColumnKind.NUMBER: _number,
    ColumnKind.WHOLE: _whole,
    ColumnKind.RESULT: _result,
    ColumnKind.RANGE: _never,
    ColumnKind.DATE: _date,
    ColumnKind.MOMENT: _moment,
}


def canonical(text: sql.Value, spec: ColumnSpec) -> sql.Value:
    """The text is one that SQL reads by itself. Never null for a text that is not null."""
    return CANONICAL[spec.kind](text, spec)
