"""Random tables for `study.yaml`, drawn from few values so that ties, conflicts and boundaries are common.

`dirt` is the share of cells that are blank, unreadable, partial or censored; 0 gives clean tables.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

BASE = date(2024, 2, 1)
DAYS = (-10, -1, 0, 0, 0, 1, 5, 9, 10, 13, 14, 14, 15, 18, 19, 30)
RESULTS = ("5", "5", "5.1", "4.9", "8.2", "4.1", "10", "15", "20", "12", "0")
CENSORED = ("<0.5", ">20")
UNITS = {"ESR": ("mm/h",), "CRP": ("mg/L", "mg/L", "mg/L", "mg/dL")}
BAD_UNITS = ("", "furlong", "kg")


class Tables:
    """Writes the five tables of one random study into `folder`."""

    def __init__(self, folder: Path, seed: int, patients: int, dirt: float) -> None:
        self.folder, self.random, self.dirt = folder, Random(seed), dirt
        self.patients = [f"P{i}" for i in range(patients)]

    def write(self) -> None:
        """All tables."""
        self._write("patients", ("patient_id", "sex", "birth_date", "smoker", "height", "pregnant"), self._people())
        self._write("exposure", ("dose_id", "patient_id", "drug", "start_date", "stop_date", "dose"), self._doses())
        self._write("events", ("event_id", "patient_id", "term", "onset", "grade", "serious"), self._events())
        header = ("lab_id", "patient_id", "test", "planned", "collected_at", "result", "unit")
        self._write("labs", header, self._labs())
        self._write("scores", ("exam_id", "patient_id", "exam_date", "total", "segment", "score"), self._scores())

    def _write(self, name: str, header: Sequence[str], rows: list[list[str]]) -> None:
        with (self.folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)

    def _one(self, values: Sequence[str], bad: Sequence[str] = ("",)) -> str:
        return self.random.choice(bad if self.random.random() < self.dirt else values)

    def _day(self, low: int, high: int) -> str:
        day = BASE + timedelta(days=self.random.randint(low, high))
        return self._one((day.isoformat(),), ("", "nonsense", f"{day:%Y-%m}"))

    def _each(self, most: int) -> list[str]:
        return [p for p in self.patients for _ in range(self.random.randint(0, most))]

    def _people(self) -> list[list[str]]:
        births = ("2006-02-01", "1948-02-29", "2004-02-29", "1985-06-07")
        return [
            [
                patient,
                self._one(("M", "F"), ("", "X")),
                self._one(births, ("1990", "1980-05", "", "x")),
                self._one(("Y", "N"), ("", "?")),
                self._one(("169.9", "170", "170.1"), ("", "tall")),
                self._one(("Y", "N", ""), ("Q",)),
            ]
            for patient in self.patients
        ]

    def _doses(self) -> list[list[str]]:
        return [
            [
                str(number),
                patient,
                self._one(("UPA", "UPA", "ADA", "ifx"), ("", "zzz")),
                self._day(-2, 2) if self.random.random() < 0.5 else self._day(-40, 40),
                self._day(-5, 60) if self.random.random() < 0.6 else "",
                self._one(("15", "30", "45", "0", "7.5"), ("", "lots")),
            ]
            for number, patient in enumerate(self._each(4), 1)
        ]

    def _events(self) -> list[list[str]]:
        terms = ("rash", "Rash, skin", "皮疹rash", "crash", "acne", "")
        return [
            [
                str(number),
                patient,
                self.random.choice(terms),
                self._day(-12, 34),
                self._one(("mild", "moderate", "severe"), ("", "bad")),
                self._one(("Y", "N", "N"), ("", "?")),
            ]
            for number, patient in enumerate(self._each(3), 1)
        ]

    def _labs(self) -> list[list[str]]:
        rows = []
        for number, patient in enumerate(self._each(9), 1):
            test = self.random.choice(("CRP", "CRP", "CRP", "ESR"))
            day = BASE + timedelta(days=self.random.choice(DAYS))
            moment = f"{day}{self.random.choice(('', '', ' 08:00', ' 09:30'))}"
            rows.append(
                [
                    str(number),
                    patient,
                    self._one((test,), ("", "WBC", test.lower() if test == "CRP" else test)),
                    self._one(("Y", "N"), ("", "?")),
                    self._one((moment,), ("", "soon", f"{day:%Y-%m}", str(day))),
                    self._one(RESULTS, ("", "ND", "-99", "haemolysed", *CENSORED)),
                    self._one(UNITS[test], BAD_UNITS),
                ]
            )
        return rows

    def _scores(self) -> list[list[str]]:
        rows = []
        for number, patient in enumerate(self._each(3), 1):
            day = self._one(
                (str(BASE + timedelta(days=self.random.choice((-3, -1, 0, 13, 14, 15, 40)))),), ("", "2024-02")
            )
            scores = [self.random.choice((0, 0, 1, 1, 2, 3)) for _ in range(self.random.randint(1, 3))]
            total = self._one((str(sum(scores)),), ("", str(sum(scores) + 1), "?"))
            rows += [
                [f"E{number}", patient, day, total, f"s{place}", self._one((str(score),), ("", "u"))]
                for place, score in enumerate(scores)
            ]
        return rows
