WITH given AS (SELECT i, k, patient_id, first_dose, i * 3 + k AS n FROM people, (SELECT CAST(k AS INTEGER) AS k FROM range(3) r(k)) t
  WHERE (k = 0 AND chance(i, 130, 800)) OR (k = 1 AND chance(i, 131, 260)) OR (k = 2 AND chance(i, 132, 60)))
SELECT 'B' || CAST(n AS VARCHAR) AS bio_id, patient_id,
  pick(n, 133, ['infliximab', 'IFX', '英夫利西单抗', 'adalimumab', 'ADA', 'ustekinumab', 'UST', '维得利珠单抗', '抗整合素']) AS drug,
  typed(first_dose - 300 - 300 * k - u(n, 134, 100), n, 135) AS start_date,
  CASE WHEN chance(n, 136, 20) THEN '' WHEN chance(n, 136, 30) THEN CAST(first_dose + 10 AS VARCHAR)
    ELSE typed(first_dose - 30 - 280 * (k // 2) - u(i, 137, 60), n, 138) END AS stop_date,
  CASE WHEN chance(n, 139, 15) THEN '' ELSE pick(n, 140, ['继发失应答', '原发无应答', 'loss of response', 'inadequate', '过敏', 'side effect', '依从性差']) END
    AS stop_reason
FROM given ORDER BY hash(i, 141), k
