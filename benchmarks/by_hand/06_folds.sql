-- One row a patient from each table of events, with what is sure and what is possible counted apart.
CREATE TEMP TABLE by_procedure AS
WITH judged AS (
  SELECT pid, active AND within(date_diff('day', first_dose_hi, day), date_diff('day', first_dose, day_hi), -183, 0) AS found
  FROM procedures LEFT JOIN doses USING (pid) WHERE pid IS NOT NULL
)
SELECT pid, CASE WHEN bool_or(found) THEN true WHEN bool_or(found IS NULL) THEN NULL ELSE false END AS active_cd FROM judged GROUP BY pid;
CREATE TEMP TABLE by_history AS
WITH judged AS (
  SELECT pid, comorbidity AND severe AND not_after(onset, onset_hi, first_dose, first_dose_hi) AS found
  FROM history LEFT JOIN doses USING (pid) WHERE pid IS NOT NULL
)
SELECT pid, CASE WHEN bool_or(found) THEN true WHEN bool_or(found IS NULL) THEN NULL ELSE false END AS severe FROM judged GROUP BY pid;
CREATE TEMP TABLE by_biologic AS
WITH judged AS (
  SELECT b.*, before(start_date, start_hi, first_dose, first_dose_hi) AS earlier,
    failed AND before(start_date, start_hi, first_dose, first_dose_hi) AS prior,
    not_after(start_date, start_hi, last_contact, last_contact_hi) AND before(first_dose, first_dose_hi, stop_date, stop_hi) AS concurrent,
    not_after(stop_date, stop_hi, first_dose, first_dose_hi) AS ended
  FROM biologics b LEFT JOIN doses USING (pid) LEFT JOIN follow_up USING (pid) WHERE b.pid IS NOT NULL
), looked AS (  -- the last to end: any row that may have ended no earlier than the surely latest
  SELECT *, max(stop_date) FILTER (ended) OVER (PARTITION BY pid) AS best FROM judged
), near AS (
  SELECT *, best IS NOT NULL AND coalesce(ended, true) AND coalesce(stop_hi >= best, true) AS candidate FROM looked
)
SELECT pid,
  CASE WHEN bool_or(prior) THEN true WHEN bool_or(prior IS NULL) THEN NULL ELSE false END AS prior,
  CASE WHEN bool_or(concurrent) THEN true WHEN bool_or(concurrent IS NULL) THEN NULL ELSE false END AS concurrent,
  CAST(count(DISTINCT drug) FILTER (earlier) AS DOUBLE) AS n_lo,
  CAST(count(DISTINCT drug) FILTER (coalesce(earlier, true)) + count(*) FILTER (coalesce(earlier, true) AND drug IS NULL) AS DOUBLE) AS n_hi,
  CASE WHEN count(*) FILTER (candidate AND drug IS NULL) = 0 AND min(drug) FILTER (candidate) = max(drug) FILTER (candidate)
    THEN min(drug) FILTER (candidate) END AS last_biologic
FROM near GROUP BY pid;
