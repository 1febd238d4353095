"""Rules that mean something, each with its plain words; words are read again to the same nodes."""

from __future__ import annotations

import pytest

from prelock.rules.types import Kind
from prelock.rules.words import words

SAME = None  # the words are the text

PATIENT_RULES: tuple[tuple[str, str | None], ...] = (
    # comparisons
    ("n_biologics = 2", SAME),
    ("n_biologics >= 2", SAME),
    ("n_biologics ≥ 2", "n_biologics >= 2"),
    ("n_biologics ≤ 2", "n_biologics <= 2"),
    ("left - right > 0.5", SAME),
    ("left + right * 2 ^ 2 > -3", SAME),
    ("(left + right) * 2 > 3", SAME),
    ("left - (right - 1) > 0", SAME),
    ("left / right / 2 >= 1", SAME),
    ("age is between 18 and 75", SAME),
    ("age >= 18 years", SAME),
    ("age is not between 18 and 75", SAME),
    ("followed < 84 days", SAME),
    ("followed >= 12 weeks", SAME),
    ("birth_date <= 2005-12-15", SAME),
    ("first_dose is between 2023-06-01 and 2025-02-28", SAME),
    ("first_dose + 84 days <= last_contact", SAME),
    ("first_dose + 12 weeks <= last_contact", SAME),
    ("left / 100 > 3", SAME),
    ("weight / 70 kg > 1", SAME),
    ("weight / height_cm ^ 2 < 18.5 kg/m2", SAME),
    ("CRP at baseline > cut", "CRP at baseline > 8 mg/L"),
    # words after is
    ("sex is male", SAME),
    ("sex is not male", SAME),
    ("sex is MALE", "sex is male"),
    ('sex is "male"', "sex is male"),
    ("montreal_age is one of (A1, A2)", SAME),
    ("montreal_age is not one of (A1, A3)", SAME),
    ("hospital is 12", SAME),
    ("hospital is one of (1, 12)", SAME),
    ('choice is "patient preference"', SAME),
    ('choice is one of ("a", "b c")', SAME),
    ('choice starts with "Pat"', SAME),
    ('choice has the word "ALT"', SAME),
    ("choice matches /^(?:ALT|AST) high/", SAME),
    ("patient_id is 17", 'patient_id is "17"'),
    ("perianal is yes", SAME),
    ("perianal is not no", SAME),
    ("perianal", "perianal is yes"),
    ("not perianal", "perianal is not yes"),
    ("ticked includes 8", SAME),
    ('ticked includes "b c"', SAME),
    ("ticked includes one of (8, OTHER)", "ticked includes 8 or ticked includes other"),
    ("ticked is recorded", SAME),
    ("perianal is yes exactly when left > 1", SAME),
    ("(sex is male or age > 18) exactly when not perianal", "sex is male or age > 18 exactly when perianal is not yes"),
    ("first_dose is missing", SAME),
    ("first_dose is not recorded", SAME),
    ("severity is at least moderate", "severity is one of (moderate, severe)"),
    ("severity is at most moderate", "severity is one of (mild, moderate)"),
    ("pain >= 5", SAME),
    ("adult is met", SAME),
    ("adult is not met", SAME),
    ("clinical_response is achieved", SAME),
    ("clinical_response is achieved and not adult is met", "clinical_response is achieved and adult is not met"),
    ("safety", SAME),
    ("eligible and failed", "eligible and failed is yes"),
    # and, or, not
    ("sex is male and age >= 18 and perianal is yes", SAME),
    ("sex is male or age >= 18 or perianal is yes", SAME),
    ("(sex is male or age >= 18) and perianal is yes", SAME),
    ("sex is male or (age >= 18 and perianal is yes)", SAME),
    ("not (sex is male or age >= 18)", SAME),
    ("if sex is male then age >= 18", SAME),
    ("((sex is male))", "sex is male"),
    # names
    ("性别 is 男", SAME),
    ("大便次数 at week 12 <= 3", SAME),
    ('"day of week" is Monday', SAME),
    ('"quality of life" at baseline > 40', SAME),
    ("fall-back - left > 1", SAME),
    ("patients.sex is male", "sex is male"),
    ('patients."day of week" is Monday', '"day of week" is Monday'),
    # timepoints
    ("SES-CD at week 12 <= 4", SAME),
    ("SES-CD.calm at week 12 is yes", SAME),
    ("SES-CD.exam_date at week 12 <= last_contact", SAME),
    ('SES-CD at "end of study" <= 4', SAME),
    ("SES-CD at day 84 <= 4", SAME),
    ("SES-CD at day -7 is recorded", SAME),
    ("SES-CD at week 12 is missing", SAME),
    ("CRP at week 12 is normal", SAME),
    ("CRP at week 12 is not normal", SAME),
    ("CRP at week 12 <= 5 mg/L", SAME),
    ("CRP at week 12 <= 0.47 mg/dL", SAME),
    ("LYM at week 12 < 0.5 10^9/L", SAME),
    ("LYM at week 12 < 0.5 ×10^9/L", "LYM at week 12 < 0.5 10^9/L"),
    ("LYM at week 12 < 0.5 10*9/L", "LYM at week 12 < 0.5 10^9/L"),
    ("LYM at week 12 < 500 cells/µL", "LYM at week 12 < 500 /µL"),
    ("FC at week 12 < 60 ug/g", "FC at week 12 < 60 µg/g"),
    ("FC at week 12 < 60 mg/kg", SAME),
    ("PGA at week 12 is clear", SAME),
    ("PGA at week 12 is at most mild", "PGA at week 12 is one of (clear, mild)"),
    ("PGA at week 12 <= 1", SAME),
    ("fall in SES-CD from baseline to week 12 >= 2", SAME),
    ("rise in CRP from baseline to week 12 > 5 mg/L", SAME),
    ("percent fall in SES-CD from baseline to week 12 >= 50 %", SAME),
    ("percent change in CRP from baseline to week 12 < -25 %", SAME),
    (
        "percent fall in SES-CD from baseline to week 12 >= 50%",
        "percent fall in SES-CD from baseline to week 12 >= 50 %",
    ),
    ("highest CRP from baseline to week 12 <= 5 mg/L", SAME),
    ("mean recorded CDAI from baseline to week 12 <= 150", SAME),
    (
        "CDAI at week 12 is within 10 of CDAI at baseline",
        "CDAI at week 12 is between CDAI at baseline - 10 and CDAI at baseline + 10",
    ),
    ("has visit w12", "any visits where (visit_name is w12)"),
    ("not complete(baseline)", "not (CDAI at baseline is recorded and weight is recorded)"),
    # dates
    ("years from birth_date to first_dose >= 18", SAME),
    ("exact months from birth_date to first_dose > 3 months", SAME),
    ("weeks from first_dose to last_contact >= 12 weeks", SAME),
    ("day of last_contact >= 84", SAME),
    ("last_contact is within 7 days of first_dose", SAME),
    ("last_contact is not within 2 weeks of first_dose", SAME),
    ("days from first_dose to SES-CD.exam_date at week 12 <= 98 days", SAME),
    # rows
    ("any biologics", SAME),
    ("no biologics where (drug is infliximab)", SAME),
    ("any biologics where (stop_reason is one of (inadequate, intolerance) and start_date < first_dose)", SAME),
    ('any biologics where (stop_reason is "patient preference")', SAME),
    ("any biologics where (drug is not infliximab) or perianal is yes", SAME),
    ("any biologics where (start_date <= last_contact and stop_date > first_dose)", SAME),
    ("at least 2 biologics where (drug is infliximab)", "number of biologics where (drug is infliximab) >= 2"),
    ("at most 2 biologics", "number of biologics <= 2"),
    ("exactly 1 biologics", "number of biologics = 1"),
    ("number of biologics where (dose > 5 g) > 1", SAME),
    ("number of different drug in biologics where (start_date < first_dose) >= 2", SAME),
    ("every endoscopy where (segment_status is explored) has (score <= 1)", SAME),
    ("any exam where (total = summed and (calm is yes or total > 3))", SAME),
    ("any endoscopy where (score > 2 and exam.total > 10)", SAME),
    ("any 不良事件 where (grade is severe)", SAME),
    ('any 不良事件 where (term has the word "发热")', SAME),
    ("earliest start_date in biologics where (drug is infliximab) <= first_dose", SAME),
    ("highest recorded dose in biologics > 100 mg", SAME),
    ("sum pain in endoscopy > 3", SAME),
    ("drug of latest biologics by stop_date where (stop_date <= first_dose) is infliximab", SAME),
    ("first drug by start_date in biologics is infliximab", "drug of first biologics by start_date is infliximab"),
    ("dose of highest biologics by dose >= 400 mg", SAME),
    ("number of (first_dose, weight, CDAI at baseline) that are missing >= 2", SAME),
    ("number of (perianal, failed) that are not yes = 2", SAME),
    ("highest of (left, right) > 3", SAME),
    ("latest of (first_dose, last_contact) <= 2025-02-28", SAME),
    ("mean recorded of (left, right, n_biologics) > 3", SAME),
    ("number of biologics where (number of endoscopy where (score > 2) > 1) > 0", SAME),
    # cases
    ("age >= (18 years if sex is male, 21 years if sex is female)", SAME),
    ("left > (1 if sex is male, 2 if perianal is yes otherwise 3)", SAME),
    ("(first_dose if perianal is yes otherwise last_contact) >= birth_date", SAME),
)

ROW_RULES: tuple[tuple[str, str, str | None], ...] = (
    ("labs", "collected_at <= received_at", SAME),
    ("labs", "collected_at <= last_contact", SAME),
    ("labs", "hours from collected_at to received_at <= 24 hours", SAME),
    ("labs", "collected_at <= 2025-02-28", SAME),
    ("labs", "collected_at < 2025-02-28T12:30", SAME),
    ("labs", "result is recorded", SAME),
    ("labs", "result is missing or test is CRP", SAME),
    ("labs", "state is normal", SAME),
    ("labs", "state is not yes", SAME),
    ("labs", "sex is male", SAME),
    ("labs", '"lab unit".ratio > 2', SAME),
    ("labs", 'unit is "mg/L"', SAME),
    ("visits", "visit_date >= previous visit_date by visit_number", SAME),
    ("visits", "day of visit_date is between -28 and 0", SAME),
    ("visits", "if visit_name is w12 then visit_date >= first_dose + 70 days", SAME),
    ("exam", "total = summed", SAME),
    ("exam", "sum score in endoscopy where (segment_status is explored) = total", SAME),
    ("exam", "only pain in endoscopy is none", SAME),
    ("part", "if size >= 1 then ulcerated >= 1", SAME),
    ("endoscopy", "exam.total >= score", SAME),
    ("biologics", "stop_date >= start_date and start_date >= birth_date", SAME),
)


@pytest.mark.parametrize(("text", "said"), PATIENT_RULES, ids=[text for text, _ in PATIENT_RULES])
def test_patient_rule_reads_back(reader, text, said):
    reading = reader(text, expects=Kind.TRUTH)
    assert reading.problems == []
    assert words(reading.node) == (said or text)
    if "complete(" not in text:
        assert reader(words(reading.node), expects=Kind.TRUTH).node == reading.node


@pytest.mark.parametrize(("row", "text", "said"), ROW_RULES, ids=[text for _, text, _ in ROW_RULES])
def test_row_rule_reads_back(reader, row, text, said):
    reading = reader(text, row)
    assert reading.problems == []
    assert words(reading.node, row) == (said or text)
    assert reader(words(reading.node, row), row).node == reading.node


def test_blanks_and_lines_do_not_matter(reader):
    assert reader("age  >=\n  18").node == reader("age >= 18").node
