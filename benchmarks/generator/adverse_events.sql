WITH seen AS (SELECT i, k, patient_id, first_dose, i * 2 + k AS n FROM people, (SELECT CAST(k AS INTEGER) AS k FROM range(2) r(k)) t
  WHERE (k = 0 AND chance(i, 150, 300)) OR (k = 1 AND chance(i, 151, 60)))
SELECT 'A' || CAST(n AS VARCHAR) AS ae_id, patient_id,
  pick(n, 152, ['Lymphopenia', '淋巴细胞减少', 'transaminase increased', '转氨酶升高', 'ALT 升高', 'Acne', '痤疮', 'enteric infection',
    'upper respiratory tract infection', '毛囊炎', 'Herpes Zoster', '带状疱疹', 'deep vein thrombosis', 'headache', '皮疹']) AS term,
  typed(first_dose - 5 + u(n, 153, 115), n, 154) AS onset_date,
  CAST(first_dose + 130 AS VARCHAR) AS end_date,
  pick(n, 155, ['轻', 'mild', '中', '重']) AS severity,
  CASE WHEN chance(n, 156, 20) THEN '' ELSE pick(n, 157, ['无', 'none', 'none', '暂停', 'reduced', '永久停药']) END AS action,
  CASE WHEN chance(n, 158, 20) THEN '' ELSE yes_no(n, 159, 50) END AS hospitalised,
  yes_no(n, 160, 10) AS life_threatening,
  pick(n, 161, ['痊愈', 'recovered', '好转', '未愈']) AS outcome
FROM seen ORDER BY hash(i, 162), k
