"""The hand-written query's `findings.csv` and `checks.csv`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.faults import Test, key_query, raw, source, tables, tests
from benchmarks.rules import MEASURES, NAMES, POINTS, TABLES, UNITS

CELLS = {"ses": "total", "cdai": "cdai_total", "weight": "weight_kg", "crp": "result"}
COLUMNS = 'rule, kind, severity, grain, "table", row, key, patient, "column", value, related_cells, message'
ENDS = "endpoint: endoscopic_response; endpoint: endoscopic_remission; endpoint: clinical_response; endpoint: crp_normalisation"
DECIDES = {"patients": f"eligibility: age; {ENDS}", "follow_up": f"eligibility: short_follow_up; {ENDS}", "exposure": f"eligibility: treated_here; {ENDS}",
           "cdai": f"eligibility: incomplete_baseline; {ENDS}", "visits": f"eligibility: incomplete_baseline; {ENDS}", "labs": ENDS,
           "biologics": f"eligibility: prior_biologic; {ENDS}", "history": f"eligibility: severe_comorbidity; {ENDS}",
           "procedures": f"eligibility: active_cd; {ENDS}", "endoscopy": ENDS}  # fmt: skip


def run(con: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Fill the tables `findings` and `checks`."""
    con.execute(
        'CREATE TEMP TABLE findings (rule VARCHAR, kind VARCHAR, severity VARCHAR, grain VARCHAR, "table" VARCHAR, row BIGINT, key VARCHAR,'
        ' patient VARCHAR, "column" VARCHAR, value VARCHAR, related_cells VARCHAR, message VARCHAR)'
    )
    con.execute(
        'CREATE TEMP TABLE checks ("check" VARCHAR, checked BIGINT, passed BIGINT, failed BIGINT, not_applicable BIGINT)'
    )
    for table, spec in tables().items():
        con.execute(f"CREATE OR REPLACE TEMP VIEW raw AS {raw(table, data)}")
        con.execute(f"CREATE OR REPLACE TEMP VIEW source AS {source(table, data)}")
        _rows(con, table, tests(table, spec))
        keys = [spec["one row for each"], *spec.get("also unique", [])]
        for key in keys:
            _key(con, table, [key] if isinstance(key, str) else key, spec)
        if table != "patients":
            con.execute(
                f"INSERT INTO findings SELECT '{table}: every patient is in patients', 'orphan', 'error', 'record', '{table}', arg_min(row, {_key_text(table)}), '', patient_id,"
                f" 'patient_id', patient_id, '', 'No such patient' FROM raw ANTI JOIN patients ON patient = patient_id WHERE patient_id <> '' GROUP BY patient_id"
            )
    _chosen(con, data)


def _rows(con: duckdb.DuckDBPyConnection, table: str, asked: list[Test]) -> None:
    """Counts of every check in one pass; then the failing rows, if there are any."""
    parts = ", ".join(f"count(*) FILTER ({t.applies}), count(*) FILTER (({t.applies}) AND {t.fails})" for t in asked)
    counts = con.execute(f"SELECT count(*), {parts} FROM source").fetchone()
    assert counts is not None
    failing = []
    for i, test in enumerate(asked):
        applied, failed = counts[1 + 2 * i], counts[2 + 2 * i]
        con.execute(
            "INSERT INTO checks VALUES (?, ?, ?, ?, ?)",
            [test.rule, counts[0], applied - failed, failed, counts[0] - applied],
        )
        failing += [test] if failed else []
    if failing:
        whole = " OR ".join(f"(({t.applies}) AND {t.fails})" for t in failing)
        told = ", ".join(f"CASE WHEN ({t.applies}) AND {t.fails} THEN {_struct(t)} END" for t in failing)
        con.execute(
            f"INSERT INTO findings SELECT f.rule, f.kind, f.severity, 'record', '{table}', row, key, patient_id, f.col, f.value, '', f.message FROM"
            f" (SELECT row, patient_id, {_key_text(table)} AS key, unnest([{told}]) AS f FROM source WHERE {whole}) WHERE f IS NOT NULL"
        )


def _struct(test: Test) -> str:
    text = test.rule.replace("'", "''")
    return f"{{'rule': '{text}', 'kind': '{test.kind}', 'severity': '{test.severity}', 'col': '{test.column}', 'value': {_value(test)}, 'message': '{text}: please correct it'}}"


def _value(test: Test) -> str:
    header = {"sex": "gender", "test": "test_name", "first_dose": "''"}.get(test.column, test.column)
    return header if header == "''" else f'"{header}"'


def _key_text(table: str) -> str:
    key = tables()[table]["one row for each"]
    return " || ', ' || ".join(f"'{k}=' || {k}" for k in ([key] if isinstance(key, str) else key))


def _key(con: duckdb.DuckDBPyConnection, table: str, columns: list[str], spec: dict[str, Any]) -> None:
    name = f"{table}: one row for each {', '.join(columns)}"
    con.execute(
        f"INSERT INTO findings SELECT '{name}', 'key', 'error', 'record', '{table}', row, {_key_text(table)}, patient_id, '{columns[0]}', '', CAST(n AS VARCHAR),"
        f" 'Several records for one key' FROM ({key_query(columns, spec, _key_text(table))}) JOIN raw USING (row)"
    )


def _chosen(con: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Conflicts, rows in doubt, units, totals that do not add up, events of no category."""
    labels = " ".join(
        f"WHEN {m * 2 + p} THEN '{NAMES[m_]} at {point}'"
        for m, m_ in enumerate(MEASURES)
        for p, (point, _) in enumerate(POINTS.values())
    )
    con.execute(
        "CREATE TEMP TABLE doubts AS SELECT slot, slot % 14 // 2 AS measure, patient, first_dose IS NULL AS no_day, CASE state WHEN 'conflict' THEN 'conflict' ELSE 'doubtful' END AS kind,"
        f" CASE slot % 14 {labels} END AS rule, CASE state WHEN 'recorded' THEN 'warning' ELSE 'error' END AS severity,"
        " CAST(unnest(string_split(CASE state WHEN 'recorded' THEN passed_over ELSE rows END, ', ')) AS BIGINT) AS row"
        " FROM chosen JOIN patients ON pid = slot // 14 LEFT JOIN doses USING (pid) WHERE state IN ('conflict', 'doubtful') OR passed_over IS NOT NULL"
    )
    for measure, column in CELLS.items():
        table = {"ses": "endoscopy"}.get(measure, TABLES.get(measure, "labs"))
        which = f"= {MEASURES.index(measure)}" if measure in TABLES else "> 2"
        con.execute(f"CREATE OR REPLACE TEMP VIEW raw AS {raw(table, data)}")
        con.execute(
            f"INSERT INTO findings SELECT any_value(rule), any_value(d.kind), any_value(severity), 'patient', '{table}', arg_min(row, k), min(k), any_value(d.patient),"
            f" '{column}', '', string_agg(CAST(row AS VARCHAR), ', ' ORDER BY row), 'Which row holds?' FROM doubts d JOIN"
            f" (SELECT row, {_key_text(table)} AS k FROM raw) USING (row) WHERE measure {which} GROUP BY slot, d.kind"
        )
        if measure in UNITS:
            con.execute(
                "INSERT INTO findings SELECT CASE measure WHEN 3 THEN 'CRP' WHEN 4 THEN 'ESR' WHEN 5 THEN 'FC' ELSE 'ALB' END || ': unit', 'unit', 'error', 'record', 'labs',"
                " l.row, '', patient_id, 'unit', unit, '', 'Unit?' FROM labs l WHERE factor IS NULL AND (lo IS NOT NULL OR hi IS NOT NULL)"
            )
    for rule, table, grain, column, rows, key in (
        ("cdai_adds_up", "cdai", "record", "cdai_total", "cdai", "''"),
        ("sescd_adds_up", "endoscopy", "group", "total", "exam", "'exam_id=' || exam_id"),
    ):
        con.execute(
            f"INSERT INTO findings SELECT '{rule}', 'rule', 'error', '{grain}', '{table}', r.row, {key}, patient, '{column}', '', '', 'Total?'"
            f" FROM {rows} r LEFT JOIN patients USING (pid) WHERE agrees IS false"
        )
    con.execute(
        "INSERT INTO findings SELECT 'adverse events: no category', 'category', 'note', 'record', 'adverse_events', row, 'ae_id=' || ae_id, patient_id, 'term', term, '',"
        " 'No category' FROM adverse_events JOIN terms USING (term) WHERE category IS NULL AND term <> ''"
    )
    # A row in doubt is told already where the record or its group has another finding, or its patient has no day zero.
    others = "FROM findings o WHERE o.kind <> 'doubtful' AND"
    for told in (
        f'EXISTS ({others} o."table" = f."table" AND o.row = f.row)',
        f"f.\"table\" = 'endoscopy' AND split_part(f.key, ',', 1) IN (SELECT split_part(o.key, ',', 1) {others} o.\"table\" = 'endoscopy')",
        f"f.patient IN (SELECT o.patient {others} o.patient IN (SELECT patient FROM doubts WHERE no_day))",
    ):
        con.execute(f"DELETE FROM findings f WHERE kind = 'doubtful' AND {told}")


def findings() -> str:
    """The file's query."""
    decides = " ".join(f"WHEN '{table}' THEN '{text}'" for table, text in DECIDES.items())
    return (
        f"SELECT left(md5(rule || '|' || \"table\" || '|' || key || '|' || \"column\"), 16) AS finding_id, {COLUMNS}, CASE \"table\" {decides} END AS decides"
        ' FROM findings ORDER BY patient, "table", key, "column", rule, finding_id'
    )


def checks() -> str:
    """The file's query."""
    return "SELECT *, CASE WHEN failed > 0 THEN 'failed' ELSE 'passed' END AS status FROM checks ORDER BY \"check\""
