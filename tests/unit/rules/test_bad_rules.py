"""Rules that mean nothing: each with its code, the characters pointed at, and the hint."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prelock.rules.types import Kind

# text, code, what the caret stands under, a part of the message or hint
PATIENT_RULES: tuple[tuple[str, str, str, str], ...] = (
    # the words and signs of the language
    ("age is betwen 18 and 75", "rule-syntax", "betwen", "did you mean `between`?"),
    ("age is between 18 to 75", "rule-syntax", "to", "expected `and`"),
    ("age between 18 and 75", "rule-syntax", "between", "is between … and …"),
    ("age from 18 to 75", "rule-syntax", "from", "is between … and …"),
    ("age is from 18 to 75", "rule-syntax", "from", "is between … and …"),
    ("age is 18-75", "rule-syntax", "-", "is between … and …"),
    ('perianal = "yes"', "wrong-type", '"yes"', "say `perianal is yes`"),
    ("age is 18 - 75", "rule-syntax", "-", "is between … and …"),
    ("any biologics where drug is infliximab", "rule-syntax", "drug", "where (…)"),
    ("every exam has calm is yes", "rule-syntax", "calm", "has (…)"),
    ("(age > 18", "rule-syntax", "(", "never closed"),
    ("age > 18)", "rule-syntax", ")", "no opening one"),
    ("age == 18", "rule-syntax", "==", "say `=`"),
    ("age != 18", "rule-syntax", "!=", "not a = b"),
    ("age >= 18 && perianal", "rule-syntax", "&&", "say `and`"),
    ("age >= 18 AND perianal", "rule-syntax", "AND", "did you mean `and`?"),
    ("age >= 18 adn perianal", "rule-syntax", "adn", "did you mean `and`?"),
    ("age > 18;", "rule-syntax", ";", "leave it out"),
    ("age in (18, 19)", "rule-syntax", "in", "is one of (…)"),
    ("ticked is 8", "wrong-type", "8", "say `ticked includes 8`"),
    ("ticked = 8", "wrong-type", "ticked", "a number is needed here"),
    ("ticked includes 7", "unknown-code", "7", "its codes: 8"),
    ("ticked includes 8 or 9", "not-a-condition", "9", "must come out true or false"),
    ("sex includes male", "wrong-type", "sex", "say `sex is …`"),
    ("choice includes male", "wrong-type", "choice", "type: several codes"),
    ("sex is one of male, female", "rule-syntax", "male", "one of (…)"),
    ("sex is one off (male, female)", "rule-syntax", "off", "did you mean `of`?"),
    ("choice is patient preference", "rule-syntax", "patient preference", 'in double quotes: "patient preference"'),
    ("choice is “other”", "rule-syntax", "“", "straight double quotes"),
    ("choice is 'other'", "rule-syntax", "'", "straight double quotes"),
    ('choice is "other', "rule-syntax", '"', "no partner"),
    ("any biologics where （drug is infliximab)", "rule-syntax", "（", "half-width `(`"),
    ("sex is one of (male，female)", "rule-syntax", "，", "half-width `,`"),
    ("not complet(baseline)", "rule-syntax", "complet", "did you mean `complete`?"),
    ("percnt fall in SES-CD from baseline to week 12 >= 50 %", "rule-syntax", "percnt", "did you mean `percent`?"),
    ("fall in SES-CD form baseline to week 12 > 2", "rule-syntax", "form", "did you mean `from`?"),
    ("at lest 2 biologics", "rule-syntax", "lest", "did you mean `least`?"),
    ("number of diferent drug in biologics > 2", "rule-syntax", "diferent", "did you mean `different`?"),
    ("left > (1 if sex is male, 2 if perianal else 3)", "rule-syntax", "else", "say `otherwise`"),
    ("change > 5", "rule-syntax", "change", 'in double quotes: "change"'),
    ("age > 18 and and perianal", "rule-syntax", "and", "twice"),
    ("if age > 18 sex is male", "rule-syntax", "sex", "is `then` missing?"),
    ("age >=", "rule-syntax", "", "and the rule ends"),
    (">= 18", "rule-syntax", ">=", "a rule begins with a value"),
    ("age 18", "rule-syntax", "18", "a comparison"),
    ("age > .5", "rule-syntax", ".", "write 0.5"),
    ("left -5 > 2", "rule-syntax", "-", "a blank on either side"),
    ("perianal andfailed", "rule-syntax", "andfailed", "did you mean"),
    ("drug of latest biologics where (drug is infliximab)", "rule-syntax", "where", "expected `by`"),
    ("sex is male or", "rule-syntax", "", "expected a value"),
    ("perianal and failed or safety", "mixed-and-or", "perianal and failed", "(perianal and failed)"),
    ("perianal or failed and safety", "mixed-and-or", "failed and safety", "(failed and safety)"),
    # names
    ("agee > 18", "unknown-name", "agee", "did you mean `age`?"),
    ("sex is male and agee > 18", "unknown-name", "agee", "did you mean `age`?"),
    ("left-right > 1", "unknown-name", "left-right", "`left - right`"),
    ("patients.sexx is male", "unknown-name", "patients.sexx", "did you mean `sex`?"),
    ("any biologic", "unknown-table", "biologic", "did you mean `biologics`?"),
    ("sex is mal", "unknown-code", "mal", "did you mean `male`?"),
    ("性别 is 女性", "unknown-code", "女性", "its codes: 男, 女"),
    ("any biologics where (drug is one of (infliximab, adalimumap))", "unknown-code", "adalimumap", "`adalimumab`"),
    ("sex = male", "unknown-name", "male", "say `sex is male`"),
    ('choice = "other"', "unknown-name", '"other"', 'say `choice is "other"`'),
    ("choice is other", "unquoted-text", "other", 'say `is "other"`'),
    ("baseline > 3", "unknown-name", "baseline", "a timepoint, not a value"),
    ("biologics > 3", "unknown-name", "biologics", "number of biologics"),
    ("adult", "needs-state", "adult", "say `adult is met`"),
    ("adult is achieved", "unknown-endpoint", "adult", "say `adult is met`"),
    ("clinical_respons is achieved", "unknown-endpoint", "clinical_respons", "`clinical_response`"),
    # timepoints and measures
    ("SES-CD >= 7", "needs-timepoint", "SES-CD", "such as `SES-CD at baseline`"),
    ("SES-CD at week 13 <= 4", "unknown-timepoint", "week 13", "did you mean `week 12`?"),
    ("SESCD at week 12 <= 4", "unknown-measure", "SESCD", "did you mean `SES-CD`?"),
    ("SES-CD.clam at week 12 is yes", "unknown-field", "SES-CD.clam", "did you mean `calm`?"),
    ("weight at week 12 > 50 kg", "wrong-type", "weight", "say `weight` alone"),
    ("SES-CD at week 12 is normal", "no-normal", "SES-CD at week 12", "add `normal:` to SES-CD"),
    ("left is normal", "no-normal", "left", "MEASURE at TIMEPOINT"),
    ("not complete(week 12)", "nothing-required", "week 12", "timepoints with required items: baseline"),
    ("highest dose from baseline to week 12 > 3", "unknown-measure", "dose", "measures: SES-CD"),
    ("highest CRP in labs > 5 mg/L", "needs-timepoint", "CRP", "highest CRP from … to …"),
    ("mean PGA from baseline to week 12 > 3", "wrong-type", "PGA", "needs numbers"),
    # grain
    ("drug is infliximab", "grain", "drug", "any, every, highest, number of …"),
    ("biologics.drug is infliximab", "grain", "biologics.drug", "this rule has one value for each patient"),
    ("calm", "grain", "calm", "one value for each exam; this rule has one value for each patient"),
    ("exam.calm", "grain", "exam.calm", "one value for each exam"),
    (
        "any exam where (drug is infliximab)",
        "grain",
        "drug",
        "each biologic row; this rule has one value for each exam",
    ),
    ("exam_date > 2024-01-01", "unknown-name", "exam_date", "tables with that column: endoscopy, exam"),
    ("previous left by right > 1", "grain", "previous left by right", "needs a row"),
    ("any labs where (test is CRP)", "absence", "labs", "patient without rows"),
    ("number of labs > 2", "absence", "labs", "patient without rows"),
    # units
    ("CRP at week 12 > 5", "bare-number", "5", "say 5 mg/L"),
    ("percent fall in SES-CD from baseline to week 12 >= 0.5", "bare-number", "0.5", "did you mean 50 %?"),
    ("percent fall in SES-CD from baseline to week 12 >= 50", "bare-number", "50", "say 50 %"),
    ("followed < 84", "bare-number", "84", "say 84 days"),
    ("CRP at week 12 > 5 mg/l and LYM at week 12 < 0.5 mgg/L", "unknown-unit", "mgg/L", "did you mean `mg/L`?"),
    ("CRP at week 12 > 5 U/L", "unit-clash", "5 U/L", "in mg/L and `5 U/L` in U/L"),
    ("CRP at week 12 > left", "bare-number", "left", "`left` has no unit"),
    ("SES-CD at week 12 <= 4 mg/L", "bare-number", "SES-CD at week 12", "has no unit"),
    ("CRP at week 12 > 5 mg / L", "torn-unit", "L", "write `5 mg/L`"),
    ("height_cm + weight > 3", "unit-clash", "weight", "in cm and `weight` in kg"),
    ("weight / (height_cm / 100) ^ 2 < 18.5 kg/m2", "scaled-unit", "100", "say `height_cm` alone"),
    ("years from birth_date to first_dose > 20 months", "unit-clash", "20 months", "count both sides in the same unit"),
    ("first_dose + 3 months > last_contact", "unit-clash", "3 months", "only days or weeks"),
    ("first_dose is within 7 of last_contact", "unit-clash", "7", "7 days"),
    ("day of first_dose < 98 days", "bare-number", "day of first_dose", "a study day is a plain number"),
    # types
    (
        "first_dose - birth_date > 18 years",
        "wrong-type",
        "first_dose - birth_date",
        "days from birth_date to first_dose",
    ),
    ("sex > 3", "wrong-type", "sex", "number is needed"),
    ("sex >= 性别", "wrong-type", "sex", "is at least CODE"),
    ("perianal = failed", "wrong-type", "perianal", "say `perianal is yes`"),
    ("first_dose > 3", "wrong-type", "first_dose", "a number is needed"),
    ("age", "not-a-condition", "age", "true or false"),
    ("sex and perianal", "not-a-condition", "sex", "say `sex is …`"),
    ("age is yes", "wrong-type", "yes", "not a yes/no value"),
    ("left is 3", "wrong-type", "3", "say `left = 3`"),
    ("perianal is male", "unknown-code", "male", "say `is yes` or `is no`"),
    ("sex is at least male", "not-ordered", "sex", "ordered: yes"),
    ('left starts with "3"', "wrong-type", "left", "a text is needed"),
    ("birth_date <= 2024-02-30", "wrong-date", "2024-02-30", "not a day of the calendar"),
    ("birth_date <= 2024-02", "wrong-date", "2024-02", "2024-02-01"),
    ("years from sex to first_dose > 3", "wrong-type", "sex", "a date is needed"),
    ("hours from birth_date to first_dose > 3", "wrong-type", "birth_date", "without a time"),
    ("exact weeks from birth_date to first_dose > 3 weeks", "wrong-type", "exact", "only months"),
    ("earliest dose in biologics > 3 mg", "wrong-type", "earliest", "say highest or lowest"),
    ("highest start_date in biologics > first_dose", "wrong-type", "highest", "say latest"),
    ("sum drug in biologics > 3", "wrong-type", "drug", "a number is needed"),
    ("first drug in biologics is infliximab", "needs-by", "first", "first drug by DATE in biologics"),
    ("drug of sum biologics by dose is infliximab", "wrong-type", "sum", "picks no row"),
    ("drug of latest biologics by drug is infliximab", "wrong-type", "drug", "by a date or a number"),
    ("only of (left, right) > 3", "wrong-type", "only", "has no meaning"),
    ("at least 1.5 biologics", "wrong-type", "1.5", "whole numbers"),
    ("left > (1 if sex is male otherwise first_dose)", "wrong-type", "first_dose", "all cases give one kind"),
    ("left ^ (right + 1 kg) > 3", "bare-number", "right", "has no unit"),
    ("weight ^ left > 3 kg", "unit-clash", "left", "plain number"),
    # patterns
    ("choice matches /\\bALT\\b/", "pattern", "/\\bALT\\b/", "has the word"),
    ("choice matches /(?=x)y/", "pattern", "/(?=x)y/", "looks around"),
    ("choice matches /(a+)+b/", "pattern", "/(a+)+b/", "takes too long"),
    ("choice matches /(ab/", "pattern", "/(ab/", "can't be read"),
)

ROW_RULES: tuple[tuple[str, str, str, str, str], ...] = (
    ("labs", "result > 5", "raw-result", "result", "`CRP at …`"),
    ("labs", "biologics.start_date > collected_at", "grain", "biologics.start_date", "for each lab row"),
    ("labs", "collectd_at > first_dose", "unknown-name", "collectd_at", "did you mean `collected_at`?"),
    ("labs", '"lab unit".rato > 2', "unknown-name", '"lab unit".rato', "did you mean `ratio`?"),
    ("exam", "score > 1", "grain", "score", "each endoscopy row; this rule has one value for each exam"),
    (
        "visits",
        "previous visit_name by visit_nmber is w12",
        "unknown-name",
        "visit_nmber",
        "did you mean `visit_number`?",
    ),
)


@pytest.mark.parametrize(("text", "code", "caret", "said"), PATIENT_RULES, ids=[text for text, *_ in PATIENT_RULES])
def test_patient_rule_is_refused(reader, text, code, caret, said):
    _refused(reader(text, expects=Kind.TRUTH), code, caret, said)


@pytest.mark.parametrize(("row", "text", "code", "caret", "said"), ROW_RULES, ids=[text for _, text, *_ in ROW_RULES])
def test_row_rule_is_refused(reader, row, text, code, caret, said):
    _refused(reader(text, row, expects=Kind.TRUTH), code, caret, said)


def _refused(reading, code, caret, said):
    assert reading.node is None
    assert [problem.code for problem in reading.problems] == [code]
    assert reading.carets() == [caret]
    problem = reading.problems[0]
    assert said in f"{problem.message} {problem.hint}"


def test_all_problems_of_a_rule_are_found(reader):
    reading = reader(
        "sex is mal and agee > 3 and any biologics where (drug is x and dose > 5) and CRP at week 1 > 3 mg/L"
    )
    assert [problem.code for problem in reading.problems] == [
        "unknown-code",
        "unknown-name",
        "unknown-code",
        "bare-number",
        "unknown-timepoint",
    ]
    assert reading.carets() == ["mal", "agee", "x", "5", "week 1"]


def test_a_problem_is_drawn_under_its_word(reader):
    problem = replace(reader("sex is mal").problems[0], source_line="sex is mal")
    assert problem.render() == (
        "rule.yaml:1:8: unknown-code: `mal` is not a code of `sex`\n"
        "    1 | sex is mal\n"
        "      |        ^^^\n"
        "        did you mean `male`?"
    )


def test_day_zero_is_refused_where_days_have_none(reader, scope):
    cdisc = replace(scope, cdisc_days=True)
    assert [problem.code for problem in reader("SES-CD at day 0 > 3", scope=cdisc).problems] == ["no-day-zero"]
    assert reader("SES-CD at day 1 > 3", scope=cdisc).problems == []
    assert reader("SES-CD at day 0 > 3").problems == []


def test_days_need_a_day_to_count_from(reader, scope):
    undated = replace(scope, has_day_zero=False)
    for text in ("SES-CD at day 7 > 3", "day of first_dose > 3"):
        assert [problem.code for problem in reader(text, scope=undated).problems] == ["no-day-zero"]


def test_has_visit_needs_a_visit_column(reader, scope):
    assert [p.code for p in reader("has visit w12", scope=replace(scope, visit=None)).problems] == ["no-visits"]


def test_has_visit_needs_to_know_what_no_rows_means(reader, scope):
    silent = replace(scope.relations["visits"], no_rows=None)
    reading = reader("has visit w12", scope=replace(scope, relations={**scope.relations, "visits": silent}))
    assert [problem.code for problem in reading.problems] == ["absence"]
    assert reading.carets() == ["has visit w12"]


def test_a_name_of_two_patient_tables_is_ambiguous(reader, scope):
    twin = replace(scope.relations["patients"], name="contacts")
    both = replace(scope, relations={**scope.relations, "contacts": twin})
    reading = reader("sex is male", scope=both)
    assert [problem.hint for problem in reading.problems] == ["say patients.sex or contacts.sex"]
    assert reader("contacts.sex is male", scope=both).problems == []
