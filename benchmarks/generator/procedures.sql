WITH done AS (SELECT i, k, patient_id, first_dose, i * 2 + k AS n FROM people, (SELECT CAST(k AS INTEGER) AS k FROM range(2) r(k)) t
  WHERE (k = 0 AND chance(i, 180, 960)) OR (k = 1 AND chance(i, 181, 150)))
SELECT 'P' || CAST(n AS VARCHAR) AS proc_id, patient_id,
  CASE WHEN k = 0 THEN pick(n, 182, ['结肠镜', 'ileocolonoscopy', '小肠镜', '病理活检']) ELSE pick(n, 182, ['肠切除术', '肛周手术', 'stoma']) END AS kind,
  typed(first_dose - CASE WHEN k = 0 THEN u(n, 183, 190) ELSE 200 + u(n, 183, 2000) END, n, 184) AS procedure_date,
  CASE WHEN k = 1 OR chance(n, 185, 10) THEN '' ELSE pick(n, 186, ['活动期CD', 'active CD', '活动性克罗恩病', 'active CD', 'active CD', 'active CD', '活动期CD', '缓解期CD', '其他']) END
    AS finding
FROM done ORDER BY hash(i, 187), k
