-- Chance by hashing a row's number with a salt: the same rows whatever the threads, with one DuckDB version.
CREATE OR REPLACE MACRO u(i, salt, n) AS CAST(hash(i, salt) % n AS INTEGER);
CREATE OR REPLACE MACRO chance(i, salt, permille) AS (hash(i, salt) % 1000) < permille;
CREATE OR REPLACE MACRO pick(i, salt, texts) AS texts[1 + CAST(hash(i, salt) % len(texts) AS INTEGER)];
-- A date as typed: mostly ISO, sometimes with slashes or in Chinese; now and then only the month, or nothing.
CREATE OR REPLACE MACRO typed(d, i, salt) AS CASE
  WHEN (hash(i, salt) % 1000) < 940 THEN CAST(d AS VARCHAR)
  WHEN (hash(i, salt) % 1000) < 980 THEN year(d) || '/' || month(d) || '/' || day(d)
  WHEN (hash(i, salt) % 1000) < 992 THEN year(d) || '年' || month(d) || '月' || day(d) || '日'
  WHEN (hash(i, salt) % 1000) < 995 THEN strftime(d, '%Y-%m')
  ELSE '' END;
CREATE OR REPLACE MACRO yes_no(i, salt, permille) AS
  CASE WHEN (hash(i, salt) % 1000) < permille THEN ['是', 'Y'] ELSE ['否', 'N'] END[1 + CAST(hash(i, salt, 1) % 2 AS INTEGER)];
CREATE OR REPLACE MACRO decimal_text(v, places) AS
  rtrim(rtrim(CAST(CAST(v AS DECIMAL(12, 3)) AS VARCHAR), '0'), '.');
