"""The JSON Schema for editors: every good study satisfies it, and it refuses what a loader calls an unknown key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from prelock.documents.folder import Folder, read_folder
from prelock.documents.tree import Element, Mapping, Scalar, Sequence
from prelock.study.json_schema import SHAPES, json_schema
from prelock.study.load import SECTIONS
from prelock.study.load_header import KEYS

from .misspell import Slip, applied, refusal, slips
from .test_definitions import GOOD

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "prelock" / "study" / "template"
STUDIES = sorted(path.parent for path in (ROOT / "studies").glob("*/study.yaml"))
FOLDERS = [*GOOD, TEMPLATE, *STUDIES]
# Plain words as YAML 1.2 reads them, which editors follow.
CORE: list[tuple[str, Any]] = [
    (r"[-+]?[0-9]+", int),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
    (r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    (r"~|null|Null|NULL|", lambda text: None),
]


def read(path: Path) -> Folder:
    found = read_folder(path, tuple(SECTIONS), KEYS, [])
    assert found is not None
    return found


def written(element: Element) -> Any:
    """The element with every scalar as the text that was written."""
    return _value(element, lambda scalar: None if scalar.absent else scalar.text)


def as_an_editor_reads(element: Element) -> Any:
    """The element with plain scalars resolved by YAML's core schema."""
    return _value(element, _resolved)


def _resolved(scalar: Scalar) -> Any:
    if scalar.style == "":
        for form, make in CORE:
            if re.fullmatch(form, scalar.text):
                return make(scalar.text)
    return scalar.text


def _value(element: Element, scalar: Any) -> Any:
    if isinstance(element, Mapping):
        return {entry.key.text: _value(entry.value, scalar) for entry in element}
    if isinstance(element, Sequence):
        return [_value(item, scalar) for item in element.items]
    return scalar(element)


def whole(folder: Folder, reading: Any) -> Any:
    """The study as if all of it stood in study.yaml."""
    return reading(folder.main) | {name: reading(section) for name, section in folder.sections.items()}


def test_the_schemas_are_schemas() -> None:
    for schema in (json_schema(), *(json_schema(name) for name in SECTIONS)):
        Draft7Validator.check_schema(schema)


def test_every_section_has_a_shape() -> None:
    assert set(SHAPES) == set(SECTIONS)


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("reading", [written, as_an_editor_reads])
def test_a_good_study_satisfies_its_schema(path: Path, reading: Any) -> None:
    folder = read(path)
    faults = [f"{list(e.absolute_path)}: {e.message}" for e in
              Draft7Validator(json_schema()).iter_errors(whole(folder, reading))]  # fmt: skip
    assert not faults
    for name, section in folder.sections.items():
        assert Draft7Validator(json_schema(name)).is_valid(reading(section)), name


@pytest.mark.usefixtures("parsed_once")
@pytest.mark.parametrize("path", [*GOOD, *STUDIES], ids=lambda path: path.name)
def test_a_misspelt_key_is_refused(path: Path) -> None:
    folder, validator = read(path), Draft7Validator(json_schema())
    refused, holes, too_strict = 0, [], []
    for slip in slips(folder):
        if slip.is_key:
            slipped = applied(folder, slip)
            valid, code = validator.is_valid(whole(slipped, written)), refusal(slipped)
            refused += not valid
            if valid and code == "unknown-key" and not only_by_its_sound(slip):
                holes.append(str(slip))
            if not valid and code is None:
                too_strict.append(str(slip))
    assert not holes, "\n".join(holes)
    assert not too_strict, "\n".join(too_strict)
    assert refused > 10


def only_by_its_sound(slip: Slip) -> bool:
    """A characteristic called nearly `population`: only the loader hears that it is meant for the key."""
    return slip.section == "characteristics" and slip.word == "population"


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("tables", {"labs": {"one row for each": "id", "columns": {"x": {"type": "text", "min": 1}}}}),
        ("tables", {"labs": {"one row for each": "id", "columns": {"x": "code"}}}),
        ("tables", {"labs": {"one row for each": "id", "patient without rows": "nothing"}}),
        ("checks", {"c": {"each": "labs", "rule": "x > 1", "severity": "fatal"}}),
        ("endpoints", {"e": {"text": "Nothing achieved"}}),
        ("lock", {"block on": ["error"]}),
        ("timepoints", {"week 12": {"day": "twelve"}}),
        ("variables", {"age": {"value": "1", "bands off": "x"}}),
        ("eligibility", {"include": {"adult": "18 to 75"}}),
    ],
)
def test_a_wrong_value_is_refused(section: str, value: Any) -> None:
    assert not Draft7Validator(json_schema(section)).is_valid(value)
