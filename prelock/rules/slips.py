"""Slips of the pen in a rule that can't be parsed, each with its own way out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from lark.exceptions import UnexpectedInput, UnexpectedToken

from prelock.rules.syntax import Syntax, parse
from prelock.rules.units import canonical

_KEYWORDS = """
if then otherwise and or not is are that between within at least most exactly one of any no every number different
missing recorded normal yes met achieved matches starts with has the word includes visit complete where in from to by
day when percent exact fall rise change earliest latest first last highest lowest sum mean median only previous
years months weeks days hours
"""
KEYWORDS = tuple(_KEYWORDS.split())
# `when` stands only after `exactly`: elsewhere a word near it was meant for another.
MEANT = tuple(word for word in KEYWORDS if word != "when")
# What a writer may mean by a sign or word that is not in the language.
INSTEAD = {
    "==": "say `=`",
    "!=": "say `is not …`, or `not a = b`",
    "<>": "say `is not …`, or `not a = b`",
    "≠": "say `is not …`, or `not a = b`",
    "=<": "say `<=`",
    "=>": "say `>=`",
    "&&": "say `and`",
    "&": "say `and`",
    "||": "say `or`",
    "|": "say `or`",
    "!": "say `not`",
    "**": "say `^`",
    "÷": "say `/`",
    "×": "say `*`",
    ";": "leave it out",
    "else": "say `otherwise`",
    "when": "say `if`",
    "but": "say `and`",
    "in": "for one of several codes say `is one of (…)`; for rows say `any TABLE where (…)`",
}
FULL_WIDTH = {
    "（": "(",
    "）": ")",
    "，": ",",
    "、": ",",
    "＝": "=",
    "＜": "<",
    "＞": ">",
    "：": ":",
    "。": "",
    "；": "",
}
QUOTES = "'‘’“”«»「」„`"
WORD = re.compile(r'"[^"]*"|[^\W\d][\w.-]*|\d[\w.]*|<=|>=|=<|=>|==|!=|<>|&&|\|\||\*\*|\S')


# Where the slip is, what is wrong, how to mend it.
Told = tuple[Syntax, str, str | None] | None


@dataclass(frozen=True)
class Stop:
    """Where the parser stopped: at the character `at` of the text."""

    text: str
    at: int

    @property
    def here(self) -> Syntax:
        """The word it stopped at; of kind `end` when the text was over."""
        found = (word for word in words_of(self.text) if word.end > self.at)
        return next(found, Syntax("end", "", self.at, self.at + 1))

    def before(self, here: Syntax) -> Syntax | None:
        """The word before another."""
        return next((word for word in reversed(list(words_of(self.text))) if word.end <= here.start), None)

    def reads_on(self, word: Syntax, instead: str, end: int | None = None) -> bool:
        """Whether the text, with a word (or all up to `end`) replaced, reads further than it did."""
        end = word.end if end is None else end
        changed = self.text[: word.start] + instead + self.text[end:]
        try:
            parse(changed)
        except UnexpectedInput as error:
            return offset_of(error, changed) > self.at + len(instead) - (end - word.start)
        return True


def slip(stop: Stop) -> Told:
    """The first slip that explains why the rule stops there; None if no known one does."""
    return next((told for look in LOOKS if (told := look(stop))), None)


def _sign(stop: Stop) -> Told:
    """A sign or word from elsewhere: another language's operators, full-width or typographic signs."""
    here = stop.here
    last = stop.before(here)
    for word in (here, last):
        if word and word.text in INSTEAD and (word is here or word.text != "in"):
            return word, f"`{word.text}` does not belong here", INSTEAD[word.text]
    if here.kind == "end":
        return None
    if here.text[0] in FULL_WIDTH:
        plain = FULL_WIDTH[here.text[0]]
        hint = f"type the half-width `{plain}`" if plain else "leave it out"
        return here, f"`{here.text[0]}` is a full-width sign", hint
    if here.text[0] in QUOTES:
        return here, f"`{here.text[0]}` is not a quotation mark here", 'use straight double quotes: "…"'
    if here.text[:1] == '"' and stop.text.count('"') % 2:
        return here, "this quotation mark has no partner", 'close it: "…"'
    if here.text == ".":
        return here, "a number begins with a digit", "write 0.5, not .5"
    return None


def _brackets(stop: Stop) -> Told:
    """A bracket without its partner."""
    here = stop.here
    opened: list[Syntax] = []
    for word in words_of(stop.text):
        if word.text == "(":
            opened.append(word)
        elif word.text == ")":
            if not opened:
                return word, "this closing bracket has no opening one", None
            opened.pop()
    if opened and here.kind == "end":
        return opened[-1], "this bracket is never closed", "add `)` where it ends"
    return None


def _misspelt(stop: Stop) -> Told:
    """A word of the language, misspelt: with the right one the rule reads on."""
    here = stop.here
    for word in (here, stop.before(here)):
        if word is None or not word.text[:1].isalpha() or (here.kind == "end" and word.text in KEYWORDS):
            continue  # a rule that stops after `and` is unfinished, not misspelt
        for near in get_close_matches(word.text.lower(), MEANT, n=4, cutoff=0.6):
            if near != word.text and stop.reads_on(word, near):
                return word, f"`{word.text}` is not a word that can stand here", f"did you mean `{near}`?"
    return None


def _reserved(stop: Stop) -> Told:
    """A word of the language used as a name."""
    here = stop.here
    for word in (here, stop.before(here)):
        if word and word.text in KEYWORDS and stop.reads_on(word, f'"{word.text}"'):
            message = f"`{word.text}` is a word of the rule language"
            return word, message, f'if it is a name, put it in double quotes: "{word.text}"'
    return None


def _bare_where(stop: Stop) -> Told:
    here = stop.here
    last = stop.before(here)
    if last is None or here.text == "(":
        return None
    words = "one of" if last.text == "of" and re.search(r"one\s+of$", stop.text[: last.end]) else last.text
    if words not in {"where", "has", "one of"}:
        return None
    hint = f"put all that belongs to it in brackets: {words} (…)"
    return here, f"after `{words}` comes an opening bracket", hint


def _joined(stop: Stop) -> Told:
    """Two words run together."""
    here = stop.here
    if not here.start < stop.at < here.end or not here.text[0].isalpha():
        return None
    first, second = stop.text[here.start : stop.at], stop.text[stop.at : here.end]
    return here, f"`{here.text}` is not a word that can stand here", f"did you mean `{first} {second}`?"


def _doubled(stop: Stop) -> Told:
    here = stop.here
    last = stop.before(here)
    first = stop.before(last) if last else None
    if last and first and last.text == first.text and last.text in KEYWORDS:
        return last, f"`{last.text}` stands here twice", None
    return None


def _not_a_unit(stop: Stop) -> Told:
    """`if age > 18 sex is male`: what follows a number is read as its unit."""
    here = stop.here
    last = stop.before(here)
    number = stop.before(last) if last else None
    if last is None or number is None or not number.text[:1].isdigit() or not last.text[:1].isalpha():
        return None
    if last.text in KEYWORDS or canonical(last.text) is not None:
        return None
    then = "; is `then` missing?" if re.match(r"\s*if\b", stop.text) and "then" not in stop.text else ""
    return last, f"`{last.text}` stands where a unit of {number.text} could stand, and is no unit{then}", None


def _two_words(stop: Stop) -> Told:
    """`is patient preference`: a text of several words needs its quotes."""
    here = stop.here
    last = stop.before(here)
    opener = stop.before(last) if last else None
    if last is None or opener is None or opener.text not in {"is", "not", "(", ",", "visit"}:
        return None
    joined = stop.text[last.start : here.end]
    if not (here.text[:1].isalnum() and last.text[:1].isalpha()) or {here.text, last.text} & set(KEYWORDS):
        return None
    if not stop.reads_on(last, f'"{joined}"', here.end):
        return None
    whole = Syntax("word", joined, last.start, here.end)
    return whole, f"`{joined}` is more than one word", f'put it in double quotes: "{joined}"'


def _hyphen(stop: Stop) -> Told:
    here = stop.here
    last = stop.before(here)
    if here.text != "-" or last is None:
        return None
    opener = stop.before(last)
    if last.text[:1].isdigit() and opener and opener.text in {"is", "not", "between"}:
        return here, "a range is not written with a hyphen", "say `is between … and …`"
    return here, "minus has a blank on either side", "write `a - b`"


def _range(stop: Stop) -> Told:
    """`age between 18 and 75`, `age from 18 to 75`."""
    here = stop.here
    last = stop.before(here)
    if here.text == "between" and stop.reads_on(here, "is between"):
        return here, "`between` needs `is` before it", "say `is between … and …`"
    for word in (here, last):
        if word is not None and word.text == "from" and re.match(r"\s*-?\d", stop.text[word.end :]):
            return word, "a range is not written with `from`", "say `is between … and …`"
    return None


def offset_of(error: UnexpectedInput, text: str) -> int:
    """Where in the text the parser stopped."""
    at: int | None = error.pos_in_stream
    is_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    return len(text.rstrip()) if at is None or is_end else at


def words_of(text: str) -> Iterator[Syntax]:
    """The words and signs of a rule, read without its grammar."""
    for match in WORD.finditer(text):
        yield Syntax("word", match[0], match.start(), match.end())


LOOKS = (
    _sign,
    _brackets,
    _doubled,
    _misspelt,
    _joined,
    _not_a_unit,
    _reserved,
    _bare_where,
    _two_words,
    _hyphen,
    _range,
)
