"""Studies and rows that several specs of what random studies brought to light have in common."""

from __future__ import annotations

START = "2024-01-01"


def patients_drawn(*names: str, **more: str) -> str:
    head = "| patient | start | " + " | ".join(more) + " |"
    return "\n".join([head, *(f"| {name} | {START} | {' | '.join(more.values())} |" for name in names)])


LINKED = """
  tables:
    catalogue:
      file: catalogue.csv
      one row for each: number
      patient: none
      columns: {number: whole number, strong: {type: yes/no, blank means: not applicable}, since: date}
    courses:
      file: courses.csv
      one row for each: course
      patient without rows: none
      columns: {patient: text, number: whole number}
      links: {of: number in catalogue}
"""
CATALOGUE = """
    | number | strong | since   |
    | 1      | yes    | 2024-01 |
    | 2      |        |         |
"""
EXAMS = """
  tables:
    parts:
      file: parts.csv
      one row for each: line
      patient without rows: unknown
      columns: {patient: text, exam: text, done: date, score: whole number}
  groups:
    exam:
      rows of: parts
      one for each: exam
      same on every row: [patient, done]
      fields: {summed: sum score in parts, heavy: summed > a, calm: no parts where (score > b)}
"""
PARTS = """
    | patient | exam | done       | score |
    | two     | e1   | 2024-01-01 | 2     |
    | two     | e1   |            | 3     |
    | two     | e2   | 2024-02-01 | 1     |
    | no key  |      | 2024-01-01 | 1     |
    | apart   | e3   | 2024-01-01 | 9     |
    | apart   | e3   | 2024-01-02 | 9     |
"""
TAKEN = """
    | patient | taken            |
    | both    | 2024-01-01       |
    | both    | 2024-01-01 08:00 |
    | twice   | 2024-01-01       |
    | twice   | 2024-01-01       |
    | times   | 2024-01-01 08:00 |
    | times   | 2024-01-01 09:00 |
"""
EXPECTED = """
    drugs:
      links: {of: times in catalogue}
      columns: {dose: {type: number, expected if: of.strong is yes}}
"""
