SELECT 'H' || CAST(i AS VARCHAR) AS mh_id, patient_id,
  pick(i, 170, ['合并症', 'comorbidity', '既往史', '孕产史']) AS category,
  pick(i, 171, ['高血压', 'hypertension', '强直性脊柱炎', '高脂血症', '银屑病', '阑尾炎', '肾结石', 'heart failure']) AS condition,
  typed(first_dose - 3000 + u(i, 172, 3050), i, 173) AS onset_date,
  CASE WHEN chance(i, 174, 40) THEN '' ELSE yes_no(i, 175, 60) END AS severe
FROM people WHERE chance(i, 176, 300) ORDER BY hash(i, 177)
