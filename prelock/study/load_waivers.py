"""Waivers: findings that a person has accepted, until when and why, bound to the cells and the rule as they were."""

from __future__ import annotations

import re

from prelock.documents.reading import Fields, read_date, read_mapping
from prelock.documents.tree import Element, Entry
from prelock.study.building import Building
from prelock.study.definition import Waiver

KEYS = ("finding", "rule", "patient", "cells", "rule hash", "by", "on", "why", "until")
DIGEST = re.compile(r"[0-9a-f]{16}")
HINT = "`prelock queries waiver STUDY FINDING` prints the lines to put here."


def declare(b: Building, section: Element) -> None:
    """Nothing of this section is named by rules."""


def finish(b: Building, section: Element) -> None:
    """Read every waiver."""
    entries = read_mapping(section, b.problems, "waivers by name", HINT)
    b.waivers = [waiver for entry in entries if (waiver := _waiver(b, entry))]


def _waiver(b: Building, entry: Entry) -> Waiver | None:
    fields = Fields(entry.value, KEYS, "a waiver", b.problems, HINT, entry.key)
    what = [key for key in ("finding", "rule") if key in fields]
    if fields.ok and len(what) != 1:
        b.note("wrong-form", "a waiver names a `finding`, or a `rule` and a `patient`", entry.key, HINT)
    if "patient" in fields and "rule" not in fields:
        b.note("wrong-form", "a finding says by itself which patient it is about", fields.key("patient"))
    needed = ["cells", "rule hash", "by", "on", "why", "until", *(["patient"] if "rule" in fields else [])]
    there = {key: fields.need(key) for key in needed}
    texts = {key: fields.text(key) or "" for key in ("finding", "rule", "patient", "cells", "rule hash", "by", "why")}
    for key in ("finding", "cells", "rule hash"):
        value = fields.get(key)
        if value is not None and texts[key] and not DIGEST.fullmatch(texts[key]):
            b.note("wrong-form", f"expected 16 digits and letters a to f, found `{texts[key]}`", value, HINT)
    on, until = (read_date(at, b.problems) if (at := there[key]) else None for key in ("on", "until"))
    if on is None or until is None:
        return None
    if until < on:
        b.note("empty-range", "the waiver ends before it begins", fields.key("until"))
    finding, rule, patient, cells, rule_hash, by, why = texts.values()
    return Waiver(entry.key.text, finding, rule, patient, cells, rule_hash, by, on, why, until, entry.key.location)
