SELECT
  patient_id,
  'M' || CAST(i * 7 AS VARCHAR) AS "病案号",
  CASE
    WHEN chance(i, 10, 3) THEN ''
    WHEN chance(i, 10, 4) THEN '未知'
    WHEN sex = 'male' THEN pick(i, 11, ['男', '男', 'male', 'M'])
    ELSE pick(i, 11, ['女', '女', 'female', 'F']) END AS gender,
  CASE
    WHEN chance(i, 12, 8) THEN CAST(year(first_dose) - 18 AS VARCHAR)
    WHEN chance(i, 12, 16) THEN CAST(first_dose - INTERVAL 18 YEAR AS DATE)::VARCHAR
    ELSE typed(CAST(first_dose - INTERVAL 17 YEAR AS DATE) - u(i, 13, 21500), i, 14) END AS birth_date,
  typed(first_dose - 20 - u(i, 15, 4500), i, 16) AS diagnosis_date,
  CASE WHEN chance(i, 17, 12) THEN '' WHEN chance(i, 17, 14) THEN '不详' ELSE decimal_text(150 + u(i, 18, 400) / 10, 1) END
    AS height_cm,
  CASE WHEN chance(i, 19, 10) THEN '' ELSE pick(i, 20, ['A1', 'A2', 'A2', 'A3']) END AS montreal_age,
  CASE WHEN chance(i, 21, 10) THEN '' ELSE pick(i, 22, ['L1', '回肠型', 'L2', '结肠型', 'L3', 'L3', '回结肠型', 'L2+L4', 'L3+4']) END
    AS montreal_location,
  pick(i, 23, ['B1', 'B2', '狭窄型', 'B3', '穿透型', 'B2+B3']) AS montreal_behaviour,
  yes_no(i, 24, 400) AS perianal,
  pick(i, 25, ['从不', 'never', '已戒', 'current']) AS smoking,
  pick(i, 26, ['从不', 'never', '已戒', 'current']) AS drinking,
  CASE WHEN chance(i, 27, 15) THEN '' ELSE pick(i, 28, ['患者意愿', 'patient preference', '病情需要', 'medical need']) END
    AS start_choice
FROM people ORDER BY i
