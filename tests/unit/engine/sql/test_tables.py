"""What queries are made of, on tables of a few rows whose answers are worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sql.write import query

ROWS = """
SELECT * FROM (VALUES ('a', 1, 3.0), ('a', 2, NULL), ('b', NULL, 4.0), (NULL, 7, 1.0)) AS t(who, n, x)
"""


@pytest.fixture
def session(engine: type[Session]) -> Iterator[Session]:
    with engine(threads=1) as session:
        yield session


@pytest.fixture
def table(session: Session) -> sql.Table:
    return session.store(ROWS)


def test_an_aggregate_counts_the_rows_of_each_key(session: Session, table: sql.Table) -> None:
    told = table.group_by("who").aggregate(rows=table.count(), n=table["n"].sum(), x=table["x"].max())
    assert sorted(session.rows(told), key=str) == [("a", 2, 3, 3.0), ("b", 1, None, 4.0), (None, 1, 7, 1.0)]


def test_an_aggregate_counts_only_where_it_is_asked(session: Session, table: sql.Table) -> None:
    told = session.scalars(table, few=table["n"].sum(where=table["x"].notnull()), texts=table["who"].nunique())
    assert told == {"few": 8, "texts": 2}


def test_a_part_that_stands_twice_is_written_once(session: Session, table: sql.Table) -> None:
    heavy = (table["n"].fill_null(0) * 3 + table["x"].cast("int64").fill_null(0) * 5).cast("float64")
    made = table.select("who", once=heavy, twice=heavy + heavy)
    assert query(made).count("* 3)") == 1
    # 3 × n + 5 × x, a blank as 0
    assert [row[1:] for row in session.rows(made)] == [(18.0, 36.0), (6.0, 12.0), (20.0, 40.0), (26.0, 52.0)]


def test_parts_of_aggregates_are_worked_out_beneath_them(session: Session, table: sql.Table) -> None:
    heavy = (table["n"].fill_null(0) * 3 + table["x"].cast("int64").fill_null(0) * 5).cast("float64")
    told = table.aggregate(low=heavy.min(), high=heavy.max(), all=table.count())
    assert query(told).count("* 3)") == 1
    assert session.rows(told) == [(6.0, 26.0, 4)]


def test_a_column_may_be_replaced_by_one_that_reads_it(session: Session, table: sql.Table) -> None:
    again = table.mutate(n=table["n"] + 1)
    twice = again.mutate(n=again["n"] * 10)
    assert [row[-1] for row in session.rows(twice.select("n"))] == [20, 30, None, 80]


def test_what_is_never_null_asks_no_null_test(table: sql.Table) -> None:
    sure = table.mutate(flag=table["n"].notnull())
    assert sure["flag"].isnull() is sql.literal(False)
    assert sure["flag"].fill_null(False) is sure["flag"]
    assert sure.filter(sure["flag"])["flag"].sure


def test_the_far_side_of_a_left_join_may_be_null(session: Session, table: sql.Table) -> None:
    known = table.select("who").distinct().mutate(there=True).filter(table["who"] == "a")
    both = table.left_join(known, "who")
    assert not both["there"].sure
    assert [row[0] for row in session.rows(both.select(there=both["there"].fill_null(False)))].count(True) == 2


def test_a_join_on_expressions_finds_the_side_of_each(session: Session, table: sql.Table) -> None:
    other = table.view().rename(also="who", m="n", y="x")
    pairs = table.inner_join(other, [table["who"] == other["also"], table["n"] < other["m"]])
    assert session.rows(pairs.select("who", "n", "m")) == [("a", 1, 2)]


def test_a_table_joined_with_its_own_summary_reads_it_once(session: Session, table: sql.Table) -> None:
    some = table.filter(table["x"].notnull())
    most = some.group_by("who").aggregate(most=some["x"].max())
    assert query(some.inner_join(most, "who")).startswith('WITH "part 1"')
    assert sorted(session.rows(some.inner_join(most, "who").select("who", "most"))) == [("a", 3.0), ("b", 4.0)]


@pytest.mark.parametrize(("how", "expected"), [("semi_join", [1, 2]), ("anti_join", [None, 7])])
def test_rows_that_have_a_partner_and_rows_that_have_none(
    session: Session, table: sql.Table, how: str, expected: list[int | None]
) -> None:
    other = table.filter(table["n"] == 1).select("who")
    found = session.rows(getattr(table, how)(other, "who").select("n").order_by("n"))
    assert sorted((n for (n,) in found), key=str) == sorted(expected, key=str)


def test_membership_of_another_table_keeps_three_values(session: Session, table: sql.Table) -> None:
    one = table.filter(table["n"] == 1)
    found = session.rows(table.select("n", inside=table["who"].isin(one["who"])))
    assert [inside for _, inside in found] == [True, True, False, None]


def test_rows_of_which_nothing_is_read_are_counted_all_the_same(session: Session, table: sql.Table) -> None:
    made = table.select("n", twice=table["n"] * 2)
    some = made.filter(made["twice"] > 2)
    assert session.scalars(some, rows=some.count()) == {"rows": 2}
    assert session.scalars(made.union(some), rows=some.count()) == {"rows": 6}


def test_the_nearest_rows_are_told_with_all_they_hold(session: Session, table: sql.Table) -> None:
    held, known = sql.struct({"n": table["n"], "x": table["x"]}), table["n"].notnull()
    two = {f"{place}": held.nearest(place, -table["n"], known) for place in (1, 2)}
    found = table.group_by("who").aggregate(**two)
    told = found.select("who", **{f"{one}{part}": found[one][part] for one in two for part in ("n", "x")})
    assert sorted(session.rows(told), key=str) == [
        ("a", 2, None, 1, 3.0),
        ("b", None, None, None, None),
        (None, 7, 1.0, None, None),
    ]


def test_rows_as_near_as_each_other_are_both_told(session: Session) -> None:
    rows = session.store("SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (1, 'c')) AS t(key, told)")
    held = sql.struct({"key": rows["key"], "told": rows["told"]})
    first, following = (held.nearest(place, rows["key"], rows["key"] > 0) for place in (1, 2))
    made = rows.aggregate(first=first, following=following)
    one, two = made["first"], made["following"]
    parts = {"a": one["key"], "b": two["key"], "c": one["told"], "d": two["told"]}
    [(key, other, *told)] = session.rows(made.select(**parts))
    assert (key, other, sorted(told)) == (1, 1, ["a", "c"])


def test_the_first_in_an_order_may_be_blank(session: Session, table: sql.Table) -> None:
    first = table["x"].first(order_by=[table["x"].asc(nulls_first=True)])
    found = session.rows(table.group_by("who").aggregate(first=first))
    assert dict(found)["a"] is None


def test_the_first_of_falling_texts_is_the_last(session: Session) -> None:
    table = session.store("SELECT * FROM (VALUES ('a'), ('ab'), (NULL), ('Z'), ('女'), ('女女')) AS t(x)")
    first = table["x"].first(order_by=[table["x"].desc()])
    latin = table["x"].first(order_by=[table["x"].desc()], where=table["x"] < "b")
    assert session.rows(table.aggregate(first=first, latin=latin)) == [("女女", "ab")]


def test_rows_are_united_by_the_names_of_their_columns(session: Session, table: sql.Table) -> None:
    turned = table.select("x", "n", "who")
    assert session.scalars(table.union(turned), n=table["n"].sum())["n"] == 20


def test_quotes_and_braces_in_names_and_texts_stand_as_they_are(session: Session, table: sql.Table) -> None:
    odd = table.mutate(**{'a "b" {c}': sql.literal("it's {0}")})
    kept = odd.filter(odd['a "b" {c}'] == "it's {0}").select('a "b" {c}')
    assert session.rows(kept)[0] == ("it's {0}",)
    told = sql.struct({"x'{y}": odd['a "b" {c}']})["x'{y}"]
    assert session.rows(odd.select(told=told))[0] == ("it's {0}",)


def test_a_column_that_is_not_there_is_named(table: sql.Table) -> None:
    with pytest.raises(KeyError, match="no column 'why' among who, n, x"):
        table["why"]


def test_wanted_rows_are_sought_before_their_columns_are_worked_out(session: Session, table: sql.Table) -> None:
    wanted = session.store("SELECT * FROM (VALUES (2), (8), (8)) AS t(n)")
    made = table.select(n=table["n"] + 1, who=table["who"].fill_null("?"))
    for rows in (made, session.materialise(made), made.view()):  # of a column that is made, and of one that is stored
        found = rows.only("n", wanted["n"])
        assert sorted(session.rows(found)) == [(2, "a"), (8, "?")]
    assert query(made.only("n", wanted["n"])).index("COALESCE") < query(made.only("n", wanted["n"])).index("WHERE")


def test_wanted_rows_are_sought_before_others_are_joined_to_them(session: Session, table: sql.Table) -> None:
    sums = table.group_by("who").aggregate(total=table["n"].sum())
    joined = table.left_join(sums, [table["who"] == sums["who"]]).drop("who_right").filter(table["x"].notnull())
    wanted = session.store("SELECT * FROM (VALUES ('a'), ('b')) AS t(who)")
    found = joined.only("who", wanted["who"])
    assert sorted(session.rows(found)) == [("a", 1, 3.0, 3), ("b", None, 4.0, None)]
    assert query(found).index("IN (SELECT") < query(found).index("JOIN")


def test_of_a_side_that_may_be_blank_wanted_rows_are_sought_after_the_join(session: Session, table: sql.Table) -> None:
    other = session.store("SELECT * FROM (VALUES (1, 'x'), (9, 'y')) AS t(n, mark)")
    joined = table.left_join(other, "n")
    wanted = session.store("SELECT 'x' AS mark")
    assert session.rows(joined.only("mark", wanted["mark"])) == [("a", 1, 3.0, "x")]


def test_wanted_rows_are_numbered_before_they_are_sought(session: Session, table: sql.Table) -> None:
    numbered = table.select(place=sql.row_number().over(sql.window(["who"], ["n"])), n=table["n"])
    wanted = session.store("SELECT 2 AS n")
    assert session.rows(numbered.only("n", wanted["n"])) == [(2, 2)]


def test_equal_values_fall_into_one_bucket(session: Session) -> None:
    values = session.store("SELECT CAST(i % 7 AS DOUBLE) AS x, CAST(i % 7 AS STRING) AS y FROM range(70) AS t(i)")
    zeros = session.store("SELECT CAST(0 AS DOUBLE) AS x UNION ALL SELECT -CAST(0 AS DOUBLE)")
    told = values.select("x", "y", bucket=sql.bucket([values["x"], values["y"]], 3))
    assert session.scalars(told.distinct(), n=told.distinct().count()) == {"n": 7}
    assert all(0 <= row[2] < 3 for row in session.rows(told))
    assert len({row for (row,) in session.rows(zeros.select(bucket=sql.bucket([zeros["x"]], 1000)))}) == 1
