-- One dose period a patient, a second one for some (the dose lowered), tofacitinib before for a few.
WITH doses AS (
  SELECT i, k, patient_id, first_dose, horizon FROM people, (SELECT CAST(k AS INTEGER) AS k FROM range(3) r(k)) t
  WHERE (k = 0 AND NOT chance(i, 50, 2)) OR (k = 1 AND chance(i, 51, 120)) OR (k = 2 AND chance(i, 52, 40))
)
SELECT
  'X' || CAST(i * 3 + k AS VARCHAR) AS dose_id,
  patient_id,
  CASE WHEN k = 2 THEN pick(i, 53, ['tofacitinib', '托法替布']) ELSE pick(i * 3 + k, 54, ['upadacitinib', '乌帕替尼', 'UPA']) END AS drug,
  CASE WHEN k = 0 THEN '45' WHEN k = 1 THEN '30' ELSE '10' END AS dose_mg,
  CASE WHEN k = 0 AND chance(i, 55, 4) THEN ''
    ELSE CAST(CASE k WHEN 0 THEN first_dose WHEN 1 THEN first_dose + 57 ELSE first_dose - 200 END AS VARCHAR) END AS start_date,
  CASE
    WHEN k = 2 THEN CAST(first_dose - 30 AS VARCHAR)
    WHEN k = 0 AND chance(i, 51, 120) THEN CAST(first_dose + 56 AS VARCHAR)
    WHEN chance(i, 56, 880) THEN ''
    ELSE CAST(first_dose + least(horizon, 60 + u(i, 57, 60)) AS VARCHAR) END AS end_date
FROM doses ORDER BY hash(i, 58), k
