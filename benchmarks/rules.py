"""The benchmark study's rules as SQL over the hand-written query's wide table, with the parts each rests on.

Names: a measure is `ses_b` at baseline and `ses_w` at week 12, with `_hi` (upper bound), `_open`, `_state`, `_row` and
`_day` beside it. An endpoint gives two columns: evaluable and achieved.
"""

from __future__ import annotations

MEASURES = ("ses", "cdai", "weight", "crp", "esr", "fc", "alb")
NAMES = {"ses": "SES-CD", "cdai": "CDAI", "weight": "weight", "crp": "CRP", "esr": "ESR", "fc": "FC", "alb": "ALB"}
UNITS = {"crp": "mg/L", "esr": "mm/h", "fc": "µg/g", "alb": "g/L"}
TABLES = {"ses": "exam", "cdai": "cdai", "weight": "visits"}
POINTS = {"b": ("baseline", 0), "w": ("week 12", 84)}
INTERVALS = ("crp", "fc")
VARIABLE_UNITS = {"followed": "days", "age": "years", "disease_duration": "months"}


def recorded(column: str) -> str:
    """A value was chosen; unknown where rows conflict or are in doubt."""
    return (
        f"CASE {column}_state WHEN 'recorded' THEN true WHEN 'conflict' THEN NULL WHEN 'doubtful' THEN NULL"
        " ELSE false END"
    )


def both(measure: str) -> str:
    """Recorded at both timepoints."""
    return f"({recorded(measure + '_b')}) AND ({recorded(measure + '_w')})"


NORMAL = {
    "crp": "at_most({0}, {0}_hi, 5)",
    "esr": (
        "CASE sex WHEN 'male' THEN at_most({0}, {0}_hi, 15) WHEN 'female' THEN at_most({0}, {0}_hi, 20) ELSE CASE"
        " WHEN at_most({0}, {0}_hi, 15) THEN true WHEN NOT at_most({0}, {0}_hi, 20) THEN false END END"
    ),
    "fc": "CASE WHEN {0}_hi < 60 OR ({0}_hi = 60 AND {0}_open) THEN true WHEN {0} >= 60 THEN false END",
    "alb": "at_least({0}, {0}_hi, 35)",
}


def normal(column: str) -> str:
    """The value lies within its limits."""
    return NORMAL[column[:-2]].format(column)


FALL = "nine((ses_b - ses_w) / nullif(ses_b, 0) * 100)"
COMPLETE = f"age_known AND location_known AND ({recorded('cdai_b')}) AND bmi_known"

# name: (kind, the rule, what it rests on)
CRITERIA: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "treated_here": (
        "include",
        "not_after(DATE '2023-06-01', DATE '2023-06-01', first_dose, first_dose_hi)"
        " AND not_after(first_dose, first_dose_hi, DATE '2025-02-28', DATE '2025-02-28')",
        ("first_dose",),
    ),
    "age": ("include", "at_least(age, age_hi, 18) AND at_most(age, age_hi, 75)", ("age",)),
    "active_cd": ("include", "active_cd", ("active_cd",)),
    "prior_biologic": ("include", "prior OR preference", ("prior", "start_choice")),
    "incomplete_baseline": ("exclude", f"NOT ({COMPLETE})", ("age", "montreal_location", "cdai_b", "BMI")),
    "short_follow_up": ("exclude", "below(followed, followed_hi, 84)", ("followed",)),
    "lost": ("exclude", "lost", ("status",)),
    "stopped_early": ("exclude", "below(last_day, last_day_hi, 83)", ("last_dose",)),
    "severe_comorbidity": ("exclude", "severe", ("severe",)),
    "concurrent_biologic": ("exclude", "concurrent", ("concurrent",)),
}
CDAI_FALL = "nine(cdai_b - cdai_w_hi), nine(cdai_b_hi - cdai_w)"
RESPONSE = f"at_least({CDAI_FALL}, 100)"
REMISSION = "below(cdai_w, cdai_w_hi, 150)"
# (endpoint, definition): (evaluable, achieved, what it rests on)
ENDPOINTS: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    ("endoscopic_response", "main"): (both("ses"), f"{FALL} >= 50", ("ses_b", "ses_w")),
    ("endoscopic_response", "U-EXCEL"): (
        both("ses"),
        f"{FALL} > 50 OR (ses_b = 4 AND location = 'L1' AND ses_b - ses_w >= 2)",
        ("ses_b", "ses_w", "montreal_location"),
    ),
    ("endoscopic_remission", "main"): (
        both("ses"),
        "ses_w <= 4 AND ses_b - ses_w >= 2 AND calm_w",
        ("ses_w", "ses_b", "calm_w"),
    ),
    ("mucosal_healing", "main"): (
        f"{both('ses')} AND at_least(highest_b, CASE WHEN highest_open_b THEN NULL ELSE highest_b END, 1)",
        "clear_w",
        ("clear_w",),
    ),
    ("clinical_response", "main"): (both("cdai"), RESPONSE, ("cdai_b", "cdai_w")),
    ("clinical_response", "CR-70"): (both("cdai"), f"at_least({CDAI_FALL}, 70)", ("cdai_b", "cdai_w")),
    ("clinical_remission", "main"): (both("cdai"), REMISSION, ("cdai_w",)),
    ("response_and_remission", "main"): (
        both("cdai"),
        f"(eligible AND {both('cdai')} AND {RESPONSE}) AND (eligible AND {both('cdai')} AND {REMISSION})",
        ("cdai_b", "cdai_w"),
    ),
    ("crp_normalisation", "main"): (both("crp"), normal("crp_w"), ("crp_w",)),
    ("crp_normalisation", "any week 12 value"): (recorded("crp_w"), normal("crp_w"), ("crp_w",)),
    ("esr_normalisation", "main"): (both("esr"), normal("esr_w"), ("esr_w",)),
    ("fc_normalisation", "main"): (both("fc"), normal("fc_w"), ("fc_w",)),
}
# name: (value as text, what is still unknown)
VARIABLES = {
    "first_dose": "CASE WHEN first_dose IS NULL AND first_dose_hi IS NOT NULL THEN 'at most ' || dated(first_dose_hi) ELSE dated(first_dose) END",
    "last_dose": "dated(last_dose)",
    "followed": "span(shown(followed), shown(followed_hi))",
    "age": "span(shown(age), shown(age_hi))",
    "disease_duration": "span(shown(duration), shown(duration_hi))",
    "BMI": "shown(bmi)",
    "n_biologics": "span(shown(n_biologics), shown(n_biologics_hi))",
    "last_biologic": "coalesce(last_biologic, '')",
}
# (timepoint, item): recorded, and when it is expected beside being due
ITEMS = {
    **{("baseline", name): (known, "true") for name, known in {
        "age": "age_known", "montreal_location": "location_known", "CDAI": recorded("cdai_b"), "BMI": "bmi_known",
        **{NAMES[m]: recorded(m + "_b") for m in ("ses", "crp", "esr", "fc", "alb")},
    }.items()},
    **{("week 12", NAMES[m]): (recorded(m + "_w"), "true") for m in ("cdai", "crp", "esr", "fc")},
    ("week 12", "SES-CD"): (recorded("ses_w"), "planned"),
}  # fmt: skip
CATEGORIES = {
    "Lymphopenia": "regexp_matches(t, 'lymphopeni|淋巴细胞.*(减少|降低)')",
    "Hepatic disorder": "regexp_matches(t, 'transaminase|转氨酶|(^|[^a-z0-9_])alt($|[^a-z0-9_])')",
    "Acne": "t IN ('acne', 'acne vulgaris', '痤疮')",
    "Infection": "regexp_matches(t, 'enteric infection|respiratory.*infection') OR t IN ('folliculitis', '肠道感染', '毛囊炎')",
    "Herpes zoster": "regexp_matches(t, 'zoster|带状疱疹')",
    "Thromboembolism": "regexp_matches(t, 'thrombo(sis|embol)|血栓')",
}
