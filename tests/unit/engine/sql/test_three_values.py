"""Three-valued logic survives the way into SQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from prelock.engine import sql
from prelock.engine.session import Session

ROWS = "SELECT * FROM (VALUES (true, 'a'), (false, 'b'), (NULL, NULL)) AS t(x, y)"


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda t: (~t.x).isnull(), [False, False, True]),
        (lambda t: (~t.x).notnull(), [True, True, False]),
        (lambda t: (~(t.x & t.x)).isnull(), [False, False, True]),
        (lambda t: (~t.y.isin(["a"])).isnull(), [False, False, True]),
        (lambda t: (~t.x) == sql.literal(True), [False, True, None]),
        (lambda t: (~t.x) != (~t.x), [False, False, None]),
        (lambda t: t.x.isnull() == t.y.isnull(), [True, True, True]),
        (lambda t: (~(~t.x)).isnull(), [False, False, True]),
        (lambda t: ~t.x.isnull(), [True, True, False]),
    ],
)
def test_negations_and_null_tests_mean_what_they_say(
    ask: Callable[[sql.Table], sql.Value], expected: list[bool | None], engine: type[Session]
) -> None:
    with engine(threads=1) as session:
        table = session.store(ROWS)
        answers = session.rows(table.select("y", answer=ask(table)).order_by("y"))
    assert [answer for _, answer in answers] == expected


def test_a_filtered_aggregate_keeps_its_filter(engine: type[Session]) -> None:
    with engine(threads=1) as session:
        table = session.store(ROWS)
        assert session.scalars(table, n=table.count(where=~table.x))["n"] == 1
