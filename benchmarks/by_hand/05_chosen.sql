-- One grouped pass; a second look only where several rows, or rows in doubt, compete.
CREATE TEMP TABLE first_look AS
SELECT slot, count(*) FILTER (sure) AS n, count(*) FILTER (doubt) AS doubts, bool_or(skipped) AS skipped, min(key) FILTER (sure) AS best,
  arg_min_null(lo, key) FILTER (sure) AS lo, arg_min_null(hi, key) FILTER (sure) AS hi, arg_min(open, key) FILTER (sure) AS open,
  arg_min(row, key) FILTER (sure) AS row, arg_min(day, key) FILTER (sure) AS day
FROM candidates GROUP BY slot;
CREATE TEMP TABLE second_look AS
WITH near AS (
  SELECT c.*, f.best, f.lo AS f_lo, f.hi AS f_hi,
    c.doubt AND coalesce(c.key <= f.best, true) AND NOT coalesce(c.lo = f.lo AND c.hi = f.hi, false) AS threat,
    c.sure AND c.key = f.best AS first
  FROM candidates c JOIN first_look f USING (slot) WHERE f.n > 1 OR f.doubts > 0
), judged AS (
  SELECT *, bool_or(first AND (lo IS DISTINCT FROM f_lo OR hi IS DISTINCT FROM f_hi)) OVER (PARTITION BY slot) AS conflict FROM near
)
SELECT slot, bool_or(threat) AS doubtful, any_value(conflict) AS conflict, min(row) FILTER (first) AS row,
  string_agg(CAST(row AS VARCHAR), ', ' ORDER BY row) FILTER (threat OR (first AND conflict)) AS rows,
  string_agg(CAST(row AS VARCHAR), ', ' ORDER BY row) FILTER (doubt AND NOT threat) AS passed_over
FROM judged GROUP BY slot;
CREATE TEMP TABLE chosen AS
SELECT slot, CASE
    WHEN s.conflict THEN 'conflict' WHEN s.doubtful THEN 'doubtful' WHEN f.n > 0 THEN 'recorded' WHEN f.skipped THEN 'not done' ELSE 'missing' END AS state,
  CASE WHEN state = 'recorded' THEN f.lo END AS lo, CASE WHEN state = 'recorded' THEN f.hi END AS hi,
  CASE WHEN state = 'recorded' THEN f.open ELSE false END AS open,
  CASE WHEN state = 'recorded' THEN coalesce(s.row, f.row) END AS row, CASE WHEN state = 'recorded' THEN f.day END AS day, s.rows, s.passed_over
FROM first_look f LEFT JOIN second_look s USING (slot);
