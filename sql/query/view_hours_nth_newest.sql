-- The nth newest hour that has views: one step an hour, however many rows an hour has.
WITH RECURSIVE newest (begin, nth) AS (
    SELECT (SELECT max(begin) FROM view_hours WHERE begin <= :now), 1
    UNION ALL
    SELECT (SELECT max(v.begin) FROM view_hours v WHERE v.begin < newest.begin), nth + 1
    FROM newest WHERE newest.begin IS NOT NULL AND nth < :nth)
SELECT begin FROM newest WHERE nth = :nth AND begin IS NOT NULL;
