-- Four tests at baseline and week 12, and further samples: outside the window, equally near, or at the same hour.
WITH slots AS (
  SELECT i, t, k, patient_id, first_dose, horizon, i * 64 + t * 8 + k AS n FROM people, range(4) a(t), range(5) b(k)
  WHERE (k = 0 AND chance(i * 4 + t, 110, 900)) OR (k = 1 AND horizon >= 78 AND chance(i * 4 + t, 111, 620))
    OR (k = 2 AND chance(i * 4 + t, 112, 90)) OR (k = 3 AND horizon >= 98 AND chance(i * 4 + t, 113, 400))
    OR (k = 4 AND chance(i * 4 + t, 114, 30))
), dated AS (
  SELECT *, CASE k WHEN 0 THEN -u(i, 115, 14) WHEN 1 THEN 84 + u(i, 116, 13) - 6 WHEN 2 THEN -u(n, 117, 60)
      WHEN 3 THEN 84 - (u(i, 116, 13) - 6) ELSE -u(i, 115, 14) END AS day,
    CASE t WHEN 0 THEN exp(u(n, 118, 500) / 100.0) WHEN 1 THEN 1 + u(n, 118, 60) WHEN 2 THEN exp(2 + u(n, 118, 600) / 100.0)
      ELSE 28 + u(n, 118, 220) / 10.0 END AS value,
    u(n, 119, 1000) AS odd, u(n, 120, 6) AS writ
  FROM slots
)
SELECT
  'L' || CAST(n AS VARCHAR) AS lab_id,
  CASE WHEN u(n, 121, 20000) = 0 THEN 'CD99999999' ELSE patient_id END AS patient_id,
  [['CRP', 'C反应蛋白', 'crp', 'C-reactive protein', 'CRP', 'CRP'], ['ESR', '血沉', '红细胞沉降率', 'ESR', 'ESR', 'ESR'],
   ['FC', '粪便钙卫蛋白', 'faecal calprotectin', 'FC', 'FC', 'FC'], ['ALB', '白蛋白', 'albumin', 'ALB', 'ALB', 'ALB']][t + 1][1 + u(n, 122, 6)]
    AS test_name,
  CASE
    WHEN odd BETWEEN 900 AND 902 THEN ''
    WHEN odd BETWEEN 903 AND 906 THEN strftime(first_dose + day, '%Y-%m')
    WHEN odd BETWEEN 907 AND 960 THEN CAST(first_dose + day AS VARCHAR)
    ELSE CAST(first_dose + day AS VARCHAR) || [' 07:40', ' 08:15', ' 10:05'][1 + u(i, 123, 3)] END AS collected_at,
  CASE WHEN k IN (0, 1, 4) THEN '是' ELSE '否' END AS planned,
  CASE
    WHEN odd < 12 THEN ''
    WHEN odd < 24 THEN '未查'
    WHEN odd < 28 THEN '-99'
    WHEN odd < 31 THEN '溶血'
    WHEN odd < 50 AND t = 0 THEN '<0.5'
    WHEN odd < 60 AND t = 2 THEN '>1800'
    WHEN t = 0 AND writ = 5 THEN decimal_text(value / 10, 3)
    WHEN t = 3 AND writ = 5 THEN decimal_text(value / 10, 3)
    ELSE decimal_text(round(value, 1), 3) END AS result,
  CASE
    WHEN odd BETWEEN 100 AND 102 THEN ''
    WHEN odd = 103 THEN 'arb. u.'
    ELSE [['mg/L', 'mg/L', 'mg/l', 'mg/L', 'mg/L', 'mg/dL'], ['mm/h', 'mm/hr', 'mm/h', 'mm/h', 'mm/h', 'mm/h'],
      ['μg/g', 'ug/g', 'µg/g', 'mg/kg', 'ug/g', 'ug/g'], ['g/L', 'g/L', 'g/L', 'g/L', 'g/L', 'g/dL']][t + 1][1 + writ] END AS unit
FROM dated ORDER BY hash(i, 124), n
