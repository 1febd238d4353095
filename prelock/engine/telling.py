"""What is told beside a result: the parts a decision rests on (evidence), and the cells that leave it unknown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_, or_

from prelock.engine import sql
from prelock.engine.censored import Swapped, substituted, swapped
from prelock.engine.compile import truth, value
from prelock.engine.named import defined
from prelock.engine.values import Value, either
from prelock.engine.view import RECORD, View, empty_text
from prelock.rules import nodes as n
from prelock.rules.types import TRUTH
from prelock.rules.words import words

# Parts that are told by name, not taken apart.
LEAVES = (n.Substitute, n.Column, n.Linked, n.Variable, n.AtPoint, n.IsNormal, n.Previous, *n.FOLDS)
LOGIC = (n.And, n.Or, n.Not)


def number_text(column: sql.Value) -> sql.Value:
    """A number as people write it: at most nine decimals, no trailing zeros, no exponent."""
    text = column.cast("decimal(29, 9)").cast("string")
    short = text.re_replace(r"\.?0+$", "")
    return sql.cases((short == "-0", "0"), (short == "", "0"), else_=short)


def text_of(column: sql.Value) -> sql.Value:
    """Any exact column as text, empty where it is null."""
    kind = column.type()
    if kind.is_boolean():
        shown = sql.cases((column, "yes"), (~column, "no"), else_="")
    elif kind.is_numeric():
        shown = number_text(column.cast("float64"))
    elif kind.is_date():
        shown = sql.cases((column == sql.day("9999-12-31"), "ongoing"), else_=column.cast("string"))
    elif kind.is_timestamp():
        shown = column.strftime("%Y-%m-%dT%H:%M:%S")
    else:
        shown = column.cast("string")
    return shown.fill_null("")


def shown(found: Value) -> sql.Value:
    """The value as text: one value, a range `a to b`, `below b`, or empty where it is unknown or missing."""
    if found.exact:
        text = text_of(found.low)
    else:
        low, high = text_of(found.low), text_of(found.top)
        text = sql.cases(
            (found.known(), low),
            (found.low.isnull() & found.top.isnull(), ""),
            (found.low.isnull(), sql.cases((either(found.high_open), "below "), else_="at most ") + high),
            (found.top.isnull(), sql.cases((either(found.low_open), "above "), else_="at least ") + low),
            else_=low + " to " + high,
        )
    return text if found.na is None else sql.cases((found.na, "not applicable"), else_=text)


def leaves(node: n.Node, above: tuple[n.Node, ...] = ()) -> Iterator[tuple[n.Node, tuple[n.Node, ...]]]:
    """The told parts of a rule, each with the logical parts above it that it could sway."""
    if isinstance(node, LEAVES):
        yield node, above
        return
    over = (*above, node) if isinstance(node, LOGIC) else above
    for child in node.children():
        yield from leaves(child, over)


def _unique(node: n.Node) -> dict[n.Node, list[tuple[n.Node, ...]]]:
    found: dict[n.Node, list[tuple[n.Node, ...]]] = {}
    for leaf, above in leaves(node):
        found.setdefault(leaf, []).append(above[1:] if above[:1] == (node,) else above)
    return found


def joined(parts: list[sql.Value]) -> sql.Value:
    """The parts that are not empty, with `; ` between them."""
    if not parts:
        return empty_text()
    filled = [part.nullif("") for part in parts]
    return sql.literal("; ").join(filled).fill_null("") if len(filled) > 1 else filled[0].fill_null("")


def evidence(node: n.Node, view: View) -> sql.Value:
    """`age = 34; SES-CD at week 12 = 3`: every part the rule rests on, with its value."""
    return joined([_told(leaf, view) for leaf in _unique(node)])


def _told(leaf: n.Node, view: View) -> sql.Value:
    inner = leaf.value if isinstance(leaf, n.Substitute) else leaf
    found = value(inner, view)
    text = shown(found)
    state = sql.cases((found.recorded().isnull(), "unknown"), (text == "", "missing"), else_=text)
    return sql.literal(f"{words(inner)} = ") + state + _counted_as(leaf, view) + place(inner, view)


def _counted_as(leaf: n.Node, view: View) -> sql.Value:
    """That arithmetic took a share of a limit for a censored value, so that nobody takes it for a measured one."""
    if isinstance(leaf, n.Substitute):
        told = sql.literal(", counted as ") + shown(substituted(value(leaf.value, view), leaf.by))
        return sql.cases((swapped(value(leaf.value, view), leaf.by), told), else_="")
    found = list(_swaps(leaf, view))
    if not found:
        return empty_text()
    return sql.cases((either(*found), ", with censored results counted by their limits"), else_="")


def swaps(node: n.Node, view: View) -> sql.Value:
    """A censored value was counted by its limit on the way to the node's value. Never null."""
    return either(*(part for leaf in _unique(node) for part in _swaps(leaf, view)))


def _swaps(leaf: n.Node, view: View) -> Iterator[sql.Value]:
    """Where that may have happened; a patient's variable is looked into at the patient."""
    if isinstance(leaf, n.Substitute):
        yield swapped(value(leaf.value, view), leaf.by)
        yield from _swaps(leaf.value, view)
    elif isinstance(leaf, n.Variable) and view.relation is None:
        for inner in _unique(defined(view.study, leaf)):
            yield from _swaps(inner, view)
    else:
        counted = view.read(Swapped(type=TRUTH, grain=leaf.grain, fold=leaf))
        if counted is not None:
            yield counted.low.fill_null(False)


def place(leaf: n.Node, view: View) -> sql.Value:
    """Where the value of a timepoint was found, as ` (2024-03-01, labs lab_id=17)`."""
    if not isinstance(leaf, n.AtPoint):
        return empty_text()
    stem = f"at:{leaf.measure}@{leaf.point}"
    record, day = view.table[f"{stem}|record"], view.table[f"{stem}|date"]
    dated = sql.cases((day.notnull(), day.cast("string") + ", "), else_="")
    return sql.cases((record.notnull(), sql.literal(" (") + dated + record + ")"), else_="")


def missing(node: n.Node, view: View) -> sql.Value:
    """The cells that would settle an unknown value or rule; empty where it is decided."""
    parts = [_open_part(leaf, chains, view) for leaf, chains in _unique(node).items()]
    told = joined(parts)
    fallback = sql.cases((told == "", sql.literal(words(node))), else_=told)
    return sql.cases((_undecided(node, view), fallback), else_="")


def _undecided(node: n.Node, view: View) -> sql.Value:
    if isinstance(node, LOGIC) or node.type.kind == "yes/no":
        return truth(node, view).isnull()
    found = value(node, view)
    return ~found.known() & ~(found.na if found.na is not None else sql.literal(False))


def _open_part(leaf: n.Node, chains: list[tuple[n.Node, ...]], view: View) -> sql.Value:
    told = _open(leaf, view)
    if not all(chains):
        return told
    matters = reduce(or_, (_all_unknown(above, view) for above in chains))
    return sql.cases((matters, told), else_="")


def _all_unknown(above: tuple[n.Node, ...], view: View) -> sql.Value:
    return reduce(and_, (truth(part, view).isnull() for part in above))


def _open(leaf: n.Node, view: View) -> sql.Value:
    return sql.cases((_undecided(leaf, view), _cells(leaf, view)), else_="")


def _cells(leaf: n.Node, view: View) -> sql.Value:
    """The cells behind an unknown part: those written down when it was worked out, else its own name."""
    if isinstance(leaf, n.Substitute):
        return _cells(leaf.value, view) if isinstance(leaf.value, LEAVES) else missing(leaf.value, view)
    name = words(leaf)
    if isinstance(leaf, n.Column) and view.relation is not None and leaf.relation == view.relation:
        return view.table[RECORD] + f": {leaf.name}"
    if isinstance(leaf, n.EveryRow):
        from prelock.engine.compile import exceptions

        return _cells(exceptions(leaf), view)
    if isinstance(leaf, n.AnyRow):
        from prelock.engine.compile import counted

        leaf = counted(leaf.rows, leaf)
    told = view.why(leaf)
    if told is not None:
        return sql.cases((told == "", name), else_=sql.literal(f"{name} [") + told + "]")
    if isinstance(leaf, n.Variable):
        inner = missing(defined(view.study, leaf), view)
        return sql.cases((inner == "", name), else_=inner)
    return sql.literal(name)


def row_missing(parts: tuple[n.Node | None, ...], view: View) -> sql.Value:
    """The cells of this row that leave any of the parts unknown."""
    return joined([missing(part, view) for part in parts if part is not None])


__all__ = ["evidence", "missing", "number_text", "row_missing", "shown", "swaps", "text_of"]
