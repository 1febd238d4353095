"""The linear-time subset of patterns."""

from __future__ import annotations

import pytest

from prelock.rules.patterns import trouble

FINE = [
    "ALT",
    "^(?:ALT|AST)",
    "[0-9]{1,3}",
    "a+b*c?",
    "(ab)+",
    "[^a-z]",
    "\\.\\*\\(",
    "谷丙.{0,3}升高",
    "[]a]",
    "x{2,}",
    "[*+]+",
    "(?:ab){2}c",
]
REFUSED = {
    "\\bALT\\b": "has the word",
    "\\d+": "[0-9]",
    "\\w": "letters",
    "\\s": "blanks",
    "\\p{L}": "differs",
    "(a)\\1": "refers back",
    "(?=a)": "looks around",
    "(?!a)": "looks around",
    "(?<=a)b": "looks around",
    "(?i)a": "can't be used",
    "(?P<n>a)": "can't be used",
    "a*?": "can't be used",
    "a++": "can't be used",
    "(a+)+": "too long",
    "(a|b)*": "too long",
    "((ab)*c)+": "too long",
    "a{1001}": "1000 times",
    "(a": "can't be read",
    "*a": "can't be read",
    "a" * 1001: "1000 characters",
}


@pytest.mark.parametrize("pattern", FINE)
def test_fine(pattern):
    assert trouble(pattern) is None


@pytest.mark.parametrize(("pattern", "said"), REFUSED.items(), ids=[pattern[:12] for pattern in REFUSED])
def test_refused(pattern, said):
    assert said in (trouble(pattern) or "")
