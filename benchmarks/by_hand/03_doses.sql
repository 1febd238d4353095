-- Day zero: the earliest upadacitinib start. A blank start leaves it open to earlier days.
CREATE TEMP TABLE doses AS
SELECT pid,
  CASE WHEN count(*) FILTER (start_date IS NULL) = 0 THEN min(start_date) END AS first_dose,
  min(start_date) AS first_dose_hi, max(end_date) AS last_dose
FROM exposure WHERE upadacitinib AND pid IS NOT NULL GROUP BY pid;
