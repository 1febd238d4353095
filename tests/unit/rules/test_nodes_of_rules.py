"""What shorthand stands for, node by node."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from prelock.rules.nodes import (
    And,
    AnyRow,
    Arithmetic,
    AtPoint,
    Cases,
    Column,
    Compare,
    Convert,
    CountRows,
    CountStates,
    EveryRow,
    HasState,
    IsAnswer,
    IsNormal,
    Linked,
    Literal,
    Met,
    Not,
    OneOf,
    Or,
    Pick,
    PointsAggregate,
    Previous,
    Rows,
    RowsAggregate,
    Score,
    Span,
    Variable,
)
from prelock.rules.types import DATE, MOMENT, NUMBER, PATIENT, STUDY, TRUTH, Kind, Type

MG_PER_L = Type(Kind.NUMBER, unit="mg/L")
PERCENT = Type(Kind.NUMBER, unit="%")
EXAM_GRAIN = PATIENT | {"e.exam"}


def test_between_is_two_comparisons(reader):
    age = Variable(type=Type(Kind.NUMBER, unit="years"), grain=PATIENT, name="age")

    def compare(op, value):
        limit = Literal(type=NUMBER, grain=STUDY, value=Decimal(value))
        return Compare(type=TRUTH, grain=PATIENT, op=op, left=age, right=limit)

    assert reader("age is between 18 and 75").node == And(
        type=TRUTH, grain=PATIENT, parts=(compare(">=", 18), compare("<=", 75))
    )


def test_the_right_side_is_converted_to_the_left_sides_unit(reader):
    node = reader("CRP at week 12 <= 0.47 mg/dL").node
    literal = Literal(type=Type(Kind.NUMBER, unit="mg/dL"), grain=STUDY, value=Decimal("0.47"))
    assert node.left == AtPoint(type=MG_PER_L, grain=PATIENT, measure="CRP", point="week 12")
    assert node.right == Convert(type=MG_PER_L, grain=STUDY, value=literal, factor=Decimal(10))


def test_calprotectin_in_mg_per_kg_keeps_its_number(reader):
    assert reader("FC at week 12 < 60 mg/kg").node.right.factor == 1


def test_a_product_brings_like_units_together(reader):
    node = reader("weight / height_cm ^ 2 < 18.5 kg/m2").node
    assert node.left.type.unit == "kg/cm2"
    assert node.right.factor == Decimal("0.0001")
    assert reader("3 m * height_cm > 1 m2").node.left.factor == Decimal("0.01")


def test_a_fall_is_the_earlier_less_the_later(reader):
    first = AtPoint(type=NUMBER, grain=PATIENT, measure="SES-CD", point="baseline")
    last = AtPoint(type=NUMBER, grain=PATIENT, measure="SES-CD", point="week 12")
    fall = Arithmetic(type=NUMBER, grain=PATIENT, op="-", left=first, right=last)
    rise = Arithmetic(type=NUMBER, grain=PATIENT, op="-", left=last, right=first)
    assert reader("fall in SES-CD from baseline to week 12").node == fall
    assert reader("rise in SES-CD from baseline to week 12").node == rise
    assert reader("change in SES-CD from baseline to week 12").node == rise


def test_a_percent_fall_is_of_the_earlier(reader):
    fall = reader("fall in SES-CD from baseline to week 12").node
    ratio = Arithmetic(type=NUMBER, grain=PATIENT, op="/", left=fall, right=fall.left)
    hundred = Literal(type=NUMBER, grain=STUDY, value=Decimal(100))
    assert reader("percent fall in SES-CD from baseline to week 12").node == Arithmetic(
        type=PERCENT, grain=PATIENT, op="*", left=ratio, right=hundred
    )


def test_a_rival_reads_another_timepoint(reader, scope):
    narrow = replace(scope, points={**scope.points, "week 12": "week 12 narrow"})
    assert reader("CDAI at week 12", scope=narrow).node.point == "week 12 narrow"
    assert reader("SES-CD at day -07").node.point == "day -7"


def test_within_days_looks_both_ways(reader):
    node = reader("last_contact is within 2 weeks of first_dose").node
    last, first = (Variable(type=DATE, grain=PATIENT, name=name) for name in ("last_contact", "first_dose"))
    after, before = (part.left for part in node.parts)
    assert (after.start, after.end, before.start, before.end) == (first, last, last, first)
    assert [(part.op, part.left.unit, part.right.value) for part in node.parts] == [("<=", "weeks", 2)] * 2


def test_if_then_is_not_or(reader):
    node = reader("if sex is male then perianal").node
    assert isinstance(node, Or)
    assert isinstance(node.parts[0], Not)
    assert isinstance(node.parts[0].part, OneOf)
    assert isinstance(node.parts[1], IsAnswer)


def test_complete_asks_every_required_item(reader, scope):
    node = reader("complete(baseline)").node
    assert [(type(part), part.state, part.value) for part in node.parts] == [
        (HasState, "recorded", item) for item in scope.complete["baseline"]
    ]


def test_no_and_not_any_are_the_same(reader):
    assert reader("no biologics").node == reader("not any biologics").node
    assert isinstance(reader("no biologics").node.part, AnyRow)


def test_a_count_of_rows_is_compared(reader):
    node = reader("at least 2 biologics where (drug is infliximab)").node
    assert isinstance(node.left, CountRows)
    assert (node.op, node.right.value, node.left.rows.relation) == (">=", 2, "biologics")


def test_a_visit_is_a_row_of_the_visit_table(reader, scope):
    grain = scope.relations["visits"].grain
    column = Column(
        type=scope.relations["visits"].columns["visit_name"], grain=grain, relation="visits", name="visit_name"
    )
    same = OneOf(type=TRUTH, grain=grain, value=column, values=("w12",))
    assert reader("has visit W12").node == AnyRow(type=TRUTH, grain=PATIENT, rows=Rows("visits", same))


def test_codes_are_canonical_and_once(reader):
    assert reader("sex is one of (Male, ＦＥＭＡＬＥ, male)").node.values == ("male", "female")


def test_ordered_codes_are_those_from_there_on(reader):
    assert reader("severity is at least moderate").node.values == ("moderate", "severe")
    assert reader("severity is at most moderate").node.values == ("mild", "moderate")


def test_a_scored_code_is_its_score_where_a_number_is_needed(reader):
    assert isinstance(reader("pain >= 1").node.left, Score)
    assert isinstance(reader("sum pain in endoscopy").node.value, Score)
    assert isinstance(reader("pain", expects=Kind.NUMBER).node, Score)
    assert isinstance(reader("pain", expects=Kind.CODE).node, Column)


def test_a_bare_yes_no_value_holds_where_it_is_yes(reader):
    assert reader("perianal", expects=Kind.TRUTH).node == reader("perianal is yes").node
    assert isinstance(reader("safety", expects=Kind.TRUTH).node, Variable)
    assert isinstance(reader("perianal").node, Column)


def test_met_and_achieved_name_their_section(reader):
    assert reader("adult is met").node == Met(type=TRUTH, grain=PATIENT, section="criterion", name="adult")
    assert reader("clinical_response is achieved").node.section == "endpoint"


def test_normal_is_of_a_measure_at_a_timepoint(reader):
    node = reader("CRP at week 12 is normal").node
    assert isinstance(node, IsNormal)
    assert node.value.measure == "CRP"


def test_cases_keep_their_order_and_their_otherwise(reader):
    node = reader("(18 years if sex is male, 252 months if perianal otherwise age)").problems
    assert [problem.code for problem in node] == ["unit-clash"]
    cases = reader("(1 if sex is male, 2 if perianal)").node
    assert isinstance(cases, Cases)
    assert [value.value for _, value in cases.branches] == [1, 2]
    assert cases.otherwise is None


def test_a_fold_has_the_grain_of_where_it_stands(reader):
    assert reader("sum score in endoscopy").node.grain == PATIENT
    assert reader("sum score in endoscopy", "exam").node.grain == EXAM_GRAIN
    assert reader("any part where (size > 1)", "exam").node.grain == EXAM_GRAIN
    assert reader("any biologics", "exam").node.grain == PATIENT
    assert reader("any biologics where (start_date < first_dose)", "labs").node.grain == PATIENT


def test_a_coarse_value_reads_freely_at_a_finer_grain(reader, scope):
    node = reader("exam.total >= score", "endoscopy").node
    assert node.grain == scope.relations["endoscopy"].grain
    assert node.left.grain == EXAM_GRAIN


def test_a_link_reaches_one_row(reader):
    node = reader('"lab unit".ratio', "labs").node
    assert isinstance(node, Linked)
    assert (node.relation, node.link, node.name) == ("labs", "lab unit", "ratio")


def test_folds_keep_what_was_asked(reader):
    aggregate = reader("highest recorded dose in biologics").node
    assert isinstance(aggregate, RowsAggregate)
    assert (aggregate.how, aggregate.recorded) == ("highest", True)
    points = reader("earliest CRP from baseline to week 12").node
    assert isinstance(points, PointsAggregate)
    assert (points.how, points.start, points.end, points.recorded) == ("first", "baseline", "week 12", False)
    pick = reader("drug of latest biologics by stop_date").node
    assert isinstance(pick, Pick)
    assert (pick.which, pick.by.name, pick.value.name) == ("latest", "stop_date", "drug")
    every = reader("every endoscopy where (segment_status is explored) has (score <= 1)").node
    assert isinstance(every, EveryRow)
    assert every.condition.left.name == "score"
    counted = reader("number of (first_dose, weight) that are missing").node
    assert isinstance(counted, CountStates)
    assert [part.state for part in counted.conditions] == ["missing", "missing"]
    previous = reader("previous visit_date by visit_number", "visits").node
    assert isinstance(previous, Previous)
    assert (previous.value.name, previous.by.name, previous.relation) == ("visit_date", "visit_number", "visits")


def test_spans_name_their_unit(reader):
    assert reader("exact months from birth_date to first_dose").node.unit == "exact months"
    span = reader("years from birth_date to first_dose").node
    assert isinstance(span, Span)
    assert (span.unit, span.type.unit) == ("years", "years")


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("birth_date = 2005-12-15", DATE, date(2005, 12, 15)),
        ("birth_date = 2005-12-15T07:30", MOMENT, datetime(2005, 12, 15, 7, 30)),
        ("left = -2.50", NUMBER, Decimal("-2.5")),
        ("CRP at baseline = 5 MG/L", MG_PER_L, Decimal(5)),
    ],
)
def test_constants(reader, text, type_, value):
    assert reader(text).node.right == Literal(type=type_, grain=STUDY, value=value)


def test_what_is_expected_is_checked(reader):
    assert [p.message for p in reader("birth_date", expects=Kind.NUMBER).problems] == [
        "`birth_date` is a date; a number is needed here"
    ]
    assert [p.message for p in reader("left", expects=(Kind.DATE, Kind.MOMENT)).problems] == [
        "`left` is a number; a date or date and time is needed here"
    ]
    assert reader("collected_at", "labs", expects=(Kind.DATE, Kind.MOMENT)).problems == []
