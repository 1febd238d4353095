SELECT 'C' || CAST(i AS VARCHAR) AS med_id, patient_id,
  pick(i, 190, ['泼尼松', 'prednisone', '硫唑嘌呤', '5-ASA', '环丙沙星', '铁剂']) AS drug,
  typed(first_dose - u(i, 191, 200), i, 192) AS start_date,
  CASE WHEN chance(i, 193, 400) THEN '' ELSE CAST(first_dose + u(i, 194, 90) AS VARCHAR) END AS stop_date,
  decimal_text(5 * (1 + u(i, 195, 20)), 1) AS daily_mg
FROM people WHERE chance(i, 196, 550) ORDER BY hash(i, 197)
