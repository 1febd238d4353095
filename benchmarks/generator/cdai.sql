-- Baseline, week 12 and further days; a few on the same day, which are ties (equal totals) or conflicts.
WITH rated AS (
  SELECT i, k, patient_id, first_dose, i * 4 + k AS n,
    CASE k WHEN 0 THEN -u(i, 70, 14) WHEN 1 THEN 84 + u(i, 71, 13) - 6 WHEN 2 THEN -u(i, 70, 14) ELSE 84 + u(i, 73, 40) - 20 END AS day
  FROM people, (SELECT CAST(k AS INTEGER) AS k FROM range(4) r(k)) t
  WHERE (k = 0 AND NOT chance(i, 74, 12)) OR (k = 1 AND horizon >= 84 AND NOT chance(i, 75, 150))
    OR (k = 2 AND chance(i, 76, 30)) OR (k = 3 AND horizon >= 84 AND chance(i, 77, 200))
), items AS (
  SELECT *, u(n, 78, 60) AS stools, u(n, 79, 22) AS pain, u(n, 80, 29) AS wellbeing, u(n, 81, 4) AS complications,
    chance(n, 82, 100) AS drug, u(n, 83, 20) AS lump, 300 + u(n, 84, 150) AS hct, u(n, 85, 300) - 100 AS deviation
  FROM rated
), summed AS (
  SELECT *, 2 * stools + 5 * pain + 7 * wellbeing + 20 * complications + CASE WHEN drug THEN 30 ELSE 0 END
    + 10 * CASE lump WHEN 0 THEN 5 WHEN 1 THEN 2 ELSE 0 END
    + 6 * (CASE WHEN chance(i, 2, 640) THEN 47 ELSE 42 END - hct / 10) + deviation / 10 AS total
  FROM items
)
SELECT
  'D' || CAST(n AS VARCHAR) AS cdai_id,
  patient_id,
  CAST(first_dose + day AS VARCHAR) AS assess_date,
  CASE WHEN k < 2 OR chance(n, 86, 500) THEN '是' ELSE '否' END AS planned,
  CASE WHEN chance(n, 87, 8) THEN '' ELSE CAST(stools AS VARCHAR) END AS liquid_stools_7d,
  CAST(pain AS VARCHAR) AS pain_7d,
  CAST(wellbeing AS VARCHAR) AS wellbeing_7d,
  CAST(complications AS VARCHAR) AS complications,
  CASE WHEN drug THEN '是' ELSE '否' END AS antidiarrhoeal,
  CASE lump WHEN 0 THEN '肯定' WHEN 1 THEN 'questionable' ELSE '无' END AS mass,
  decimal_text(hct / 10, 1) AS haematocrit,
  '60' AS weight_kg,
  decimal_text(deviation / 10, 1) AS weight_deviation,
  CASE
    WHEN chance(n, 88, 40) THEN ''
    WHEN chance(n, 88, 44) THEN decimal_text(total + 30, 1)
    WHEN chance(n, 88, 46) THEN '约' || CAST(CAST(total AS INTEGER) AS VARCHAR)
    ELSE decimal_text(total, 1) END AS cdai_total
FROM summed ORDER BY hash(i, 89), k
