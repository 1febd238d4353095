"""Located YAML: nothing coerced, every place right, nothing executed."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from prelock.documents.compose import compose
from prelock.documents.tree import Element, Mapping, Scalar, Sequence, Source
from prelock.errors import Location, Problem


def read(text: str) -> tuple[Element | None, list[Problem], bool]:
    problems: list[Problem] = []
    root, whole = compose(Source("f.yaml", text, tuple(text.splitlines())), problems)
    return root, problems, whole


def value(text: str, key: str = "a") -> Element:
    root, problems, _ = read(text)
    assert not problems
    assert isinstance(root, Mapping)
    entry = root.get(key)
    assert entry is not None
    return entry.value


@pytest.mark.parametrize(
    "word", ["no", "012", "1:30", "1e3", "None", "~", "0x1F", "2024-03-01", ".5", "yes", "on", "=", "1_000"]
)
def test_scalars_stay_what_was_written(word: str) -> None:
    found = value(f"a: {word}\n")
    assert isinstance(found, Scalar)
    assert found.text == word


def test_places_in_block_and_flow() -> None:
    root = value("a:\n  b: [x, {c: 'y z'}]\n")
    assert isinstance(root, Mapping)
    listed = root.entries[0].value
    assert isinstance(listed, Sequence)
    assert listed.location == Location("f.yaml", 2, 6, 1)
    first, second = listed.items
    assert first.location == Location("f.yaml", 2, 7, 1)
    assert isinstance(second, Mapping)
    assert second.entries[0].key.location == Location("f.yaml", 2, 11, 1)
    assert second.entries[0].value.location == Location("f.yaml", 2, 15, 3)


def test_places_count_characters_not_bytes() -> None:
    assert value("a: {性别: 男}\n").location.column == 4
    found = value("a: {性别: 男}\n")
    assert isinstance(found, Mapping)
    assert found.entries[0].value.location == Location("f.yaml", 1, 9, 1)


@pytest.mark.parametrize("style", [">", ">-", "|", "|-"])
def test_a_block_begins_at_its_first_character(style: str) -> None:
    assert value(f"a: {style}\n\n    x is 3\n    and y\n").location == Location("f.yaml", 3, 5, 6)


def test_an_absent_value_is_absent_and_an_empty_text_is_not() -> None:
    absent, empty = value("a:\n"), value("a: ''\n")
    assert isinstance(absent, Scalar)
    assert absent.absent
    assert isinstance(empty, Scalar)
    assert not empty.absent


def test_a_comment_set_off_by_two_blanks_is_a_comment() -> None:
    found = value("a: Visit  # the second\n")
    assert isinstance(found, Scalar)
    assert found.comment is None


@pytest.mark.parametrize("text", ["Visit #2", "Visit # 2", "Visit  #2"])
def test_what_could_be_a_cut_text_is_kept_beside_it(text: str) -> None:
    found = value(f"a: {text}\n")
    assert isinstance(found, Scalar)
    assert found.text == "Visit"
    assert found.comment is not None
    assert found.comment.text == text.removeprefix("Visit").strip()
    assert found.comment.location.column == 4 + text.index("#")


def test_the_first_of_two_equal_keys_is_kept() -> None:
    root, problems, whole = read("a: 1\nb: 2\na: 3\n")
    assert whole
    assert [p.code for p in problems] == ["duplicate-key"]
    assert problems[0].location == Location("f.yaml", 3, 1, 1)
    assert isinstance(root, Mapping)
    assert [e.key.text for e in root] == ["a", "b"]


def test_each_broken_block_gives_its_own_problem_and_the_rest_is_read() -> None:
    root, problems, whole = read('a: {b: 1\nc: "x" is 3\nd: fine\n')
    assert not whole
    assert [(p.code, str(p.location)) for p in problems] == [
        ("yaml-open-bracket", "f.yaml:1:4"),
        ("yaml-quote", "f.yaml:2:4"),
    ]
    assert isinstance(root, Mapping)
    assert [e.key.text for e in root] == ["d"]


def test_aliases_are_refused_before_they_can_grow() -> None:
    names = "abcdefghij"
    text = "a: &a [lol, lol]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}]\n"
        for old, new in pairwise(names)
    )
    start = time.perf_counter()
    _, problems, whole = read(text)
    assert time.perf_counter() - start < 2
    assert not whole
    assert {p.code for p in problems} == {"yaml-alias"}


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!include", "!!binary", "!<tag:yaml.org,2002:str>"])
def test_no_tag_is_obeyed(tag: str) -> None:
    _, problems, whole = read(f"a: {tag} x\n")
    assert not whole
    assert [p.code for p in problems] == ["yaml-tag"]


def test_depth_is_bounded_without_recursion() -> None:
    _, problems, whole = read("a: " + "[" * 5000 + "]" * 5000 + "\n")
    assert not whole
    assert len(problems) == 1


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n"])
def test_an_empty_file_has_no_root_or_an_empty_one(text: str) -> None:
    root, problems, _ = read(text)
    assert not problems
    assert root is None or (isinstance(root, Scalar) and root.absent)


@pytest.mark.parametrize(
    "text",
    [
        ": x\n",
        "a: ]\n",
        "a: }\n",
        "%TAG x\n",
        "a: |x\n",
        "\x85a",
        "?\n",
        "- - -\n",
        "'",
        '"',
        "[",
        "{",
        "*",
        "&",
        "!",
        "...",
    ],
)
def test_whatever_is_written_gives_a_tree_or_a_problem(text: str) -> None:
    root, problems, whole = read(text)
    assert whole or problems
    assert all(p.location is not None for p in problems)
    del root
