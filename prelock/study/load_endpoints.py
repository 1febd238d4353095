"""Endpoints: the main definition, its missing-data rules, and its rivals."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from prelock.documents.reading import Fields, read_choice, read_items, read_mapping
from prelock.documents.tree import Element, Entry
from prelock.rules.nodes import And, Literal, Node
from prelock.rules.types import PATIENT, TRUTH, Kind
from prelock.study.building import Building, source_text
from prelock.study.definition import Endpoint, EndpointDefinition
from prelock.study.evaluable import default_evaluable
from prelock.study.lazy import UnresolvedError
from prelock.study.load_populations import EVERYONE, read_population
from prelock.study.names_allowed import allowed_name
from prelock.study.rivals import Redirect, last_observation, redirects
from prelock.study.subgroups import KEY as FOR_EACH
from prelock.study.subgroups import subgroups

MAIN = "main"
RULE_KEYS = ("population", "evaluable", "achieved", "if missing")
KEYS = ("text", *RULE_KEYS, "interval", "also reported as", FOR_EACH)
RIVAL_KEYS = (*RULE_KEYS, "window", "limits", "text")
MISSING_RULES = ("as observed", "non-responder", "last observation")
INTERVALS = ("wilson", "clopper-pearson")


def declare(b: Building, section: Element) -> None:
    """Declare the endpoints by name; the achieved and evaluable rules are resolved on first use."""
    for entry in read_mapping(section, b.problems, "endpoints by name"):
        if allowed_name(b, entry.key, "endpoints"):
            fields = Fields(entry.value, KEYS, f"endpoint {entry.key.text}", b.problems, at=entry.key)
            b.resolver.declare(("endpoint", entry.key.text), entry.key, partial(_main, b, fields))


def _main(b: Building, fields: Fields) -> EndpointDefinition | None:
    fields.need("achieved")
    return _definition(b, MAIN, fields, None)


def finish(b: Building, section: Element) -> None:
    """Read every endpoint with its rivals."""
    for entry in read_mapping(section, [], "endpoints"):
        if b.names("endpoints", entry.key):
            try:
                endpoint = _endpoint(b, entry)
            except UnresolvedError:
                continue
            if endpoint:
                b.endpoints.append(endpoint)


def _endpoint(b: Building, entry: Entry) -> Endpoint | None:
    name = entry.key.text
    main: EndpointDefinition | None = b.resolver.find(("endpoint", name))
    fields = Fields(entry.value, KEYS, "", [])
    definitions = [main]
    also = fields.get("also reported as")
    for rival in read_mapping(also, b.problems, "rival definitions by name") if also else ():
        definitions.append(_rival(b, name, rival, fields, main))
    if main is not None:
        definitions += subgroups(b, fields, main, tuple(d.name for d in definitions if d))
    chosen = fields.get("interval")
    interval = read_choice(chosen, INTERVALS, b.problems) if chosen else None
    text = source_text(said) if (said := fields.get("text")) else ""
    if any(d is None for d in definitions):
        return None
    return Endpoint(name, text, tuple(d for d in definitions if d), interval or INTERVALS[0], entry.key.location)


def _rival(
    b: Building, endpoint: str, rival: Entry, main: Fields, inherited: EndpointDefinition | None
) -> EndpointDefinition | None:
    name = rival.key.text
    fields = Fields(rival.value, RIVAL_KEYS, f"definition {name} of {endpoint}", b.problems, at=rival.key)
    if name == MAIN:
        b.note("name-clash", f"`{MAIN}` is the endpoint's own definition", rival.key)
    if fields.ok and not any(key in fields for key in RIVAL_KEYS[:-1]):
        b.note("same-definition", f"{name} differs from {endpoint} in nothing", rival.key)
    redirect = redirects(b, f"{endpoint}: {name}", fields)
    if inherited and "evaluable" not in main and "achieved" in fields:
        inherited = replace(inherited, evaluable=Literal(type=TRUTH, grain=PATIENT, value=None))
    return _definition(b, name, fields, inherited, redirect)


def _definition(
    b: Building, name: str, own: Fields, inherited: EndpointDefinition | None, redirect: Redirect | None = None
) -> EndpointDefinition | None:
    """A definition from its own keys, else from the main one."""
    achieved_at, evaluable_at = own.get("achieved"), own.get("evaluable")
    achieved = _rules(b, achieved_at) if achieved_at else (inherited.achieved if inherited else None)
    evaluable = _rules(b, evaluable_at) if evaluable_at else (inherited.evaluable if inherited else None)
    population = read_population(b, own.get("population"), inherited.population if inherited else EVERYONE)
    missing = _missing_rules(b, own) or (inherited.missing_rules if inherited else MISSING_RULES[:1])
    if achieved is None or (evaluable_at and evaluable is None):
        return None
    if evaluable is None or _unsaid(evaluable):
        evaluable = default_evaluable(b, achieved)
    achieved, evaluable = _redirected(b, own, redirect, (achieved, evaluable))
    locf = _carried(b, own, (achieved, evaluable)) if MISSING_RULES[2] in missing else None
    return EndpointDefinition(
        name=name,
        population=population,
        evaluable=evaluable,
        achieved=achieved,
        missing_rules=missing,
        source=source_text(achieved_at) if achieved_at else inherited.source if inherited else "",
        locf_evaluable=locf[1] if locf else None,
        locf_achieved=locf[0] if locf else None,
    )


def _redirected(b: Building, own: Fields, redirect: Redirect | None, rules: tuple[Node, Node]) -> tuple[Node, Node]:
    """The rules with another window or other limits."""
    if redirect is None:
        return rules
    changed = redirect(rules[0]), redirect(rules[1])
    if changed == rules:
        b.note("same-definition", f"{own.what} changes a window or limit that its rules do not read", own.at)
    return changed


def _carried(b: Building, own: Fields, rules: tuple[Node, Node]) -> tuple[Node, Node]:
    """The rules with the last observation carried forward."""
    changed = last_observation(b, *rules)
    if changed == rules:
        hint = "Read a value at a timepoint that has a window after day zero."
        b.note("no-later-value", f"`{MISSING_RULES[2]}` has nothing to carry forward here", own.at, hint)
    return changed


def _unsaid(evaluable: Node) -> bool:
    """Whether the main definition says nothing of evaluability, so that each rival follows its own rule."""
    return isinstance(evaluable, Literal) and evaluable.value is None


def _rules(b: Building, element: Element) -> Node | None:
    """A rule, or all the rules of a list."""
    nodes = [b.rule(item, None, Kind.TRUTH) for item in read_items(element)]
    if not nodes:
        b.note("empty", "expected a rule or a list of rules, the list is empty", element)
    if not nodes or any(node is None for node in nodes):
        return None
    parts = tuple(node for node in nodes if node)
    return parts[0] if len(parts) == 1 else And(type=TRUTH, grain=PATIENT, parts=parts)


def _missing_rules(b: Building, own: Fields) -> tuple[str, ...]:
    found = [read_choice(item, MISSING_RULES, b.problems) for item in own.items("if missing")]
    return tuple(dict.fromkeys(rule for rule in found if rule))
