"""What loading makes of the good studies, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from study_folders import good

from prelock.rules.nodes import And, AtPoint, Cases, Compare, Convert, HasState, IsNormal, Literal, Met, Node, walk
from prelock.rules.types import Kind
from prelock.study.definition import ColumnKind, FileFormat, StudyDefinition


@pytest.fixture(scope="module")
def registry() -> StudyDefinition:
    return good("registry")


def points_of(node: Node | None) -> set[str]:
    assert node is not None
    return {part.point for part in walk(node) if isinstance(part, AtPoint)}


def test_header(registry: StudyDefinition) -> None:
    assert (registry.title, registry.version) == ("A registry that counts from day one", "2.1.0")
    assert registry.data_cutoff == date(2025, 2, 28)
    assert (registry.day_zero, registry.cdisc_days) == ("first_dose", True)
    assert (registry.patient_table, registry.patient_column) == ("subjects", "subject_id")
    assert registry.ties == ("scheduled", "later time")
    assert list(registry.digests) == sorted(registry.digests)


def test_table_keys_are_required_text_columns(registry: StudyDefinition) -> None:
    visits = registry.tables["visits"]
    assert visits.key == ("subject_id", "visit")
    assert visits.columns["subject_id"].kind is ColumnKind.TEXT
    assert all(visits.columns[name].required for name in visits.key)
    assert not visits.columns["weight"].required
    assert (visits.patient_column, visits.no_rows) == ("subject_id", "unknown")


def test_how_a_table_lies_in_its_file(registry: StudyDefinition) -> None:
    assert registry.tables["visits"].file_format == FileFormat(
        sheet="Visits",
        header=(2, 3),
        ends=("blank row", "Legend"),
        left_out={"visit": ("Total", "Sum")},
        encoding="cp1252",
        delimiter=";",
        quote="'",
        database="crf.visits",
    )
    assert registry.tables["subjects"].file_format == FileFormat()


def test_a_table_that_others_look_up_is_about_no_patient(registry: StudyDefinition) -> None:
    assert registry.tables["sites"].patient_column is None
    link = registry.tables["visits"].links["site"]
    assert (link.columns, link.target, link.target_columns) == (("site_id",), "sites", ("site_id",))


def test_a_column_overrides_the_missing_codes_of_its_table(registry: StudyDefinition) -> None:
    columns = registry.tables["visits"].columns
    assert columns["score"].missing_codes == {"not done": ("ND",), "not known": ("-99",), "missing": (".",)}
    assert columns["weight"].missing_codes == {"not done": ("ND",), "not known": ("999",), "missing": (".",)}
    assert columns["height"].missing_codes == {"not done": ("ND",), "missing": (".",), "refused": ("-99",)}


def test_spellings_of_units_stand_under_the_canonical_unit(registry: StudyDefinition) -> None:
    unit = registry.tables["visits"].columns["lab_unit"]
    assert (unit.codes, unit.blank_means) == ({"mg/L": ("mg per litre",), "10^9/L": ("×109/L",)}, "mg/L")


def test_a_column_overrides_the_decimal_sign_of_its_table(registry: StudyDefinition) -> None:
    columns = registry.tables["visits"].columns
    assert [columns[name].decimal for name in ("score", "weight", "visit_date")] == ["comma", "point", None]


def test_codes_keep_their_order_scores_and_spellings(registry: StudyDefinition) -> None:
    pain = registry.tables["subjects"].columns["pain"]
    assert pain.codes == {"none": (), "mild": ("light",), "severe": ("strong",)}
    assert pain.type.scores == (Decimal(0), Decimal(1), Decimal(2))
    assert registry.tables["subjects"].columns["arm"].type.ordered
    assert registry.tables["subjects"].columns["smoker"].blank_means == "no"


def test_limits_of_columns(registry: StudyDefinition) -> None:
    weight = registry.tables["visits"].columns["weight"]
    assert (weight.minimum, weight.maximum, weight.plausible) == (
        Decimal(20),
        Decimal(300),
        (Decimal(35), Decimal(180)),
    )
    assert weight.type.unit == "kg"


def test_a_measure_in_another_unit_than_its_column_converts(registry: StudyDefinition) -> None:
    weight = registry.measures["weight"]
    assert weight.unit == "g"
    assert isinstance(weight.value, Convert)
    assert weight.value.factor == 1000
    assert list(weight.fields) == ["planned"]


def test_a_derived_field_of_a_table_is_written_out(registry: StudyDefinition) -> None:
    names = {getattr(part, "name", None) for part in walk(registry.measures["activity"].value)}
    assert "score" in names
    assert "doubled" not in names


def test_normal_limits_are_cases(registry: StudyDefinition) -> None:
    low, otherwise = registry.measures["activity"].normal
    assert low.condition is not None
    assert low.low is None
    assert isinstance(low.high, Literal)
    assert low.high.value == 4
    assert otherwise.condition is None
    assert isinstance(otherwise.low, Literal)
    assert otherwise.low.value == 2


def test_bands_are_cases_on_ordered_codes(registry: StudyDefinition) -> None:
    node = registry.variables["age_class"].node
    assert isinstance(node, Cases)
    assert node.type.codes == ("A1", "A2")
    assert node.type.kind is Kind.CODE
    assert [type(condition) for condition, _ in node.branches] == [Compare, Compare]
    assert node.otherwise is None


def test_timepoints(registry: StudyDefinition) -> None:
    screening, week = registry.timepoints["screening"], registry.timepoints["week 4"]
    assert (screening.day, screening.window, list(screening.visits)) == (None, None, ["visits"])
    assert (week.day, week.window, week.choose) == (29, (22, 36), "first")
    assert not week.visits


def test_a_day_named_in_a_rule_is_a_timepoint_of_that_day(registry: StudyDefinition) -> None:
    day = registry.timepoints["day 8"]
    assert (day.day, day.window) == (8, (8, 8))


def test_criteria_stand_in_the_order_of_the_file(registry: StudyDefinition) -> None:
    assert [(c.kind, c.name) for c in registry.criteria] == [
        ("exclude", "child"),
        ("include", "pain"),
        ("include", "not_too_many"),
    ]


def test_a_rival_window_reaches_through_variables(registry: StudyDefinition) -> None:
    main, wide, any_fall = registry.endpoints[0].definitions
    assert [d.name for d in (main, wide, any_fall)] == ["main", "wide", "any fall"]
    assert points_of(wide.achieved) == {"screening", "week 4 | response: wide"}
    assert registry.timepoints["week 4 | response: wide"].window == (15, 43)
    assert registry.timepoints["week 4 | response: wide"].shown == "week 4"
    assert {d.population for d in (main, wide, any_fall)} == {"low_arm"}


def test_last_observation_reads_values_after_day_one_up_to_the_window(registry: StudyDefinition) -> None:
    main, wide, _ = registry.endpoints[0].definitions
    assert points_of(main.locf_achieved) == {"screening", "week 4 | last observation"}
    point = registry.timepoints["week 4 | last observation"]
    assert (point.window, point.choose, point.after_day_zero) == ((2, 36), "last", True)
    assert registry.timepoints["week 4 | response: wide | last observation"].window == (2, 43)
    assert wide.missing_rules == ("as observed", "last observation")


def test_rival_limits_make_a_measure_of_their_own(registry: StudyDefinition) -> None:
    strict = registry.endpoints[1].definitions[1]
    assert isinstance(strict.achieved, IsNormal)
    hidden = registry.measures[strict.achieved.value.measure]
    assert hidden.derived
    assert hidden.shown == "activity"
    (limit,) = hidden.normal
    assert isinstance(limit.high, Literal)
    assert (limit.high.value, limit.includes[1]) == (4, False)


def test_an_endpoint_can_be_evaluated_when_its_values_are_recorded(registry: StudyDefinition) -> None:
    response, calm, both = (e.definitions[0] for e in registry.endpoints)
    assert isinstance(response.evaluable, And)
    assert points_of(response.evaluable) == {"screening", "week 4"}
    assert isinstance(calm.evaluable, HasState)
    assert points_of(both.evaluable) == {"screening", "week 4"}
    assert {part.name for part in walk(both.achieved) if isinstance(part, Met)} == {"response", "calm"}
    assert [e.interval for e in registry.endpoints] == ["clopper-pearson", "wilson", "wilson"]


def test_completeness_and_gate(registry: StudyDefinition) -> None:
    screening, week = registry.completeness
    assert [(i.name, i.required) for i in screening.items] == [("weight", True), ("born", True)]
    assert [(i.name, i.expected is None) for i in week.items] == [
        ("activity", True),
        ("weight", False),
        ("drop", False),
    ]
    assert registry.gate.block_on == ("errors", "checks not run")
    assert registry.gate.allow == {("activity", "week 4"): Decimal("12.5")}


def test_checks_have_one_of_two_forms(registry: StudyDefinition) -> None:
    overlap, forward = registry.checks
    assert (overlap.form, overlap.relation, overlap.severity) == ("overlap", "doses", "warning")
    assert (forward.form, forward.on_fail, forward.say) == ("rule", "keep", "Please check")
    assert forward.when is not None


def test_characteristics_take_the_form_of_their_value(registry: StudyDefinition) -> None:
    assert [(c.name, c.form) for c in registry.characteristics] == [
        ("heavy", "count"),
        ("arm", "levels"),
        ("age", "number"),
    ]
    assert registry.characteristics_population == "low_arm"


def test_a_study_in_chinese() -> None:
    study = good("chinese")
    assert study.language == "zh"
    assert study.tables["患者"].columns["性别"].codes == {"男": ("M", "1"), "女": ("F", "2")}
    assert study.day_zero == "首次用药"


def test_a_study_without_days_or_language() -> None:
    study = good("one_file")
    assert study.day_zero is None
    assert study.gate.block_on == ("errors", "checks not run", "undetermined eligibility")
    assert [c.name for c in study.criteria] == ["adult", "no_consent"]
