"""Rows of a file as records: each once, or once for each set of repeated columns; dates put together from parts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from prelock.engine import sql
from prelock.engine.canonical import full
from prelock.engine.session import Session
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
    cells = [_cells(table, raw, place, supplied) for place in range(table.sets)]
    known = dict.fromkeys(header for there in cells for header in there)
    columns = {spec.header: column_name(spec.name) for spec in table.columns.values() if spec.header in known}
    columns = {header: columns[header] for header in known}
    parts = [_set(table, raw, place, {columns[h]: there.get(h) for h in known}) for place, there in enumerate(cells)]
    rel = session.materialise(sql.union(*parts).order_by("row"))
    rows = session.scalars(rel, n=rel.count())["n"]
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
    cells = {header: _plain(raw.rel[raw.columns[header]]).lower() for header in table.part}
    own = [cells[header].isin([text.strip().lower() for text in texts]) for header, texts in table.part.items()]
    rel = session.materialise(raw.rel.filter(*own))
    count = session.scalars(rel, n=rel.count())["n"]
    blank = raw.rel.filter(sql.or_(*(cell == "" for cell in cells.values())))
    untold = sorted(row for (row,) in session.rows(blank.select("row")))
    problems = list(raw.problems)
    if untold:
        has, they = ("have", "they are") if len(untold) > 1 else ("has", "it is")
        rows = f"{named_rows(untold)} of {raw.file} {has} a blank {' or '.join(table.part)}"
        problems.append(SourceProblem("blank part", f"{rows}: nobody can tell whose {they}."))
    return replace(raw, rel=rel, rows=count, problems=problems, left_out=raw.left_out + raw.rows - count)


def _renumbered(table: Table, problem: SourceProblem) -> SourceProblem:
    row = problem.row if problem.row is None else (problem.row - 1) * table.sets + 1
    names = [n for n, spec in table.columns.items() if problem.column in spec.parts.values()]
    stack = table.stack.headers if table.stack else {}
    names += [name for name, headers in stack.items() if problem.column in headers]
    return replace(problem, row=row, column=names[0] if names else problem.column)


def _set(table: Table, raw: RawTable, place: int, cells: dict[str, sql.Value | None]) -> sql.Table:
    """The records of one set of columns; a set without any cell is none."""
    number = (raw.rel["row"] - 1) * table.sets + place + 1 if table.sets > 1 else raw.rel["row"]
    rows = raw.rel
    if table.stack is not None:
        own = [_filed(raw, headers[place]) for headers in table.stack.headers.values()]
        rows = rows.filter(sql.or_(*(_plain(cell) != "" for cell in own if cell is not None)))
    shown = {name: sql.null("string") if cell is None else cell for name, cell in cells.items()}
    return rows.select(row=number, line=raw.rel["line"], **shown)


def _cells(table: Table, raw: RawTable, place: int, supplied: Collection[str]) -> dict[str, sql.Value]:
    """The cells of a set that the file has, by the header of their column."""
    own = (spec for spec in table.columns.values() if spec.name not in supplied)
    found = {spec.header: _cell(table, spec, raw, place) for spec in own}
    return {header: cell for header, cell in found.items() if cell is not None}


def _cell(table: Table, spec: ColumnSpec, raw: RawTable, place: int) -> sql.Value | None:
    if table.stack and spec.name == table.stack.label:
        return sql.literal(table.stack.labels[place])
    if table.stack and spec.name in table.stack.headers:
        header = table.stack.headers[spec.name][place]
        return sql.null("string") if header is None else _filed(raw, header)
    if not spec.parts:
        return _filed(raw, spec.header)
    parts = {part: cell for part, header in spec.parts.items() if (cell := _filed(raw, header)) is not None}
    return _date(spec, parts) if len(parts) == len(spec.parts) else None


def _filed(raw: RawTable, header: str | None) -> sql.Value | None:
    return raw.rel[raw.columns[header]] if header is not None and header in raw.columns else None


def _plain(cell: sql.Value) -> sql.Value:
    """Without blanks at either side; empty where there is nothing."""
    return cell.strip().fill_null("")


def _date(spec: ColumnSpec, parts: Mapping[str, sql.Value]) -> sql.Value:
    """The text of a date put together: `2024-03-05`, without what is blank at its end; blank if all of it is.

    A part that is blank before one that is not is written `??`: nobody can read that, and it is told.
    """
    codes = _codes(spec)
    cells = {part: _part(cell, codes) for part, cell in parts.items()}
    time = cells.pop("time", None)
    if "date" in cells:
        day = cells["date"]
    else:
        day = _joined([cell if part == "year" else _padded(cell) for part, cell in cells.items()])
    text = day if time is None else sql.cases((time.isnull(), day), else_=day.fill_null("??") + " " + time)
    coded = [sql.cases((_plain(cell).lower().isin(codes), _plain(cell)), else_=NOTHING) for cell in parts.values()]
    return sql.coalesce(text, *coded) if codes else text


NOTHING = sql.null("string")


def _part(cell: sql.Value, codes: Sequence[str]) -> sql.Value:
    """A part's text, null where it is blank or a missing code; `3.0` of a sheet is 3."""
    plain = _plain(cell)
    whole = sql.cases((full(plain, r"[0-9]+\.0"), plain.re_replace(r"\.0", "")), else_=plain).nullif("")
    return sql.cases((plain.lower().isin(codes), NOTHING), else_=whole) if codes else whole


def _codes(spec: ColumnSpec) -> list[str]:
    """The texts that say why a date is not there."""
    return sorted({fold(tidy(code)) for codes in spec.missing_codes.values() for code in codes})


def _padded(cell: sql.Value) -> sql.Value:
    return sql.cases((full(cell, "[0-9]"), sql.literal("0") + cell), else_=cell)


def _joined(cells: Sequence[sql.Value]) -> sql.Value:
    text = cells[-1]
    for before in reversed(cells[:-1]):
        text = sql.cases((text.isnull(), before), else_=before.fill_null("??") + "-" + text)
    return text
