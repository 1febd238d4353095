"""Rows ready to be ruled on: a relation's own columns, and beside them the coarser values that its rules read."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from prelock.engine import groups, linked, previous, sql
from prelock.engine.agreed import agreed
from prelock.engine.clean import CleanTable
from prelock.engine.context import conditional, conditions, in_context
from prelock.engine.folds import lowered
from prelock.engine.measures import prepare
from prelock.engine.named import defined
from prelock.engine.refused import faults, parts_of, refusing, touches, unusable
from prelock.engine.refused_rows import with_refused
from prelock.engine.session import Session
from prelock.engine.sources.raw import column_name
from prelock.engine.staging import staged
from prelock.engine.values import Stored
from prelock.engine.view import RECORD, View, record_name, slot
from prelock.rules import nodes as n
from prelock.study.definition import Check, ColumnSpec, Measure, StudyDefinition

UNREADABLE, NOT_APPLICABLE = 5, 6


class Frames:
    """Views of the relations of a study over one session; each relation's own part is worked out once."""

    def __init__(self, study: StudyDefinition, session: Session, clean: Mapping[str, CleanTable]) -> None:
        self.study, self.session, self.clean = study, session, clean
        self._own: dict[str, View] = {}
        self._texts: dict[tuple[str, str], list[str]] = {}

    def texts(self, relation: str, name: str) -> Sequence[str]:
        """The distinct texts of a column of a table, in a stated order."""
        if (relation, name) not in self._texts:
            read = self.clean[relation].rel
            rows = self.session.rows(read.select(text=read[column_name(name)]).distinct())
            self._texts[relation, name] = sorted(text for (text,) in rows if text is not None)
        return self._texts[relation, name]

    def present(self, relation: str) -> bool:
        """The relation's table could be read."""
        return self.clean[self.table_of(relation)].present

    def table_of(self, relation: str) -> str:
        """The table that a relation's rows come from."""
        return self.study.groups[relation].table if relation in self.study.groups else relation

    def own(self, relation: str, wide: View | None = None) -> View:
        """The relation's own columns; cells that a check (`on fail: unknown`) refused are unreadable."""
        if relation not in self._own:
            made = self._group if relation in self.study.groups else self._checked_table
            self._own[relation] = made(relation, wide)
        return self._own[relation]

    def _group(self, relation: str, wide: View | None) -> View:
        """A check of a group sees its records as they are, whatever other checks say of them."""
        view = groups.build(self, relation, wide)
        checks = refusing(self.study, relation)
        if not checks:
            return view
        apart = bool(refusing(self.study, self.table_of(relation)))
        seen = self._unchecked.own(relation, wide) if apart else view
        marked, marks = self._marked(seen, checks, wide)
        return groups.again(self, groups.marked(view, marked, marks) if apart else view.over(marked), marks)

    def _checked_table(self, relation: str, wide: View | None) -> View:
        """A condition that reads a cell which a check takes out of use is asked again."""
        view, checks = self._table(relation), refusing(self.study, relation)
        specs = conditional(self.study, relation)
        twice = touches(checks, (part for spec in specs for part in conditions(spec)))
        written = _written(view, specs) if twice else {}
        seen = self._in_context(view.over(view.table.mutate(**written)) if twice else view, wide)
        if not checks:
            return seen
        marked, marks = self._marked(seen, checks, wide)
        if twice:
            as_written = marked.mutate(**{name.removesuffix(WRITTEN): marked[name] for name in written})
            seen = self._in_context(unusable(view.over(as_written), marks), wide)
            marked = seen.table
        refused = unusable(seen.over(marked), marks)
        return refused.over(self.session.materialise(refused.table))

    def _table(self, relation: str) -> View:
        clean = self.clean[relation]
        stored: dict[Hashable, Stored] = {}
        table, made = clean.rel, {}
        for declared, facts in clean.facts.items():
            name = column_name(declared)
            places = {"low": name}
            if facts.interval:
                places |= {part: f"{name}|{part}" for part in ("high", "low_open", "high_open")}
            if facts.states:
                made[f"{name}|unreadable"] = (table[f"{name}|state"] == UNREADABLE).fill_null(False)
                made[f"{name}|na"] = (table[f"{name}|state"] == NOT_APPLICABLE).fill_null(False)
                places |= {"unreadable": f"{name}|unreadable", "na": f"{name}|na"}
            if f"{name}|timed" in table.columns:
                places["timed"] = f"{name}|timed"
            stored["column", relation, declared] = Stored(places)
        view = View(self.study, relation, table.mutate(**made) if made else table, self.texts, stored)
        if relation != self.study.patient_table:
            view = with_refused(view, clean.refused, self.clean[self.study.patient_table].rel, self.session)
        return view.over(view.table.mutate(**{RECORD: record_name(view, relation, self.study.tables[relation].key)}))

    def _in_context(self, view: View, wide: View | None) -> View:
        """`expected if` and `valid if` of the relation's columns, which may read the patient beside the record."""
        specs = conditional(self.study, str(view.relation))
        if not specs:
            return view
        reads = _reads(self.study, (part for spec in specs for part in conditions(spec)))
        links = [leaf for leaf in reads.values() if isinstance(leaf, n.Linked)]
        beside = view if wide is None else self._beside_patient(view, reads, wide, _counts_days(reads.values()))
        beside = linked.attach(self, beside, links, wide)
        ruled = beside
        for spec in specs:
            ruled = in_context(ruled, str(view.relation), spec)
        added = [name for name in ruled.table.columns if name not in beside.table.columns]
        stored = {key: place for key, place in ruled.stored.items() if key in view.stored}
        table = ruled.table.select(*view.table.columns, *added)
        if beside is not view:  # the patients' table is replaced at the next level
            table = self.session.materialise(table)
        return replace(ruled, table=table, stored=stored, whys=dict(view.whys))

    @cached_property
    def _unchecked(self) -> Frames:
        return Frames(replace(self.study, checks=()), self.session, self.clean)

    def _marked(self, view: View, checks: Sequence[Check], wide: View | None) -> tuple[sql.Table, dict[Hashable, str]]:
        """The rows with a column for each kind of cell that says where the checks take it out of use."""
        rules = [part for check in checks for part in parts_of(check)]
        reads = _reads(self.study, rules)
        beside = view if wide is None else self._beside_patient(view, reads, wide, zero=_counts_days(reads.values()))
        beside = staged(beside, rules)
        found = faults(beside, checks)
        marks = {key: f"fault {number}" for number, key in enumerate(found)}
        table = beside.table.mutate(**{marks[key]: fault for key, fault in found.items()})
        return self.session.materialise(table.select(*view.table.columns, *marks.values())), marks

    # ---- with coarser values beside them ----------------------------------------------------------------------------
    def rows(
        self, relation: str, nodes: Iterable[n.Node], measures: Iterable[Measure], wide: View, *, keyed: bool = False
    ) -> View:
        """The relation's rows with everything that `nodes` and `measures` read; `keyed`: only those of a patient."""
        measures = list(measures)
        wanted = [*nodes, *(part for m in measures for part in measure_nodes(m))]
        reads = _reads(self.study, wanted)
        links = [leaf for leaf in reads.values() if isinstance(leaf, n.Linked) and leaf.relation == relation]
        before = [leaf for leaf in reads.values() if isinstance(leaf, n.Previous) and leaf.relation == relation]
        looked_up = [part for leaf in links for part in self.study.tables[leaf.relation].links[leaf.link].sources]
        view = self.own(relation, wide)
        if keyed:
            view = view.over(view.table.filter(view.table["patient"].notnull()))
        if relation in self.study.groups:
            view = groups.attach(self, view, wanted, wide)
        view = self.beside(view, [*wanted, *looked_up], wide, zero=bool(measures))
        view = linked.attach(self, view, links, wide)
        view = previous.attach(view, before)
        view = staged(view, wanted)
        columns: dict[str, sql.Value] = {}
        places: dict[Hashable, Stored] = {}
        for made, held in (prepare(measure, view) for measure in measures):
            columns, places = columns | made, places | held
        return _with(view, columns, places) if columns else view

    def beside(self, view: View, nodes: Iterable[n.Node], wide: View, zero: bool = False) -> View:
        """The view with the coarser values that `nodes` read beside it: of groups, and of the patient."""
        reads = _reads(self.study, nodes)
        view = self._beside_groups(view, reads, wide)
        return self._beside_patient(view, reads, wide, zero or _counts_days(reads.values()))

    def _beside_patient(self, view: View, reads: Mapping[Hashable, n.Node], wide: View, zero: bool) -> View:
        keys = [key for key in reads if key in wide.stored and key not in view.stored]
        if zero and self.study.day_zero is not None:
            keys.append(("variable", self.study.day_zero))
        keys = list(dict.fromkeys(k for k in keys if k in wide.stored))
        if not keys:
            return view
        return _join(view, wide, keys, ("patient",), "p")

    def _beside_groups(self, view: View, reads: Mapping[Hashable, n.Node], wide: View) -> View:
        others: dict[str, list[Hashable]] = {}
        for key, leaf in reads.items():
            apart = isinstance(leaf, n.Column) and leaf.relation != view.relation and key not in view.stored
            if apart and isinstance(leaf, n.Column) and leaf.relation in self._coarser(view):
                others.setdefault(leaf.relation, []).append(key)
        for group, keys in others.items():
            view = _join(view, self.own(group, wide), keys, ("patient", *self.study.groups[group].key), "g:" + group)
        return view

    def _coarser(self, view: View) -> list[str]:
        """Groups that a row of the view belongs to one of; `any` and the like bring the others' rows by themselves."""
        groups, here = self.study.groups, str(view.relation)
        own = groups.get(here)
        if own is None:
            return [group.name for group in groups.values() if group.table == here]
        return [g.name for g in groups.values() if g.table == own.table and set(g.key) < set(own.key)]

    def patients(self) -> View:
        """One row a patient: the patient table's columns, and those of other tables with one row a patient."""
        study = self.study
        view = _one_row(self._keyed(study.patient_table), self.session)
        view = View(study, None, view.table, self.texts, view.stored)
        for name, table in study.tables.items():
            if name != study.patient_table and table.patient_column and table.key == (table.patient_column,):
                other = _one_row(self._keyed(name), self.session)
                view = _join(view, other, list(other.stored), ("patient",), "o:" + name, absent=not self.present(name))
        return view

    def _keyed(self, relation: str) -> View:
        own = self.own(relation)
        return own.over(own.table.filter(own.table["patient"].notnull()))


WRITTEN = "|as written"


def _written(view: View, specs: Iterable[ColumnSpec]) -> dict[str, sql.Value]:
    """Copies of the bounds of conditional columns."""
    places = [view.stored["column", view.relation, spec.name].columns for spec in specs]
    names = [place[part] for place in places for part in ("low", "high") if part in place]
    return {f"{name}{WRITTEN}": view.table[name] for name in names}


def _reads(study: StudyDefinition, nodes: Iterable[n.Node]) -> dict[Hashable, n.Node]:
    """Every part of the nodes, under what its value is filed by: `any` and `every` under their count.

    An endpoint has no column of its own among the patients: what it is made from is read instead.
    """
    found: dict[Hashable, n.Node] = {}
    for leaf in (leaf for node in nodes for leaf in n.walk(node)):
        found[slot(lowered(leaf))] = leaf
        if isinstance(leaf, n.Met) and leaf.section == "endpoint":
            found |= _reads(study, [defined(study, leaf)])
    return found


def _counts_days(nodes: Iterable[n.Node]) -> bool:
    return any(isinstance(leaf, n.DayOf) for node in nodes for leaf in n.walk(node))


def measure_nodes(measure: Measure) -> list[n.Node]:
    """Every expression of a measure that is read in its rows."""
    parts = [measure.value, measure.date, measure.where, measure.fallback, measure.agreement, measure.scheduled]
    for limit in measure.normal:
        parts += limit.parts
    return [part for part in (*parts, *measure.fields.values()) if part is not None]


def _with(view: View, columns: Mapping[str, sql.Value], places: Mapping[Hashable, Stored]) -> View:
    table = view.table.mutate(**columns)
    return View(view.study, view.relation, table, view.texts, {**view.stored, **places}, dict(view.whys))


def _join(
    view: View, other: View, keys: Iterable[Hashable], on: tuple[str, ...], prefix: str, absent: bool = False
) -> View:
    """`view` with stored values of a coarser view beside it: a to-one join on `on`."""
    moved: dict[str, sql.Value] = {f"{prefix}:{name}": other.table[name] for name in on}
    stored, whys = dict(view.stored), dict(view.whys)
    for key in keys:
        place = other.stored[key]
        for column in place.columns.values():
            moved[f"{prefix}:{column}"] = other.table[column]
        stored[key] = Stored({p: f"{prefix}:{c}" for p, c in place.columns.items()}, place.computed)
        if key in other.whys:
            moved[f"{prefix}:{other.whys[key]}"] = other.table[other.whys[key]]
            whys[key] = f"{prefix}:{other.whys[key]}"
    right = other.table.select(**moved)
    matched = view.table.left_join(right, [view.table[name] == right[f"{prefix}:{name}"] for name in on])
    table = matched.drop(*(f"{prefix}:{name}" for name in on))
    return _flags_filled(View(view.study, view.relation, table, view.texts, stored, whys), keys, absent)


def _flags_filled(view: View, keys: Iterable[Hashable], absent: bool) -> View:
    """Flags are never null, also where the join found no row; an absent table leaves everything unreadable."""
    columns: dict[str, sql.Value] = {}
    stored = dict(view.stored)
    for key in keys:
        place = stored[key]
        for part in ("low_open", "high_open", "unreadable", "na", "timed"):
            if part in place.columns:
                columns[place.columns[part]] = view.table[place.columns[part]].fill_null(False)
        if absent:
            name = f"{place.columns['low']}|absent"
            columns[name] = sql.literal(True)
            stored[key] = Stored(dict(place.columns) | {"unreadable": name}, place.computed)
    table = view.table.mutate(**columns) if columns else view.table
    return View(view.study, view.relation, table, view.texts, stored, view.whys)


def _one_row(view: View, session: Session) -> View:
    """One row a patient, whatever the file says: cells on which two rows differ are unreadable."""
    table = view.table
    many = session.scalars(table, rows=table.count(), patients=table["patient"].nunique())
    if many["rows"] == many["patients"]:
        return view
    grouped: dict[str, sql.Value] = {"row": table["row"].min()}
    stored: dict[Hashable, Stored] = {}
    for key, place in view.stored.items():
        made, stored[key] = agreed(table, place, place.columns["low"])
        grouped |= made
    collapsed = session.materialise(table.group_by("patient").aggregate(**grouped))
    return View(view.study, view.relation, collapsed, view.texts, stored)


__all__ = ["Frames", "measure_nodes"]
