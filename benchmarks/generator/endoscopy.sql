-- Five segments by four items an examination: baseline, week 12 and a third one near either for some.
WITH exams AS (
  SELECT i, k, patient_id, first_dose, i * 4 + k AS e,
    CASE k WHEN 0 THEN -u(i, 90, 20) WHEN 1 THEN 84 + u(i, 91, 13) - 6 ELSE -u(i, 92, 30) END AS day
  FROM people, (SELECT CAST(k AS INTEGER) AS k FROM range(3) r(k)) t
  WHERE endoscopy AND ((k = 0 AND NOT chance(i, 93, 50)) OR (k = 1 AND horizon >= 80) OR (k = 2 AND chance(i, 94, 60)))
), scored AS (
  SELECT *, s, m, hash(e, s, 95) % 12 AS how, CAST(CASE
      WHEN m = 4 THEN CASE WHEN hash(e, s, 96) % 20 = 0 THEN 1 ELSE 0 END
      WHEN k = 1 AND hash(e, 97) % 3 > 0 THEN CASE WHEN hash(e, s, m, 98) % 6 = 0 THEN 1 ELSE 0 END
      ELSE hash(e, s, m, 98) % 4 END AS INTEGER) AS score
  FROM exams, range(1, 6) g(s), range(1, 5) h(m)
), summed AS (
  SELECT *, sum(CASE WHEN how > 0 THEN score END) OVER (PARTITION BY e) AS total FROM scored
)
SELECT
  'E' || CAST(e AS VARCHAR) AS exam_id,
  patient_id,
  CAST(first_dose + day AS VARCHAR) AS exam_date,
  [['ileum', '回肠'], ['right colon', '右半结肠'], ['transverse', '横结肠'], ['left colon', '左半结肠'], ['rectum', '直肠']][s][1 + u(e, 99, 2)]
    AS segment,
  CASE how WHEN 0 THEN CASE WHEN s = 1 THEN '未到达' ELSE '已切除' END ELSE '已检查' END AS segment_status,
  [['ulcer_size', '溃疡大小'], ['ulcerated_surface', '溃疡面积'], ['affected_surface', '病变面积'], ['narrowing', '狭窄']][m][1 + u(e, 100, 2)]
    AS item,
  CASE WHEN how = 0 OR hash(e, s, m, 101) % 2000 = 0 THEN '' ELSE CAST(score AS VARCHAR) END AS score,
  CASE WHEN chance(e, 102, 30) THEN '' WHEN chance(e, 102, 34) THEN CAST(total + 2 AS VARCHAR) ELSE CAST(total AS VARCHAR) END AS sescd_total
FROM summed ORDER BY hash(e, 103), e, s, m
