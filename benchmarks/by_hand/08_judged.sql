-- Every criterion and endpoint of every patient, three-valued: $criteria, then who is eligible, then $endpoints.
CREATE TEMP TABLE passed AS SELECT *, $criteria FROM wide;
CREATE TEMP TABLE judged AS
SELECT *, $fails OR false AS any_fails, CASE WHEN any_fails THEN false WHEN $passes THEN true END AS eligible,
  $endpoints
FROM passed;
