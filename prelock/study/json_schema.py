"""The JSON Schema of a study's YAML (draft 7), made from the loaders' own lists of keys, for editors.

It says which keys there are and what a value looks like. What names and rules mean only `prelock lint` can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from prelock.documents import reading
from prelock.study import (
    every_date,
    load_adverse_events,
    load_censored,
    load_characteristics,
    load_checks,
    load_codes,
    load_columns,
    load_completeness,
    load_eligibility,
    load_endpoints,
    load_files,
    load_groups,
    load_header,
    load_lock,
    load_measures,
    load_missing,
    load_shapes,
    load_tables,
    load_timepoints,
    load_variables,
    load_waivers,
    shared_declarations,
    spread,
    subgroups,
)
from prelock.study.definition import ColumnKind
from prelock.study.load import SECTIONS

Shape = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"

# Editors read `12`, `yes` and `1.5` in several ways; prelock reads text. Nothing at all is never a text.
TEXT: Shape = {"type": ["string", "number", "boolean"]}
TEXTS: Shape = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
RULE = TEXT
RULES = TEXTS
NUMBER: Shape = {"type": ["number", "string"], "pattern": f"^{reading.NUMBER.pattern}$"}
WHOLE: Shape = {"type": ["integer", "string"], "pattern": f"^{reading.WHOLE.pattern}$"}
DATE: Shape = {"type": "string", "pattern": f"^{reading.DATE.pattern}$"}
RANGE: Shape = {"type": "string", "pattern": f"^{reading.RANGE.pattern}$"}
DIGEST: Shape = {"pattern": f"^{load_waivers.DIGEST.pattern}$"}
UNSHAPED: Shape = {}


def json_schema(section: str | None = None) -> Shape:
    """The schema of `study.yaml` with every section that may stand in it, or that of one section's own file."""
    if section is not None:
        return {"$schema": DRAFT, "title": f"A prelock study: {section}.yaml", **_section(section)}
    sections = {name: {"$ref": f"#/definitions/{name}"} for name in SECTIONS}
    header = {key: HEADER.get(key, UNSHAPED) for key in load_header.KEYS}
    return {
        "$schema": DRAFT,
        "title": "A prelock study",
        **_closed((*load_header.KEYS, *SECTIONS), {**header, **sections}, ("study", "version", "patient")),
        "definitions": {name: _section(name) for name in SECTIONS},
    }


def _section(name: str) -> Shape:
    return SHAPES.get(name, {"type": "object"})


def _closed(keys: Iterable[str], shapes: Mapping[str, Shape], required: Iterable[str] = ()) -> Shape:
    """Keys and values that may have no other keys; a key without a shape may hold anything."""
    known = tuple(keys)
    strangers = set(shapes).union(required).difference(known)
    if strangers:
        raise ValueError(f"no loader reads {', '.join(sorted(strangers))}")
    properties = {key: shapes.get(key, UNSHAPED) for key in known}
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **needed}


def _named(shape: Shape) -> Shape:
    """Things under names of the author's."""
    return {"type": "object", "additionalProperties": shape}


def _choice(words: Iterable[str]) -> Shape:
    """One of a few words; a digit may also be read as a number."""
    options = list(words)
    return {"enum": [*options, *(int(word) for word in options if word.isdigit())]}


def _listed(shape: Shape) -> Shape:
    """A list, or one item."""
    return {"if": {"type": "array"}, "then": {"type": "array", "items": shape}, "else": shape}


def _either(keyed: Shape, short: Shape) -> Shape:
    """Keys and values, or a short form."""
    return {"if": {"type": "object"}, "then": keyed, "else": short}


def _column() -> Shape:
    """A column: its type alone, or keys, of which some belong to certain types."""
    kinds = [kind.value for kind in ColumnKind]
    named: Shape = {"anyOf": [_choice(kinds), TEXT]}  # a type of the author's own has any name
    useless = {k: [key for key, of in load_columns.BY_KIND.items() if k not in of] for k in kinds}
    fitting = [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"properties": dict.fromkeys(keys, False)}}
        for kind, keys in useless.items()
    ]
    shapes = {
        "column": TEXT,
        "type": named,
        "values": {"anyOf": [{"type": "array", "items": TEXT}, _named({"anyOf": [TEXTS, {"type": "null"}]})]},
        "ordered": YES_NO,
        "scores": _named(NUMBER),
        "yes": TEXTS,
        "no": TEXTS,
        "unit": TEXT,
        "min": NUMBER,
        "max": NUMBER,
        "plausible": RANGE,
        "decimal": _choice(load_columns.DECIMALS),
        load_censored.KEY: CENSORED,
        "pattern": TEXT,
        "separator": TEXT,
        "parts": _closed(
            load_shapes.PARTS[ColumnKind.MOMENT], dict.fromkeys(load_shapes.PARTS[ColumnKind.MOMENT], TEXT)
        ),
        "not before": RULES,
        "not after": RULES,
        "required": YES_NO,
        "optional": YES_NO,
        "blank means": TEXT,
        "expected if": RULE,
        "valid if": RULE,
        "missing codes": MISSING_CODES,
        "severity": _choice(load_columns.SEVERITIES),
        "text": TEXT,
    }
    keyed = {**_closed(load_columns.KEYS, shapes, ("type",)), "allOf": fitting}
    return _either(keyed, {**TEXT, "not": {"enum": [kind.value for kind in load_codes.CODED]}})


def _tables(table: Shape) -> Shape:
    """Tables by name, beside what is said once for many."""
    every = {
        "missing codes": MISSING_CODES,
        "patient without rows": _choice(load_tables.NO_ROWS),
        "text": TEXT,
    }
    shared = {
        shared_declarations.TYPES: _named(_column()["then"]),
        shared_declarations.EVERY: _closed(shared_declarations.EVERY_KEYS, every),
    }
    return {"type": "object", "properties": shared, "additionalProperties": table}


def _measure(further: Iterable[str] = (), shapes: Mapping[str, Shape] = MappingProxyType({})) -> Shape:
    """A measure; one of many codes has some keys more, and may tell its units by code."""
    known = {
        **dict.fromkeys(("from", "unit", "unit column", "text"), TEXT),
        **dict.fromkeys(("date", "if missing", "scheduled"), RULE),
        **dict.fromkeys(further, TEXTS),
        "where": RULES,
        "molar mass": NUMBER,
        "range": RANGE,
        "plausible": RANGE,
        "own history": TEXT,
        load_censored.KEY: CENSORED,
        "normal": NORMAL,
        "with": TEXTS,
        "if disagrees": {**_named(_choice(load_measures.DISAGREEMENT)), "minProperties": 1, "maxProperties": 1},
    }
    both = {**known, **{key: {"anyOf": [known[key], shape]} for key, shape in shapes.items()}}
    return _closed((*load_measures.KEYS, *further), both, ("from",))


YES_NO = _choice(("yes", "no"))
MISSING_CODES = _closed(load_missing.MISSING_CLASSES, dict.fromkeys(load_missing.MISSING_CLASSES, TEXTS))
CENSORED = _either(
    _closed(load_censored.SIDES, {side: _choice(words) for side, words in load_censored.BY_SIDE.items()}),
    _choice(load_censored.BOTH),
)
NORMAL = _either(
    {"type": "object", "propertyNames": {"pattern": "^(if |otherwise$)"}, "additionalProperties": TEXT}, TEXT
)
SUPPLEMENT = _closed(
    load_shapes.SUPPLEMENT_KEYS, {"file": TEXT, "sheet": TEXT, "columns": _named(_column())}, ("file", "columns")
)
CRITERION = _closed(
    load_eligibility.CRITERION_KEYS,
    {"text": TEXT, "rule": RULE, "no data": _choice(load_eligibility.NO_DATA)},
    ("rule",),
)
EXAMPLE = _closed(
    load_eligibility.EXAMPLE_KEYS,
    {"patient": _named({"anyOf": [TEXT, {"type": "null"}]}), "expect": _named(_choice(load_eligibility.STATUSES))},
    load_eligibility.EXAMPLE_KEYS,
)
DEFINITION: Mapping[str, Shape] = {
    "text": TEXT,
    "population": TEXT,
    "evaluable": RULES,
    "achieved": RULES,
    "if missing": _listed(_choice(load_endpoints.MISSING_RULES)),
}
RIVAL = _closed(load_endpoints.RIVAL_KEYS, {**DEFINITION, "window": _named(RANGE), "limits": _named(NORMAL)})
GRADE = _closed(load_adverse_events.GRADE_KEYS, {"measure": TEXT, "by": TEXT, "within": TEXT}, ("measure", "by"))
CATEGORY = _closed(load_adverse_events.CATEGORY_KEYS, {"terms": TEXTS, "grade": GRADE, "text": TEXT}, ("terms",))
RECONCILE = _closed(
    load_adverse_events.RECONCILE_KEYS,
    {
        "grade at least": _choice(load_adverse_events.GRADES),
        "within": TEXT,
        "severity": _choice(load_columns.SEVERITIES),
    },
)
TIMEPOINT = _closed(
    load_timepoints.KEYS,
    {"day": WHOLE, "window": RANGE, "choose": _choice(load_timepoints.CHOICES), "visit": RULE, "text": TEXT},
)
HEADER: Mapping[str, Shape] = {
    **dict.fromkeys(("study", "version", "day_zero", "day_one", "patient", "visit", "site"), TEXT),
    "language": WHOLE,
    "query language": _choice(load_header.LANGUAGES),
    "data_cutoff": DATE,
    "ties": _listed(_choice(load_header.TIES)),
    "facts": _named(TEXT),
    load_censored.KEY: CENSORED,
    "every date": _closed(every_date.KEYS, dict.fromkeys(every_date.KEYS, TEXTS)),
}
SHAPES: Mapping[str, Shape] = {
    "tables": _tables(
        _closed(
            load_tables.KEYS,
            {
                "file": TEXT,
                "sheet": TEXT,
                "header row": {"type": ["integer", "string"], "pattern": f"^{load_files.HEADER.pattern}$"},
                "data ends at": TEXTS,
                "not records": _named(TEXTS),
                "encoding": TEXT,
                "delimiter": _choice(load_files.DELIMITERS),
                "quote": _choice(load_files.QUOTES),
                "database table": TEXT,
                "one row for each": TEXTS,
                "also unique": {"type": ["array", "string"], "items": TEXTS},
                "patient": TEXT,
                "visit": TEXT,
                "patient without rows": _choice(load_tables.NO_ROWS),
                "missing codes": MISSING_CODES,
                "decimal": _choice(load_columns.DECIMALS),
                "columns": _named(_column()),
                "links": _named(TEXT),
                load_shapes.STACK: {**_named(TEXTS), "minProperties": 2},
                load_shapes.SUPPLEMENT: SUPPLEMENT,
                load_shapes.PART: _named(TEXTS),
                "fields": _named(RULE),
                "text": TEXT,
            },
            ("one row for each",),
        )
    ),
    "groups": _named(
        _closed(
            load_groups.KEYS,
            {
                "rows of": TEXT,
                "one for each": TEXTS,
                "same on every row": TEXTS,
                "fields": _named(RULE),
                spread.FIELDS_FOR_EACH: _named(TEXT),
                "text": TEXT,
            },
            ("rows of", "one for each"),
        )
    ),
    "measures": {
        "type": "object",
        "patternProperties": {"^each .+ in .+$": _measure((spread.ONLY, spread.EXCEPT), {"unit": _named(TEXT)})},
        "additionalProperties": _measure(),
    },
    "timepoints": _named(TIMEPOINT),
    "variables": _named(
        _either(
            {
                "if": {"required": ["bands of"]},
                "then": _named(TEXT),
                "else": _closed(load_variables.KEYS, {"value": RULE, "text": TEXT}, ("value",)),
            },
            RULE,
        )
    ),
    "populations": _named(RULE),
    "eligibility": _closed(
        load_eligibility.KEYS,
        {
            "include": _named(CRITERION),
            "exclude": _named(CRITERION),
            "examples": _listed(EXAMPLE),
            "populations": _named(RULE),
        },
    ),
    "completeness": _named(
        _closed(
            load_completeness.KEYS,
            {"require": TEXTS, "expect": TEXTS, "due if": RULE, "expect if": _named(RULE), "text": TEXT},
        )
    ),
    "endpoints": _named(
        _closed(
            load_endpoints.KEYS,
            {
                **DEFINITION,
                "interval": _choice(load_endpoints.INTERVALS),
                "also reported as": _named(RIVAL),
                subgroups.KEY: RULE,
            },
            ("achieved",),
        )
    ),
    "adverse_events": _closed(
        load_adverse_events.KEYS,
        {
            **dict.fromkeys(("source", "term", "onset", "end", "population", "grade", "text"), TEXT),
            **dict.fromkeys(("treatment emergent", "serious"), RULE),
            "if onset is missing": _choice(load_adverse_events.ONSET_MISSING),
            "categories": _named(CATEGORY),
            "reconcile": RECONCILE,
        },
        ("source",),
    ),
    "checks": _named(
        _closed(
            load_checks.KEYS,
            {
                "each": TEXTS,
                **dict.fromkeys(("in each", "across patients", "never", "column", "say", "text"), TEXT),
                **dict.fromkeys(("when", "rule", "where", "date", "required if", "only if", "query if"), RULE),
                "in window": _named(RANGE),
                "severity": _choice(load_columns.SEVERITIES),
                "on fail": _choice(load_checks.ON_FAIL),
            },
        )
    ),
    "characteristics": {
        "type": "object",
        "properties": {load_characteristics.POPULATION: TEXT},
        "additionalProperties": _either(
            _closed(load_characteristics.KEYS, {"count": RULE, "among": RULE, "value": RULE, "text": TEXT}), RULE
        ),
    },
    "lock": _closed(
        load_lock.KEYS,
        {
            "block on": _listed(_choice(load_lock.BLOCKS)),
            "allow": {**_named(TEXT), "propertyNames": {"pattern": " at "}},
            "may be empty": TEXTS,
            "text": TEXT,
        },
    ),
    "waivers": _named(
        _closed(
            load_waivers.KEYS,
            {
                **dict.fromkeys(("rule", "patient", "by", "why"), TEXT),
                **dict.fromkeys(("finding", "cells", "rule hash"), DIGEST),
                **dict.fromkeys(("on", "until"), DATE),
            },
            ("cells", "rule hash", "by", "on", "why", "until"),
        )
    ),
}
