-- One row a patient: key, day of the first tablet, sex, days until the last contact, and whether endoscopy was done.
CREATE OR REPLACE TEMP TABLE people AS
SELECT
  i,
  'CD' || lpad(CAST(i AS VARCHAR), 7, '0') AS patient_id,
  DATE '2023-06-01' + u(i, 1, 545) AS first_dose,
  CASE WHEN chance(i, 2, 640) THEN 'male' ELSE 'female' END AS sex,
  CASE WHEN chance(i, 3, 120) THEN u(i, 4, 84) ELSE 84 + u(i, 5, 16) END AS horizon,
  chance(i, 6, 155) AS endoscopy
FROM range(1, $patients + 1) t(i);
