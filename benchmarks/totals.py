"""The hand-written query's summaries: the flow, rates, Table 1, events and completeness in numbers."""

from __future__ import annotations

from benchmarks.answers import ENDS, KEYS, RULES, status
from benchmarks.rules import CATEGORIES, normal


def attrition() -> str:
    """The flow, each patient leaving once."""
    failed = " + ".join(f"CAST(coalesce(NOT {k}, false) AS INTEGER)" for k in KEYS.values())
    rows = [
        f"SELECT {step} AS step, '{name}' AS criterion, count(*) FILTER (reason = '{name}' AND status = 'ineligible') AS excluded,"
        f" count(*) FILTER ({name} = 'fails') AS excluded_any, count(*) FILTER ({name} = 'fails' AND n_failed = 1) AS excluded_only,"
        f" count(*) FILTER (reason = '{name}' AND status = 'undetermined') AS undetermined FROM flow"
        for step, name in enumerate(KEYS, start=1)
    ]
    return (
        f"WITH failed AS (SELECT patient, {failed} AS n_failed FROM judged), flow AS (SELECT e.*, n_failed FROM eligibility e JOIN failed USING (patient)),"
        " steps AS (SELECT 0 AS step, 'all patients' AS criterion, 0 AS excluded, 0 AS excluded_any, 0 AS excluded_only, 0 AS undetermined UNION ALL "
        + " UNION ALL ".join(rows)
        + ") SELECT *, (SELECT count(*) FROM flow) - CAST(sum(excluded + undetermined) OVER (ORDER BY step) AS BIGINT) AS remaining FROM steps ORDER BY step"
    )


WILSON = "(share + z * z / (2 * n) {} z * sqrt(share * (1 - share) / n + z * z / (4.0 * n * n))) / (1 + z * z / n)"


def outcome_summary() -> str:
    """Rates with Wilson's interval."""
    counts = [
        f"SELECT {order} AS place, '{end}' AS endpoint, '{name}' AS definition, count(*) FILTER (eligible) AS population_n,"
        f" count(*) FILTER (eligible IS NULL) AS membership_unknown, count(*) FILTER (s = 'achieved') AS achieved,"
        f" count(*) FILTER (s = 'achieved' OR s = 'not achieved') AS evaluable, count(*) FILTER (s = 'not evaluable') AS not_evaluable"
        f" FROM (SELECT eligible, {status(key)} AS s FROM judged)"
        for order, ((end, name), key) in enumerate(ENDS.items())
    ]
    rules = ", ".join(f"('{rule}', {i})" for i, rule in enumerate(RULES))
    return (
        f"WITH counts AS ({' UNION ALL '.join(counts)}), lines AS (SELECT *, CASE missing_rule WHEN 'as observed' THEN evaluable ELSE population_n END AS n,"
        f" achieved / nullif(n, 0) AS share, 1.959963984540054 AS z FROM counts, (VALUES {rules}) r(missing_rule, nth))"
        " SELECT endpoint, definition, 'eligible' AS population, population_n, missing_rule, achieved, n AS denominator, evaluable, not_evaluable,"
        " population_n - evaluable - not_evaluable AS undetermined, membership_unknown, 100 * share AS percent,"
        f" {WILSON.format('-')} AS ci_low, {WILSON.format('+')} AS ci_high, 'wilson' AS ci_method FROM lines ORDER BY place, nth"
    )


def adverse_events() -> str:
    """Each event with its category."""
    return (
        "SELECT p.patient AS patient, 'ae_id=' || ae_id AS key, a.term AS term, category,"
        " three(within(date_diff('day', first_dose_hi, onset), date_diff('day', first_dose, onset_hi), 0, 98), 'yes', 'no') AS treatment_emergent,"
        " three(withdrawn OR hospitalised OR threatening, 'yes', 'no') AS serious, NULL AS grade, NULL AS grading"
        " FROM adverse_events a LEFT JOIN patients p USING (pid) LEFT JOIN doses USING (pid) LEFT JOIN terms ON terms.term = a.term"
        " ORDER BY patient, key, category"
    )


def terms() -> str:
    """The category of each distinct term: the first that fits."""
    cases = " ".join(f"WHEN {test} THEN '{name}'" for name, test in CATEGORIES.items())
    return f"SELECT term, CASE {cases} END AS category FROM (SELECT DISTINCT term, lower(trim(term)) AS t FROM adverse_events)"


def adverse_event_summary() -> str:
    """Events and patients by category over the safety population."""
    names = ["any event", *CATEGORIES, "no category"]
    places = ", ".join(f"('{name}', {i})" for i, name in enumerate(names))
    return (
        "WITH counted AS (SELECT e.patient, coalesce(category, 'no category') AS category FROM events e JOIN judged j USING (patient)"
        " WHERE j.eligible AND treatment_emergent = 'yes'), grouped AS (SELECT category, count(*) AS events, count(DISTINCT patient) AS patients"
        " FROM counted GROUP BY ALL UNION ALL SELECT 'any event', count(*), count(DISTINCT patient) FROM counted)"
        " SELECT category, coalesce(events, 0) AS events, coalesce(patients, 0) AS patients, 100 * coalesce(patients, 0) / nullif(n, 0) AS percent, n AS denominator"
        f" FROM (VALUES {places}) v(category, place) LEFT JOIN grouped USING (category), (SELECT count(*) FILTER (eligible) AS n FROM judged) ORDER BY place"
    )


def completeness_summary() -> str:
    """Recorded of expected."""
    return (
        "SELECT *, 100 * recorded / nullif(expected, 0) AS percent FROM (SELECT item, timepoint, count(*) FILTER (c.expected <> 'no') AS expected,"
        " count(*) FILTER (c.expected <> 'no' AND status = 'recorded') AS recorded FROM completeness c GROUP BY ALL) ORDER BY item, timepoint"
    )


def characteristics() -> str:
    """Table 1 over the eligible."""
    parts = []
    for name, column in {"sex": "sex", "montreal_location": "location"}.items():
        parts.append(
            f"SELECT '{name}' AS characteristic, level, count(j.pid) AS n, NULL::DOUBLE AS mean, NULL::DOUBLE AS sd,"
            f" NULL::DOUBLE AS median, NULL::DOUBLE AS q1, NULL::DOUBLE AS q3, NULL::DOUBLE AS min, NULL::DOUBLE AS max FROM (SELECT DISTINCT {column} AS level FROM judged WHERE {column} IS NOT NULL UNION SELECT 'missing')"
            f" LEFT JOIN (FROM judged WHERE eligible) j ON level = coalesce({column}, 'missing') GROUP BY ALL"
        )
    exact = {"age": "CASE WHEN age = age_hi THEN age END", "BMI": "bmi", "n_biologics": "CASE WHEN n_biologics = n_biologics_hi THEN n_biologics END",
             "sescd": "ses_b", "cdai": "CASE WHEN cdai_b = cdai_b_hi THEN cdai_b END"}  # fmt: skip
    for name, x in exact.items():
        parts.append(
            f"SELECT '{name}', '', count(x), avg(x), stddev_samp(x), median(x), quantile_cont(x, 0.25), quantile_cont(x, 0.75), min(x), max(x)"
            f" FROM (SELECT {x} AS x FROM judged WHERE eligible)"
        )
    raised = f"NOT ({normal('crp_b')})"
    for name, truth in {"cdai_over_220": "above(cdai_b, cdai_b_hi, 220)", "crp_raised": raised}.items():
        parts.append(
            f"SELECT '{name}', 'yes', count(*) FILTER ({truth}), NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM judged WHERE eligible"
        )
    return " UNION ALL ".join(parts)
