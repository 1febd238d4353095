"""Rows of a file as records: each once, or once for each set of repeated columns; dates put together from parts."""

from __future__ import annotations

from dataclasses import replace

from prelock.engine.session import Session, literal, quoted
from prelock.engine.sources.empty import nothing
from prelock.engine.sources.raw import RawTable, SourceProblem, column_name, named_rows
from prelock.engine.spellings import tidy
from prelock.rules.text import fold
from prelock.study.definition import ColumnSpec, Table


def as_records(table: Table, raw: RawTable, session: Session) -> RawTable:
    """The records of a table. Their numbers run on from row to row of the file (see `Table.file_row`)."""
    if not raw.present:
        return raw
    supplied = table.supplement.columns if table.supplement else ()
    raw = _own_rows(table, raw, session)
    if not raw.present:
        return raw
    made = {spec.header: column_name(spec.name) for spec in table.columns.values()}
    selects: list[str] = []
    known: dict[str, None] = {}
    for place in range(table.sets):
        cells = {
            spec.header: cell
            for spec in table.columns.values()
            if spec.name not in supplied and (cell := _cell(table, spec, raw, place)) is not None
        }
        known |= dict.fromkeys(cells)
        selects.append(_select(table, raw, place, cells, session))
    rel = session.store(" UNION ALL BY NAME ".join(selects) + " ORDER BY row")
    rows = session.rows(f"SELECT count(*) FROM {quoted(rel.get_name())}")[0][0]
    columns = {header: made[header] for header in known}
    problems = [_renumbered(table, problem) for problem in raw.problems]
    blank = raw.rows * table.sets - rows
    if blank:
        message = f"{blank} sets of repeated columns in {raw.file} are blank and hold no record."
        problems.append(SourceProblem("blank sets", message, "note"))
    refused, left_out = raw.refused * table.sets, raw.left_out * table.sets + blank
    return replace(raw, rel=rel, columns=columns, problems=problems, rows=rows, refused=refused, left_out=left_out)


def _own_rows(table: Table, raw: RawTable, session: Session) -> RawTable:
    """The rows of the file that are this table's. Where the column that tells it is blank, nobody can tell."""
    lacking = [header for header in table.part if header not in raw.columns]
    if lacking:
        message = f"Which rows of {raw.file} belong to {table.name} can't be told: it has no column '{lacking[0]}'."
        return nothing(table, raw.file, session, SourceProblem("missing column", message))
    if not table.part:
        return raw
    tests, blanks = [], []
    for header, texts in table.part.items():
        cell = f"lower(trim({quoted(raw.columns[header])}))"
        listed = ", ".join(literal(text.strip().lower()) for text in texts)
        tests.append(f"coalesce({cell}, '') IN ({listed})")
        blanks.append(f"coalesce({cell}, '') = ''")
    query = session.sql(raw.rel)
    rel = session.store(f"SELECT * FROM ({query}) WHERE {' AND '.join(tests)}")
    count = session.rows(f"SELECT count(*) FROM {quoted(rel.get_name())}")[0][0]
    untold = sorted(row for (row,) in session.rows(f"SELECT row FROM ({query}) WHERE {' OR '.join(blanks)}"))
    problems = list(raw.problems)
    if untold:
        has, they = ("have", "they are") if len(untold) > 1 else ("has", "it is")
        blank = f"{named_rows(untold)} of {raw.file} {has} a blank {' or '.join(table.part)}"
        problems.append(SourceProblem("blank part", f"{blank}: nobody can tell whose {they}."))
    return replace(raw, rel=rel, rows=count, problems=problems, left_out=raw.left_out + raw.rows - count)


def _renumbered(table: Table, problem: SourceProblem) -> SourceProblem:
    row = problem.row if problem.row is None else (problem.row - 1) * table.sets + 1
    names = [n for n, spec in table.columns.items() if problem.column in spec.parts.values()]
    stack = table.stack.headers if table.stack else {}
    names += [name for name, headers in stack.items() if problem.column in headers]
    return replace(problem, row=row, column=names[0] if names else problem.column)


def _select(table: Table, raw: RawTable, place: int, cells: dict[str, str], session: Session) -> str:
    number = f"(row - 1) * {table.sets} + {place + 1} AS row" if table.sets > 1 else "row"
    columns = {spec.header: column_name(spec.name) for spec in table.columns.values()}
    shown = [f"{cell} AS {quoted(columns[header])}" for header, cell in cells.items()]
    query = f"SELECT {', '.join([number, 'line', *shown])} FROM ({session.sql(raw.rel)})"
    if table.stack is None:
        return query
    own = [_filed(raw, headers[place]) for headers in table.stack.headers.values()]
    there = [f"nullif(trim({cell}), '') IS NOT NULL" for cell in own if cell is not None]
    return f"{query} WHERE {' OR '.join(there) or 'false'}"


def _cell(table: Table, spec: ColumnSpec, raw: RawTable, place: int) -> str | None:
    """A column's cell in SQL; None where the file has it not."""
    if table.stack and spec.name == table.stack.label:
        return literal(table.stack.labels[place])
    if table.stack and spec.name in table.stack.headers:
        header = table.stack.headers[spec.name][place]
        return "NULL::VARCHAR" if header is None else _filed(raw, header)
    if not spec.parts:
        return _filed(raw, spec.header)
    parts = {part: _filed(raw, header) for part, header in spec.parts.items()}
    return None if None in parts.values() else _date(spec, {part: str(cell) for part, cell in parts.items()})


def _filed(raw: RawTable, header: str | None) -> str | None:
    return quoted(raw.columns[header]) if header is not None and header in raw.columns else None


def _date(spec: ColumnSpec, parts: dict[str, str]) -> str:
    """The text of a date put together: `2024-03-05`, without what is blank at its end; blank if all of it is.

    A part that is blank before one that is not is written `??`: nobody can read that, and it is told.
    """
    cells = {part: _part(spec, cell) for part, cell in parts.items()}
    time = cells.pop("time", None)
    if "date" in cells:
        day = cells["date"]
    else:
        day = _joined([_padded(cells[part]) if part != "year" else cells[part] for part in cells])
    all_coded = _missing_code(spec, parts)
    text = (
        day if time is None else f"CASE WHEN {time} IS NULL THEN {day} ELSE coalesce({day}, '??') || ' ' || {time} END"
    )
    return f"coalesce({text}, {all_coded})" if all_coded else f"({text})"


def _part(spec: ColumnSpec, cell: str) -> str:
    """A part's text, null where it is blank or a missing code; `3.0` of a sheet is 3."""
    plain = f"nullif(regexp_replace(trim({cell}), '^(\\d+)\\.0$', '\\1'), '')"
    codes = _codes(spec)
    return f"CASE WHEN lower(trim({cell})) IN ({codes}) THEN NULL ELSE {plain} END" if codes else plain


def _codes(spec: ColumnSpec) -> str:
    folded = {fold(tidy(code)) for codes in spec.missing_codes.values() for code in codes}
    return ", ".join(literal(code) for code in sorted(folded))


def _missing_code(spec: ColumnSpec, parts: dict[str, str]) -> str | None:
    """The missing code that stands where nothing else does."""
    codes = _codes(spec)
    cells = (f"CASE WHEN lower(trim({cell})) IN ({codes}) THEN trim({cell}) END" for cell in parts.values())
    return f"coalesce({', '.join(cells)})" if codes else None


def _padded(cell: str) -> str:
    return f"CASE WHEN regexp_full_match({cell}, '\\d') THEN '0' || {cell} ELSE {cell} END"


def _joined(cells: list[str]) -> str:
    text = cells[-1]
    for before in reversed(cells[:-1]):
        text = f"CASE WHEN ({text}) IS NULL THEN {before} ELSE coalesce({before}, '??') || '-' || ({text}) END"
    return text
