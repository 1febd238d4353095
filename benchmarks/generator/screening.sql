SELECT patient_id, pick(i, 40, ['阴性', '-', 'negative', '+']) AS "T-SPOT.TB", pick(i, 41, ['阴性', '-', 'negative', '阳性']) AS "HBsAg"
FROM people WHERE NOT chance(i, 42, 10) ORDER BY i
