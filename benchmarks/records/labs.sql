-- A laboratory extract: each rule is broken in about one record of a thousand, optional cells are blank in three of a
-- hundred, a few weights are floats that are no number. $rows and the sets are filled in by table.py.
WITH drawn AS (
  SELECT i, u(i, 1, $subjects) AS p, DATE '2024-01-01' + u(i, 2, 300) AS consent, u(i, 3, 200) AS wait, u(i, 4, 5) AS transport,
    round(exp(u(i, 5, 7000) / 1000.0), 2) AS result, round(0.5 + u(i, 6, 5000) / 100.0, 2) AS lower,
    round(1 + u(i, 7, 10000) / 100.0, 1) AS span, chance(i, 8, 500) AS done
  FROM range($rows) t(i)
), dated AS (
  SELECT *, CASE WHEN chance(i, 10, 1) THEN consent - 3 ELSE consent + wait END AS collected FROM drawn
)
SELECT
  1000 + 7 * i AS record,
  CASE WHEN chance(i, 20, 1) THEN NULL WHEN chance(i, 21, 1) THEN u(i, 22, $rows) ELSE i END AS sample,
  CASE WHEN chance(i, 23, 1) THEN NULL WHEN chance(i, 24, 1) THEN 'P12-34'
    ELSE format('P{:03d}-{:06d}', p % 40 + 1, p) END AS subject,
  CASE WHEN chance(i, 25, 10) THEN NULL ELSE pick_or(i, 26, $centres, 'C99') END AS centre,
  pick_or(i, 27, $visits, 'W99') AS visit,
  pick_or(i, 28, $analytes, 'XYZ') AS analyte,
  CASE WHEN chance(i, 29, 30) THEN NULL ELSE pick_or(i, 30, $units, '??') END AS unit,
  CASE WHEN chance(i, 31, 1) THEN 'PENDING' WHEN done THEN 'PERFORMED' ELSE 'NOT PERFORMED' END AS state,
  CASE WHEN chance(i, 32, 1) THEN -result WHEN done AND chance(i, 33, 1) THEN NULL WHEN NOT done AND chance(i, 34, 500) THEN NULL
    ELSE result END AS result,
  CASE WHEN chance(i, 35, 30) THEN NULL WHEN chance(i, 36, 1) THEN -lower ELSE lower END AS lower,
  CASE WHEN chance(i, 37, 30) THEN NULL WHEN chance(i, 38, 1) THEN lower - 0.5 ELSE lower + span END AS upper,
  CASE WHEN chance(i, 39, 30) THEN NULL WHEN chance(i, 40, 1) THEN 7 ELSE 18 + u(i, 41, 77) END::DOUBLE AS age,
  CASE WHEN chance(i, 42, 30) THEN NULL ELSE pick_or(i, 43, $sexes, 'x') END AS sex,
  CASE WHEN chance(i, 44, 30) THEN NULL WHEN chance(i, 45, 1) THEN 'NaN' WHEN chance(i, 46, 1) THEN 7
    ELSE 35 + u(i, 47, 1000) / 10.0 END::DOUBLE AS weight,
  CASE WHEN chance(i, 48, 30) THEN NULL ELSE consent END AS consent,
  CASE WHEN chance(i, 49, 30) THEN NULL ELSE collected END AS collected,
  CASE WHEN chance(i, 50, 30) THEN NULL WHEN chance(i, 51, 1) THEN collected - 2 ELSE collected + transport END AS received,
  CASE WHEN NOT done AND NOT chance(i, 52, 2) THEN ['declined', 'sample lost'][1 + u(i, 53, 2)] END AS reason,
  CASE WHEN chance(i, 54, 30) THEN NULL WHEN chance(i, 55, 1) THEN 'LAB-abc' ELSE format('LAB-CHE{:03d}', u(i, 56, 900)) END AS method
FROM dated
