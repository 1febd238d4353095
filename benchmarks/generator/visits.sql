WITH planned AS (
  SELECT i, k, patient_id, first_dose,
    CASE k WHEN 0 THEN -u(i, 60, 10) WHEN 1 THEN 84 + u(i, 61, 15) - 7 ELSE -u(i, 62, 40) END AS day
  FROM people, (SELECT CAST(k AS INTEGER) AS k FROM range(3) r(k)) t
  WHERE (k = 0 AND NOT chance(i, 63, 10)) OR (k = 1 AND horizon >= 80) OR (k = 2 AND chance(i, 64, 100))
)
SELECT
  'V' || CAST(i * 3 + k AS VARCHAR) AS visit_id,
  patient_id,
  CASE k WHEN 0 THEN pick(i, 65, ['W0', '基线']) WHEN 1 THEN pick(i, 65, ['W12', '第12周']) ELSE '临时' END AS visit_name,
  CASE k WHEN 0 THEN '1' WHEN 1 THEN '4' ELSE '9' END AS visit_number,
  typed(first_dose + day, i * 3 + k, 66) AS visit_date,
  CASE WHEN k < 2 THEN '是' ELSE '否' END AS planned,
  CASE WHEN chance(i * 3 + k, 67, 15) THEN '' ELSE decimal_text(42 + u(i, 68, 450) / 10 + k, 1) END AS weight_kg
FROM planned ORDER BY hash(i, 69), k
