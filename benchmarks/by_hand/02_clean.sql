-- Each file read once: codes to the study's, dates to the days they may be, numbers to numbers; a patient's number
-- beside each row. A code outside its list is null with its text kept for the findings.
CREATE TEMP TABLE patients AS
SELECT
  CAST(row_number() OVER () AS INTEGER) AS pid, file_row_number + 1 AS row, patient_id AS patient,
  CASE WHEN gender IN ('男', 'M', 'male') THEN 'male' WHEN gender IN ('女', 'F', 'female') THEN 'female' END AS sex,
  gender <> '' AND gender NOT IN ('男', 'M', 'male', '女', 'F', 'female') AS sex_bad,
  day_low(birth_date) AS birth, day_high(birth_date) AS birth_hi,
  day_low(diagnosis_date) AS diagnosed, day_high(diagnosis_date) AS diagnosed_hi,
  number(height_cm) AS height, height_cm <> '' AND number(height_cm) IS NULL AS height_bad,
  CASE
    WHEN montreal_location IN ('L1', '回肠型') THEN 'L1' WHEN montreal_location IN ('L2', '结肠型') THEN 'L2'
    WHEN montreal_location IN ('L3', '回结肠型') THEN 'L3' WHEN montreal_location IN ('L2+4', 'L2+L4') THEN 'L2+4'
    WHEN montreal_location IN ('L3+4', 'L3+L4') THEN 'L3+4' END AS location,
  CASE WHEN start_choice IN ('患者意愿', 'patient preference') THEN true WHEN start_choice <> '' THEN false END AS preference
FROM read_parquet('$data/patients.parquet', file_row_number = true);

CREATE TEMP TABLE follow_up AS
SELECT pid, file_row_number + 1 AS row, day_low(last_contact) AS last_contact, day_high(last_contact) AS last_contact_hi,
  CASE WHEN status IN ('失访', 'lost') THEN true WHEN status <> '' THEN false END AS lost, yes(endoscopy_planned) AS planned
FROM read_parquet('$data/follow_up.parquet', file_row_number = true) f LEFT JOIN patients p ON p.patient = f.patient_id;

CREATE TEMP TABLE exposure AS
SELECT pid, file_row_number + 1 AS row, drug IN ('upadacitinib', '乌帕替尼', 'UPA') AS upadacitinib, day_low(start_date) AS start_date,
  CASE WHEN end_date = '' THEN DATE '9999-12-31' ELSE day_low(end_date) END AS end_date
FROM read_parquet('$data/exposure.parquet', file_row_number = true) e LEFT JOIN patients p ON p.patient = e.patient_id;

CREATE TEMP TABLE visits AS
SELECT pid, file_row_number + 1 AS row, day_low(visit_date) AS day, day_high(visit_date) AS day_hi, yes(planned) AS planned, number(weight_kg) AS weight
FROM read_parquet('$data/visits.parquet', file_row_number = true) v LEFT JOIN patients p ON p.patient = v.patient_id;

CREATE TEMP TABLE cdai AS
WITH cells AS (
  SELECT pid, sex, file_row_number + 1 AS row, day_low(assess_date) AS day, yes(planned) AS planned,
    number(cdai_total) AS total, cdai_total <> '' AND number(cdai_total) IS NULL AS total_bad,
    2 * number(liquid_stools_7d) + 5 * number(pain_7d) + 7 * number(wellbeing_7d) + 20 * number(complications)
      + CASE WHEN yes(antidiarrhoeal) THEN 30 ELSE 0 END
      + 10 * CASE WHEN mass IN ('可疑', 'questionable') THEN 2 WHEN mass IN ('肯定', 'definite') THEN 5 ELSE 0 END
      - 6 * number(haematocrit) + number(weight_deviation) AS part
  FROM read_parquet('$data/cdai.parquet', file_row_number = true) c LEFT JOIN patients p ON p.patient = c.patient_id
), summed AS (  -- no sum where the sex is not known
  SELECT *, nine(part + 6 * CASE sex WHEN 'male' THEN 47 WHEN 'female' THEN 42 END) AS summed FROM cells
)
SELECT pid, row, day, planned, total, total_bad, summed, nine(total) = summed AS agrees FROM summed;

CREATE TEMP TABLE exam AS
WITH cells AS (
  SELECT pid, file_row_number + 1 AS row, exam_id, day_low(exam_date) AS day, segment_status IN ('已检查', 'explored') AS explored,
    item IN ('溃疡面积', 'ulcerated_surface') AS surface, number(score) AS score, number(sescd_total) AS total
  FROM read_parquet('$data/endoscopy.parquet', file_row_number = true) e LEFT JOIN patients p ON p.patient = e.patient_id
), gathered AS (
  SELECT pid, exam_id, min(row) AS row,
    CASE WHEN min(day) = max(day) THEN min(day) END AS day,
    CASE WHEN min(total) = max(total) THEN min(total) END AS total,
    coalesce(min(total) <> max(total), false) AS total_bad,
    count(*) FILTER (explored) AS n, count(*) FILTER (explored AND score IS NULL) AS blanks,
    sum(score) FILTER (explored) AS summed,
    CASE WHEN count(*) FILTER (explored AND score > 1) > 0 THEN false WHEN count(*) FILTER (explored AND score IS NULL) = 0 THEN true END AS calm,
    CASE WHEN count(*) FILTER (explored AND surface AND score > 0) > 0 THEN false
      WHEN count(*) FILTER (explored AND surface AND score IS NULL) = 0 THEN true END AS clear,
    max(score) FILTER (explored AND surface) AS highest,
    count(*) FILTER (explored AND surface AND score IS NULL) > 0 AS highest_open
  FROM cells GROUP BY pid, exam_id
)
SELECT *, CASE WHEN total IS NOT NULL AND n > 0 AND blanks = 0 THEN total = summed END AS agrees FROM gathered;

CREATE TEMP TABLE labs AS
SELECT pid, patient_id, file_row_number + 1 AS row,
  test_code(test_name) AS measure,
  day_low(left(collected_at, 10)) AS day, day_high(left(collected_at, 10)) AS day_hi,
  CASE WHEN length(collected_at) > 10 THEN date_part('epoch', try_cast(substr(collected_at, 12) AS TIME)) END AS second,
  yes(planned) AS planned, result, unit,
  result IN ('未查', 'ND', 'nd') AS not_done,
  CASE WHEN result IN ('未查', '-99') OR left(result, 1) = '<' THEN NULL ELSE number(ltrim(result, '>')) END AS lo,
  CASE WHEN result IN ('未查', '-99') OR left(result, 1) = '>' THEN NULL ELSE number(ltrim(result, '<')) END AS hi,
  left(result, 1) IN ('<', '>') AS open,
  CASE measure
    WHEN 3 THEN CASE WHEN unit IN ('mg/L', 'mg/l') THEN 1 WHEN unit IN ('mg/dL', 'mg/dl') THEN 10 END
    WHEN 4 THEN CASE WHEN unit IN ('mm/h', 'mm/hr') THEN 1 END
    WHEN 5 THEN CASE WHEN unit IN ('μg/g', 'ug/g', 'µg/g', 'mg/kg') THEN 1 END
    WHEN 6 THEN CASE WHEN unit IN ('g/L', 'g/l') THEN 1 WHEN unit IN ('g/dL', 'g/dl') THEN 10 END END AS factor
FROM read_parquet('$data/labs.parquet', file_row_number = true) l LEFT JOIN patients p ON p.patient = l.patient_id;

CREATE TEMP TABLE biologics AS
SELECT pid, file_row_number + 1 AS row,
  CASE WHEN drug IN ('infliximab', 'IFX', '英夫利西单抗') THEN 'infliximab' WHEN drug IN ('adalimumab', 'ADA', '阿达木单抗') THEN 'adalimumab'
    WHEN drug IN ('ustekinumab', 'UST', '乌司奴单抗') THEN 'ustekinumab' WHEN drug IN ('vedolizumab', 'VDZ', '维得利珠单抗') THEN 'vedolizumab' END AS drug,
  day_low(start_date) AS start_date, day_high(start_date) AS start_hi, day_low(stop_date) AS stop_date, day_high(stop_date) AS stop_hi,
  CASE WHEN stop_reason IN ('原发无应答', '继发失应答', 'primary non-response', 'loss of response', 'inadequate', '过敏', '不良反应', 'allergy', 'side effect', 'intolerance')
    THEN true WHEN stop_reason <> '' THEN false END AS failed
FROM read_parquet('$data/biologic_history.parquet', file_row_number = true) b LEFT JOIN patients p ON p.patient = b.patient_id;

CREATE TEMP TABLE adverse_events AS
SELECT pid, patient_id, file_row_number + 1 AS row, ae_id, term, day_low(onset_date) AS onset, day_high(onset_date) AS onset_hi,
  CASE WHEN action IN ('永久停药', 'withdrawn') THEN true WHEN action <> '' THEN false END AS withdrawn, yes(hospitalised) AS hospitalised,
  yes(life_threatening) AS threatening
FROM read_parquet('$data/adverse_events.parquet', file_row_number = true) a LEFT JOIN patients p ON p.patient = a.patient_id;

CREATE TEMP TABLE history AS
SELECT pid, file_row_number + 1 AS row, category IN ('合并症', 'comorbidity') AS comorbidity, category IN ('孕产史', 'obstetric') AS obstetric,
  day_low(onset_date) AS onset, day_high(onset_date) AS onset_hi, yes(severe) AS severe
FROM read_parquet('$data/medical_history.parquet', file_row_number = true) h LEFT JOIN patients p ON p.patient = h.patient_id;

CREATE TEMP TABLE procedures AS
SELECT pid, file_row_number + 1 AS row, day_low(procedure_date) AS day, day_high(procedure_date) AS day_hi,
  CASE WHEN finding IN ('活动期CD', '活动性克罗恩病', 'active CD') THEN true
    WHEN finding <> '' OR kind NOT IN ('结肠镜', 'ileocolonoscopy', '小肠镜', 'balloon enteroscopy', '病理活检', 'biopsy') THEN false END AS active
FROM read_parquet('$data/procedures.parquet', file_row_number = true) q LEFT JOIN patients p ON p.patient = q.patient_id;
