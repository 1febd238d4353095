"""The whole cohort as tables of text, and the writer."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from cohort import (
    bloods,
    diary,
    events,
    exams,
    illness,
    lab_edges,
    labs,
    people,
    planted_care,
    planted_labs,
    planted_more,
    planted_people,
    planted_records,
    planted_scores,
    therapy,
)
from cohort.draw import Draw
from cohort.person import Person
from cohort.planting import Planting
from cohort.spelling import dated, said, yes_no

Row = dict[str, str]
Tables = dict[str, list[Row]]
SEED = 3
# In this order each error still finds a patient of its own.
PLANTERS = (
    planted_care.events,
    planted_scores.endoscopies,
    planted_scores.cdai,
    planted_labs.labs,
    planted_records.other_records,
    planted_care.biologics,
    planted_care.exposure,
    planted_people.visits,
    planted_people.follow_up,
    planted_people.patients,
    planted_more.more,
)


def make() -> tuple[Tables, list[Person]]:
    """The clean cohort: file name (without suffix) to rows; and who is in it."""
    draw = Draw(SEED)
    everyone = people.everyone(draw)
    bloods.all_values(draw, everyone)
    done = illness.operations(draw, everyone)
    examined = exams.planned_exams(draw, everyone)
    counted = events.counted_events(draw, everyone)
    happened = [*counted, *events.uncounted_events(draw, everyone, counted)]
    results = labs.samples(draw, everyone, events.lab_evidence(draw, happened))
    lab_edges.arrange_edges(everyone, results)
    screened, tspot, hbv = illness.screening_rows(draw, everyone)
    late = {e.person.slot for e in examined if e.day > 98}
    given = therapy.courses(draw, everyone)
    tables = {
        "patients": patient_rows(draw, everyone),
        "follow_up": therapy.follow_up_rows(draw, everyone, happened, late),
        "screening": screened,
        "visits": diary.visit_rows(draw, everyone),
        "endoscopy": exams.endoscopy_rows(draw, examined),
        "cdai": diary.cdai_rows(draw, everyone),
        "labs": labs.lab_rows(draw, results),
        "biologic_history": therapy.biologic_rows(draw, everyone, given),
        "exposure": therapy.exposure_rows(draw, everyone, happened),
        "adverse_events": events.event_rows(draw, happened),
        "medical_history": illness.history_rows(draw, everyone),
        "procedures": illness.procedure_rows(draw, everyone, done, examined),
        "concomitant_medication": illness.medication_rows(draw, everyone, happened, tspot, hbv),
    }
    return tables, everyone


def patient_rows(draw: Draw, everyone: Sequence[Person]) -> list[Row]:
    """One row a patient; of one the Montreal location was never recorded."""
    rows = []
    for person in sorted(everyone, key=lambda p: p.number):
        rows.append(
            {
                "patient_id": person.key,
                "病案号": f"{1000000 + 7919 * person.number}",
                "gender": said(draw, "sex", person.sex),
                "birth_date": dated(draw, person.birth),
                "diagnosis_date": dated(draw, person.diagnosis),
                "height_cm": str(person.height),
                "montreal_age": person.montreal_age,
                "montreal_location": "" if person.slot == 95 else said(draw, "location", person.location),
                "montreal_behaviour": said(draw, "behaviour", person.behaviour),
                "perianal": yes_no(draw, person.perianal),
                "smoking": said(draw, "habit", person.smoking),
                "drinking": said(draw, "habit", person.drinking),
                "start_choice": said(draw, "choice", "preference" if person.prefers else "need"),
            }
        )
    return rows


def csv_text(rows: Sequence[Mapping[str, str]], broken: Mapping[int, str] | None = None) -> str:
    """Rows as CSV with a header and `\\n` line ends; `broken` lines are written as they are."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for index, row in enumerate(rows):
        if broken and index in broken:
            text.write(broken[index] + "\n")
        else:
            writer.writerow(row)
    return text.getvalue()


def spoiled(tables: Tables, everyone: Sequence[Person]) -> Planting:
    """The same tables with errors planted, and the list of them."""
    planting = Planting({name: [dict(row) for row in rows] for name, rows in tables.items()}, everyone)
    for plant in PLANTERS:
        plant(planting)
    return planting


def write(
    tables: Mapping[str, Sequence[Mapping[str, str]]],
    folder: Path,
    broken: Mapping[tuple[str, int], str] | None = None,
) -> None:
    """One UTF-8 file a table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        lines = {index: line for (table, index), line in (broken or {}).items() if table == name}
        (folder / f"{name}.csv").write_text(csv_text(rows, lines), encoding="utf-8", newline="")
