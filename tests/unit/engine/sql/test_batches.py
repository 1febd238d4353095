"""Which queries may be asked batch by batch: those that never put rows of two patients together."""

from __future__ import annotations

import pytest

from prelock.engine import sql
from prelock.engine.session import Session
from prelock.engine.sql.batches import Batch, batches, divisible, ranges
from prelock.engine.sql.tables import Stored, Table
from prelock.engine.sql.types import INT, STRING


def stored(name: str) -> Table:
    return Table({"patient": STRING, "row": INT, "code": STRING}, Stored(name))


PATIENTS, LABS, CODES = stored("patients"), stored("labs"), stored("codes")
APART = {"patients", "labs"}
NEXT = sql.window(["patient"], ["row"])
ANY = sql.window(["code"], ["row"])
BESIDE = PATIENTS.rename(p="patient", what="code", place="row")
NAMED = CODES.rename(c="code", label="row", whose="patient")

DIVISIBLE = {
    "rows": LABS.filter(LABS["row"] > 1).mutate(twice=LABS["row"] * 2),
    "under another name and back": LABS.rename(who="patient").rename(patient="who"),
    "gathered by patient": LABS.group_by("patient").aggregate(n=LABS.count()),
    "gathered by patient and code": LABS.group_by("patient", "code").aggregate(n=LABS.count()),
    "numbered within the patient": LABS.mutate(n=sql.row_number().over(NEXT)),
    "beside the patient": LABS.left_join(BESIDE, [LABS["patient"] == BESIDE["p"]]),
    "with two conditions": LABS.left_join(BESIDE, [LABS["patient"] == BESIDE["p"], LABS["code"] == BESIDE["what"]]),
    "looked up in a table that is whole": LABS.left_join(NAMED, [LABS["code"] == NAMED["c"]]),
    "patients of the other": PATIENTS.filter(PATIENTS["patient"].isin(LABS["patient"])),
    "codes of one that is whole": LABS.filter(LABS["code"].isin(CODES["code"])),
    "different rows": LABS.select("patient", "code").distinct(),
    "those with rows": PATIENTS.semi_join(LABS, "patient"),
    "united": sql.union(LABS, PATIENTS),
    "side by side": sql.side_by_side([PATIENTS, LABS.rename(l="row", c="code")], "patient"),
}
NOT = {
    "one number of all": LABS.aggregate(patient=LABS["patient"].max()),
    "gathered by code": LABS.group_by("code").aggregate(patient=LABS["patient"].min()),
    "numbered among all": LABS.mutate(n=sql.row_number().over(ANY)),
    "joined by code": LABS.left_join(BESIDE, [LABS["code"] == BESIDE["what"]]),
    "codes of any patient": LABS.filter(LABS["code"].isin(PATIENTS["code"])),
    "pairs of patients": PATIENTS.cross_join(LABS.rename(other="patient", place="row", what="code")),
    "different codes": LABS.select("code").distinct(),
    "without the patient": LABS.select("row"),
    "another patient's name": LABS.mutate(patient=LABS["code"]),
    "one that is whole": CODES.filter(CODES["row"] > 1),
    "all rows of one that is whole": CODES.left_join(LABS, "patient"),
    "united with one that is whole": sql.union(LABS, CODES),
    "in an order": LABS.order_by("row"),
    "a number of all beneath": LABS.mutate(n=sql.row_number().over(ANY))
    .group_by("patient")
    .aggregate(n=LABS["row"].max()),
}


@pytest.mark.parametrize("name", DIVISIBLE)
def test_divisible(name: str) -> None:
    assert divisible(DIVISIBLE[name], APART)


@pytest.mark.parametrize("name", NOT)
def test_not_divisible(name: str) -> None:
    assert not divisible(NOT[name], APART)


def test_every_row_is_in_one_batch() -> None:
    rows = [None, "", "A", "AB", "B", "b", "é", "患者"]
    found = batches(["AB", "b", "é"])
    assert len(found) == 4
    for patient in rows:
        assert sum(_holds(batch, patient) for batch in found) == 1, patient
    assert batches([]) == (Batch(),)


def _holds(batch: Batch, patient: str | None) -> bool:
    import duckdb

    with duckdb.connect() as con:
        con.execute("CREATE TABLE t (patient VARCHAR)")
        con.execute("INSERT INTO t VALUES (?)", [patient])
        return len(con.execute(batch.rows("t")).fetchall()) == 1


def test_every_row_is_in_one_range_and_those_of_no_patient_come_last() -> None:
    with Session() as session:
        rows = ["'A'", "'AB'", "'B'", "'b'", "'é'", "'女'", "''", "NULL"]
        session.store(f"SELECT unnest([{', '.join(rows)}]) AS patient", "rows")
        divided = ranges(batches(["AB", "b", "é"]))
        found = [session.rows(f"SELECT patient FROM rows WHERE {one} ORDER BY patient") for one in divided]
    told = [[patient for (patient,) in part] for part in found]
    assert told == [["A"], ["AB", "B"], ["b"], ["é", "女"], ["", None]]


def test_one_batch_has_one_range() -> None:
    assert ranges(batches([])) == ("TRUE",)
