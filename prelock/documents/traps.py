"""What YAML does to a rule written by a clinician, each with a hint of its own instead of a parser's complaint."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from prelock.documents.tree import Source
from prelock.errors import Location, Problem

VALUE = re.compile(r"^(?P<before>\s*(?:- +)*(?:\{ *)?(?:[^\s:#{}\[\],]+(?: [^\s:#{}\[\],]+)*: +)?)(?P<value>\S.*)$")
FULLWIDTH_COLON = re.compile(r"^\s*(?:- )?[\w .\-]+(：)")
TIGHT_COLON = re.compile(r"^\s*(?:- )?[\w .\-]+?(:)[^\s:/]")
INNER_TIGHT_COLON = re.compile(r"(?<=[{,\[ ])[\w .\-]+?(:)[\[{\"']")
QUOTED_START = re.compile(
    r"""(?:[:\-\[{,] +|[\[{])(?P<quoted>(?P<quote>["'])(?:(?!(?P=quote)).)*(?P=quote)) *[^\s#,:\]}]"""
)

TAG = "to YAML a word that begins with `!` is a tag, and a study has none"
TAG_HINT = "Put the text in quotes, or use `not` or `is not` in a rule."
Trap = tuple[str, str, str, int]
"""Code, message, hint, column from 0."""


def explain(error: Any, source: Source) -> Problem:
    """The problem behind a YAML error: the trap that the line shows, else YAML's complaint in plain words."""
    under = _under_a_text(error, source)
    if under is not None:
        return under
    mark, context = error.problem_mark or error.context_mark, error.context_mark
    candidates = [mark.line]
    if context is not None and context.line != mark.line:
        candidates.insert(0, context.line)
    candidates.append(max(mark.line - 1, 0))
    for number in candidates:
        line = source.line(number + 1)
        for look in LOOKS:
            found = look(line, error)
            if found:
                code, message, hint, column = found
                return Problem(code, message, Location(source.file, number + 1, column + 1), hint, line)
    return _plain(error, source)


def _value(line: str) -> tuple[str, int]:
    match = VALUE.match(line)
    return (match["value"], match.start("value")) if match else ("", 0)


def _begins_with_comparison(line: str, error: Any) -> Trap | None:
    value, column = _value(line)
    at = error.problem_mark.column if error.problem_mark else 0
    if line[at : at + 1] in (">", "|") and line[:at].rstrip()[-1:] in (":", ",", "[", "{"):
        return *_folded(re.split(r"[,}\]]", line[at:])[0].strip()), at
    if value[:1] not in (">", "|") or not ("block scalar" in str(error.context) or value[1:2].isdigit()):
        return None
    return *_folded(value), column


def _folded(value: str) -> tuple[str, str, str]:
    sign, spoken = re.match(r"([|>]=?)", value), value.lstrip("|>= ").strip() or "5"
    example = f"age {sign[1] if sign and sign[1][0] == '>' else '>'} {spoken}"
    hint = f"Name the value first, as in `{example}`; if the text must begin with `{value[0]}`, put it in quotes."
    return "yaml-folded", f"to YAML a text that begins with `{value[0]}` is a folded block, not a rule", hint


def _begins_with_quote(line: str, error: Any) -> Trap | None:
    match = QUOTED_START.search(line)
    if not match:
        return None
    column = match.start("quoted")
    other = '"' if match["quote"] == "'" else "'"
    whole = line[column:].rstrip(" }]") if "," not in line[column:] else line[column:].split(",")[0]
    hint = f"Put the whole rule in the other quotes: {other}{whole}{other}"
    return "yaml-quote", "YAML takes the quoted part for the whole text and stumbles over the rest", hint, column


def _hash_cuts(line: str, error: Any) -> Trap | None:
    column = line.find(" #")
    if column < 0 or not line[:column].strip():
        return None
    comment = line[column:]
    if line[:column].endswith(" ") and comment[2:3] in ("", " ") and not re.search(r"[\]})]", comment):
        return None
    hint = "Put the text that holds ` #` in quotes; for a comment, leave two blanks before `#`."
    return "yaml-comment", "YAML reads ` #` and all that follows on the line as a comment", hint, column + 1


def _fullwidth_colon(line: str, error: Any) -> Trap | None:
    match = FULLWIDTH_COLON.match(line)
    if not match:
        return None
    key = line[: match.start(1)].strip(" -")
    hint = f"Write `{key}: ` with an ordinary colon and a blank."
    return "yaml-fullwidth-colon", "`：` is a full-width colon, which YAML does not see", hint, match.start(1)


def _tight_colon(line: str, error: Any) -> Trap | None:
    match = TIGHT_COLON.match(line)
    if "unexpected ':'" in str(error.problem):
        match = INNER_TIGHT_COLON.search(line)
    if not match:
        return None
    key, rest = match[0][: match.start(1) - match.start()].strip(" -"), line[match.end(1) :].strip()
    hint = f"Write `{key}: {rest}`."
    return "yaml-tight-colon", "a colon needs a blank after it", hint, match.start(1)


def _exclamation(line: str, error: Any) -> Trap | None:
    value, column = _value(line)
    if "tag" in str(error.context) and error.context_mark is not None:
        return "yaml-tag", TAG, TAG_HINT, error.context_mark.column
    return ("yaml-tag", TAG, TAG_HINT, column) if value[:1] == "!" else None


def _percent(line: str, error: Any) -> Trap | None:
    value, column = _value(line)
    if value[:1] not in ("%", "@", "`") or "cannot start any token" not in str(error.problem):
        return None
    quoted = value.rstrip(" }]").split(",")[0]
    message = f"YAML allows no text that begins with `{value[0]}`"
    return "yaml-first-character", message, f"Put it in quotes: '{quoted}'", column


def _alias(line: str, error: Any) -> Trap | None:
    column = error.problem_mark.column if error.context_mark is None else error.context_mark.column
    if "alias" not in str(error.context) and "anchor" not in str(error.context):
        return None
    value = line[column:].rstrip(" }]").split(",")[0]
    return _alias_trap(value, column)


def _alias_trap(value: str, column: int) -> Trap:
    what = "reference to another part of the file" if value.startswith("*") else "name for a part of the file"
    return "yaml-alias", f"to YAML `{value[:1]}` begins a {what}", f"Put it in quotes: '{value}'", column


def _inner_colon(line: str, error: Any) -> Trap | None:
    if "mapping values are not allowed" not in str(error.problem):
        return None
    value, column = _value(line)
    hint = f"Put the text in quotes: '{value.rstrip(' }]')}'" if "'" not in value else "Put the text in quotes."
    return "yaml-colon", "a text that holds `: ` looks like another key to YAML", hint, column


def _under_a_text(error: Any, source: Source) -> Problem | None:
    """A line with a key that YAML takes for more of the text above it; often the line above has a slip of its own."""
    mark = error.problem_mark
    if mark is None or "mapping values are not allowed" not in str(error.problem):
        return None
    line, above = source.line(mark.line + 1), source.line(mark.line)
    if ":" in line[: mark.column] or not above.strip():
        return None
    trap = _fullwidth_colon(above, error) or _tight_colon(above, error)
    if trap:
        code, message, hint, column = trap
        return Problem(code, message, Location(source.file, mark.line, column + 1), hint, above)
    start = len(line) - len(line.lstrip(" -"))
    message = (
        f"`{line[start : mark.column]}` stands deeper than the key above it, so YAML takes it for more of that text"
    )
    hint = "Keys of one level begin in one column; a text of several lines that holds `: ` needs quotes."
    where = Location(source.file, mark.line + 1, start + 1, mark.column - start)
    return Problem("yaml-indentation", message, where, hint, line)


def _never_closed(line: str, error: Any) -> Trap | None:
    context = str(error.context)
    if "quoted scalar" not in context:
        return None
    message = "the quote that opens here is never closed"
    return "yaml-open-quote", message, "Close it at the end of the text.", error.context_mark.column


def _open_bracket(line: str, error: Any) -> Trap | None:
    context = str(error.context)
    mark = error.context_mark
    if "flow" not in context or mark is None or line[mark.column : mark.column + 1] not in ("[", "{"):
        return None
    opens, closes = ("[", "]") if "sequence" in context else ("{", "}")
    hint = f"Close it with `{closes}`, and put a text that holds brackets, commas or ` #` in quotes."
    return (
        "yaml-open-bracket",
        f"the `{opens}` that opens here is not closed as it should be",
        hint,
        error.context_mark.column,
    )


def _dash(line: str, error: Any) -> Trap | None:
    if "sequence entries are not allowed" not in str(error.problem):
        return None
    return (
        "yaml-dash",
        "a list with dashes begins on a line of its own",
        "Or write it as [a, b].",
        error.problem_mark.column,
    )


def _no_colon(line: str, error: Any) -> Trap | None:
    if "simple key" not in str(error.context) or ":" in line:
        return None
    column = len(line) - len(line.lstrip())
    message = "this line has no `key: ` in front and continues no text"
    return "yaml-no-key", message, "Indent it under the text it belongs to, or write `key: value`.", column


LOOKS: tuple[Callable[[str, Any], Trap | None], ...] = (
    _begins_with_comparison,
    _exclamation,
    _alias,
    _percent,
    _fullwidth_colon,
    _begins_with_quote,
    _never_closed,
    _hash_cuts,
    _open_bracket,
    _inner_colon,
    _dash,
    _tight_colon,
    _no_colon,
)


def _plain(error: Any, source: Source) -> Problem:
    mark = error.problem_mark or error.context_mark
    number = min(mark.line + 1, max(1, len(source.lines)))
    where = Location(source.file, number, mark.column + 1 if number == mark.line + 1 else 1)
    line = source.line(number)
    if "node content" in str(error.problem):
        hint = "Look for a bracket or a comma with nothing behind it."
        return Problem("yaml-no-value", "a value should stand here", where, hint, line)
    if "expected key" in str(error.problem) or "parsing a block" in str(error.context):
        hint = "Look at the indentation: keys of one level begin in one column."
        return Problem("yaml-indentation", "this line does not fit the lines above it", where, hint, line)
    hint = "Look here and just above for a quote or bracket left open, or a text that needs quotes."
    return Problem("yaml-syntax", f"YAML can't read this: {error.problem}", where, hint, line)


def anchor(event: Any, source: Source) -> Problem:
    """An anchor or alias: a text that begins with `*` or `&`, or a reuse that studies don't have."""
    line, column = source.line(event.start_mark.line + 1), event.start_mark.column
    value = line[column:].rstrip(" }]").split(",")[0]
    code, message, hint, _ = _alias_trap(value, column)
    if value.startswith("&"):
        hint = "Put a text that begins with `&` in quotes. A study has no references: write out what is meant."
    else:
        hint += ". A study has no references: write out what is meant."
    return Problem(code, message, Location(source.file, event.start_mark.line + 1, column + 1), hint, line)


def tag(event: Any, source: Source) -> Problem:
    """A tag (`!word`), which would ask YAML to build an object."""
    line, column = source.line(event.start_mark.line + 1), event.start_mark.column
    where = Location(source.file, event.start_mark.line + 1, column + 1)
    return Problem("yaml-tag", TAG, where, TAG_HINT, line)


def indented(event: Any, source: Source) -> Problem:
    """`>5`: a folded block whose indentation is said to be 5."""
    line, column = source.line(event.start_mark.line + 1), event.start_mark.column
    code, message, hint = _folded(line[column:])
    return Problem(code, message, Location(source.file, event.start_mark.line + 1, column + 1), hint, line)


def block_start(mark: Any, source: Source) -> Location:
    """The place of the first character of a folded or literal block."""
    number = mark.line + 2
    while number <= len(source.lines) and not source.line(number).strip():
        number += 1
    if number > len(source.lines):
        return Location(source.file, mark.line + 1, mark.column + 1)
    line = source.line(number)
    return Location(source.file, number, len(line) - len(line.lstrip()) + 1, len(line.strip()))
