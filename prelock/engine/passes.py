"""One grouped pass over a relation's rows for many folds at once, and a second look where rows were in doubt."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TypeVar

from prelock.engine import sql
from prelock.engine.folds.base import Columns, Fold
from prelock.engine.folds.chooser import Chooser
from prelock.engine.session import Session
from prelock.engine.values import Stored, store
from prelock.engine.view import View, slot

Asked = TypeVar("Asked")


@dataclass(frozen=True)
class Pass:
    """The aggregates of one pass: one row a key in `table`; `folds` are those that were asked."""

    table: sql.Table
    folds: tuple[Fold, ...]


@dataclass(frozen=True)
class Finished:
    """Values read off a pass: columns, where the values lie, and where the texts of their doubts lie."""

    columns: Columns
    stored: dict[Hashable, Stored]
    whys: dict[Hashable, str]


def grouped_pass(view: View, folds: Sequence[Fold], by: tuple[str, ...], session: Session) -> Pass:
    """Both looks at the rows of `view`, one row for each of the keys `by`: what the looks found is stored."""
    bound = tuple(fold.bound(view) for fold in folds)
    view = view.over(view.table.filter(sql.or_(*(fold.concerned(view) for fold in bound))))
    made: Columns = {}
    for fold in bound:
        made |= fold.row_columns(view)
    rows = view.table.mutate(**made) if made else view.table
    asked: Columns = {}
    for fold in bound:
        asked |= fold.aggregates(rows)
    grouped = rows.group_by(*by).aggregate(**asked)
    apart = {name: column for fold in bound for name, column in fold.unpacked(grouped).items()}
    plain = [name for name, kind in grouped.schema().items() if not kind.is_struct()]
    table = session.materialise(grouped.select(*plain, **apart) if apart else grouped)
    choosers = [fold.chooser for fold in bound if fold.chooser is not None]
    tied = _where_any(table, [(one, table[one.name("tied")]) for one in choosers], session)
    if tied:
        table = _settled(rows, table, tied, by, session)
    flagged = _where_any(table, [(fold, fold.flag(table)) for fold in bound], session)
    if flagged:
        seen = session.materialise(_second_look(view, rows, table, flagged, by))
        table = table.left_join(seen, [table[name] == seen[f"seen:{name}"] for name in by])
        table = table.drop(*(f"seen:{name}" for name in by))
    return Pass(table, tuple(replace(fold, looked=fold in flagged) for fold in bound))


def _where_any(table: sql.Table, asked: Sequence[tuple[Asked, sql.Value]], session: Session) -> list[Asked]:
    """Those of whom something is true in some row of the table."""
    if not asked:
        return []
    answers = session.scalars(table, **{f"c{i}": truth.any() for i, (_, truth) in enumerate(asked)})
    return [one for i, (one, _) in enumerate(asked) if answers[f"c{i}"]]


def _few(rows: sql.Table, table: sql.Table, concerned: Iterable[sql.Value], by: tuple[str, ...]) -> sql.Table:
    """The rows of those groups for which something of `concerned` holds."""
    groups = table.filter(reduce(or_, concerned))
    few = rows.only("patient", groups["patient"])
    return few if by == ("patient",) else few.semi_join(groups, list(by))


def _settled(
    rows: sql.Table, table: sql.Table, tied: Sequence[Chooser], by: tuple[str, ...], session: Session
) -> sql.Table:
    """The table with what rows that share a best key say: looked at where there are such rows."""
    few = _few(rows, table, (table[one.name("tied")] for one in tied), by)
    again = few.group_by(*by).aggregate(**{name: made for one in tied for name, made in one.ties(few).items()})
    found = {name: (one, made) for one in tied for name, made in one.settled(again).items()}
    keys = {f"tie:{name}": again[name] for name in by}
    told = session.materialise(again.select(**keys, **{f"tie:{name}": made for name, (_, made) in found.items()}))
    beside = table.left_join(told, [table[name] == told[f"tie:{name}"] for name in by])
    columns = {
        name: sql.cases((beside[one.name("tied")], beside[f"tie:{name}"]), else_=beside[name])
        for name, (one, _) in found.items()
    }
    return beside.mutate(**columns).select(*table.columns)


def _second_look(
    view: View, rows: sql.Table, table: sql.Table, flagged: Sequence[Fold], by: tuple[str, ...]
) -> sql.Table:
    concerned = table.filter(reduce(or_, (fold.flag(table) for fold in flagged)))
    few = _few(rows, table, (fold.flag(table) for fold in flagged), by)
    asked = {f"flag:{fold.id}": fold.flag(concerned) for fold in flagged}
    kept = {f"first:{c}" if c in by else c: concerned[c] for c in concerned.columns if c not in few.columns or c in by}
    first = concerned.select(**kept, **asked)
    beside = few.inner_join(first, [few[name] == first[f"first:{name}"] for name in by])
    near = beside.filter(reduce(or_, (beside[f"flag:{fold.id}"] & fold.in_question(beside) for fold in flagged)))
    both = near.mutate(**{fold.name("text"): fold.row_text(view.over(near)) for fold in flagged})
    details: Columns = {}
    for fold in flagged:
        details |= fold.details(both)
    seen = both.group_by(*by).aggregate(**details)
    return seen.rename({f"seen:{name}": name for name in by})


def finish(table: sql.Table, folds: Sequence[Fold]) -> Finished:
    """The values of the folds, from a table that carries the columns of their pass."""
    columns: Columns = {}
    stored: dict[Hashable, Stored] = {}
    whys: dict[Hashable, str] = {}
    for fold in folds:
        for number, (node, held) in enumerate(fold.finish(table).items()):
            made, place = store(f"{fold.id}" if not number else f"{fold.id}:{number}", held)
            columns |= made
            stored[slot(node)] = place
            whys[slot(node)] = fold.name("why")
        columns[fold.name("why")] = fold.why(table)
        columns |= fold.beside(table)
    return Finished(columns, stored, whys)
