-- Every record that is, or might be, in a window: one row a record, measure and timepoint. `slot` is
-- patient * 14 + measure * 2 + timepoint; the smallest `key` is chosen: distance, later day, scheduled, later time.
CREATE MACRO rank(early, late, target, planned, second) AS (
  ((CASE WHEN early > target THEN early - target WHEN late < target THEN target - late ELSE early * 0 END * 2
    + CAST(coalesce(late < target, false) AS BIGINT)) * 2 + CAST(NOT coalesce(planned, false) AS BIGINT)) * 86401
  + CASE WHEN second IS NULL THEN 0 ELSE 86400 - CAST(second AS BIGINT) END);
CREATE TEMP TABLE candidates AS
WITH points(point, a, b, target) AS (VALUES (0, -28, 0, 0), (1, 70, 98, 84)),
records AS (
  SELECT pid, 0 AS measure, row, day, day AS day_hi, true AS planned, NULL::DOUBLE AS second, false AS skip, false AS open,
    CASE WHEN agrees IS false OR total_bad THEN NULL WHEN total IS NOT NULL THEN total WHEN n > 0 AND blanks = 0 THEN summed END AS lo, lo AS hi
  FROM exam
  UNION ALL BY NAME
  SELECT pid, 1 AS measure, row, day, day AS day_hi, planned, NULL AS second, false AS skip, false AS open,
    CASE WHEN agrees IS false OR total_bad THEN NULL ELSE coalesce(total, summed) END AS lo, lo AS hi
  FROM cdai
  UNION ALL BY NAME
  SELECT pid, 2 AS measure, row, day, day_hi, planned, NULL AS second, false AS skip, false AS open, weight AS lo, weight AS hi FROM visits
  UNION ALL BY NAME
  SELECT pid, measure, row, day, day_hi, planned, second, not_done AS skip, open, lo * factor AS lo, hi * factor AS hi FROM labs
  WHERE measure IS NOT NULL
), placed AS (
  SELECT r.*, point, date_diff('day', first_dose_hi, day) AS early, date_diff('day', first_dose, day_hi) AS late, a, b, target
  FROM records r JOIN patients USING (pid) LEFT JOIN doses USING (pid) CROSS JOIN points
)
SELECT CAST(pid AS BIGINT) * 14 + measure * 2 + point AS slot, row, day, lo, hi, open, within(early, late, a, b) AS inside,
  rank(early, late, target, planned, second) AS key,
  coalesce(inside, false) AND (lo IS NOT NULL OR hi IS NOT NULL) AND coalesce(early = late, false) AND NOT skip AS sure,
  coalesce(inside, true) AND NOT skip AND NOT sure AS doubt,
  coalesce(inside, false) AND skip AS skipped
FROM placed WHERE coalesce(within(early, late, a, b), true);
