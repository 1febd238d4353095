SELECT
  patient_id,
  CASE WHEN chance(i, 30, 6) THEN '' ELSE typed(first_dose + horizon, i, 31) END AS last_contact,
  CASE WHEN chance(i, 32, 5) THEN '' ELSE pick(i, 33, ['随访中', 'followed', 'followed', 'followed', '随访中', '停药', '随访中', 'followed', '失访', 'followed']) END
    AS status,
  CASE WHEN endoscopy THEN yes_no(i, 34, 950) ELSE yes_no(i, 34, 100) END AS endoscopy_planned
FROM people WHERE NOT chance(i, 35, 4) ORDER BY i
