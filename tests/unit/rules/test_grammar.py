"""The grammar itself, where carets fall, and what loading the language costs."""

from __future__ import annotations

import logging
import subprocess
import sys
from importlib.resources import files

from lark import Lark, logger

from prelock.errors import Location
from prelock.rules.read import read_rule
from prelock.rules.slips import KEYWORDS
from prelock.rules.syntax import parse, parser

HEAVY = ("duckdb", "pandas", "pandera", "polars", "pint", "numpy", "pyarrow")


def test_the_grammar_has_no_conflicts(caplog):
    text = files("prelock.rules").joinpath("grammar.lark").read_text(encoding="utf-8")
    logger.setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG, logger="lark"):
            Lark(text, parser="lalr", debug=True)
    finally:
        logger.setLevel(logging.CRITICAL)
    assert "conflict" not in caplog.text.lower()


def test_every_word_of_the_grammar_is_known_to_the_speller():
    plain = {item.pattern.value for item in parser().terminals if type(item.pattern).__name__ == "PatternStr"}
    assert {word for word in plain if word.isalpha()} <= set(KEYWORDS)


def test_parts_know_their_characters():
    tree = parse("age >= 18 and not (sex is male)")
    assert [(part.kind, part.text) for part in tree.rest()] == [
        ("compare", "age >= 18"),
        ("negation", "not (sex is male)"),
    ]
    assert (tree.rest()[1].start, tree.rest()[1].end) == (14, 31)


def test_a_unit_binds_tighter_than_the_slash():
    assert parse("x > 5 mg/L").part(2).rest()[1].text == "mg/L"
    assert parse("x > 6 / y").part(2).kind == "arithmetic"


def test_names_of_any_script_keep_hyphen_and_dot():
    for name in ("SES-CD", "SES-CD.calm", "大便次数", "IL-6", "café", "नाम", "x_1"):
        assert parse(f"{name} > 1").part(0).text == name
    assert parse("a - b > 1").part(0).kind == "arithmetic"


def test_a_function_may_place_the_carets(scope):
    problems = []
    read_rule("sex is mal", lambda offset, length: Location("s.yaml", 7, 20 + offset, length), scope, None, problems)
    assert problems[0].location == Location("s.yaml", 7, 27, 3)


def test_beyond_its_first_line_a_rule_is_placed_at_its_beginning(scope):
    problems = []
    start = Location("s.yaml", 3, 5, 9)
    read_rule("age > 18 and\nsex is mal", start, scope, None, problems)
    assert problems[0].location == start


def test_rules_load_nothing_heavy():
    code = "import sys, prelock.rules.read, prelock.rules.words, prelock.rules.units; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name for name in done.stdout.split() if name in HEAVY}
