"""Which patterns a rule may use: a subset that every engine reads alike, in time linear in the text."""

from __future__ import annotations

import re

# An escape may name a sign that has a meaning of its own, a tab or a line's end; no other means the same everywhere.
ESCAPABLE = frozenset(r"\.^$*+?()[]{}|/-")
CONTROL = frozenset("tnr")
WHY = {
    "b": "word boundaries differ between engines; for a whole word say `has the word",
    "d": "digits differ between engines; write [0-9]",
    "w": "letters differ between engines; write the letters meant, such as [a-z]",
    "s": "blanks differ between engines; write a blank, or [ \\t]",
}
LONGEST = 1000
MOST_REPEATS = 1000


def trouble(pattern: str) -> str | None:
    """What keeps a pattern out of the subset, in words; None when it is fine.

    Allowed: letters and signs, `.`, `[…]` sets and ranges, `( )`, `(?: )`, `|`, `^`, `$`, `?`, `*`, `+`, `{m,n}`, and
    a backslash before a sign. Refused: look-around, back-references, possessive and lazy forms, and the classes
    (`\\d`, `\\w`, `\\s`, `\\b`, `\\p`) whose meaning differs by engine.
    """
    if len(pattern) > LONGEST:
        return f"a pattern may have {LONGEST} characters, and this has {len(pattern)}"
    return _escape(pattern) or _group(pattern) or _nested(pattern) or _repeat(pattern) or _unreadable(pattern)


def _escape(pattern: str) -> str | None:
    for match in re.finditer(r"\\(.?)", pattern, re.DOTALL):
        sign = match[1]
        if sign and (sign in ESCAPABLE or sign in CONTROL):
            continue
        if sign.isdigit():
            return f"`\\{sign}` refers back to an earlier part, which no linear engine can do"
        why = WHY.get(sign.lower(), "its meaning differs between engines")
        why += ' "…"`' if why.endswith("the word") else ""
        return f"`\\{sign}` can't be used: {why}"
    return None


def _group(pattern: str) -> str | None:
    bare = _bare(pattern)
    for match in re.finditer(r"\(\?(.{0,2})", bare):
        if match[1].startswith(":"):
            continue
        if match[1][:1] in {"=", "!"} or match[1] in {"<=", "<!"}:
            return f"`(?{match[1].rstrip()}` looks around the text, which no linear engine can do"
        return f"`(?{match[1]}` can't be used; a group is ( ) or (?: )"
    extra = re.search(r"[*+?}][+?]", bare)
    return f"`{extra[0]}` can't be used; a repeat is *, +, ? or {{m,n}}" if extra else None


def _bare(pattern: str) -> str:
    """The pattern with its escapes and sets blanked out."""
    bare = re.sub(r"\\.", "__", pattern, flags=re.DOTALL)
    return re.sub(r"\[\^?\]?[^\]]*\]", lambda found: "_" * len(found[0]), bare)


def _nested(pattern: str) -> str | None:
    """A repeated group that holds a repeat or a choice takes some engines more than linear time."""
    bare = _bare(pattern)
    opened: list[int] = []
    for at, sign in enumerate(bare):
        if sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            inner = bare[opened.pop() : at].replace("(?:", "(")
            if bare[at + 1 : at + 2] in {"*", "+", "{"} and re.search(r"[*+{|]", inner):
                return "a repeated group that itself holds a repeat or a choice takes too long on some texts"
    return None


def _repeat(pattern: str) -> str | None:
    for match in re.finditer(r"\{(\d+)(?:,(\d*))?\}", pattern):
        if max(int(number) for number in match.groups() if number) > MOST_REPEATS:
            return f"`{match[0]}` repeats more than {MOST_REPEATS} times"
    return None


def _unreadable(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"the pattern can't be read: {error.msg} at character {(error.pos or 0) + 1}"
    except (OverflowError, RecursionError):
        return "the pattern is too large"
    return None
