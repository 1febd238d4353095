-- One row a patient: what the rules read. Measures are pivoted in one pass ($pivot).
CREATE TEMP TABLE measured AS
SELECT CAST(slot // 14 AS INTEGER) AS pid, $pivot FROM chosen GROUP BY ALL;
CREATE TEMP TABLE exam_fields AS
SELECT CAST(slot // 14 AS INTEGER) AS pid, max(e.calm) FILTER (slot % 2 = 1) AS calm_w, max(e.clear) FILTER (slot % 2 = 1) AS clear_w,
  max(e.highest) FILTER (slot % 2 = 0) AS highest_b, bool_or(e.highest_open) FILTER (slot % 2 = 0) AS highest_open_b
FROM chosen c JOIN exam e ON e.row = c.row AND c.slot % 14 < 2 GROUP BY ALL;
CREATE TEMP TABLE wide AS
SELECT p.*, first_dose, first_dose_hi, last_dose, d.pid IS NOT NULL AS dosed,
  f.row AS follow_row, last_contact, last_contact_hi, lost, planned,
  CAST(date_diff('day', first_dose_hi, last_contact) AS DOUBLE) AS followed, CAST(date_diff('day', first_dose, last_contact_hi) AS DOUBLE) AS followed_hi,
  years(birth_hi, first_dose) AS age, years(birth, first_dose_hi) AS age_hi,
  date_diff('day', diagnosed_hi, first_dose) / 30.4375 AS duration, date_diff('day', diagnosed, first_dose_hi) / 30.4375 AS duration_hi,
  CAST(date_diff('day', first_dose_hi, last_dose) AS DOUBLE) AS last_day, CAST(date_diff('day', first_dose, last_dose) AS DOUBLE) AS last_day_hi,
  CASE WHEN q.pid IS NULL THEN false ELSE active_cd END AS active_cd,
  CASE WHEN h.pid IS NULL THEN false ELSE severe END AS severe,
  CASE WHEN b.pid IS NULL THEN false ELSE prior END AS prior, CASE WHEN b.pid IS NULL THEN false ELSE concurrent END AS concurrent,
  coalesce(n_lo, 0) AS n_biologics, coalesce(n_hi, 0) AS n_biologics_hi, last_biologic,
  calm_w, clear_w, highest_b, highest_open_b, m.* EXCLUDE (pid),
  nine(weight_b / (height / 100) ^ 2) AS bmi,
  CASE WHEN dosed AND (first_dose IS NULL) THEN NULL ELSE birth IS NOT NULL AND dosed END AS age_known,
  CASE WHEN height_bad OR weight_b_state IN ('conflict', 'doubtful') THEN NULL ELSE height IS NOT NULL AND weight_b IS NOT NULL END AS bmi_known
FROM patients p LEFT JOIN doses d USING (pid) LEFT JOIN follow_up f USING (pid) LEFT JOIN by_procedure q USING (pid) LEFT JOIN by_history h USING (pid)
  LEFT JOIN by_biologic b USING (pid) LEFT JOIN measured m USING (pid) LEFT JOIN exam_fields x USING (pid);
