"""The result tables are described consistently."""

from __future__ import annotations

from prelock.results import FINDING_COLUMNS, ORDER, TABLES, Cell

CONTRACT = {
    "findings": "finding_id rule kind severity grain table file row line key patient visit column value related_cells"
    " message decides",
    "checks": "check grain checked passed failed unknown not_applicable error status",
    "variables": "patient variable value unit evidence missing",
    "measures": "patient measure timepoint value unit reported date day table row normal",
    "populations": "patient",
    "eligibility": "patient status reason missing",
    "criteria": "patient criterion kind status evidence missing",
    "attrition": "step criterion excluded excluded_any excluded_only undetermined remaining",
    "outcomes": "patient endpoint definition status evidence missing",
    "outcome_summary": "endpoint definition population population_n missing_rule achieved denominator evaluable"
    " not_evaluable undetermined membership_unknown percent ci_low ci_high ci_method",
    "characteristics": "characteristic level n denominator population percent missing mean sd median q1 q3 min max",
    "adverse_events": "patient key term category treatment_emergent serious grade grading",
    "adverse_event_summary": "category events patients percent denominator",
    "completeness": "patient item timepoint expected status days_from_target",
    "completeness_summary": "item timepoint expected recorded percent",
}


ADDED = {
    "adverse_event_summary": ["unknown_events", "unknown_patients"],
    "findings": ["site"],
    "measures": ["counted_as"],
    "characteristics": ["substituted"],
}  # columns beyond the contract


def test_the_contract_in_its_own_order() -> None:
    assert set(TABLES) == set(CONTRACT)
    for name, table in TABLES.items():
        added = ADDED.get(name, [])
        assert [column for column in table.names if column not in added] == CONTRACT[name].split()
        assert set(added) <= set(table.names)
    assert TABLES["findings"].names == FINDING_COLUMNS


def test_every_table_is_sorted_and_told_by_columns_that_it_has() -> None:
    for name, table in TABLES.items():
        assert table.name == name
        assert table.key
        assert set(table.key) <= set(table.names)
        assert set(table.sort) <= {*table.names, ORDER}
        assert set(table.key) <= set(table.sort), f"{name}: rows of one key could stand in any order"
        assert all(column.meaning for column in table.columns)
        assert all(column.cell is Cell.TEXT for column in table.columns if column.values)
