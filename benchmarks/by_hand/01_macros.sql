-- What the study means by a date, an interval, a comparison, a number as text.
CREATE MACRO day_low(x) AS CASE
  WHEN length(x) = 10 AND try_cast(x AS DATE) IS NOT NULL THEN try_cast(x AS DATE)
  WHEN regexp_full_match(x, '[12][0-9]{3}') THEN make_date(CAST(x AS INTEGER), 1, 1)
  WHEN regexp_full_match(x, '[12][0-9]{3}-[0-9]{2}') THEN try_cast(x || '-01' AS DATE)
  ELSE try_cast(replace(replace(replace(x, '年', '-'), '月', '-'), '日', '') AS DATE) END;
CREATE MACRO day_high(x) AS CASE
  WHEN length(x) = 10 AND try_cast(x AS DATE) IS NOT NULL THEN try_cast(x AS DATE)
  WHEN regexp_full_match(x, '[12][0-9]{3}') THEN make_date(CAST(x AS INTEGER), 12, 31)
  WHEN regexp_full_match(x, '[12][0-9]{3}-[0-9]{2}') THEN last_day(try_cast(x || '-01' AS DATE))
  ELSE try_cast(replace(replace(replace(x, '年', '-'), '月', '-'), '日', '') AS DATE) END;
CREATE MACRO years(a, b) AS
  CAST(year(b) - year(a) - CAST(month(b) * 100 + day(b) < month(a) * 100 + day(a) AS INTEGER) AS DOUBLE);
CREATE MACRO number(x) AS try_cast(nullif(trim(x), '') AS DOUBLE);
CREATE MACRO yes(x) AS CASE WHEN x IN ('是', 'Y', 'y', 'yes', 'true') THEN true WHEN x IN ('否', 'N', 'n', 'no', 'false') THEN false END;
CREATE MACRO nine(x) AS round(x, 9);
CREATE MACRO test_code(x) AS CASE WHEN lower(x) IN ('crp', 'c反应蛋白', 'c-reactive protein') THEN 3 WHEN lower(x) IN ('esr', '血沉', '红细胞沉降率') THEN 4
  WHEN lower(x) IN ('fc', '粪便钙卫蛋白', 'faecal calprotectin', 'fecal calprotectin') THEN 5 WHEN lower(x) IN ('alb', '白蛋白', 'albumin') THEN 6 END;
-- Intervals: surely, surely not, else null. A bound that is null is not known.
CREATE MACRO at_most(lo, hi, x) AS CASE WHEN hi <= x THEN true WHEN lo > x THEN false END;
CREATE MACRO below(lo, hi, x) AS CASE WHEN hi < x THEN true WHEN lo >= x THEN false END;
CREATE MACRO at_least(lo, hi, x) AS CASE WHEN lo >= x THEN true WHEN hi < x THEN false END;
CREATE MACRO above(lo, hi, x) AS CASE WHEN lo > x THEN true WHEN hi <= x THEN false END;
CREATE MACRO before(a_lo, a_hi, b_lo, b_hi) AS CASE WHEN a_hi < b_lo THEN true WHEN a_lo >= b_hi THEN false END;
CREATE MACRO not_after(a_lo, a_hi, b_lo, b_hi) AS CASE WHEN a_hi <= b_lo THEN true WHEN a_lo > b_hi THEN false END;
CREATE MACRO within(lo, hi, a, b) AS CASE WHEN lo >= a AND hi <= b THEN true WHEN hi < a OR lo > b THEN false END;
-- Text
CREATE MACRO shown(x) AS CASE WHEN x IS NULL THEN ''
  ELSE rtrim(rtrim(CAST(CAST(x AS DECIMAL(29, 9)) AS VARCHAR), '0'), '.') END;
CREATE MACRO span(a, b) AS CASE WHEN a = b THEN a WHEN a = '' AND b = '' THEN '' WHEN a = '' THEN 'at most ' || b
  WHEN b = '' THEN 'at least ' || a ELSE a || ' to ' || b END;
CREATE MACRO censored(a, b) AS replace(replace(span(a, b), 'at most ', 'below '), 'at least ', 'above ');
CREATE MACRO dated(x) AS CASE WHEN x IS NULL THEN '' WHEN x = DATE '9999-12-31' THEN 'ongoing' ELSE CAST(x AS VARCHAR) END;
CREATE MACRO three(x, yes, no) AS CASE WHEN x THEN yes WHEN NOT x THEN no ELSE 'unknown' END;
