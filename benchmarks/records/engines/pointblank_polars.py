"""pointblank on Polars: one validation, and the extract of each step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pointblank as pb
import polars as pl

from benchmarks.records import rules
from benchmarks.records.engines.frames import Found, write
from benchmarks.records.engines.frames import read_polars as load


def plan(labs: pl.DataFrame) -> tuple[Any, list[str]]:
    """The validation, and the rule of each of its steps."""
    plan, steps = pb.Validate(labs).col_vals_not_null("sample").rows_distinct("sample"), ["R01", "R02"]
    plan = plan.col_vals_not_null("subject").col_vals_le("lower", pb.col("upper"), na_pass=True)
    steps += ["R03", "R12"]
    for column, (rule, form) in rules.FORMS.items():
        plan, steps = plan.col_vals_regex(column, f"^(?:{form})$", na_pass=True), [*steps, rule]
    for column, (rule, codes) in rules.SETS.items():
        plan, steps = plan.col_vals_in_set(column, [*codes, None]), [*steps, rule]
    for column, (rule, low, high) in rules.RANGES.items():
        plan, steps = plan.col_vals_between(column, low, high, na_pass=True), [*steps, rule]
    for rule, earlier, later in rules.ORDERS:
        plan, steps = plan.col_vals_ge(later, pb.col(earlier), na_pass=True), [*steps, rule]
    for rule, cell, state in rules.DEMANDED:
        plan = plan.col_vals_not_null(cell, pre=lambda labs, s=state: labs.filter(pl.col("state") == s))
        steps.append(rule)
    return plan, steps


def validate(labs: pl.DataFrame, out: Path) -> Found:
    """The keys of the failing records by rule. Raises where a step did not run: it would look like one that passed."""
    planned, steps = plan(labs)
    done = planned.interrogate(extract_limit=labs.height + 1, collect_tbl_checked=False)
    not_run = [rule for rule, step in zip(steps, done.validation_info, strict=True) if step.eval_error]
    if not_run:
        raise RuntimeError(f"pointblank did not run {', '.join(not_run)}")
    return {rule: _keys(labs, done.get_data_extracts(i=n, frame=True)) for n, rule in enumerate(steps, 1)}


def _keys(labs: pl.DataFrame, extract: pl.DataFrame) -> Any:
    """The extract of repeated rows has no columns but those compared, and says where they stand."""
    if "record" in extract.columns:
        return extract["record"].to_arrow()
    return labs["record"].gather(extract["_row_num_"] - 1).to_arrow()


__all__ = ["load", "validate", "write"]
